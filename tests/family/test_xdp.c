/* AF_XDP: frames in shared memory, over a pair of virtual Ethernet interfaces. */
#include "bpf.h"
#include "family_test.h"

#include <linux/if_xdp.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>

#define SOL_XDP 283
enum { FRAMES = 16, FRAME = 4096, TYPE = 0x88b5, SIZE = 60 };

struct ring {
    uint32_t *producer, *consumer;
    void *entries;
};

struct xdp {
    struct csk_socket s;
    unsigned char *memory;
    struct ring fill, rx, tx;
};

static struct ring map(const struct csk_socket *s, const struct xdp_ring_offset *offset,
                       uint64_t place, size_t entry)
{
    unsigned char *start = mmap(NULL, offset->desc + FRAMES * entry, PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_POPULATE, s->fd, (off_t)place);

    assert_true(start != MAP_FAILED);
    return (struct ring){ (uint32_t *)(void *)(start + offset->producer),
                          (uint32_t *)(void *)(start + offset->consumer), start + offset->desc };
}

/* A socket with memory and rings.  It accepts an address only after that. */
static void set_up(struct xdp *x, const char *address)
{
    static const int names[] = { XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING, XDP_RX_RING,
                                 XDP_TX_RING };
    struct xdp_umem_reg umem = { .len = FRAMES * FRAME, .chunk_size = FRAME };
    struct xdp_mmap_offsets offsets;
    socklen_t size = sizeof offsets;
    int entries = FRAMES;

    x->s = family_socket(AF_XDP, SOCK_RAW, 0);
    x->memory = mmap(NULL, umem.len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(x->memory != MAP_FAILED);
    umem.addr = (uintptr_t)x->memory;
    family_ok(csk_setsockopt(&x->s, SOL_XDP, XDP_UMEM_REG, &umem, sizeof umem));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        family_ok(csk_setsockopt(&x->s, SOL_XDP, names[i], &entries, sizeof entries));
    family_ok(csk_getsockopt(&x->s, SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &size));
    x->fill = map(&x->s, &offsets.fr, XDP_UMEM_PGOFF_FILL_RING, sizeof(uint64_t));
    x->rx = map(&x->s, &offsets.rx, XDP_PGOFF_RX_RING, sizeof(struct xdp_desc));
    x->tx = map(&x->s, &offsets.tx, XDP_PGOFF_TX_RING, sizeof(struct xdp_desc));
    family_bind(&x->s, address);
}

/* Redirect an interface's frames to the socket of its queue.  Closing the link's descriptor removes
 * the program. */
static int redirect(const char *interface, const struct csk_socket *s)
{
    union bpf_attr table = {
        .map_type = BPF_MAP_TYPE_XSKMAP, .key_size = 4, .value_size = 4, .max_entries = 1
    };
    int map_fd = family_bpf(BPF_MAP_CREATE, &table), queue = 0;
    const struct bpf_insn program[] = {
        /* return bpf_redirect_map(map, context->rx_queue_index, XDP_PASS) */
        { .code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = 2, .src_reg = 1, .off = 16 },
        { .code = BPF_LD | BPF_DW, .dst_reg = 1, .src_reg = BPF_PSEUDO_MAP_FD, .imm = map_fd },
        { .code = 0 },
        { .code = BPF_ALU64 | BPF_MOV, .dst_reg = 3, .imm = XDP_PASS },
        { .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect_map },
        { .code = BPF_JMP | BPF_EXIT },
    };
    union bpf_attr entry = { .map_fd = (uint32_t)map_fd,
                             .key = (uintptr_t)&queue,
                             .value = (uintptr_t)&s->fd };
    union bpf_attr link = { .link_create.target_ifindex = (uint32_t)csk_if_nametoindex(interface,
                                                                                       NULL),
                            .link_create.attach_type = BPF_XDP,
                            .link_create.flags = 1 << 1 /* XDP_FLAGS_SKB_MODE */ };
    int fd;

    family_bpf(BPF_MAP_UPDATE_ELEM, &entry);
    fd = family_bpf_program(BPF_PROG_TYPE_XDP, program, sizeof program / sizeof *program);
    link.link_create.prog_fd = (uint32_t)fd;
    link.link_create.target_fd = link.link_create.target_ifindex;
    queue = family_bpf(BPF_LINK_CREATE, &link);
    close(fd);
    close(map_fd);
    return queue;
}

static void frames_are_sent_and_received_through_shared_memory(void)
{
    unsigned char frame[SIZE] = { 0 }, got[SIZE + 1];
    struct csk_socket other;
    struct xdp x;
    struct xdp_desc desc;
    uint32_t producer;
    int link;

    family_need_cable();
    other = family_socket(AF_PACKET, SOCK_RAW, 0);
    family_bind(&other, "veth-a,0x88b5");
    set_up(&x, "veth-b,0,2"); /* XDP_COPY */
    link = redirect("veth-b", &x.s);
    memset(frame, 0xff, 6);
    frame[12] = TYPE >> 8;
    frame[13] = TYPE & 0xff;
    memcpy(frame + 14, "from the cable", 14);

    /* Receiving: a frame of the memory is lent to the kernel, and comes back full. */
    ((uint64_t *)x.fill.entries)[0] = 0;
    __atomic_store_n(x.fill.producer, 1, __ATOMIC_RELEASE);
    family_ok(csk_send(&other, frame, sizeof frame, 0));
    assert_int_equal(poll(&(struct pollfd){ .fd = x.s.fd, .events = POLLIN }, 1, 30000), 1);
    producer = __atomic_load_n(x.rx.producer, __ATOMIC_ACQUIRE);
    assert_int_equal(producer, 1);
    desc = ((struct xdp_desc *)x.rx.entries)[0];
    assert_int_equal(desc.len, sizeof frame);
    assert_memory_equal(x.memory + desc.addr, frame, sizeof frame);

    /* Sending: a message without data notifies the kernel. */
    memcpy(frame + 14, "from the memory", 15);
    memcpy(x.memory + 8 * FRAME, frame, sizeof frame);
    ((struct xdp_desc *)x.tx.entries)[0] = (struct xdp_desc){ .addr = 8 * FRAME, .len = SIZE };
    __atomic_store_n(x.tx.producer, 1, __ATOMIC_RELEASE);
    family_ok(csk_send(&x.s, "", 0, MSG_DONTWAIT));
    assert_int_equal(csk_recv(&other, got, sizeof got, 0), sizeof frame);
    assert_memory_equal(got, frame, sizeof frame);
    close(link);
    csk_close(&x.s);
    csk_close(&other);
}

TESTS(TEST(frames_are_sent_and_received_through_shared_memory))

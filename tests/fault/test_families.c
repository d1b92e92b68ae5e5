/* Families that the running kernel may lack: the arguments that the library passes to the kernel,
 * and its use of the results, with stand-ins for the calls. */
#include "address/address.h"
#include "test.h"
#include "values.h"

#include <string.h>

/* The arguments passed to the stand-ins, and the results to return. */
static struct {
    int flags;
    unsigned char control[1024];
    size_t control_size;
    int error, calls;
    char name[96];
    struct sockaddr_storage address;
    socklen_t len;
} seen;

static ssize_t fake_sendmsg(int fd, const struct msghdr *msg, int flags)
{
    (void)fd;
    seen.flags = flags;
    seen.control_size = msg->msg_controllen;
    if (msg->msg_controllen)
        memcpy(seen.control, msg->msg_control, msg->msg_controllen);
    return 7;
}

static ssize_t fake_sendto(int fd, const void *data, size_t size, int flags,
                           const struct sockaddr *addr, socklen_t len)
{
    (void)fd, (void)data;
    seen.flags = flags;
    memcpy(&seen.address, addr, len);
    seen.len = len;
    return (ssize_t)size;
}

static ssize_t fake_recvmsg(int fd, struct msghdr *msg, int flags)
{
    (void)fd;
    seen.flags = flags;
    memcpy(msg->msg_name, &seen.address, sizeof seen.address);
    msg->msg_namelen = seen.len;
    msg->msg_controllen = 0;
    msg->msg_flags = 0;
    return 1;
}

/* A socket that claims to be of a family; the stand-ins do not depend on the real one. */
static struct csk_socket socket_of(int family, int proto)
{
    struct csk_socket s;
    int fd = cski_sys_real.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    assert_int_equal(csk_adopt(&s, fd, family, SOCK_DGRAM, proto), 0);
    return s;
}

static void afalg_sends_its_request_in_three_control_messages(void)
{
    struct csk_socket s = socket_of(AF_ALG, 0);
    struct csk_msg msg = { .control = seen.control };
    struct iovec data = { "message", 7 };
    struct csk_cmsg item = { 0 };
    struct {
        uint32_t size;
        char bytes[12];
    } iv = { .size = 12 };
    uint32_t number;

    memcpy(iv.bytes, "0123456789ab", sizeof iv.bytes);
    cski_sys_table.sendmsg = fake_sendmsg;
    assert_int_equal(csk_sendmsg_afalg(&s, &data, 1, 1, "0123456789ab", 12, 5, MSG_MORE), 7);
    assert_true(seen.flags & MSG_MORE);
    msg.control_size = seen.control_size;
    assert_int_equal(csk_cmsg_next(&msg, &item), 1);
    assert_int_equal(item.level, 279);
    assert_int_equal(item.type, 3); /* ALG_SET_OP */
    assert_int_equal(item.size, 4);
    memcpy(&number, item.data, 4);
    assert_int_equal(number, 1);
    assert_int_equal(csk_cmsg_next(&msg, &item), 1);
    assert_int_equal(item.type, 2); /* ALG_SET_IV */
    assert_int_equal(item.size, sizeof iv);
    assert_memory_equal(item.data, &iv, sizeof iv);
    assert_int_equal(csk_cmsg_next(&msg, &item), 1);
    assert_int_equal(item.type, 4); /* ALG_SET_AEAD_ASSOCLEN */
    memcpy(&number, item.data, 4);
    assert_int_equal(number, 5);
    assert_int_equal(csk_cmsg_next(&msg, &item), 0);

    /* Unspecified values are not sent. */
    assert_int_equal(csk_sendmsg_afalg(&s, NULL, 0, 0, NULL, 0, -1, 0), 7);
    assert_int_equal(seen.control_size, CMSG_SPACE(4));
    assert_int_equal(csk_sendmsg_afalg(&s, NULL, 0, 0, seen.control, 256, -1, 0), 7);
    assert_int_equal(seen.control_size, CMSG_SPACE(4) + CMSG_SPACE(260));
    csk_close(&s);
}

static void afalg_refuses_contradictory_arguments(void)
{
    struct csk_socket s = socket_of(AF_ALG, 0), other = socket_of(AF_UNIX, 0);

    cski_sys_table.sendmsg = fake_sendmsg;
    assert_int_equal(csk_sendmsg_afalg(&other, NULL, 0, 1, NULL, 0, -1, 0), CSK_EFAMILY);
    assert_int_equal(csk_sendmsg_afalg(&s, NULL, 0, -1, NULL, 0, -1, 0), CSK_ERANGE);
    assert_int_equal(csk_sendmsg_afalg(&s, NULL, 0, 1, "", 257, -1, 0), CSK_ERANGE);
    assert_int_equal(csk_sendmsg_afalg(&s, NULL, 0, 1, NULL, 0, 1LL << 32, 0), CSK_ERANGE);
    assert_int_equal(csk_sendmsg_afalg(&s, NULL, 0, 1, NULL, 5, -1, 0), CSK_ENULL);
    assert_int_equal(csk_sendmsg_afalg(&s, NULL, 1, 1, NULL, 0, -1, 0), CSK_ENULL);
    assert_int_equal(csk_sendmsg_afalg(NULL, NULL, 0, 1, NULL, 0, -1, 0), CSK_ENULL);
    csk_close(&s);
    csk_close(&other);
}

/* The families whose kernel code reads the flag, for example in sk_stream_error() (Linux 6.1). */
static bool reads_nosignal(int family)
{
    return csk_family_find(family, 0) &&
           (family == AF_UNIX || family == AF_INET || family == AF_INET6 || family == AF_SMC ||
            family == AF_KCM || family == AF_VSOCK);
}

/* Families that do not know MSG_NOSIGNAL refuse it: AF_APPLETALK, AF_NETROM, AF_ROSE, AF_RDS ... */
static void only_families_that_read_msg_nosignal_are_sent_it(void)
{
    struct csk_addr to;

    cski_sys_table.sendto = fake_sendto;
    assert_int_equal(csk_addr_parse(&to, AF_RDS, 0, "127.0.0.1:4000", NULL), 0);
    for (int family = 0; family < 100; family++) {
        struct csk_socket s = socket_of(family, 0);

        assert_int_equal(csk_sendto(&s, "x", 1, MSG_DONTWAIT, &to, NULL), 1);
        assert_int_equal(seen.flags, MSG_DONTWAIT | (reads_nosignal(family) ? MSG_NOSIGNAL : 0));
        assert_int_equal(csk_sendto(&s, "x", 1, MSG_NOSIGNAL, &to, NULL), 1);
        /* AF_UNIX tries datagrams without blocking: see slice.c. */
        assert_int_equal(seen.flags & ~MSG_DONTWAIT, MSG_NOSIGNAL);
        csk_close(&s);
    }
    /* And AF_RDS has IPv4's addresses. */
    assert_int_equal(seen.len, 16);
    assert_int_equal(seen.address.ss_family, AF_INET);
}

/* Descriptors arrive with AF_UNIX alone (scm_detach_fds, Linux 6.1).  AF_PACKET, AF_KEY, AF_MCTP,
 * AF_PHONET, AF_ATMPVC and two of AF_CAN's protocols refuse the flag. */
static void only_families_that_pass_descriptors_are_sent_msg_cmsg_cloexec(void)
{
    cski_sys_table.recvmsg = fake_recvmsg;
    for (int family = 0; family < 100; family++) {
        for (int proto = 0; proto < 9; proto++) {
            struct csk_socket s = socket_of(family, proto);
            char data[8];
            struct iovec buffer = { data, sizeof data };
            struct csk_addr from;
            struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1, .addr = &from };

            assert_int_equal(csk_recvmsg(&s, &msg, MSG_PEEK), 1);
            assert_int_equal(seen.flags, MSG_PEEK | (family == AF_UNIX ? MSG_CMSG_CLOEXEC : 0));
            assert_int_equal(csk_recvmsg(&s, &msg, MSG_CMSG_CLOEXEC), 1);
            assert_int_equal(seen.flags, MSG_CMSG_CLOEXEC);
            csk_close(&s);
        }
    }
}

/* The form of a CAN address depends on the socket's protocol, which the address remembers. */
static void a_received_address_has_the_form_of_its_sockets_protocol(void)
{
    struct csk_socket s = socket_of(AF_CAN, 7);
    char data[8], text[CSK_ADDR_TEXT_MAX];
    struct iovec buffer = { data, sizeof data };
    struct csk_addr addr, from;
    struct csk_msg msg = { .buffers = &buffer, .buffer_count = 1, .addr = &from };

    cski_sys_table.recvmsg = fake_recvmsg;
    assert_int_equal(csk_addr_parse(&addr, AF_CAN, 7, "lo,0x1,0x12300,9", NULL), 0);
    memcpy(&seen.address, &addr.storage, sizeof seen.address);
    seen.len = addr.len;
    assert_int_equal(csk_recvmsg(&s, &msg, 0), 1);
    assert_true(csk_addr_equal(&addr, &from));
    assert_string_equal(csk_addr_format(&from, text, sizeof text), "lo,0x1,0x12300,9");

    /* A length beyond the buffer, which the kernel returns after truncation. */
    seen.len = 1000;
    assert_int_equal(csk_recvmsg(&s, &msg, 0), 1);
    assert_int_equal(from.len, sizeof from.storage);
    assert_string_equal(csk_addr_format(&from, text, sizeof text), "lo,0x1,0x12300,9");
    csk_close(&s);
}

static int fake_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
                            struct addrinfo **answer)
{
    (void)port, (void)hints, (void)answer;
    seen.calls++;
    snprintf(seen.name, sizeof seen.name, "%s", host);
    errno = EMFILE;
    return seen.error;
}

static void a_failure_of_the_resolver_names_its_cause(void)
{
    static const struct {
        int family, eai, code;
    } cases[] = {
        { AF_INET, EAI_AGAIN, CSK_EAI(EAI_AGAIN) },
        { AF_INET6, EAI_NONAME, CSK_EAI(EAI_NONAME) },
        { AF_INET, EAI_MEMORY, CSK_EAI(EAI_MEMORY) },
        { AF_INET6, EAI_SYSTEM, -EMFILE },
        { AF_RDS, EAI_SYSTEM, -EMFILE },
    };
    struct csk_value values[] = { TEXT("host.invalid"), INT(80) };
    struct csk_error error;
    struct csk_addr addr, before;

    cski_sys_table.getaddrinfo = fake_getaddrinfo;
    memset(&before, 0x33, sizeof before);
    addr = before;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        seen.error = cases[i].eai;
        memset(&error, 0, sizeof error);
        assert_int_equal(csk_addr_resolve(&addr, cases[i].family, 0, values, 2, NULL, &error),
                         cases[i].code);
        assert_string_equal(seen.name, "host.invalid");
        assert_int_equal(strncmp(error.text, "resolve host.invalid: ", 22), 0);
        assert_memory_equal(&addr, &before, sizeof addr);
    }
    /* Numeric addresses need no resolver. */
    seen.calls = 0;
    values[0] = (struct csk_value)TEXT("192.0.2.1");
    assert_int_equal(csk_addr_resolve(&addr, AF_INET, 0, values, 2, NULL, NULL), 0);
    values[0] = (struct csk_value)TEXT("2001:db8::1");
    assert_int_equal(csk_addr_resolve(&addr, AF_INET6, 0, values, 2, NULL, NULL), 0);
    assert_int_equal(seen.calls, 0);
}

static unsigned fake_if_nametoindex(const char *name)
{
    (void)name;
    errno = seen.error;
    return 0;
}

static void a_failed_lookup_of_an_interface_names_its_cause(void)
{
    struct csk_addr addr;

    cski_sys_table.if_nametoindex = fake_if_nametoindex;
    seen.error = EMFILE;
    assert_int_equal(csk_addr_parse(&addr, AF_CAN, 1, "can0", NULL), -EMFILE);
    assert_int_equal(csk_addr_parse(&addr, AF_PACKET, 0, "eth0,3", NULL), -EMFILE);
    assert_int_equal(csk_addr_parse(&addr, AF_INET6, 0, "[fe80::1%eth0]:1", NULL), -EMFILE);
    seen.error = 0;
    assert_int_equal(csk_addr_parse(&addr, AF_CAN, 1, "can0", NULL), -ENODEV);
    assert_int_equal(csk_addr_parse(&addr, AF_INET6, 0, "[fe80::1%eth0]:1", NULL), -ENODEV);
}

static int fake_ask(int fd, unsigned long request, ...)
{
    struct ifreq *ifr;
    va_list args;

    (void)fd;
    va_start(args, request);
    ifr = va_arg(args, struct ifreq *);
    va_end(args);
    seen.calls++;
    if (seen.error) {
        errno = seen.error;
        return -1;
    }
    if (request == SIOCGIFNAME)
        memset(ifr->ifr_name, 'x', IF_NAMESIZE); /* without a terminating null byte */
    else
        ifr->ifr_ifindex = 77;
    return 0;
}

static char *fake_if_indextoname(unsigned index, char *name)
{
    (void)index;
    return memcpy(name, "eth9", 5);
}

static void a_given_socket_is_used_to_look_up_interfaces(void)
{
    static const struct csk_value values[] = { TEXT("eth7"), INT(3) };
    struct csk_socket s = socket_of(AF_PACKET, 0);
    struct csk_value got[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_addr addr;
    int ifindex;

    cski_sys_table.ioctl = fake_ask;
    cski_sys_table.if_nametoindex = fake_if_nametoindex;
    cski_sys_table.if_indextoname = fake_if_indextoname;
    assert_int_equal(csk_addr_pack_for(&s, &addr, values, 2, NULL), 0);
    if (!seen.calls)
        test_skip("this system cannot ask a socket");
    memcpy(&ifindex, addr.bytes + 4, sizeof ifindex);
    assert_int_equal(ifindex, 77);
    assert_int_equal(csk_addr_unpack_for(&s, &addr, got, text), 5);
    assert_int_equal(got[0].size, IF_NAMESIZE - 1);
    /* The answer: no such name. */
    seen.error = ENODEV;
    assert_int_equal(csk_addr_pack_for(&s, &addr, values, 2, NULL), -ENODEV);
    assert_int_equal(csk_addr_unpack_for(&s, &addr, got, text), 5);
    assert_int_equal(got[0].size, 0);
    /* The answer is unknown: the C library is asked. */
    seen.error = ENOTTY;
    assert_int_equal(csk_addr_unpack_for(&s, &addr, got, text), 5);
    assert_int_equal(got[0].size, 4);
    csk_close(&s);
}

/* macOS: the number of a control is looked up with a socket. */
static int fake_socket(int family, int type, int proto)
{
    assert_int_equal(family, 32);
    assert_int_equal(type & ~SOCK_CLOEXEC, SOCK_DGRAM);
    assert_int_equal(proto, 2);
    if (seen.error == EMFILE) {
        errno = EMFILE;
        return -1;
    }
    return cski_sys_real.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int fake_ioctl(int fd, unsigned long request, ...)
{
    struct {
        uint32_t id;
        char name[96];
    } * info;
    va_list args;

    (void)fd;
    assert_int_equal(request, 0xc0644e03UL);
    va_start(args, request);
    info = va_arg(args, void *);
    va_end(args);
    assert_string_equal(info->name, "com.apple.net.utun_control");
    if (seen.error) {
        errno = seen.error;
        return -1;
    }
    info->id = 3;
    return 0;
}

static void a_kernel_control_is_found_by_its_name(void)
{
    static const struct csk_value name[] = { TEXT("com.apple.net.utun_control"), INT(4) };
    const struct csk_family *f;
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_error error;
    struct csk_addr addr;

    for (size_t i = 0; (f = cski_family_foreign(i)); i++)
        if (strcmp(f->name, "AF_SYSTEM") == 0)
            break;
    if (!f)
        test_skip("this system has AF_SYSTEM itself");
    cski_sys_table.socket = fake_socket;
    cski_sys_table.ioctl = fake_ioctl;
    assert_int_equal(cski_addr_pack(f, -1, &addr, 2, name, 1, &error), 0);
    assert_int_equal(cski_addr_unpack(f, -1, &addr, values, text), 2);
    assert_int_equal(values[0].i, 3);
    assert_int_equal(values[1].i, 0);
    assert_int_equal(cski_addr_pack(f, -1, &addr, 2, name, 2, &error), 0);
    assert_int_equal(cski_addr_unpack(f, -1, &addr, values, text), 2);
    assert_int_equal(values[1].i, 4);
    for (int i = 0; i < 2; i++) {
        seen.error = i ? EMFILE : ENOENT;
        assert_int_equal(cski_addr_pack(f, -1, &addr, 2, name, 1, &error), -seen.error);
        assert_string_equal(error.text, "AF_SYSTEM SYSPROTO_CONTROL address: there is no kernel "
                                        "control \"com.apple.net.utun_control\"");
    }
}

TESTS(TEST(afalg_sends_its_request_in_three_control_messages),
      TEST(afalg_refuses_contradictory_arguments),
      TEST(only_families_that_read_msg_nosignal_are_sent_it),
      TEST(only_families_that_pass_descriptors_are_sent_msg_cmsg_cloexec),
      TEST(a_received_address_has_the_form_of_its_sockets_protocol),
      TEST(a_failure_of_the_resolver_names_its_cause),
      TEST(a_failed_lookup_of_an_interface_names_its_cause),
      TEST(a_given_socket_is_used_to_look_up_interfaces),
      TEST(a_kernel_control_is_found_by_its_name))

/* Families that nobody else on one machine answers, as far as they go alone. */
#include "family_test.h"

#include <errno.h>
#include <linux/if_xdp.h>
#include <string.h>
#include <sys/mman.h>

/* A socket of AF_XDP takes an address once it has memory. */
static void xdp_binds_to_a_queue(void **state)
{
    struct csk_socket s = family_socket(AF_XDP, SOCK_RAW, 0);
    size_t size = 16 * 4096;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct xdp_umem_reg umem = { .addr = (uintptr_t)memory, .len = size, .chunk_size = 4096 };
    int entries = 16;

    (void)state;
    assert_true(memory != MAP_FAILED);
    family_ok(csk_setsockopt(&s, 283 /* SOL_XDP */, XDP_UMEM_REG, &umem, sizeof umem));
    family_ok(csk_setsockopt(&s, 283, XDP_UMEM_FILL_RING, &entries, sizeof entries));
    family_ok(csk_setsockopt(&s, 283, XDP_UMEM_COMPLETION_RING, &entries, sizeof entries));
    family_ok(csk_setsockopt(&s, 283, XDP_TX_RING, &entries, sizeof entries));
    family_bind(&s, "lo,0,2"); /* XDP_COPY */
    csk_close(&s);
    munmap(memory, size);
}

static void kcm_makes_sockets_that_stand_for_a_multiplexer(void **state)
{
    struct csk_socket s = family_socket(AF_KCM, SOCK_DGRAM, 0);
    struct csk_addr own;

    (void)state;
    assert_int_equal(csk_getsockname(&s, &own), -EOPNOTSUPP);
    csk_close(&s);
}

/* Device 0 is no device; the kernel chooses a port among its objects. */
static void phonet_binds_to_an_object(void **state)
{
    struct csk_socket s = family_socket(AF_PHONET, SOCK_DGRAM, 0);
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];
    struct csk_addr own;

    (void)state;
    family_bind(&s, "0,0");
    own = family_own(&s);
    assert_int_equal(csk_addr_unpack(&own, values, text), 3);
    assert_true(values[0].i != 0 || values[1].i != 0);
    csk_close(&s);
}

static void ax25_knows_no_callsign_that_no_interface_has(void **state)
{
    struct csk_socket s = family_socket(AF_AX25, SOCK_SEQPACKET, 0);
    struct csk_addr addr = family_address(AF_AX25, 0, "N0CALL-1");

    (void)state;
    assert_int_equal(csk_bind(&s, &addr), -EADDRNOTAVAIL);
    csk_close(&s);
}

static void nfc_and_ieee802154_say_that_there_is_no_device(void **state)
{
    struct csk_socket s = family_socket(AF_IEEE802154, SOCK_DGRAM, 0);
    struct csk_addr addr = family_address(AF_IEEE802154, 0, "2,0x1234,0x5678");

    (void)state;
    assert_int_equal(csk_bind(&s, &addr), -ENODEV);
    csk_close(&s);
    s = family_socket(AF_NFC, SOCK_SEQPACKET, 0);
    addr = family_address(AF_NFC, 0, "0,0,1");
    assert_int_equal(csk_connect(&s, &addr), -ENODEV);
    csk_close(&s);
}

TESTS(TEST(xdp_binds_to_a_queue), TEST(kcm_makes_sockets_that_stand_for_a_multiplexer),
      TEST(phonet_binds_to_an_object), TEST(ax25_knows_no_callsign_that_no_interface_has),
      TEST(nfc_and_ieee802154_say_that_there_is_no_device))

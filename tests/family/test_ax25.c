/* AF_AX25: connections and datagrams over two interfaces of bpqether, CSKA-1 and CSKB-2. */
#include "family_test.h"

#include <errno.h>
#include <linux/ax25.h>

static struct csk_socket station(int type, const char *callsign)
{
    struct csk_socket s = family_socket(AF_AX25, type, 0);
    struct csk_addr addr = family_address(AF_AX25, 0, callsign);
    int n = csk_bind(&s, &addr, NULL);

    if (n == -EADDRNOTAVAIL)
        test_skip("no interface has the callsign %s", callsign);
    family_ok(n);
    return s;
}

static void a_connection_carries_messages(void)
{
    struct csk_socket listener = station(SOCK_SEQPACKET, "CSKB-2");
    struct csk_socket client = station(SOCK_SEQPACKET, "CSKA-1");
    struct csk_addr to = family_address(AF_AX25, 0, "CSKB-2"), own = family_own(&client);

    /* The socket's own callsign, and that of the interface. */
    assert_string_equal(family_text(&own), "CSKA-1,CSKA-1");
    family_exchange_over_stream(&listener, &client, &to);
    csk_close(&client);
    csk_close(&listener);
}

static void datagrams_have_their_sender(void)
{
    struct csk_socket a = station(SOCK_DGRAM, "CSKA-1"), b = station(SOCK_DGRAM, "CSKB-2");
    struct csk_addr to = family_address(AF_AX25, 0, "CSKB-2"), from;
    char data[16];
    int yes = 1;

    /* The kernel delivers datagrams only to sockets with a known sender; and it removes the
     * protocol byte twice (6.1) unless programs have requested it. */
    family_ok(csk_setsockopt(&b, 257 /* SOL_AX25 */, AX25_PIDINCL, &yes, sizeof yes));
    from = family_address(AF_AX25, 0, "CSKA-1");
    family_ok(csk_connect(&b, &from, NULL));
    assert_int_equal(csk_sendto(&a, "hello", 5, 0, &to, NULL), 5);
    assert_int_equal(csk_recvfrom(&b, data, sizeof data, 0, &from), 5);
    assert_memory_equal(data, "hello", 5);
    assert_string_equal(family_text(&from), "CSKA-1");
    csk_close(&a);
    csk_close(&b);
}

static void a_callsign_that_no_interface_has_is_refused(void)
{
    struct csk_socket s = family_socket(AF_AX25, SOCK_SEQPACKET, 0);
    struct csk_addr addr = family_address(AF_AX25, 0, "N0CALL-1");

    assert_int_equal(csk_bind(&s, &addr, NULL), -EADDRNOTAVAIL);
    csk_close(&s);
}

TESTS(TEST(a_connection_carries_messages), TEST(datagrams_have_their_sender),
      TEST(a_callsign_that_no_interface_has_is_refused))

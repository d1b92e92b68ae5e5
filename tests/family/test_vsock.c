/* AF_VSOCK on the loopback transport.  Without it connections would leave the machine, so none is
 * tried. */
#include "family_test.h"

#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void a_connection_to_oneself(void)
{
    struct csk_socket listener, client;
    struct csk_addr own, to;

    family_need_module("vsock_loopback");
    listener = family_socket(AF_VSOCK, SOCK_STREAM, 0);
    client = family_socket(AF_VSOCK, SOCK_STREAM, 0);
    family_bind(&listener, "-1,-1"); /* VMADDR_CID_ANY, VMADDR_PORT_ANY */
    own = family_own(&listener);
    assert_int_not_equal(csk_addr_port(&own), 0xffffffff);
    assert_int_equal(strncmp(family_text(&own), "4294967295,", 11), 0);
    to = own;
    to.bytes[8] = 1; /* VMADDR_CID_LOCAL */
    memset(to.bytes + 9, 0, 3);
    family_exchange_over_stream(&listener, &client, &to);
    own = family_own(&client);
    /* The kernel chose its port, and it is bound to all of the machine's CIDs. */
    assert_int_equal(strncmp(family_text(&own), "4294967295,", 11), 0);
    assert_int_not_equal(csk_addr_port(&own), csk_addr_port(&to));
    csk_close(&client);
    csk_close(&listener);
}

static void packets_in_order(void)
{
    struct csk_socket listener, client, conn;
    struct csk_addr to, peer;
    char data[16];

    family_need_module("vsock_loopback");
    listener = family_socket(AF_VSOCK, SOCK_SEQPACKET, 0);
    client = family_socket(AF_VSOCK, SOCK_SEQPACKET, 0);
    family_bind(&listener, "1,0x12345");
    to = family_own(&listener);
    assert_string_equal(family_text(&to), "1,74565");
    family_ok(csk_listen(&listener, 1));
    family_ok(csk_connect(&client, &to, NULL));
    family_ok(csk_accept(&listener, &conn, &peer));
    assert_int_equal(peer.sa.sa_family, AF_VSOCK);
    assert_int_equal(csk_send(&client, "one", 3, 0), 3);
    assert_int_equal(csk_send(&client, "three", 5, 0), 5);
    assert_int_equal(csk_recv(&conn, data, sizeof data, 0), 3);
    assert_int_equal(csk_recv(&conn, data, sizeof data, 0), 5);
    csk_close(&conn);
    csk_close(&client);
    csk_close(&listener);
}

static void the_number_of_this_machine(void)
{
    int fd = open("/dev/vsock", O_RDONLY | O_CLOEXEC);
    unsigned cid = 0;

    if (fd < 0)
        test_skip("/dev/vsock is not there");
    assert_int_equal(ioctl(fd, IOCTL_VM_SOCKETS_GET_LOCAL_CID, &cid), 0);
    assert_true(cid > 0);
    close(fd);
}

TESTS(TEST(a_connection_to_oneself), TEST(packets_in_order), TEST(the_number_of_this_machine))

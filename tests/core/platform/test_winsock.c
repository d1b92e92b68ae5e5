/* The calls on Windows Sockets. */
#include <csocket/csocket.h>

#include "test.h"

#include <errno.h>
#include <mswsock.h>
#include <string.h>

static void open_pair(struct csk_socket pair[2])
{
    assert_int_equal(csk_socketpair(pair, AF_INET, SOCK_STREAM, 0), 0);
}

static void close_pair(struct csk_socket pair[2])
{
    assert_int_equal(csk_close(&pair[0]), 0);
    assert_int_equal(csk_close(&pair[1]), 0);
}

static struct csk_addr loopback(void)
{
    struct csk_addr addr;

    assert_int_equal(csk_addr_parse(&addr, AF_INET, 0, "127.0.0.1:0", NULL), 0);
    return addr;
}

static void bytes_cross_a_pair_in_both_directions(void)
{
    struct csk_socket pair[2];
    char data[8];

    open_pair(pair);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(csk_send(&pair[i], "hello", 5, 0), 5);
        assert_int_equal(csk_recv(&pair[1 - i], data, sizeof data, 0), 5);
        assert_memory_equal(data, "hello", 5);
    }
    close_pair(pair);
}

static void pairs_of_other_kinds_are_refused(void)
{
    struct csk_socket pair[2];

    assert_int_equal(csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0), -EAFNOSUPPORT);
    assert_int_equal(csk_socketpair(pair, AF_INET, SOCK_DGRAM, 0), -EPROTOTYPE);
    assert_int_equal(csk_socketpair(pair, AF_INET, SOCK_STREAM, IPPROTO_UDP), -EPROTONOSUPPORT);
    assert_int_equal(csk_fileno(&pair[0]), -1);
}

static void sockets_and_their_copies_are_not_inherited(void)
{
    struct csk_socket pair[2], copy;

    open_pair(pair);
    assert_int_equal(csk_dup(&pair[0], &copy), 0);
    assert_int_equal(csk_get_inheritable(&pair[0]), 0);
    assert_int_equal(csk_get_inheritable(&pair[1]), 0);
    assert_int_equal(csk_get_inheritable(&copy), 0);
    assert_int_equal(csk_set_inheritable(&copy, true), 0);
    assert_int_equal(csk_get_inheritable(&copy), 1);
    assert_int_equal(csk_close(&copy), 0);
    close_pair(pair);
}

static void a_receive_ends_at_its_timeout_and_at_its_deadline(void)
{
    struct csk_socket pair[2];
    int64_t begin = csk_now();
    char byte;

    open_pair(pair);
    assert_int_equal(csk_settimeout(&pair[0], 50 * CSK_MS), 0);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), CSK_ETIMEDOUT);
    assert_int_equal(csk_settimeout(&pair[0], -1), 0);
    assert_int_equal(csk_setdeadline(&pair[0], csk_now() + 50 * CSK_MS), 0);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), CSK_ETIMEDOUT);
    assert_true(csk_now() - begin >= 90 * CSK_MS);
    close_pair(pair);
}

/* The peer does not read: without the deadline the call would block in Winsock. */
static void a_send_with_a_deadline_ends_while_the_peer_does_not_read(void)
{
    static const char data[1 << 20];
    struct csk_socket pair[2];
    int code = 0;

    open_pair(pair);
    assert_int_equal(csk_setdeadline(&pair[0], csk_now() + 200 * CSK_MS), 0);
    for (int i = 0; i < 64 && code == 0; i++)
        code = csk_sendall(&pair[0], data, sizeof data, 0, NULL);
    assert_int_equal(code, CSK_ETIMEDOUT);
    close_pair(pair);
}

static void a_cancel_ends_a_receive_and_can_be_reset(void)
{
    struct csk_socket pair[2];
    struct csk_cancel cancel;
    char byte;

    open_pair(pair);
    assert_int_equal(csk_cancel_init(&cancel), 0);
    pair[0].cancel = &cancel;
    assert_int_equal(csk_cancel(&cancel), 0);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), CSK_ECANCELED);
    assert_int_equal(csk_cancel_reset(&cancel), 0);
    assert_int_equal(csk_send(&pair[1], "x", 1, 0), 1);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), 1);
    pair[0].cancel = NULL;
    assert_int_equal(csk_cancel_close(&cancel), 0);
    close_pair(pair);
}

static void an_ended_connection_is_an_end_for_the_receiver_and_an_error_for_the_sender(void)
{
    struct csk_socket pair[2];
    ssize_t n = 1;
    char byte;

    open_pair(pair);
    assert_int_equal(csk_close(&pair[1]), 0);
    assert_int_equal(csk_recv(&pair[0], &byte, 1, 0), 0);
    for (int i = 0; i < 100 && n > 0; i++)
        n = csk_send(&pair[0], "x", 1, 0);
    assert_true(n == -ECONNRESET || n == -ECONNABORTED || n == -EPIPE);
    assert_int_equal(csk_close(&pair[0]), 0);
}

static void a_refused_connection_is_reported_with_and_without_a_timeout(void)
{
    struct csk_socket holder, s;
    struct csk_addr addr = loopback();

    assert_int_equal(csk_socket(&holder, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_bind(&holder, &addr, NULL), 0);
    assert_int_equal(csk_getsockname(&holder, &addr), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(csk_socket(&s, AF_INET, SOCK_STREAM, 0), 0);
        assert_int_equal(csk_settimeout(&s, i ? 20 * CSK_SECOND : -1), 0);
        assert_int_equal(csk_connect(&s, &addr, NULL), -ECONNREFUSED);
        assert_int_equal(csk_close(&s), 0);
    }
    assert_int_equal(csk_close(&holder), 0);
}

static void a_connection_is_made_and_accepted(void)
{
    struct csk_socket server, client, conn;
    struct csk_addr addr, peer;
    char text[CSK_ADDR_TEXT_MAX];

    assert_int_equal(csk_create_server(&server, "127.0.0.1:0", NULL, NULL), 0);
    assert_int_equal(csk_getsockname(&server, &addr), 0);
    assert_non_null(csk_addr_format(&addr, text, sizeof text));
    assert_int_equal(csk_create_connection(&client, text, NULL, NULL), 0);
    assert_int_equal(csk_accept(&server, &conn, &peer), 0);
    assert_int_equal(csk_getsockname(&client, &addr), 0);
    assert_int_equal(peer.len, addr.len);
    assert_memory_equal(&peer.storage, &addr.storage, (size_t)addr.len);
    assert_int_equal(csk_close(&conn), 0);
    assert_int_equal(csk_close(&client), 0);
    assert_int_equal(csk_close(&server), 0);
}

static void errors_have_the_names_and_texts_of_posix(void)
{
    char text[CSK_ERROR_TEXT_MAX];

    assert_string_equal(csk_error_name(-ECONNREFUSED), "ECONNREFUSED");
    assert_string_equal(csk_strerror(-ECONNREFUSED, text, sizeof text), "Connection refused");
    assert_string_equal(csk_errstr(-EAGAIN), "Resource temporarily unavailable");
}

static void numbers_without_an_errno_stand_for_themselves(void)
{
    assert_int_equal(csk_error_kind(-WSAEHOSTDOWN), CSK_KIND_SYSTEM);
    assert_int_equal(csk_error_number(-WSAEHOSTDOWN), WSAEHOSTDOWN);
    assert_string_equal(csk_error_name(-WSAEHOSTDOWN), "WSAEHOSTDOWN");
    assert_string_equal(csk_errstr(-WSAEHOSTDOWN), "Host is down");
    assert_int_equal(csk_error_kind(CSK_EAI(EAI_NONAME)), CSK_KIND_EAI);
    assert_int_equal(csk_error_kind(CSK_EHOST(HOST_NOT_FOUND)), CSK_KIND_HOST);
}

static void a_handle_of_another_kind_is_an_error(void)
{
    struct csk_socket s;

    assert_int_equal(csk_fromfd(&s, -1, AF_INET, SOCK_STREAM, 0), -EBADF);
    assert_int_equal(csk_adopt(&s, 12345676, CSK_DETECT, CSK_DETECT, 0), -ENOTSOCK);
}

static void a_datagram_that_does_not_fit_is_cut_by_recvmsg(void)
{
    struct csk_socket s;
    struct csk_addr addr = loopback(), from;
    char data[3], more[2];
    struct iovec buffers[] = { { data, sizeof data }, { more, sizeof more } };
    struct csk_msg msg = { .buffers = buffers, .buffer_count = 2, .addr = &from };

    assert_int_equal(csk_socket(&s, AF_INET, SOCK_DGRAM, 0), 0);
    assert_int_equal(csk_bind(&s, &addr, NULL), 0);
    assert_int_equal(csk_getsockname(&s, &addr), 0);
    assert_int_equal(csk_sendto(&s, "12345678", 8, 0, &addr, NULL), 8);
    assert_int_equal(csk_recvmsg(&s, &msg, 0), 5);
    assert_true(msg.flags & MSG_TRUNC);
    assert_memory_equal(data, "123", 3);
    assert_memory_equal(more, "45", 2);
    assert_memory_equal(&from.storage, &addr.storage, (size_t)addr.len);
    assert_int_equal(csk_close(&s), 0);
}

static void the_loopback_interface_is_listed_and_found_by_name_and_index(void)
{
    struct csk_if *list;
    char name[IF_NAMESIZE];
    ssize_t count = csk_if_nameindex(&list);

    assert_true(count > 0);
    for (ssize_t i = 0; i < count; i++) {
        assert_int_equal(csk_if_nametoindex(list[i].name, NULL), list[i].index);
        assert_int_equal(csk_if_indextoname(list[i].index, name, NULL), 0);
        assert_string_equal(name, list[i].name);
    }
    csk_if_freenameindex(list);
    assert_int_equal(csk_if_nametoindex("no such interface", NULL), CSK_EINTERFACE);
}

static void addresses_of_interfaces_have_masks(void)
{
    struct csk_ifaddr *list;
    ssize_t count = csk_getifaddrs(&list);
    bool found = false;
    char text[CSK_ADDR_TEXT_MAX];

    assert_true(count > 0);
    for (ssize_t i = 0; i < count; i++) {
        if (!list[i].addr.len || list[i].addr.sa.sa_family != AF_INET)
            continue;
        csk_addr_format(&list[i].addr, text, sizeof text);
        if (strcmp(text, "127.0.0.1:0") != 0)
            continue;
        found = true;
        csk_addr_format(&list[i].netmask, text, sizeof text);
        assert_string_equal(text, "255.0.0.0:0");
    }
    csk_freeifaddrs(list);
    assert_true(found);
}

TESTS(TEST(bytes_cross_a_pair_in_both_directions), TEST(pairs_of_other_kinds_are_refused),
      TEST(sockets_and_their_copies_are_not_inherited),
      TEST(a_receive_ends_at_its_timeout_and_at_its_deadline),
      TEST(a_send_with_a_deadline_ends_while_the_peer_does_not_read),
      TEST(a_cancel_ends_a_receive_and_can_be_reset),
      TEST(an_ended_connection_is_an_end_for_the_receiver_and_an_error_for_the_sender),
      TEST(a_refused_connection_is_reported_with_and_without_a_timeout),
      TEST(a_connection_is_made_and_accepted), TEST(errors_have_the_names_and_texts_of_posix),
      TEST(numbers_without_an_errno_stand_for_themselves),
      TEST(a_handle_of_another_kind_is_an_error),
      TEST(a_datagram_that_does_not_fit_is_cut_by_recvmsg),
      TEST(the_loopback_interface_is_listed_and_found_by_name_and_index),
      TEST(addresses_of_interfaces_have_masks))

/* Calls that wait for another socket on the same system block in slices. */
#include "sockets.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/time.h>

static struct csk_socket receiver, sender;
static struct csk_addr name;

/* An abstract name, to which receiver is bound. */
static void bind_receiver(int type)
{
    char text[64];

    snprintf(text, sizeof text, "@csk-slice-%d", (int)getpid());
    assert_int_equal(csk_addr_parse(&name, AF_UNIX, 0, text, NULL), 0);
    assert_int_equal(csk_socket(&receiver, AF_UNIX, type, 0), 0);
    assert_int_equal(csk_bind(&receiver, &name, NULL), 0);
    assert_int_equal(csk_socket(&sender, AF_UNIX, type, 0), 0);
}

static void fill_receiver(void)
{
    bind_receiver(SOCK_DGRAM);
    while (csk_sendto(&sender, "x", 1, MSG_DONTWAIT, &name, NULL) == 1)
        ;
}

static struct timeval send_timeout(void)
{
    struct timeval timeout;
    socklen_t size = sizeof timeout;

    assert_int_equal(csk_getsockopt(&sender, SOL_SOCKET, SO_SNDTIMEO, &timeout, &size), 0);
    return timeout;
}

static void close_both(void)
{
    csk_close(&sender);
    csk_close(&receiver);
}

static void *receive_later(void *unused)
{
    char byte;

    (void)unused;
    usleep(150000); /* three slices */
    assert_int_equal(csk_recv(&receiver, &byte, 1, 0), 1);
    return NULL;
}

static void a_datagram_is_sent_once_the_queue_has_space(void)
{
    pthread_t thread;

    fill_receiver();
    assert_int_equal(pthread_create(&thread, NULL, receive_later, NULL), 0);
    assert_int_equal(csk_sendto(&sender, "y", 1, 0, &name, NULL), 1);
    pthread_join(thread, NULL);
    assert_int_equal(send_timeout().tv_usec, 0);
    close_both();
}

static void a_send_timeout_of_the_programs_own_ends_the_call(void)
{
    struct timeval own = { .tv_usec = 10000 };

    fill_receiver();
    assert_int_equal(csk_setsockopt(&sender, SOL_SOCKET, SO_SNDTIMEO, &own, sizeof own), 0);
    assert_int_equal(csk_sendto(&sender, "y", 1, 0, &name, NULL), -EAGAIN);
    assert_int_not_equal(send_timeout().tv_usec, 0);
    close_both();
}

static void a_nonblocking_descriptor_is_not_retried_forever(void)
{
    int on = 1;

    fill_receiver();
    assert_int_equal(ioctl(csk_fileno(&sender), FIONBIO, &on), 0);
    assert_int_equal(csk_sendto(&sender, "y", 1, 0, &name, NULL), -EAGAIN);
    assert_int_equal(send_timeout().tv_usec, 0);
    close_both();
}

static void *accept_later(void *unused)
{
    struct csk_socket conn;

    usleep(150000);
    assert_int_equal(csk_accept(&receiver, &conn, NULL), 0);
    csk_close(&conn);
    return unused;
}

/* Unlike with TCP, a call that a signal interrupts has not begun to connect. */
static void a_connection_is_made_once_the_backlog_has_space_despite_signals(void)
{
    struct csk_socket first;
    struct csk_addr peer;
    pthread_t thread;

    bind_receiver(SOCK_STREAM);
    assert_int_equal(csk_listen(&receiver, 0), 0);
    assert_int_equal(csk_socket(&first, AF_UNIX, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&first, &name, NULL), 0);
    test_alarm_every(10);
    assert_int_equal(pthread_create(&thread, NULL, accept_later, NULL), 0);
    assert_int_equal(csk_connect(&sender, &name, NULL), 0);
    assert_int_equal(csk_getpeername(&sender, &peer), 0);
    test_alarm_every(0);
    pthread_join(thread, NULL);
    assert_int_equal(send_timeout().tv_usec, 0);
    csk_close(&first);
    close_both();
}

TESTS(TEST(a_datagram_is_sent_once_the_queue_has_space),
      TEST(a_send_timeout_of_the_programs_own_ends_the_call),
      TEST(a_nonblocking_descriptor_is_not_retried_forever),
      TEST(a_connection_is_made_once_the_backlog_has_space_despite_signals))

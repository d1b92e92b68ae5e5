/* Helpers for many tests: connected pairs, a listener, a signal that arrives while a call waits. */
#ifndef CSK_TEST_SOCKETS_H
#define CSK_TEST_SOCKETS_H

#include "test.h"

#include <csocket/csocket.h>

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define MS INT64_C(1000000)
#define SECOND INT64_C(1000000000)

/* An AF_UNIX stream or datagram pair; asserts. */
void test_pair(struct csk_socket pair[2], int type);
void test_close(struct csk_socket pair[2]);

/* A TCP socket listening on 127.0.0.1, and its address; a connected TCP pair. */
void test_listen(struct csk_socket *listener, struct csk_addr *addr);
void test_tcp_pair(struct csk_socket pair[2]);

/* A UDP socket bound to 127.0.0.1, and its address. */
void test_udp(struct csk_socket *s, struct csk_addr *addr);

/* An address of 127.0.0.1 that refuses SOCK_STREAM or SOCK_DGRAM. holder occupies it, because
 * another process could take a port that has merely been closed. */
void test_refusing(struct csk_socket *holder, int type, struct csk_addr *addr);

/* 127.0.0.1 with a port, without csk_addr_parse, on which the tests must not depend. */
struct csk_addr test_loopback(unsigned port);

/* The code for a numeric host of another family: the C libraries differ in which EAI_ it is. */
int test_wrong_family(const char *host, int family);

/* Write bytes that differ at each position, starting at an offset; and check such bytes. */
void test_pattern(void *data, size_t size, size_t offset);
bool test_is_pattern(const void *data, size_t size, size_t offset);

/* Fill a stream until it would block; returns the number of bytes sent. */
size_t test_fill(struct csk_socket *s);

/* SIGALRM every interval ms, caught by a handler that only counts. */
extern volatile sig_atomic_t test_alarms;
void test_alarm_every(int ms);

/* An on_interrupt hook that counts in test_interrupts, and ends the call when test_interrupt_limit
 * is reached. */
extern int test_interrupts, test_interrupt_limit;
int test_on_interrupt(struct csk_socket *s);

int64_t test_now(void);

#endif

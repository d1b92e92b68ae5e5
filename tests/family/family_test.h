/* Helpers for the tests of address families on a real kernel.
 *
 * The kernel of the build machine rarely supports all families: missing ones are skipped with a
 * reason. tests/vm/test-families runs the tests on a kernel with all of them. */
#ifndef CSK_FAMILY_TEST_H
#define CSK_FAMILY_TEST_H

#include "test.h"

#include <csocket/csocket.h>

/* Open a socket with a timeout of some seconds, or skip the test if the system does not support
 * it. */
struct csk_socket family_socket(int family, int type, int proto);

/* Parse an address of a family or protocol; fails the test if it is invalid. */
struct csk_addr family_address(int family, int proto, const char *text);

/* Bind to the address given as text. */
void family_bind(struct csk_socket *s, const char *text);

/* Return the text of an address, in one of several buffers that are used in turn. */
const char *family_text(const struct csk_addr *addr);

/* The socket's own address. */
struct csk_addr family_own(const struct csk_socket *s);

/* Assert that a call did not fail; otherwise print the error. */
#define family_ok(call) family_check((call), #call, __LINE__)
int64_t family_check(int64_t n, const char *what, int line);

/* Skip the test unless a module is loaded (under /sys/module). */
void family_need_module(const char *name);

/* Skip the test unless an interface exists. */
void family_need_interface(const char *name);

/* Two connected interfaces, veth-a and veth-b: of the machine, or in the test's own namespace. */
void family_need_cable(void);

/* Send "hello" from a bound socket to the address of another one, and "back" to the sender, whose
 * address must have this text. */
void family_exchange_datagrams(struct csk_socket *a, struct csk_socket *b,
                               const struct csk_addr *to, const char *from_text);

/* Connect to a bound socket from another process, and send messages both ways.  Connections of some
 * families are only established once they have been accepted. */
void family_exchange_over_stream(struct csk_socket *listener, struct csk_socket *client,
                                 const struct csk_addr *to);

#endif

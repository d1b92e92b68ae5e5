/* Shared by the tests of address families on a real kernel.
 *
 * The kernel of the machine that builds seldom has all families: what it lacks is skipped, saying
 * so.  tests/vm/test-families runs them where all are. */
#ifndef CSK_FAMILY_TEST_H
#define CSK_FAMILY_TEST_H

#include "test.h"

#include <csocket/csocket.h>

/* Open a socket with a timeout of some seconds, or skip the test where the system has no such. */
struct csk_socket family_socket(int family, int type, int proto);

/* The address that the text means, for a family or protocol; fails the test if there is none. */
struct csk_addr family_address(int family, int proto, const char *text);

/* Bind to the address given as text. */
void family_bind(struct csk_socket *s, const char *text);

/* The text of an address: a pointer to one of a few buffers that take turns. */
const char *family_text(const struct csk_addr *addr);

/* The socket's own address. */
struct csk_addr family_own(const struct csk_socket *s);

/* Assert that a call did not fail; says how it did. */
#define family_ok(call) family_check((call), #call, __LINE__)
int64_t family_check(int64_t n, const char *what, int line);

/* Skip the test unless a module is there (under /sys/module). */
void family_need_module(const char *name);

/* Skip the test unless an interface is there. */
void family_need_interface(const char *name);

/* The ends of a cable, veth-a and veth-b: the machine's, or in a network of the test's own. */
void family_need_cable(void);

/* Send "hello" from a bound socket to another one's address, and "back" to where it came from,
 * which must be this text. */
void family_exchange_datagrams(struct csk_socket *a, struct csk_socket *b,
                               const struct csk_addr *to, const char *from_text);

/* Connect to a bound socket from another process, and send messages both ways.  Some families'
 * connections stand only when they have been accepted. */
void family_exchange_over_stream(struct csk_socket *listener, struct csk_socket *client,
                                 const struct csk_addr *to);

#endif

/* A simulated machine whose name server is run by the test, for the C library's own resolver.
 */
#ifndef CSK_TEST_NAMESERVER_H
#define CSK_TEST_NAMESERVER_H

#include "test.h"

/* In a namespace: a loopback interface, and an /etc that asks the files, then 127.0.0.1.  The
 * resolver gives up after attempt_seconds.  Skips the test if that is not permitted. */
void test_resolver_world(int attempt_seconds);

/* Serve names from another process until this one ends: every name has the addresses 192.0.2.1 and
 * 2001:db8::1, every address the name host.example.  Each query is answered after that many
 * milliseconds, or never if negative.  Names that begin with "no" do not exist. */
void test_nameserver(int ipv4_ms, int ipv6_ms);

/* Return the number of threads of this process, without a sanitizer's; and wait until it is 1.
 * test_count_threads, which test_resolver_world calls, records that there is only one now. */
void test_count_threads(void);
int test_threads(void);
void test_wait_for_one_thread(void);

/* Under valgrind or ThreadSanitizer, which are a thousand times slower in some cases. */
bool test_is_slow(void);

/* Skip the test if the program is built with ThreadSanitizer. */
void test_skip_under_tsan(const char *reason);

/* Whether the program is built with MemorySanitizer. */
bool test_under_msan(void);

/* Skip a test that forks while threads run, if a tool would report their memory as leaked. */
void test_skip_forks(void);

/* The same for a test whose other threads may allocate memory during the fork.  The C library's
 * allocator supports that; those of AddressSanitizer and MemorySanitizer do not. */
void test_skip_forks_at_any_moment(void);

#endif

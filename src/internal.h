/* The core's only private header. */
#ifndef CSKI_INTERNAL_H
#define CSKI_INTERNAL_H

#include "config.h"
#include "platform/platform.h"
#include "platform/sys.h"

#include <csocket/csocket.h>

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>

/* A socket's fields may be read while another thread closes it.  Relaxed atomics cost what plain
 * access costs and keep that defined. */
static inline int cski_fd(const struct csk_socket *s)
{
    return __atomic_load_n(&s->fd, __ATOMIC_RELAXED);
}

static inline int64_t cski_timeout(const struct csk_socket *s)
{
    return __atomic_load_n(&s->timeout, __ATOMIC_RELAXED);
}

static inline unsigned cski_get_wait_first(const struct csk_socket *s)
{
    return __atomic_load_n(&s->wait_first, __ATOMIC_RELAXED);
}

static inline void cski_set_wait_first(struct csk_socket *s, unsigned count)
{
    __atomic_store_n(&s->wait_first, (uint16_t)count, __ATOMIC_RELAXED);
}

/* csk_socket.batch, whose bits batch_recv.c, batch_send.c and control/zerocopy.c explain.
 * csk_setsockopt clears those of the calls that rely on earlier values of options. */
#define CSKI_BATCH_FOUND UINT32_C(0xff)
#define CSKI_BATCH_SINGLES UINT32_C(0xf00)
#define CSKI_BATCH_PROBED UINT32_C(0x1000)
#define CSKI_BATCH_HAS_SEGMENTS UINT32_C(0x2000)
#define CSKI_BATCH_MERGES UINT32_C(0x4000)
#define CSKI_BATCH_MERGED UINT32_C(0x8000)
#define CSKI_BATCH_ZEROCOPY UINT32_C(0x10000)
#define CSKI_BATCH_PENDING UINT32_C(0xfff00000)

static inline uint32_t cski_batch(const struct csk_socket *s)
{
    return __atomic_load_n(&s->batch, __ATOMIC_RELAXED);
}

static inline void cski_set_batch(struct csk_socket *s, uint32_t mask, uint32_t bits)
{
    __atomic_store_n(&s->batch, (cski_batch(s) & ~mask) | bits, __ATOMIC_RELAXED);
}

/* A struct that was only zeroed does not own descriptor 0. */
static inline bool cski_is_closed(const struct csk_socket *s)
{
    int fd = cski_fd(s);

    return fd < 0 || (fd == 0 && s->type == 0);
}

/* csk_socket.pending: state for later calls. */
#define CSKI_MADE_NONBLOCKING UINT32_C(1) /* O_NONBLOCK is set although the timeout is negative */
#define CSKI_CONNECTING UINT32_C(2)       /* an attempt to connect may still succeed */
#define CSKI_WAITS_FOR_PEER UINT32_C(4)   /* connecting and sending do: see slice.c */
#define CSKI_IN_CONNECT UINT32_C(8)       /* a thread is about to connect, or does */

static inline bool cski_has_pending(const struct csk_socket *s, uint32_t bit)
{
    return (__atomic_load_n(&s->pending, __ATOMIC_RELAXED) & bit) != 0;
}

static inline void cski_set_pending(struct csk_socket *s, uint32_t bit, bool on)
{
    if (on)
        __atomic_fetch_or(&s->pending, bit, __ATOMIC_RELAXED);
    else if (cski_has_pending(s, bit))
        __atomic_fetch_and(&s->pending, ~bit, __ATOMIC_RELAXED);
}

/* csk_socket.limits: which of the socket's own limits other than cancel apply. */
#define CSKI_LIMIT_DEADLINE 1
#define CSKI_LIMIT_POLL 2 /* calls wait in poll(), so that signals interrupt them */
#define CSKI_LIMIT_CANCELLED 4

/* Whether csk_cancel_calls has ended the socket's calls. */
static inline bool cski_is_cancelled(const struct csk_socket *s)
{
    return (__atomic_load_n(&s->limits, __ATOMIC_SEQ_CST) & CSKI_LIMIT_CANCELLED) != 0;
}

/* wait.c: points in monotonic time, ns.  0 is "not yet computed", so that the clock is read only
 * when a call really waits. */
#define CSKI_NEVER CSK_FOREVER

int64_t cski_deadline_in(int64_t timeout);
int cski_deadline_poll_ms(int64_t deadline);

/* MSG_* and POLL* that not every system has. */
#ifdef MSG_ERRQUEUE
#define CSKI_MSG_ERRQUEUE MSG_ERRQUEUE
#else
#define CSKI_MSG_ERRQUEUE 0
#endif
#ifdef MSG_FASTOPEN
#define CSKI_MSG_FASTOPEN MSG_FASTOPEN
#else
#define CSKI_MSG_FASTOPEN 0
#endif
#ifdef MSG_MORE
#define CSKI_MSG_MORE MSG_MORE
#else
#define CSKI_MSG_MORE 0
#endif
#ifdef MSG_ZEROCOPY /* where it is unknown, so is SO_ZEROCOPY, which must be set first */
#define CSKI_MSG_ZEROCOPY MSG_ZEROCOPY
#else
#define CSKI_MSG_ZEROCOPY 0
#endif
#ifdef POLLRDHUP
#define CSKI_POLLRDHUP POLLRDHUP
#else
#define CSKI_POLLRDHUP 0
#endif

/* For variables that other libraries do not see, so that they are accessed directly. */
#ifdef CSK_HAVE_WINSOCK
#define CSKI_HIDDEN
#else
#define CSKI_HIDDEN __attribute__((visibility("hidden")))
#endif

/* cancel.c: the number of scopes that are in force in all threads.  As long as it is 0, no call
 * needs to look at its thread's scopes. */
extern atomic_uint cski_scope_count CSKI_HIDDEN;

/* The number of changes of scopes that waiting calls must notice. */
extern atomic_uint cski_scope_changes CSKI_HIDDEN;

/* Whether this thread is in a scope. */
bool cski_scope_is_active(void);

/* The limits of a call, apart from the timeout: the soonest deadline (CSKI_NEVER: none), and the
 * cancels that end it. */
#define CSKI_CANCELS_MAX (CSK_SCOPES_MAX + 4)

struct cski_limits {
    const struct csk_socket *s; /* NULL: none */
    int64_t deadline;
    struct csk_scope *scope; /* whose deadline that is; NULL: the socket's */
    unsigned count;
    struct csk_cancel *cancels[CSKI_CANCELS_MAX];
};

/* Add another cancel: CSK_ESCOPE if there are too many different ones. */
int cski_limits_add(struct cski_limits *limits, struct csk_cancel *c);

/* Get the limits of a call on s, or of a call of this thread that has no socket (NULL). */
void cski_limits_get(struct cski_limits *limits, const struct csk_socket *s, bool scoped);

/* 0 if no limit has been reached, otherwise CSK_ECANCELED or CSK_ETIMEDOUT. */
int cski_limits_test(const struct cski_limits *limits);

/* Fill in limits->count elements to poll; an event of one is a reason to test the limits. */
int cski_limits_fds(const struct cski_limits *limits, struct pollfd *fds);

/* A cancel's descriptor was readable: clear it unless it was triggered. */
void cski_cancel_spurious(struct csk_cancel *c);

/* A call that may wait: a system call that is tried until it succeeds or a limit is reached.
 *
 *     if ((n = cski_call_begin(&call, s, POLLIN, flags)) < 0 || (n = cski_wait_first(&call)) < 0)
 *         return n;
 *     while ((n = cski_sys(recv)(cski_fd(s), data, size, call.flags)) < 0)
 *         if ((n = cski_retry(&call, errno)) != 0)
 *             return n == CSKI_ENDED ? 0 : n; */
struct cski_call {
    struct csk_socket *s;
    int64_t until;    /* the end of the timeout; 0: not yet computed */
    int64_t pause;    /* the last pause, ns */
    int events;       /* to wait for */
    int revents;      /* of the last wait */
    int flags;        /* MSG_* for the system call: with MSG_DONTWAIT while a limit is in force */
    unsigned refused; /* successive tries that would have blocked although poll() denied it */
    bool limited;     /* a limit is in force: a deadline, a cancel, a scope */
    bool scoped;      /* scopes apply: the timeout was not 0 when the call began */
    bool never_waits;
    bool sliced; /* blocks in slices once it would block */
    int64_t slice_begin;
    enum { CSKI_SLICE_NONE, CSKI_SLICE_SET, CSKI_SLICE_OWN } slice;
};

/* Begin a call: 0, or the code of a limit that has been reached.  A send's call.flags include those
 * that every send adds. */
int cski_call_begin(struct cski_call *call, struct csk_socket *s, int events, int flags);

/* Two members in one load: other calls cost only these tests. */
typedef uint32_t __attribute__((may_alias)) cski_member_pair;

_Static_assert(offsetof(struct csk_socket, limits) == offsetof(struct csk_socket, wait_first) + 2 &&
                   offsetof(struct csk_socket, wait_first) % 4 == 0,
               "wait_first and limits are read together");

static inline uintptr_t cski_scopes_and_cancel(const struct csk_socket *s)
{
    return atomic_load_explicit(&cski_scope_count, memory_order_relaxed) | (uintptr_t)s->cancel;
}

/* Whether a receive has to wait first, has limits, or MSG_WAITALL, which the kernel ignores for
 * non-blocking sockets. */
static inline bool cski_is_special_receive(const struct csk_socket *s, int flags)
{
    const char *members = (const char *)s + offsetof(struct csk_socket, wait_first);

    return (__atomic_load_n((const cski_member_pair *)(const void *)members, __ATOMIC_RELAXED) |
            ((unsigned)flags & MSG_WAITALL) | cski_scopes_and_cancel(s)) != 0;
}

static inline bool cski_is_special_send(const struct csk_socket *s)
{
    return (__atomic_load_n(&s->limits, __ATOMIC_RELAXED) | cski_scopes_and_cancel(s)) != 0;
}

/* After a try that failed with error (an errno), wait if necessary.  0: try again.  CSKI_ENDED:
 * nothing more can be received.  Negative: the call's result. */
#define CSKI_ENDED 1
int cski_retry(struct cski_call *call, int error);

/* The same if poll() does not report the event: a pause, which becomes longer each time.  error 0:
 * the try did not fail. */
int cski_pause(struct cski_call *call, int error);

/* After a peek that has seen fewer bytes than requested, which poll() reports again and again:
 * pause, unless there is news already.  0: peek again.  CSKI_ENDED: no more bytes will be seen.
 * Negative: a limit, or the hook's code. */
int cski_peek_more(struct cski_call *call);

/* slice.c: whether calls on a blocking socket wait for its peer, and may block in slices. */
bool cski_may_slice(const struct csk_socket *s);

/* Block for a short time in the next try; 0 or a negative code. */
int cski_slice_next(struct cski_call *call);

/* After a call that may have been sliced; returns the code. */
int cski_slice_end(struct cski_call *call, int code);

/* Wait for events other than the call's, for the same time. */
int cski_wait_for(struct cski_call *call, int events);

/* Wait before the first receive if the previous ones had to wait as well. */
int cski_wait_first(struct cski_call *call);

/* Whether scopes apply to calls on s that begin now: not to those of non-blocking sockets. */
static inline bool cski_is_scoped(const struct csk_socket *s)
{
    return __atomic_load_n(&s->timeout, __ATOMIC_RELAXED) != 0;
}

/* Whether a deadline, a cancel or a scope applies to calls on s. */
bool cski_is_limited(const struct csk_socket *s);

/* Poll once, with the limits' descriptors after the first count ones: the number of ready
 * descriptors without those; the code of a limit; CSK_ETIMEDOUT for the deadline; 0 if the limits
 * are to be read again, because they may have changed; or -errno, also -EINTR. */
int cski_poll(struct pollfd *fds, nfds_t count, int64_t deadline, const struct cski_limits *limits);

/* Wait for descriptors until the deadline or a limit of s: the number of ready ones, CSK_ETIMEDOUT,
 * CSK_ECANCELED, or the hook's or poll()'s code.  Negative descriptors are ignored.  scoped: the
 * scopes of the thread apply, too. */
int cski_wait_many(struct csk_socket *s, struct pollfd *fds, nfds_t count, int64_t deadline,
                   bool scoped);

/* io.c: cski_retry for sends, with MSG_FASTOPEN as well. */
int cski_retry_send(struct cski_call *call, int error);

/* Call the hook, which decides whether an interrupted call may continue: 0 or a negative code. */
static inline int cski_interrupted(struct csk_socket *s)
{
    int n = s->on_interrupt ? s->on_interrupt(s) : 0;

    return n == 0 && cski_is_cancelled(s) ? CSK_ECANCELED : n;
}

/* socket.c: set the members of an open socket; all others are 0. */
void cski_socket_fill(struct csk_socket *s, int fd, int family, int type, int proto,
                      int64_t timeout);

/* A socket type without SOCK_NONBLOCK and SOCK_CLOEXEC, and whether SOCK_NONBLOCK was set. */
int cski_plain_type(int type, bool *nonblocking);

/* fail.c: fill in an optional error, "connect to 127.0.0.1:80: Connection refused", without an
 * address "send: Connection refused", and return its code. */
int cski_fail_at(struct csk_error *error, int code, const char *what, const struct csk_addr *addr);

/* mode.c: set O_NONBLOCK. */
int cski_set_nonblocking(int fd, bool nonblocking);

/* family/family.c: the MSG_* that every send, and every recvmsg, of a family adds. */
int cski_family_send_flags(int family);
int cski_family_recvmsg_flags(int family);

/* The parameters of an operation on the data of a message (csk_sendmsg_afalg), and the control
 * messages that carry them. */
#define CSKI_CIPHER_IV_MAX 256 /* the longest in Linux 6 is 32 */

struct cski_control_item {
    int level, type;
    const void *data;
    size_t size;
};

struct cski_cipher {
    int op;
    const void *iv;
    size_t iv_size;
    int64_t assoclen; /* negative: none */
    /* Filled in; the items point into the members below and must not be copied. */
    struct cski_control_item items[3];
    size_t count;
    uint32_t operation, associated;
    struct {
        uint32_t size;
        unsigned char bytes[CSKI_CIPHER_IV_MAX];
    } vector;
};

/* family/family.c: fill in the items; CSK_EFAMILY if the family has no such operations. */
int cski_family_encode_cipher(int family, struct cski_cipher *cipher);

/* Whether connecting to, and sending a datagram to, another socket waits for it. */
bool cski_family_waits_for_peer(int family);

/* cmsg.c: the descriptor at an index of an item. */
int cski_cmsg_fd(const struct csk_cmsg *item, size_t index);

/* Close the descriptors in an item from an index on, regardless of the item's type.  Returns their
 * number. */
int cski_cmsg_close_from(const struct csk_cmsg *item, size_t first);

/* Make the descriptors in a message close-on-exec. */
void cski_cmsg_set_cloexec(const struct csk_msg *msg);

/* Whether accept may ask for the peer's address. */
bool cski_family_names_peers(int family);

/* err.c: fill in an optional error and return its code. */
int cski_fail(struct csk_error *error, int code, const char *format, ...)
    __attribute__((format(CSKI_PRINTF, 3, 4)));

int cski_fail_null(struct csk_error *error);

/* The code of a failed lookup, unless there is no descriptor left: C libraries report that as a
 * name that is not found, or not at all. */
int cski_lookup_code(int code);

/* inet_text.c: numeric internet addresses as inet_pton takes and inet_ntop writes them.  format
 * ends the text with a null byte and returns its length without it. */
#define CSKI_INET4_TEXT 16
#define CSKI_INET6_TEXT 46

bool cski_inet4_parse(const char *text, size_t size, unsigned char packed[4]);
size_t cski_inet4_format(const unsigned char packed[4], char *text);
bool cski_inet6_parse(const char *text, size_t size, unsigned char packed[16]);
size_t cski_inet6_format(const unsigned char packed[16], char *text);

/* resolve.c: the first address of a host in an address, with port 0: a name, a number, "" for any,
 * "<broadcast>".  family: AF_INET, AF_INET6, or AF_UNSPEC for either. */
int cski_host_addr(struct csk_addr *addr, const char *host, int family,
                   const struct csk_lookup_options *options, struct csk_error *error);

/* The host's bytes in such an address, and how many they are. */
const void *cski_host_bytes(const struct csk_addr *addr, socklen_t *size);

/* connection.c: the outcome of an attempt to connect, once its socket is writable. */
int cski_connect_outcome(struct csk_socket *s);

/* addr.c: the length of an address after recvfrom and accept, reduced to the available space. */
static inline void cski_addr_received(struct csk_addr *addr, socklen_t len, int proto)
{
    addr->len = (size_t)len < sizeof addr->storage ? len : (socklen_t)sizeof addr->storage;
    addr->proto = proto;
}

/* The table that tools/gen_constants.py generates: constants in the order of their names; their
 * indices in the order of group and value, preferred names first; their meanings, concatenated, and
 * the offset of each. */
extern const size_t cski_constants_count;
extern const struct csk_constant cski_constants[];
extern const uint16_t cski_constants_by_value[];
extern const uint32_t cski_constants_meaning_at[];
extern const char cski_constants_meanings[];

#endif

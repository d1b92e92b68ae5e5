/*
 * csocket: Python's socket interface for C.
 *
 * This header includes the others.  Together they are the manual: the comment above each function
 * states its purpose, ownership and unit of the arguments, the result, the errors, the Python name
 * and the first version.  The manual pages and docs/python-to-c.md are generated from these
 * comments, which therefore have one form:
 *
 *     / **
 *      * One line of purpose, ending with a period.
 *      *
 *      * Optional paragraphs.
 *      *
 *      * @param   meaning, ownership, unit
 *      *
 *      * Returns: the result if the call succeeds
 *      * Errors:  the codes, one per line, or none
 *      * Python:  the name in Python ("socket.recv": a method, "recv_fds": a function), or none
 *      * Since:   0.1
 *      * See:     pages, separated by commas
 *      * /
 *
 * Rules for all functions:
 *
 * - A function returns 0 or a count if it succeeds, and a negative code (err.h) if it fails.  A
 *   call that fails changes nothing unless its comment states otherwise.
 * - Counts are ssize_t, codes are int, sizes and counts of calls that cannot fail are size_t, times
 *   and numbers that may need 32 unsigned bits are int64_t.
 * - A pointer must not be NULL unless its comment allows it.  Otherwise the call fails with
 *   CSK_ENULL, which a comment lists only if it is the only error or depends on a condition; a
 *   function that does not return codes returns NULL, "", 0 or false.
 * - The caller owns every struct and every buffer, including those that a call fills in.  A call
 *   uses a pointer marked "borrowed" until it returns, unless the comment states a longer time; it
 *   copies the value of one marked "copied".  Strings and descriptions that functions return are
 *   constant and live as long as the library, except for a string in a buffer of the caller.
 * - Few calls allocate, and their comments name the function that frees: csk_connection_free,
 *   csk_freeaddrinfo, csk_freehostent, csk_freeifaddrs and csk_if_freenameindex, which all accept
 *   NULL, and fclose(3) for csk_makefile.
 * - Arguments are in this order: the object acted on, inputs, outputs, struct csk_error *error.
 *   Exceptions: csk_recv, csk_accept4, csk_recv_many, csk_recv_fds and similar functions have the
 *   order of POSIX, flags after the buffer; csk_addr_pack_for and csk_layout_set have the output
 *   before the values that are written to it.  Calls that can name the address, option, field,
 *   interface, host or service that failed take error, which may be NULL.
 * - A struct of options that is all zero means the defaults; its initialiser is CSK_..._INIT.
 * - Every struct csk_NAME is csk_NAME_t as well: in C++ the functions csk_socket and csk_cancel
 *   hide the names of the structs.
 * - Descriptors are close-on-exec, from the first moment.  No call raises SIGPIPE.
 * - Times are int64_t nanoseconds.  A negative timeout waits forever and 0 does not wait; a
 *   deadline of 0 means no deadline.  In structs of options 0 means the default: in
 *   csk_connection_options the default timeout (csk_setdefaulttimeout) for timeout, no limit for
 *   total_timeout and 250 ms for happy_eyeballs_delay; in csk_lookup_options no limit for timeout.
 * - Functions may be called from any thread.  If one thread changes a struct (close, settimeout)
 *   while another uses it, the program must synchronise them.
 * - Because the structs are the caller's, their size and members are part of the binary interface,
 *   and only struct csk_socket has reserved members: adding a member to another struct bumps the
 *   soname (this is libcsocket.so.0), and programs must be recompiled.  New functions, families,
 *   options and constants do not change it.
 */
#ifndef CSOCKET_H
#define CSOCKET_H

#include <csocket/addr.h>
#include <csocket/base.h>
#include <csocket/cancel.h>
#include <csocket/connect.h>
#include <csocket/const.h>
#include <csocket/control.h>
#include <csocket/err.h>
#include <csocket/io.h>
#include <csocket/layout.h>
#include <csocket/msg.h>
#include <csocket/net.h>
#include <csocket/notation.h>
#include <csocket/option.h>
#include <csocket/resolve.h>
#include <csocket/socket.h>
#include <csocket/sockopt.h>
#include <csocket/splice.h>
#include <csocket/sys.h>

#endif

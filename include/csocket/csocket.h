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
 * What holds everywhere:
 *
 * - A function returns 0 or a count when it succeeds, and a negative code (err.h) when it fails.
 *   Nothing is changed by a call that fails, unless its comment says what.
 * - Counts are ssize_t, codes are int, sizes and counts of calls that cannot fail are size_t, times
 *   and numbers that may have 32 unsigned bits are int64_t.
 * - A pointer must not be NULL unless its comment allows it: CSK_ENULL.
 * - The caller owns every struct and every buffer.  The few calls that allocate name their one
 *   _free twin.
 * - Arguments are in this order: the object acted on, inputs, outputs, struct csk_error *error.
 *   Calls that can name the address, option, field, interface, host or service that failed take
 *   error, which may be NULL.
 * - A struct of options that is all zero means the defaults; its initialiser is CSK_..._INIT.
 * - Every struct csk_NAME is csk_NAME_t as well: in C++ the functions csk_socket and csk_cancel
 * hide the names of the structs.
 * - Descriptors are close-on-exec, from the first moment.  No call raises SIGPIPE.
 * - Times are int64_t nanoseconds; a negative timeout waits forever, zero does not wait.
 * - Functions may be called from any thread.  If one thread changes a struct (close, settimeout)
 *   while another uses it, the program must synchronise them.
 * - Because the structs are the caller's, their size and members are part of the binary interface,
 *   and only struct csk_socket has a reserve: another member comes with another soname (this is
 *   libcsocket.so.0), for which programs are compiled again.  New functions, families, options and
 *   constants do not change it.
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
#include <csocket/sys.h>

#endif

/*
 * csocket: Python's socket interface for C.
 *
 * This header includes the rest.  Together they are the manual: the comment above each function
 * says what it is for, who owns what, in which unit a number is, what is returned, which errors
 * there are, which Python function it is the twin of and since which version it exists.  The manual
 * pages and docs/python-to-c.md are made from these comments, which therefore keep one form:
 *
 *     / **
 *      * One line of purpose, ending with a period.
 *      *
 *      * Paragraphs, where they help.
 *      *
 *      * @param   meaning, ownership, unit
 *      *
 *      * Returns: what
 *      * Errors:  which, one a line
 *      * Python:  the twin's name ("socket.recv" is the method, "recv_fds" the function), or none
 *      * Since:   0.1
 *      * See:     pages, separated by commas
 *      * /
 *
 * What holds everywhere:
 *
 * - A function returns 0 or a count when it succeeds, and a negative code (err.h) when it fails.
 *   Nothing is changed by a call that fails, unless its comment says what.
 * - A pointer must not be NULL unless its comment allows it: CSK_ENULL.
 * - The caller owns every struct and every buffer.  The few calls that allocate name their one
 *   _free twin.
 * - Descriptors are close-on-exec, from the first moment.  No call raises SIGPIPE.
 * - Times are int64_t nanoseconds; a negative timeout waits forever, zero does not wait.
 * - Functions are safe to call from any thread; two threads that use one struct at a time where one
 *   changes it (close, settimeout) must agree among themselves, as for a FILE or a descriptor.
 * - Because the structs are the caller's, their size and members are part of the binary interface,
 *   and none has room to spare: a member more comes with another soname (libcsocket.so.0 is this
 *   one), which programs are compiled anew for.  New functions, families, options and constants
 *   come without.
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

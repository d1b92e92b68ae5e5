/* Messages of errno with the functions of POSIX, and a table of its names. */
#undef _GNU_SOURCE /* its strerror_r is another function */
#include "platform.h"

#include <errno.h>
#include <string.h>

/* FreeBSD and OpenBSD lack some of POSIX; 0 is not the number of an error. */
#ifndef EMULTIHOP
#define EMULTIHOP 0
#endif
#ifndef ENOLINK
#define ENOLINK 0
#endif

/* Those of POSIX 2008, and therefore of every system; if two have the same number, the first is
 * used. */
/* clang-format off */
static const struct {
    int error;
    const char *name;
} names[] = {
#define NAME(name) { name, #name }
    NAME(E2BIG), NAME(EACCES), NAME(EADDRINUSE), NAME(EADDRNOTAVAIL), NAME(EAFNOSUPPORT),
    NAME(EAGAIN), NAME(EALREADY), NAME(EBADF), NAME(EBADMSG), NAME(EBUSY), NAME(ECANCELED),
    NAME(ECHILD), NAME(ECONNABORTED), NAME(ECONNREFUSED), NAME(ECONNRESET), NAME(EDEADLK),
    NAME(EDESTADDRREQ), NAME(EDOM), NAME(EDQUOT), NAME(EEXIST), NAME(EFAULT), NAME(EFBIG),
    NAME(EHOSTUNREACH), NAME(EIDRM), NAME(EILSEQ), NAME(EINPROGRESS), NAME(EINTR), NAME(EINVAL),
    NAME(EIO), NAME(EISCONN), NAME(EISDIR), NAME(ELOOP), NAME(EMFILE), NAME(EMLINK),
    NAME(EMSGSIZE), NAME(EMULTIHOP), NAME(ENAMETOOLONG), NAME(ENETDOWN), NAME(ENETRESET),
    NAME(ENETUNREACH), NAME(ENFILE), NAME(ENOBUFS), NAME(ENODEV), NAME(ENOENT), NAME(ENOEXEC),
    NAME(ENOLCK), NAME(ENOLINK), NAME(ENOMEM), NAME(ENOMSG), NAME(ENOPROTOOPT), NAME(ENOSPC),
    NAME(ENOSYS), NAME(ENOTCONN), NAME(ENOTDIR), NAME(ENOTEMPTY), NAME(ENOTRECOVERABLE),
    NAME(ENOTSOCK), NAME(ENOTTY), NAME(ENXIO), NAME(EOPNOTSUPP), NAME(EOVERFLOW), NAME(EOWNERDEAD),
    NAME(EPERM), NAME(EPIPE), NAME(EPROTO), NAME(EPROTONOSUPPORT), NAME(EPROTOTYPE), NAME(ERANGE),
    NAME(EROFS), NAME(ESPIPE), NAME(ESRCH), NAME(ESTALE), NAME(ETIMEDOUT), NAME(ETXTBSY),
    NAME(EXDEV),
#undef NAME
};
/* clang-format on */

const char *cski_os_errno_name(int error)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].error == error)
            return names[i].name;
    return NULL;
}

/* Known numbers have constant messages on these systems; POSIX does not guarantee it. */
const char *cski_os_errno_text(int error)
{
    return strerror(error);
}

const char *cski_os_strerror(int error, char *text, size_t size)
{
    if (strerror_r(error, text, size) != 0) /* POSIX's */
        snprintf(text, size, "Unknown error %d", error);
    return text;
}

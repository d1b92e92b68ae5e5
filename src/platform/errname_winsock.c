/* Names and texts of errno, and the numbers of Windows Sockets for them.  The C library has texts
 * for a few only. */
#include "platform.h"
#include "windows/layer.h"

#include <stdio.h>
#include <string.h>

/* X(errno, number of Windows Sockets or 0, text).  If several numbers mean the same, the one that
 * the calls report comes first. */
#define ERRORS(X)                                                                                  \
    X(EINTR, WSAEINTR, "Interrupted system call")                                                  \
    X(EBADF, WSAEBADF, "Bad file descriptor")                                                      \
    X(EACCES, WSAEACCES, "Permission denied")                                                      \
    X(EFAULT, WSAEFAULT, "Bad address")                                                            \
    X(EINVAL, WSAEINVAL, "Invalid argument")                                                       \
    X(EMFILE, WSAEMFILE, "Too many open files")                                                    \
    X(EAGAIN, WSAEWOULDBLOCK, "Resource temporarily unavailable")                                  \
    X(EINPROGRESS, WSAEINPROGRESS, "Operation now in progress")                                    \
    X(EALREADY, WSAEALREADY, "Operation already in progress")                                      \
    X(ENOTSOCK, WSAENOTSOCK, "Socket operation on non-socket")                                     \
    X(EDESTADDRREQ, WSAEDESTADDRREQ, "Destination address required")                               \
    X(EMSGSIZE, WSAEMSGSIZE, "Message too long")                                                   \
    X(EPROTOTYPE, WSAEPROTOTYPE, "Protocol wrong type for socket")                                 \
    X(ENOPROTOOPT, WSAENOPROTOOPT, "Protocol not available")                                       \
    X(EPROTONOSUPPORT, WSAEPROTONOSUPPORT, "Protocol not supported")                               \
    X(EOPNOTSUPP, WSAEOPNOTSUPP, "Operation not supported")                                        \
    X(EAFNOSUPPORT, WSAEAFNOSUPPORT, "Address family not supported by protocol")                   \
    X(EADDRINUSE, WSAEADDRINUSE, "Address already in use")                                         \
    X(EADDRNOTAVAIL, WSAEADDRNOTAVAIL, "Cannot assign requested address")                          \
    X(ENETDOWN, WSAENETDOWN, "Network is down")                                                    \
    X(ENETUNREACH, WSAENETUNREACH, "Network is unreachable")                                       \
    X(ENETRESET, WSAENETRESET, "Network dropped connection on reset")                              \
    X(ECONNABORTED, WSAECONNABORTED, "Software caused connection abort")                           \
    X(ECONNRESET, WSAECONNRESET, "Connection reset by peer")                                       \
    X(ENOBUFS, WSAENOBUFS, "No buffer space available")                                            \
    X(EISCONN, WSAEISCONN, "Transport endpoint is already connected")                              \
    X(ENOTCONN, WSAENOTCONN, "Transport endpoint is not connected")                                \
    X(EPIPE, WSAESHUTDOWN, "Broken pipe")                                                          \
    X(ETIMEDOUT, WSAETIMEDOUT, "Connection timed out")                                             \
    X(ECONNREFUSED, WSAECONNREFUSED, "Connection refused")                                         \
    X(ELOOP, WSAELOOP, "Too many levels of symbolic links")                                        \
    X(ENAMETOOLONG, WSAENAMETOOLONG, "File name too long")                                         \
    X(EHOSTUNREACH, WSAEHOSTUNREACH, "No route to host")                                           \
    X(ENOTEMPTY, WSAENOTEMPTY, "Directory not empty")                                              \
    X(ECANCELED, WSAECANCELLED, "Operation canceled")                                              \
    X(EWOULDBLOCK, 0, "Resource temporarily unavailable")                                          \
    X(ENOMEM, 0, "Cannot allocate memory")                                                         \
    X(EPERM, 0, "Operation not permitted")                                                         \
    X(ENOENT, 0, "No such file or directory")                                                      \
    X(ESRCH, 0, "No such process")                                                                 \
    X(EIO, 0, "Input/output error")                                                                \
    X(ENXIO, 0, "No such device or address")                                                       \
    X(EEXIST, 0, "File exists")                                                                    \
    X(ENODEV, 0, "No such device")                                                                 \
    X(ENFILE, 0, "Too many open files in system")                                                  \
    X(ENOSPC, 0, "No space left on device")                                                        \
    X(ESPIPE, 0, "Illegal seek")                                                                   \
    X(EROFS, 0, "Read-only file system")                                                           \
    X(EDOM, 0, "Numerical argument out of domain")                                                 \
    X(ERANGE, 0, "Numerical result out of range")                                                  \
    X(EILSEQ, 0, "Invalid or incomplete multibyte or wide character")                              \
    X(ENOSYS, 0, "Function not implemented")                                                       \
    X(EOVERFLOW, 0, "Value too large for defined data type")                                       \
    X(EPROTO, 0, "Protocol error")                                                                 \
    X(EBADMSG, 0, "Bad message")                                                                   \
    X(ENODATA, 0, "No data available")                                                             \
    X(ENOTSUP, 0, "Operation not supported")

static const struct {
    int error, number;
    char name[20], text[56];
} errors[] = {
#define ROW(error, number, text) { error, number, #error, text },
    ERRORS(ROW)
#undef ROW
};

/* Numbers without an errno, which therefore stand for themselves. */
static const struct {
    int number;
    char name[24], text[64];
} numbers[] = {
    { WSAESOCKTNOSUPPORT, "WSAESOCKTNOSUPPORT", "Socket type not supported" },
    { WSAEPFNOSUPPORT, "WSAEPFNOSUPPORT", "Protocol family not supported" },
    { WSAETOOMANYREFS, "WSAETOOMANYREFS", "Too many references: cannot splice" },
    { WSAEHOSTDOWN, "WSAEHOSTDOWN", "Host is down" },
    { WSAEPROCLIM, "WSAEPROCLIM", "Too many processes use Windows Sockets" },
    { WSAEUSERS, "WSAEUSERS", "Too many users" },
    { WSAEDQUOT, "WSAEDQUOT", "Disk quota exceeded" },
    { WSAESTALE, "WSAESTALE", "Stale file handle" },
    { WSAEREMOTE, "WSAEREMOTE", "Object is remote" },
    { WSASYSNOTREADY, "WSASYSNOTREADY", "Network subsystem is unavailable" },
    { WSAVERNOTSUPPORTED, "WSAVERNOTSUPPORTED", "Version of Windows Sockets not supported" },
    { WSANOTINITIALISED, "WSANOTINITIALISED", "Windows Sockets have not been started" },
    { WSAEDISCON, "WSAEDISCON", "Graceful shutdown in progress" },
    { WSAENOMORE, "WSAENOMORE", "No more results" },
    { WSAEINVALIDPROCTABLE, "WSAEINVALIDPROCTABLE", "Table of functions is invalid" },
    { WSAEINVALIDPROVIDER, "WSAEINVALIDPROVIDER", "Service provider is invalid" },
    { WSAEPROVIDERFAILEDINIT, "WSAEPROVIDERFAILEDINIT", "Service provider failed to start" },
    { WSASYSCALLFAILURE, "WSASYSCALLFAILURE", "System call failed" },
    { WSASERVICE_NOT_FOUND, "WSASERVICE_NOT_FOUND", "Service not found" },
    { WSATYPE_NOT_FOUND, "WSATYPE_NOT_FOUND", "Class type not found" },
    { WSAEREFUSED, "WSAEREFUSED", "Database query was refused" },
};

int cski_ws_errno(int number)
{
    /* Errors of Windows itself, which Winsock reports for memory, handles and parameters. */
    switch (number) {
    case WSA_INVALID_HANDLE: return EBADF;
    case WSA_NOT_ENOUGH_MEMORY: return ENOMEM;
    case WSA_INVALID_PARAMETER: return EINVAL;
    case WSA_OPERATION_ABORTED: return ECANCELED;
    default: break;
    }
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].number == number)
            return errors[i].error;
    return number >= WSABASEERR ? number : EIO;
}

const char *cski_os_errno_name(int error)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].error == error)
            return errors[i].name;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].number == error)
            return numbers[i].name;
    return NULL;
}

const char *cski_os_errno_text(int error)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].error == error)
            return errors[i].text;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].number == error)
            return numbers[i].text;
    return NULL;
}

const char *cski_os_strerror(int error, char *text, size_t size)
{
    const char *known = cski_os_errno_text(error);

    if (known)
        return known;
    snprintf(text, size, "Unknown error %d", error);
    return text;
}

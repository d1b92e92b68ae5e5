/* POSIX's calls on sockets, by Windows Sockets. */
#include "windows/layer.h"

#include <stdarg.h>
#include <string.h>

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static int start_error;

static BOOL CALLBACK start(INIT_ONCE *state, void *parameter, void **context)
{
    WSADATA data;

    (void)state, (void)parameter, (void)context;
    start_error = WSAStartup(MAKEWORD(2, 2), &data);
    return TRUE;
}

int cski_ws_start(void)
{
    InitOnceExecuteOnce(&once, start, NULL, NULL);
    return start_error ? cski_ws_fail(start_error) : 0;
}

int cski_ws_fail(int number)
{
    errno = cski_ws_errno(number);
    return -1;
}

int cski_ws_failed(void)
{
    return cski_ws_fail(WSAGetLastError());
}

static int result(int n)
{
    return n == SOCKET_ERROR ? cski_ws_failed() : n;
}

int cski_ws_dontwait(int fd, int flags, short events)
{
    struct pollfd p = { .fd = cski_ws_handle(fd), .events = events };

    if (!(flags & MSG_DONTWAIT) || WSAPoll(&p, 1, 0) != 0)
        return 0;
    errno = EAGAIN;
    return -1;
}

int cski_ws_socket(int family, int type, int proto)
{
    SOCKET s;

    if (cski_ws_start() < 0)
        return -1;
    s = WSASocketW(family, type, proto, NULL, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    return s == INVALID_SOCKET ? cski_ws_failed() : (int)s;
}

int cski_ws_bind(int fd, const struct sockaddr *addr, socklen_t len)
{
    return result(bind(cski_ws_handle(fd), addr, len));
}

int cski_ws_listen(int fd, int backlog)
{
    return result(listen(cski_ws_handle(fd), backlog));
}

int cski_ws_accept(int fd, struct sockaddr *addr, socklen_t *len)
{
    SOCKET s = accept(cski_ws_handle(fd), addr, len);

    return s == INVALID_SOCKET ? cski_ws_failed() : (int)s;
}

/* An attempt that continues is WSAEWOULDBLOCK here, and so is the next call during it. */
int cski_ws_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
    int n = result(connect(cski_ws_handle(fd), addr, len));

    if (n < 0 && errno == EAGAIN)
        errno = EINPROGRESS;
    return n;
}

int cski_ws_getsockname(int fd, struct sockaddr *addr, socklen_t *len)
{
    return result(getsockname(cski_ws_handle(fd), addr, len));
}

int cski_ws_getpeername(int fd, struct sockaddr *addr, socklen_t *len)
{
    return result(getpeername(cski_ws_handle(fd), addr, len));
}

/* SO_ERROR is a number of Windows Sockets. */
int cski_ws_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
    int n = result(getsockopt(cski_ws_handle(fd), level, name, value, size)), error;

    if (n == 0 && level == SOL_SOCKET && name == SO_ERROR && *size == sizeof error) {
        memcpy(&error, value, sizeof error);
        error = error ? cski_ws_errno(error) : 0;
        memcpy(value, &error, sizeof error);
    }
    return n;
}

int cski_ws_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    return result(setsockopt(cski_ws_handle(fd), level, name, value, size));
}

int cski_ws_shutdown(int fd, int how)
{
    return result(shutdown(cski_ws_handle(fd), how));
}

int cski_ws_close(int fd)
{
    return result(closesocket(cski_ws_handle(fd)));
}

/* A socket has one descriptor flag: whether child processes inherit it. */
int cski_ws_fcntl(int fd, int command, ...)
{
    HANDLE handle = (HANDLE)(intptr_t)fd;
    DWORD flags;
    va_list args;
    int wanted;

    if (command == F_GETFD && GetHandleInformation(handle, &flags))
        return flags & HANDLE_FLAG_INHERIT ? 0 : FD_CLOEXEC;
    if (command == F_SETFD) {
        va_start(args, command);
        wanted = va_arg(args, int);
        va_end(args);
        flags = wanted & FD_CLOEXEC ? 0 : HANDLE_FLAG_INHERIT;
        if (SetHandleInformation(handle, HANDLE_FLAG_INHERIT, flags))
            return 0;
    }
    errno = command == F_GETFD || command == F_SETFD ? EBADF : EINVAL;
    return -1;
}

int cski_ws_ioctl(int fd, unsigned long request, ...)
{
    va_list args;
    u_long number;
    int *value, n;

    va_start(args, request);
    value = va_arg(args, int *);
    va_end(args);
    number = (u_long)*value;
    n = result(ioctlsocket(cski_ws_handle(fd), (long)request, &number));
    *value = (int)number;
    return n;
}

ssize_t cski_ws_recv(int fd, void *data, size_t size, int flags)
{
    if (cski_ws_dontwait(fd, flags, POLLRDNORM) < 0)
        return -1;
    return result(recv(cski_ws_handle(fd), data, cski_ws_size(size), flags & ~MSG_DONTWAIT));
}

ssize_t cski_ws_recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *addr,
                         socklen_t *len)
{
    if (cski_ws_dontwait(fd, flags, POLLRDNORM) < 0)
        return -1;
    flags &= ~MSG_DONTWAIT;
    return result(recvfrom(cski_ws_handle(fd), data, cski_ws_size(size), flags, addr, len));
}

ssize_t cski_ws_send(int fd, const void *data, size_t size, int flags)
{
    if (cski_ws_dontwait(fd, flags, POLLWRNORM) < 0)
        return -1;
    return result(send(cski_ws_handle(fd), data, cski_ws_size(size), flags & ~MSG_DONTWAIT));
}

ssize_t cski_ws_sendto(int fd, const void *data, size_t size, int flags,
                       const struct sockaddr *addr, socklen_t len)
{
    if (cski_ws_dontwait(fd, flags, POLLWRNORM) < 0)
        return -1;
    flags &= ~MSG_DONTWAIT;
    return result(sendto(cski_ws_handle(fd), data, cski_ws_size(size), flags, addr, len));
}

void *cski_ws_malloc(size_t size)
{
    return malloc(size);
}

void *cski_ws_calloc(size_t count, size_t size)
{
    return calloc(count, size);
}

void *cski_ws_realloc(void *memory, size_t size)
{
    return realloc(memory, size);
}

void cski_ws_free(void *memory)
{
    free(memory);
}

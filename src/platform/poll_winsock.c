/* poll by WSAPoll, which refuses POLLPRI and lists without a socket. */
#include "windows/layer.h"

#define SOME 16

/* Out-of-band data are POLLRDBAND there, which POLLIN includes. */
static short system_events(short events)
{
    short bits = events & (POLLRDNORM | POLLWRNORM);

    return events & POLLPRI ? (short)(bits | POLLRDBAND) : bits;
}

static short posix_events(const struct pollfd *asked, short events)
{
    short bits = events & (POLLERR | POLLHUP | POLLNVAL | POLLWRNORM);

    if (events & POLLRDBAND && asked->events & POLLPRI)
        bits |= POLLPRI;
    if (events & POLLRDNORM)
        bits |= asked->events & POLLIN;
    return bits;
}

/* Wait for nothing but the time.  Without one there is nothing to wait for. */
static int sleep_ms(int ms)
{
    Sleep(ms < 0 ? INFINITE : (DWORD)ms);
    return 0;
}

static int poll_sockets(struct pollfd *list, ULONG count, int ms)
{
    int n;

    if (count == 0)
        return sleep_ms(ms);
    if (cski_ws_start() < 0)
        return -1;
    n = WSAPoll(list, count, ms);
    return n == SOCKET_ERROR ? cski_ws_failed() : n;
}

int cski_ws_poll(struct pollfd *fds, nfds_t count, int ms)
{
    struct pollfd some[SOME], *list = some;
    ULONG used = 0;
    int n, ready = 0;

    if (count > SOME && !(list = cski_sys(calloc)(count, sizeof *list))) {
        errno = ENOMEM;
        return -1;
    }
    for (nfds_t i = 0; i < count; i++)
        if (fds[i].fd != INVALID_SOCKET)
            list[used++] = (struct pollfd){ .fd = fds[i].fd,
                                            .events = system_events(fds[i].events) };
    n = poll_sockets(list, used, ms);
    used = 0;
    for (nfds_t i = 0; i < count; i++) {
        fds[i].revents = 0;
        if (fds[i].fd == INVALID_SOCKET)
            continue;
        if (n > 0)
            fds[i].revents = posix_events(&fds[i], list[used].revents);
        ready += fds[i].revents != 0;
        used++;
    }
    if (list != some)
        cski_sys(free)(list);
    return n < 0 ? n : ready;
}

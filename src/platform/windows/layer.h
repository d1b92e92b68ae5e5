/* Functions shared by the files of the Windows Sockets layer. */
#ifndef CSKI_WINDOWS_LAYER_H
#define CSKI_WINDOWS_LAYER_H

#include "../sys.h"

#include <stdbool.h>

/* Load Windows Sockets before the first call of them: 0, or -1 with errno.  They are never
 * unloaded: other threads may be in them. */
int cski_ws_start(void);

/* Set errno from a number of Windows Sockets, and return -1: to the errno of the same meaning, or,
 * if there is none, to the number itself. */
int cski_ws_fail(int number);

/* The same for the number of the thread's last error. */
int cski_ws_failed(void);

/* The errno for a number of Windows Sockets. */
int cski_ws_errno(int number);

static inline SOCKET cski_ws_handle(int fd)
{
    return (SOCKET)(intptr_t)fd;
}

/* The part of a size that one call can handle: sizes are int there. */
static inline int cski_ws_size(size_t size)
{
    return size > INT_MAX ? INT_MAX : (int)size;
}

/* 0, or -1 with EAGAIN if the flags have MSG_DONTWAIT and a call would wait for events. */
int cski_ws_dontwait(int fd, int flags, short events);

#endif

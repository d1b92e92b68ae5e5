/* Consuming a pending signal on systems with sigwait alone (macOS, OpenBSD).  It does not wait:
 * SIGPIPE is pending for the thread that wrote, and no other thread can take it. */
#include "platform.h"
#include "sys.h"

void cski_os_take_signal(const sigset_t *set)
{
    int number;

    cski_sys(sigwait)(set, &number);
}

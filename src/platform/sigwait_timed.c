/* Taking a pending signal away where sigtimedwait can do that without waiting. */
#include "platform.h"
#include "sys.h"

void cski_os_take_signal(const sigset_t *set)
{
    const struct timespec now = { 0, 0 };

    cski_sys(sigtimedwait)(set, NULL, &now);
}

/* The library's version and clock. */
#include "internal.h"

const char *csk_version(void)
{
    return CSK_VERSION;
}

int64_t csk_now(void)
{
    return cski_os_now();
}

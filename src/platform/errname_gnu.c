/* Names and messages of errno, from glibc (2.32). */
#include "platform.h"

#include <string.h>

const char *cski_os_errno_name(int error)
{
    return strerrorname_np(error);
}

const char *cski_os_errno_text(int error)
{
    return strerrordesc_np(error);
}

const char *cski_os_strerror(int error, char *text, size_t size)
{
    return strerror_r(error, text, size); /* GNU's: returns a constant, or text */
}

/* errno's names and texts. */
#include "platform.h"
#include "sys.h"

#include <errno.h>
#include <string.h>

#ifdef CSK_HAVE_STRERRORNAME_NP
const char *cski_os_errno_name(int error)
{
    return strerrorname_np(error);
}

const char *cski_os_strerror(int error, char *text, size_t size)
{
    return strerror_r(error, text, size); /* GNU's: returns a constant, or text */
}
#else
const char *cski_os_errno_name(int error)
{
    (void)error;
    return NULL;
}

const char *cski_os_strerror(int error, char *text, size_t size)
{
    if (strerror_r(error, text, size) != 0) /* POSIX's */
        snprintf(text, size, "Unknown error %d", error);
    return text;
}
#endif

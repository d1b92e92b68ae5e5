/* The families, in one list. */
#include "internal.h"

int cski_family_send_flags(int family)
{
    (void)family;
    return cski_os_send_flags;
}

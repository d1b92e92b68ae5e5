/* A system that does not list its sockets to programs. */
#include "platform/sockdiag.h"

#include <errno.h>

int cli_platform_sockets(int family, cli_sock_fn *each, void *context)
{
    (void)family;
    (void)each;
    (void)context;
    return -ENOSYS;
}

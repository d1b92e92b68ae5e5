/* Interfaces with the functions of POSIX only, which open a socket each time. */
#include "platform.h"
#include "sys.h"

unsigned cski_os_interface_index(int fd, const char *name)
{
    (void)fd;
    return cski_sys(if_nametoindex)(name);
}

char *cski_os_interface_name(int fd, unsigned index, char *name)
{
    (void)fd;
    return cski_sys(if_indextoname)(index, name);
}

/* The part of <sys/uio.h> that Windows Sockets have. */
#include <csocket/sys.h>

/* The part of <sys/un.h> that Windows Sockets have. */
#include <csocket/sys.h>

#include <afunix.h>

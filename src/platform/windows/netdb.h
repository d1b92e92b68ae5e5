/* The part of <netdb.h> that Windows Sockets have. */
#include <csocket/sys.h>

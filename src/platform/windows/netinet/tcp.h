/* The part of <netinet/tcp.h> that Windows Sockets have. */
#include <csocket/sys.h>

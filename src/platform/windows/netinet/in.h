/* The part of <netinet/in.h> that Windows Sockets have. */
#include <csocket/sys.h>

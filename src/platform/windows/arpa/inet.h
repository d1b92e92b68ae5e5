/* The part of <arpa/inet.h> that Windows Sockets have. */
#include <csocket/sys.h>

/* The part of <sys/socket.h> that Windows Sockets have. */
#include <csocket/sys.h>

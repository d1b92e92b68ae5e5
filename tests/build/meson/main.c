/* Uses csocket as a subproject. */
#include <csocket/csocket.h>

#include <string.h>

int main(void)
{
    struct csk_socket pair[2];
    char data[6];

    if (csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0) < 0)
        return 1;
    if (csk_sendall(&pair[0], "hello", 6, 0, NULL) < 0 || csk_recv(&pair[1], data, 6, 0) != 6)
        return 2;
    if (strcmp(data, "hello") != 0)
        return 3;
    return csk_close(&pair[0]) < 0 || csk_close(&pair[1]) < 0;
}

/* Change the sizes of a socket's buffers, and print one of them before and after. */
#include <csocket/csocket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>

#define SEND_BUF_SIZE 4096
#define RECV_BUF_SIZE 4096

static int modify_buff_size(void)
{
    struct csk_socket sock;
    int bufsize;

    if (csk_socket(&sock, AF_INET, SOCK_STREAM, 0) < 0)
        return 1;

    /* Get the size of the socket's send buffer */
    csk_getsockopt_int(&sock, SOL_SOCKET, SO_SNDBUF, &bufsize);
    printf("Buffer size [Before]:%d\n", bufsize);

    csk_setsockopt_int(&sock, IPPROTO_TCP, TCP_NODELAY, 1);
    csk_setsockopt_int(&sock, SOL_SOCKET, SO_SNDBUF, SEND_BUF_SIZE);
    csk_setsockopt_int(&sock, SOL_SOCKET, SO_RCVBUF, RECV_BUF_SIZE);
    csk_getsockopt_int(&sock, SOL_SOCKET, SO_SNDBUF, &bufsize);
    printf("Buffer size [After]:%d\n", bufsize);
    csk_close(&sock);
    return 0;
}

int main(void)
{
    return modify_buff_size();
}

/* The descriptor of a socket, its mode and its timeouts. */
#include <csocket/csocket.h>
#include <err.h>
#include <stdio.h>

int main(void)
{
    struct csk_socket pair[2], copy, same, adopted;
    struct csk_addr addr;
    csk_fd_t fd;

    csk_setdefaulttimeout(10 * CSK_SECOND);
    if (csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0) < 0)
        errx(1, "socketpair");
    printf("timeout: %d s, default %d s\n", (int)(csk_gettimeout(&pair[0]) / CSK_SECOND),
           (int)(csk_getdefaulttimeout() / CSK_SECOND));
    csk_setdeadline(&pair[0], csk_now() + CSK_SECOND);
    printf("deadline is set: %d\n", csk_getdeadline(&pair[0]) > 0);
    csk_setblocking(&pair[0], true);
    csk_wait_in_poll(&pair[0]);
    printf("blocking: %d\n", csk_getblocking(&pair[0]));
    csk_getpeername(&pair[0], &addr);

    /* Another descriptor of the same connection; a program started later inherits it. */
    if (csk_dup(&pair[1], &copy) < 0 || csk_set_inheritable(&copy, true) < 0)
        errx(1, "dup");
    printf("inheritable: %d\n", csk_get_inheritable(&copy));
    if (csk_fromfd(&same, csk_fileno(&copy), CSK_DETECT, CSK_DETECT, CSK_DETECT) < 0)
        errx(1, "fromfd");
    csk_close(&same);

    /* The descriptor without the socket, and back. */
    fd = csk_detach(&copy);
    if (csk_adopt(&adopted, fd, CSK_DETECT, CSK_DETECT, CSK_DETECT) < 0)
        errx(1, "adopt");
    csk_close_fd(csk_detach(&adopted));
    csk_shutdown(&pair[0], SHUT_RDWR);
    csk_close(&pair[0]);
    return csk_close(&pair[1]) < 0;
}

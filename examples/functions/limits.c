/* Ending calls: cancels, scopes, the hook for signals, and waiting for several sockets. */
#include <csocket/csocket.h>
#include <err.h>
#include <poll.h>
#include <stdio.h>

static int continue_after_signal(struct csk_socket *s)
{
    (void)s;
    return 0; /* a negative code would end the call */
}

int main(void)
{
    struct csk_scope scope = CSK_SCOPE_INIT;
    struct csk_socket pair[2];
    struct csk_cancel cancel;
    struct csk_wait_item items[2] = { { &pair[0], POLLIN, 0 }, { &pair[1], POLLIN, 0 } };
    char byte;

    if (csk_socketpair(pair, AF_UNIX, SOCK_STREAM, 0) < 0 || csk_cancel_init(&cancel) < 0)
        errx(1, "socketpair");
    csk_setinterrupt(&pair[0], continue_after_signal, NULL, CSK_INTERRUPT_POLL);
    csk_send(&pair[0], "x", 1, 0);
    printf("ready: %d\n", (int)csk_wait_many(items, 2, csk_now() + CSK_SECOND, &cancel));

    scope.deadline = csk_now() + CSK_SECOND;
    csk_scope_push(&scope);
    printf("in force: %d, passed: %d\n", csk_scope_deadline() < CSK_FOREVER, csk_scope_test() < 0);
    csk_scope_setdeadline(&scope, csk_now() + 2 * CSK_SECOND); /* from any thread */
    csk_scope_setshield(&scope, true);
    csk_scope_pop(&scope);

    printf("poll descriptor %d for an event loop\n", csk_cancel_fileno(&cancel) >= 0);
    pair[0].cancel = &cancel;
    csk_cancel(&cancel);
    printf("%d: %s\n", csk_cancel_test(&cancel), csk_errstr(csk_recv(&pair[0], &byte, 1, 0)));
    csk_cancel_reset(&cancel);
    csk_cancel_calls(&pair[1]); /* permanently, without a struct csk_cancel */
    printf("%s\n", csk_errstr(csk_send(&pair[1], "x", 1, 0)));
    csk_cancel_close(&cancel);
    csk_close(&pair[0]);
    return csk_close(&pair[1]) < 0;
}

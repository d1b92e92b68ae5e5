/* Fetch a page, with a limit in seconds for the whole operation, or until Ctrl-C.
 *
 *     time_limits HOST:PORT SECONDS */
#define _POSIX_C_SOURCE 200809L /* SIGINT's handler */
#include <csocket/csocket.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct csk_cancel interrupted = CSK_CANCEL_INIT;

static void on_sigint(int number)
{
    (void)number;
    csk_cancel(&interrupted);
}

static int fetch(const char *address)
{
    static const char request[] = "GET / HTTP/1.0\r\n\r\n";
    struct csk_error error;
    struct csk_socket s;
    char data[4096];
    ssize_t n;

    if (csk_create_connection(&s, address, NULL, &error) < 0) {
        fprintf(stderr, "time_limits: %s\n", error.text);
        return 1;
    }
    n = csk_sendall(&s, request, strlen(request), 0, NULL);
    while (n >= 0 && (n = csk_recv(&s, data, sizeof data, 0)) > 0)
        fwrite(data, 1, (size_t)n, stdout);
    csk_close(&s);
    if (n < 0)
        fprintf(stderr, "time_limits: %s: %s\n", address, csk_errstr(n));
    return n < 0;
}

int main(int argc, char **argv)
{
    struct csk_scope scope = CSK_SCOPE_INIT;
    int status;

    if (argc != 3)
        return 2;
    signal(SIGINT, on_sigint);
    scope.deadline = csk_now() + (int64_t)(atof(argv[2]) * (double)CSK_SECOND);
    scope.cancel = &interrupted;
    csk_scope_push(&scope);
    status = fetch(argv[1]);
    csk_scope_pop(&scope);
    csk_cancel_close(&interrupted);
    return status;
}

/* Connect to a host once, and print the time that it took.
 *
 *     bench_connect HOST PORT LIMIT
 *
 * prints the seconds and the family of the connection, or the error. LIMIT is the total limit in
 * seconds, 0 for none. connect.py compares this with other programs. */
#include <csocket/csocket.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define SECOND 1000000000

static const char *family(const struct csk_socket *s)
{
    return s->family == AF_INET6 ? "IPv6" : "IPv4";
}

int main(int argc, char **argv)
{
    struct csk_connection_options options = { .happy_eyeballs_delay = SECOND / 4 };
    struct csk_error error;
    struct csk_socket s;
    int64_t begin, took;
    int n;

    if (argc != 4) {
        fprintf(stderr, "usage: bench_connect HOST PORT LIMIT\n");
        return 2;
    }
    options.service = argv[2];
    options.total_timeout = (int64_t)(atof(argv[3]) * SECOND);
    begin = csk_now();
    n = csk_create_connection(&s, argv[1], &options, &error);
    took = csk_now() - begin;
    printf("%.6f %s\n", (double)took / SECOND, n < 0 ? error.text : family(&s));
    if (n == 0)
        csk_close(&s);
    return 0;
}

/* Every call that opens or needs a descriptor reports a lack of descriptors. */
#include "sockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct world {
    struct csk_socket pair[2], udp, listener, client, made;
    struct csk_error error;
};

typedef int64_t call_fn(struct world *w);

static int64_t call_socket(struct world *w)
{
    return csk_socket(&w->made, AF_INET, SOCK_STREAM, 0);
}

static int64_t call_socketpair(struct world *w)
{
    (void)w;
    return csk_socketpair((struct csk_socket[2]){ { 0 } }, AF_UNIX, SOCK_STREAM, 0);
}

static int64_t call_dup(struct world *w)
{
    return csk_dup(&w->pair[0], &w->made);
}

static int64_t call_fromfd(struct world *w)
{
    return csk_fromfd(&w->made, w->pair[0].fd, CSK_DETECT, CSK_DETECT, CSK_DETECT);
}

static int64_t call_accept(struct world *w)
{
    return csk_accept(&w->listener, &w->made, NULL);
}

static int64_t call_makefile(struct world *w)
{
    FILE *file;

    return csk_makefile(&w->pair[0], "rw", &file);
}

static int64_t call_cancel_fileno(struct world *w)
{
    struct csk_cancel cancel = CSK_CANCEL_INIT;

    (void)w;
    return csk_cancel_fileno(&cancel);
}

static int64_t call_has_dualstack(struct world *w)
{
    (void)w;
    return csk_has_dualstack_ipv6();
}

static const struct {
    const char *name;
    call_fn *call;
} without_error[] = {
    { "socket", call_socket },     { "socketpair", call_socketpair },
    { "dup", call_dup },           { "fromfd", call_fromfd },
    { "accept", call_accept },     { "cancel_fileno", call_cancel_fileno },
    { "makefile", call_makefile }, { "has_dualstack_ipv6", call_has_dualstack },
};

static int64_t call_create_server(struct world *w)
{
    return csk_create_server(&w->made, "127.0.0.1:0", NULL, &w->error);
}

static int64_t call_create_dualstack_server(struct world *w)
{
    const struct csk_server_options options = { .family = AF_INET6, .dualstack_ipv6 = true };

    return csk_create_server(&w->made, "[::]:0", &options, &w->error);
}

static int64_t call_create_connection(struct world *w)
{
    return csk_create_connection(&w->made, "127.0.0.1:9", NULL, &w->error);
}

static int64_t call_parse(struct world *w)
{
    struct csk_addr addr;

    return csk_addr_parse(&addr, AF_INET6, 0, "[fe80::1%lo]:1", &w->error);
}

static int64_t call_set_option(struct world *w)
{
    return csk_option_set(&w->udp, "IP_ADD_MEMBERSHIP", "239.1.1.1 dev lo", &w->error);
}

static int64_t call_interface_index(struct world *w)
{
    return csk_if_nametoindex("lo", &w->error);
}

static const struct {
    const char *name;
    call_fn *call;
} with_error[] = {
    { "create_server", call_create_server },
    { "create_server with dualstack_ipv6", call_create_dualstack_server },
    { "create_connection", call_create_connection },
    { "addr_parse with an interface", call_parse },
    { "option_set with an interface", call_set_option },
    { "if_nametoindex", call_interface_index },
};

static void begin(struct world *w, struct rlimit *limit)
{
    struct rlimit none;
    struct csk_addr addr;
    int free_fd;

    if (test_under_valgrind())
        test_skip("valgrind has a limit of descriptors of its own");
    test_pair(w->pair, SOCK_STREAM);
    assert_int_equal(csk_socket(&w->udp, AF_INET, SOCK_DGRAM, 0), 0);
    assert_int_equal(csk_create_server(&w->listener, "127.0.0.1:0", NULL, NULL), 0);
    assert_int_equal(csk_getsockname(&w->listener, &addr), 0);
    assert_int_equal(csk_socket(&w->client, AF_INET, SOCK_STREAM, 0), 0);
    assert_int_equal(csk_connect(&w->client, &addr, NULL), 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, limit), 0);
    /* All descriptors below the lowest free one are in use. */
    assert_true((free_fd = dup(w->udp.fd)) >= 0);
    close(free_fd);
    none = *limit;
    none.rlim_cur = (rlim_t)free_fd;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
}

static void end(struct world *w, const struct rlimit *limit)
{
    assert_int_equal(setrlimit(RLIMIT_NOFILE, limit), 0);
    csk_close(&w->pair[0]);
    csk_close(&w->pair[1]);
    csk_close(&w->udp);
    csk_close(&w->listener);
    csk_close(&w->client);
}

static void the_code_is_the_cause(void)
{
    struct rlimit limit;
    struct world w;

    begin(&w, &limit);
    for (size_t i = 0; i < sizeof without_error / sizeof *without_error; i++)
        if (without_error[i].call(&w) != -EMFILE)
            fail_msg("%s: not EMFILE", without_error[i].name);
    end(&w, &limit);
}

static void the_error_ends_with_the_cause(void)
{
    const char *cause = strerror(EMFILE);
    struct rlimit limit;
    size_t length;
    struct world w;

    begin(&w, &limit);
    for (size_t i = 0; i < sizeof with_error / sizeof *with_error; i++) {
        memset(&w.error, 0, sizeof w.error);
        if (with_error[i].call(&w) != -EMFILE || w.error.code != -EMFILE)
            fail_msg("%s: not EMFILE: %s", with_error[i].name, w.error.text);
        length = strlen(w.error.text);
        if (length < strlen(cause) || strcmp(w.error.text + length - strlen(cause), cause) != 0)
            fail_msg("%s: %s", with_error[i].name, w.error.text);
    }
    end(&w, &limit);
}

TESTS(TEST(the_code_is_the_cause), TEST(the_error_ends_with_the_cause))

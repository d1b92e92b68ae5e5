/* Hosts, services, protocols and this machine's name.
 *
 * The tests do not depend on the machine: each has its own /etc and host name in a namespace. */
#include "sockets.h"

#include <csocket/csocket.h>

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

/* Set up a machine named "box" whose only databases are these files. */
static void world(void)
{
    if (unshare(CLONE_NEWNS | CLONE_NEWUTS) < 0 &&
        unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWUTS) < 0)
        test_skip("needs root or user namespaces: %s", strerror(errno));
    if (mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("none", "/etc", "tmpfs", 0, NULL) < 0)
        test_skip("no file system of its own: %s", strerror(errno));
    write_file("/etc/nsswitch.conf",
               "hosts: files\nservices: files\nprotocols: files\nnetworks: files\n");
    write_file("/etc/hosts", "127.0.0.1 localhost\n"
                             "10.1.2.3 db db.example.net store\n"
                             "10.1.2.4 db\n"
                             "10.9.9.9 alone lonely\n"
                             "10.1.1.1 box box.example.org\n"
                             "fd00::5 six.example.net six\n");
    write_file("/etc/services", "discard 9/tcp sink null\n"
                                "discard 9/udp sink null\n"
                                "mixed 1000/tcp\n"
                                "mixed 1001/udp\n");
    write_file("/etc/protocols", "icmp 1 ICMP\ntcp 6 TCP\nudp 17 UDP\n");
    assert_int_equal(csk_sethostname("box", 3, NULL), 0);
}

/* The same, for tests of the aliases in a line of /etc/hosts. */
static void world_with_aliases(void)
{
    const struct hostent *host;

    world();
    host = gethostbyname("alone");
    assert_non_null(host);
    if (!host->h_aliases[0] || strcmp(host->h_aliases[0], "lonely") != 0)
        test_skip("this C library does not return the aliases of a host");
}

/* The code for an unknown name: EAI_AGAIN, because no name server answers, if the C library has
 * only /etc/hosts and DNS. */
static int unknown(void)
{
    const struct addrinfo hints = { .ai_family = AF_INET };
    struct addrinfo *list;
    int error = getaddrinfo("nobody", NULL, &hints, &list);

    assert_true(error == EAI_NONAME || error == EAI_AGAIN);
    return CSK_EAI(error);
}

static void gethostbyname_returns_the_first_ipv4_address(void)
{
    char text[16] = "before";

    world();
    assert_int_equal(csk_error_kind(csk_gethostbyname("six", NULL, text, NULL)), CSK_KIND_EAI);
    assert_int_equal(csk_gethostbyname("nobody", NULL, text, NULL), unknown());
    assert_int_equal(csk_gethostbyname("::1", NULL, text, NULL), test_wrong_family("::1", AF_INET));
    assert_int_equal(csk_gethostbyname(NULL, NULL, text, NULL), CSK_ENULL);
    assert_string_equal(text, "before");
    assert_int_equal(csk_gethostbyname("alone", NULL, text, NULL), 0);
    assert_string_equal(text, "10.9.9.9");
    assert_int_equal(csk_gethostbyname("10.20.30.40", NULL, text, NULL), 0);
    assert_string_equal(text, "10.20.30.40");
    assert_int_equal(csk_gethostbyname("", NULL, text, NULL), 0);
    assert_string_equal(text, "0.0.0.0");
    assert_int_equal(csk_gethostbyname("<broadcast>", NULL, text, NULL), 0);
    assert_string_equal(text, "255.255.255.255");
}

static void gethostbyname_ex_returns_names_and_addresses(void)
{
    struct csk_hostent *host;

    world_with_aliases();
    assert_int_equal(csk_gethostbyname_ex("alone", NULL, &host, NULL), 0);
    assert_int_equal(host->family, AF_INET);
    assert_string_equal(host->name, "alone");
    assert_string_equal(host->aliases[0], "lonely");
    assert_null(host->aliases[1]);
    assert_string_equal(host->addresses[0], "10.9.9.9");
    assert_null(host->addresses[1]);
    csk_freehostent(host);
    assert_int_equal(csk_gethostbyname_ex("nobody", NULL, &host, NULL), unknown());
    assert_null(host);
    assert_int_equal(csk_gethostbyname_ex("db", NULL, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_gethostbyname_ex(NULL, NULL, &host, NULL), CSK_ENULL);
    csk_freehostent(NULL);
}

/* Compare both results, and free the library's. */
static void assert_same(struct csk_hostent *ours, const struct hostent *theirs)
{
    char text[46];
    size_t i;

    assert_non_null(theirs);
    assert_int_equal(ours->family, theirs->h_addrtype);
    assert_string_equal(ours->name, theirs->h_name);
    for (i = 0; theirs->h_aliases[i]; i++)
        assert_string_equal(ours->aliases[i], theirs->h_aliases[i]);
    assert_null(ours->aliases[i]);
    for (i = 0; theirs->h_addr_list[i]; i++) {
        csk_inet_ntop(theirs->h_addrtype, theirs->h_addr_list[i], (size_t)theirs->h_length, text,
                      NULL);
        assert_string_equal(ours->addresses[i], text);
    }
    assert_null(ours->addresses[i]);
    csk_freehostent(ours);
}

static void gethostbyname_ex_agrees_with_the_c_library(void)
{
    static const char *const names[] = { "db", "store", "localhost", "box", "10.0.0.7" };
    struct csk_hostent *ours;

    world();
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        assert_int_equal(csk_gethostbyname_ex(names[n], NULL, &ours, NULL), 0);
        assert_same(ours, gethostbyname(names[n]));
    }
}

static void gethostbyaddr_agrees_with_the_c_library(void)
{
    static const struct {
        const char *text;
        int family;
    } rows[] = { { "10.1.2.3", AF_INET }, { "127.0.0.1", AF_INET }, { "fd00::5", AF_INET6 } };
    struct csk_hostent *ours;
    unsigned char bytes[16];
    int size;

    world();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(csk_gethostbyaddr(rows[i].text, NULL, &ours, NULL), 0);
        size = csk_inet_pton(rows[i].family, rows[i].text, bytes, NULL);
        assert_same(ours, gethostbyaddr(bytes, (socklen_t)size, rows[i].family));
    }
}

static void gethostbyaddr_accepts_both_families_and_names(void)
{
    struct csk_hostent *host;

    world_with_aliases();
    assert_int_equal(csk_gethostbyaddr("fd00::5", NULL, &host, NULL), 0);
    assert_int_equal(host->family, AF_INET6);
    assert_string_equal(host->name, "six.example.net");
    assert_string_equal(host->aliases[0], "six");
    assert_string_equal(host->addresses[0], "fd00::5");
    csk_freehostent(host);
    assert_int_equal(csk_gethostbyaddr("10.1.2.3", NULL, &host, NULL), 0);
    assert_string_equal(host->name, "db");
    assert_string_equal(host->aliases[1], "store");
    csk_freehostent(host);
    assert_int_equal(csk_gethostbyaddr("lonely", NULL, &host, NULL), 0);
    assert_string_equal(host->name, "alone");
    csk_freehostent(host);
    assert_int_equal(csk_gethostbyaddr("10.99.99.99", NULL, &host, NULL),
                     CSK_EHOST(HOST_NOT_FOUND));
    assert_null(host);
    assert_int_equal(csk_gethostbyaddr("nobody", NULL, &host, NULL), unknown());
    assert_int_equal(csk_gethostbyaddr("", NULL, &host, NULL), CSK_EWILDCARD);
    assert_int_equal(csk_gethostbyaddr(NULL, NULL, &host, NULL), CSK_ENULL);
}

static void an_entry_larger_than_the_first_buffer_is_read_whole(void)
{
    struct csk_hostent *host;
    char line[8192], name[16];
    size_t at = (size_t)snprintf(line, sizeof line, "10.5.5.5 many");
    int i;

    world_with_aliases();
    for (i = 0; i < 500; i++)
        at += (size_t)snprintf(line + at, sizeof line - at, " alias%d", i);
    line[at++] = '\n';
    line[at] = 0;
    write_file("/etc/hosts", line);
    assert_int_equal(csk_gethostbyaddr("10.5.5.5", NULL, &host, NULL), 0);
    for (i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "alias%d", i);
        assert_string_equal(host->aliases[i], name);
    }
    assert_null(host->aliases[500]);
    csk_freehostent(host);
}

static void getfqdn_returns_the_first_name_with_a_dot(void)
{
    static char longest[NI_MAXHOST + 1], whole[2 * NI_MAXHOST];
    static const char *const rows[][2] = {
        { "db", "db.example.net" },
        { "10.1.2.3", "db.example.net" },
        { "  db\t\n", "db.example.net" },
        { "six", "six.example.net" },
        { "lonely", "alone" },
        { "nobody", "nobody" },
        { "10.99.99.99", "10.99.99.99" },
        { "", "box.example.org" },
        { "0.0.0.0", "box.example.org" },
        { "::", "box.example.org" },
        { NULL, "box.example.org" },
        { "   ", "box.example.org" },
    };
    char name[NI_MAXHOST];

    world_with_aliases();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(csk_getfqdn(rows[i][0], NULL, name, sizeof name, NULL), 0);
        assert_string_equal(name, rows[i][1]);
    }
    assert_int_equal(csk_getfqdn("db", NULL, name, 14, NULL), CSK_ESPACE);
    assert_int_equal(csk_getfqdn("db", NULL, name, 15, NULL), 0);
    assert_int_equal(csk_getfqdn("db", NULL, NULL, 15, NULL), CSK_ENULL);
    memset(longest, '.', sizeof longest);
    longest[NI_MAXHOST] = '\0';
    assert_int_equal(csk_getfqdn(longest, NULL, whole, sizeof whole, NULL), CSK_ESPACE);
    longest[NI_MAXHOST - 1] = '\0';
    assert_int_equal(csk_getfqdn(longest, NULL, whole, sizeof whole, NULL), 0);
}

static void the_hostname_is_returned_and_set(void)
{
    char name[256];

    world();
    assert_int_equal(csk_gethostname(name, sizeof name), 0);
    assert_string_equal(name, "box");
    assert_int_equal(csk_gethostname(name, 3), CSK_ESPACE);
    assert_int_equal(csk_gethostname(name, 0), CSK_ESPACE);
    assert_int_equal(csk_gethostname(name, 4), 0);
    assert_int_equal(csk_gethostname(NULL, 4), CSK_ENULL);
    assert_int_equal(csk_sethostname("other-name-and-more", 10, NULL), 0);
    assert_int_equal(csk_gethostname(name, sizeof name), 0);
    assert_string_equal(name, "other-name");
    assert_int_equal(csk_sethostname(NULL, 0, NULL), CSK_ENULL);
    memset(name, 'x', sizeof name);
    assert_int_equal(csk_sethostname(name, sizeof name, NULL), -EINVAL);
}

static void sethostname_requires_privileges(void)
{
    world();
    if (setuid(65534) < 0)
        test_skip("no other user here: %s", strerror(errno));
    assert_int_equal(csk_sethostname("x", 1, NULL), -EPERM);
}

static void services_are_found_by_name_and_by_port(void)
{
    char name[NI_MAXSERV] = "before";

    world();
    assert_int_equal(csk_getservbyname("discard", "tcp", NULL), 9);
    assert_int_equal(csk_getservbyname("sink", NULL, NULL), 9);
    assert_int_equal(csk_getservbyname("mixed", "udp", NULL), 1001);
    assert_int_equal(csk_getservbyname("mixed", "tcp", NULL), 1000);
    assert_int_equal(csk_getservbyname("mixed", "sctp", NULL), CSK_ESERVICE);
    assert_int_equal(csk_getservbyname("nothing", NULL, NULL), CSK_ESERVICE);
    assert_int_equal(csk_getservbyname(NULL, NULL, NULL), CSK_ENULL);
    assert_int_equal(csk_getservbyport(1001, "tcp", name, sizeof name, NULL), CSK_EPORTSERVICE);
    assert_int_equal(csk_getservbyport(65536, NULL, name, sizeof name, NULL), CSK_EPORT);
    assert_int_equal(csk_getservbyport(-1, NULL, name, sizeof name, NULL), CSK_EPORT);
    assert_int_equal(csk_getservbyport(9, "udp", name, 7, NULL), CSK_ESPACE);
    assert_string_equal(name, "before");
    assert_int_equal(csk_getservbyport(9, "udp", name, sizeof name, NULL), 0);
    assert_string_equal(name, "discard");
    assert_int_equal(csk_getservbyport(1000, NULL, name, sizeof name, NULL), 0);
    assert_string_equal(name, "mixed");
    assert_int_equal(csk_getservbyport(9, NULL, NULL, 9, NULL), CSK_ENULL);
}

static void protocols_are_found_by_name(void)
{
    world();
    assert_int_equal(csk_getprotobyname("icmp", NULL), 1);
    /* Aliases in /etc/protocols, which musl does not read. */
    assert_int_equal(csk_getprotobyname("TCP", NULL), getprotobyname("TCP") ? 6 : CSK_EPROTOCOL);
    assert_int_equal(csk_getprotobyname("nothing", NULL), CSK_EPROTOCOL);
    assert_int_equal(csk_getprotobyname(NULL, NULL), CSK_ENULL);
}

static void *ask_often(void *arg)
{
    const char *const *row = arg;
    struct csk_hostent *host;
    char name[NI_MAXSERV];

    for (int i = 0; i < 500; i++) {
        if (csk_gethostbyaddr(row[0], NULL, &host, NULL) < 0 || strcmp(host->name, row[1]) != 0)
            return arg;
        csk_freehostent(host);
        if (csk_getservbyport(strtol(row[2], NULL, 10), NULL, name, sizeof name, NULL) < 0 ||
            strcmp(name, row[3]) != 0)
            return arg;
    }
    return NULL;
}

static void threads_do_not_share_results(void)
{
    static const char *rows[][4] = { { "10.1.2.3", "db", "9", "discard" },
                                     { "10.9.9.9", "alone", "1000", "mixed" },
                                     { "fd00::5", "six.example.net", "1001", "mixed" },
                                     { "10.1.1.1", "box", "9", "discard" } };
    pthread_t threads[4];
    void *failed;

    world();
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, rows[i]), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

TESTS(TEST(gethostbyname_returns_the_first_ipv4_address),
      TEST(gethostbyname_ex_returns_names_and_addresses),
      TEST(gethostbyname_ex_agrees_with_the_c_library),
      TEST(gethostbyaddr_agrees_with_the_c_library),
      TEST(gethostbyaddr_accepts_both_families_and_names),
      TEST(an_entry_larger_than_the_first_buffer_is_read_whole),
      TEST(getfqdn_returns_the_first_name_with_a_dot), TEST(the_hostname_is_returned_and_set),
      TEST(sethostname_requires_privileges), TEST(services_are_found_by_name_and_by_port),
      TEST(protocols_are_found_by_name), TEST(threads_do_not_share_results))

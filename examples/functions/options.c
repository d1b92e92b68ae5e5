/* Socket options: as text, as numbers, as bytes, and their descriptions. */
#include <csocket/csocket.h>
#include <err.h>
#include <netinet/tcp.h>
#include <stdio.h>

static struct csk_error error;

static void check(ssize_t n)
{
    if (n < 0)
        errx(1, "%s", error.text[0] ? error.text : csk_errstr(n));
}

static void describe(const struct csk_option *option)
{
    char text[400];

    printf("%s (%d, %d, flags %#x): %s\n", csk_option_name(option), csk_option_level(option),
           csk_option_number(option), csk_option_flags(option),
           csk_option_note(option, CSK_OPTION_NOTE_MEANING));
    puts(csk_option_accepts(option, CSK_OPTION_SET, text, sizeof text));
    printf("for TCP: %d\n", csk_option_fits(option, AF_INET, SOCK_STREAM, 0));
}

static void convert(struct csk_socket *s)
{
    const struct csk_option *option = csk_option_find("SO_LINGER", AF_INET);
    unsigned char bytes[CSK_OPTION_SIZE];
    char text[100];
    size_t count;
    ssize_t size;

    check(size = csk_option_parse(option, CSK_OPTION_SET, "on 5s", bytes, sizeof bytes, &error));
    check(csk_option_set_bytes(s, option, bytes, (size_t)size, &error));
    check(csk_option_get_bytes(s, option, bytes, sizeof bytes, &count, &error));
    check(csk_option_format(option, CSK_OPTION_GET, bytes, count, text, sizeof text));
    puts(text);
}

int main(void)
{
    const struct csk_option *similar[3];
    struct csk_socket s;
    int64_t number;
    char text[4096];
    uint64_t cookie;
    int value;
    socklen_t size = sizeof value;

    check(csk_socket(&s, AF_INET, SOCK_STREAM, 0));
    check(csk_option_set_number(&s, "TCP_KEEPIDLE", 60, &error));
    check(csk_option_get_number(&s, "TCP_KEEPIDLE", &number, &error));
    check(csk_option_get(&s, "TCP_KEEPIDLE", text, sizeof text, &error));
    check(csk_option_get_field(&s, "SO_LINGER", "linger", &number, &error));
    convert(&s);
    describe(csk_option_by_number(AF_INET, IPPROTO_TCP, TCP_KEEPIDLE, CSK_OPTION_GET));
    if (csk_option_suggest("TCP_KEEPIDEL", similar, 3) > 0)
        printf("did you mean %s?\n", csk_option_name(similar[0]));
    printf("the first of the catalogue is %s\n", csk_option_name(csk_option_at(0)));
    if (csk_option_query(&s, "MCAST_MSFILTER", "239.1.1.1 dev lo", text, sizeof text, &error) < 0)
        puts(error.text);

    /* Options by number, as with setsockopt(2). */
    check(csk_setsockopt_int(&s, SOL_SOCKET, SO_KEEPALIVE, 1));
    check(csk_getsockopt_int(&s, SOL_SOCKET, SO_KEEPALIVE, &value));
    check(csk_setsockopt(&s, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value));
    check(csk_getsockopt(&s, SOL_SOCKET, SO_TYPE, &value, &size));
    if (csk_getsockopt_uint64(&s, SOL_SOCKET, 57 /* SO_COOKIE */, &cookie) < 0)
        puts("no cookies");
    if (csk_setsockopt_uint64(&s, SOL_SOCKET, 47 /* SO_MAX_PACING_RATE */, 1 << 20) < 0)
        puts("no 64-bit rates");
    return csk_close(&s) < 0;
}

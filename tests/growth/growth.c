/* growth   Call every parser, and every function that accepts a list, with n and with 10 n
 * elements.
 *
 * test_growth.py runs it under callgrind, which writes its counts at each mark(), and compares:
 * time must not grow faster than the input. One line of standard output per case. */
#include <csocket/csocket.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 400, FACTOR = 10, ROOM = 1 << 20 };

/* Strings repeated in hostile and in valid text. */
static const char *const units[] = {
    "1",  "1,",  "1 ",  "1;",   "a",   "a,",     "a=1,",       "a=1 ",   "a 1 ", "\\x00", "\\",
    "[",  "[1]", "(",   "00",   "ff:", ":",      ".",          "1.",     "'",    "\"",    "-",
    "0x", " ",   "\n",  "1s,",  "=",   "|",      "on|",        "\xff",   "%",    "@",     "/",
    "{",  ";",   "K",   "1K;",  "+",   "::1,",   "127.0.0.1 ", "l1:",    "ret", "ret #1\n",
    "jeq #1, 1, 1; ", "ldh [12]\n", "{ 0x6, 0, 0, 1 },", "#", "text:", "AF_INET, ", "lo ",
};

static unsigned char bytes[ROOM];
static char out[ROOM];

void mark(void);
__attribute__((noinline)) void mark(void)
{
    __asm__ volatile("" ::: "memory");
}

/* Repeat the unit as often as it fits into n characters. */
static void fill(char *text, const char *unit, size_t n)
{
    size_t length = strlen(unit), size = 0;

    for (; size + length <= n; size += length)
        memcpy(text + size, unit, length);
    text[size] = 0;
}

/* Measure a case: the operation with n items. The strings are prepared beforehand. */
typedef void function(const void *subject, char *const *texts, size_t count, size_t n);

static char *texts[sizeof units / sizeof *units + 8];

static void measure(const char *kind, const char *name, function *run, const void *subject,
                    const char *more)
{
    size_t count = sizeof units / sizeof *units;

    for (size_t n = N; n <= N * FACTOR; n *= FACTOR) {
        for (size_t i = 0; i < count; i++)
            fill(texts[i], units[i], n);
        if (more)
            fill(texts[count], more, n);
        mark();
        run(subject, texts, count + (more != NULL), n);
        mark();
    }
    printf("%s %s\n", kind, name);
}

/* Read all fields in bytes of a layout. */
static void read_all(const struct csk_layout *layout, size_t size)
{
    char text[CSK_VALUE_TEXT_MAX];
    struct csk_value value;

    csk_layout_format(layout, bytes, size, out, sizeof out);
    for (size_t i = 0; i < csk_layout_field_count(layout); i++) {
        size_t values = csk_layout_value_count(layout, i, bytes, size);

        for (size_t j = 0; j < values; j++)
            csk_layout_get(layout, i, j, bytes, size, &value, text);
    }
    for (size_t at = 0, span; at < size; at += span)
        if ((span = csk_layout_span(layout, bytes + at, size - at)) == 0)
            break;
}

static void parse_layout(const void *subject, char *const *given, size_t count, size_t n)
{
    const struct csk_layout *layout = subject;
    struct csk_error error;

    (void)n;
    for (size_t i = 0; i < count; i++) {
        int size = csk_layout_parse(layout, given[i], strlen(given[i]), bytes, sizeof bytes,
                                    &error);

        if (size > 0)
            read_all(layout, (size_t)size);
    }
}

static void read_layout(const void *subject, char *const *given, size_t count, size_t n)
{
    (void)given;
    (void)count;
    for (int byte = 0; byte <= 255; byte += 51) {
        memset(bytes, byte, n);
        read_all(subject, n);
    }
}

static void parse_option(const void *subject, char *const *given, size_t count, size_t n)
{
    struct csk_error error;

    (void)n;
    for (size_t i = 0; i < count; i++) {
        int size = csk_option_parse(subject, CSK_OPTION_SET, given[i], bytes, sizeof bytes, &error);

        if (size > 0)
            csk_option_format(subject, CSK_OPTION_SET, bytes, (size_t)size, out, sizeof out);
    }
}

/* Format one element of a list whose bytes are zero. */
static const char *element(const struct csk_layout *layout, char *text, size_t size)
{
    int length;

    memset(bytes, 0, 4096);
    length = csk_layout_format(layout, bytes, csk_layout_size(layout), text, size - 3);
    if (length <= 0 || (size_t)length >= size - 3)
        return NULL;
    memcpy(text + length, "; ", 3);
    return text;
}

/* Options of one kind share a description, so one per kind is enough. */
static void options(void)
{
    static char seen[1 << 16], key[256], unit[512];
    size_t used = 0;
    const struct csk_option *option;
    const struct csk_layout *layout;

    for (size_t i = 0; (option = csk_option_at(i)); i++) {
        if (!(layout = csk_option_layout(option, CSK_OPTION_SET)))
            continue;
        const struct csk_field *field = csk_layout_field(layout, 0);

        snprintf(key, sizeof key, "|%s %d %x %x|", csk_layout_name(layout),
                 field ? (int)csk_field_kind(field) : 0, field ? csk_field_flags(field) : 0,
                 csk_option_flags(option) & CSK_OPTION_LIST);
        if (strstr(seen, key) || used + strlen(key) >= sizeof seen)
            continue;
        memcpy(seen + used, key, strlen(key) + 1);
        used += strlen(key);
        const char *more = element(layout, unit, sizeof unit);

        measure("parse", csk_option_name(option), parse_option, option, more);
        measure("parse a value of", csk_option_name(option), parse_layout, layout, more);
        measure("read", csk_option_name(option), read_layout, layout, NULL);
    }
}

static void parse_address(const void *subject, char *const *given, size_t count, size_t n)
{
    struct csk_error error;
    struct csk_addr addr;

    (void)n;
    for (size_t i = 0; i < count; i++)
        if (csk_addr_parse(&addr, csk_family_number(subject), csk_family_proto(subject), given[i],
                           &error) == 0)
            csk_addr_format(&addr, out, sizeof out);
}

static void pack_address(const void *subject, char *const *given, size_t count, size_t n)
{
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    struct csk_error error;
    struct csk_addr addr;

    (void)n;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < CSK_ADDR_FIELDS_MAX; j++)
            values[j] = (struct csk_value){ .kind = CSK_VALUE_TEXT, .data = given[i],
                                            .size = strlen(given[i]) };
        for (size_t fields = 1; fields <= CSK_ADDR_FIELDS_MAX; fields++)
            csk_addr_pack(&addr, csk_family_number(subject), csk_family_proto(subject), values,
                          fields, &error);
    }
}

static void addresses(void)
{
    const struct csk_family *family;

    for (size_t i = 0; (family = csk_family_at(i)); i++) {
        measure("address", csk_family_name(family), parse_address, family, NULL);
        measure("tuple", csk_family_name(family), pack_address, family, NULL);
    }
}

static void lookups(const void *subject, char *const *given, size_t count, size_t n)
{
    const struct csk_option *found[8];
    unsigned char packed[16];
    struct csk_addrinfo *list;

    (void)subject;
    (void)n;
    for (size_t i = 0; i < count; i++) {
        csk_option_find(given[i], AF_UNSPEC);
        csk_option_suggest(given[i], found, 8);
        csk_constant_find(given[i]);
        csk_inet_aton(given[i], packed, NULL);
        csk_inet_pton(AF_INET, given[i], packed, NULL);
        csk_inet_pton(AF_INET6, given[i], packed, NULL);
        if (csk_getaddrinfo_numeric(given[i], "80", AF_UNSPEC, SOCK_STREAM, 0, 0, &list, NULL) > 0)
            csk_freeaddrinfo(list);
        if (csk_getaddrinfo_numeric("::1", given[i], AF_UNSPEC, SOCK_STREAM, 0, 0, &list, NULL) > 0)
            csk_freeaddrinfo(list);
    }
}

static void walk_messages(const void *subject, char *const *given, size_t count, size_t n)
{
    struct csk_msg msg = { .control = bytes };
    struct csk_cmsg item = { 0 };
    size_t used = 0;

    (void)subject;
    (void)given;
    (void)count;
    for (size_t i = 0; i < n; i++)
        csk_cmsg_put(bytes, sizeof bytes, &used, SOL_SOCKET, 1000, "1234", 4);
    msg.control_size = used;
    while (csk_cmsg_next(&msg, &item) == 1)
        ;
    csk_cmsg_close_fds(&msg);
}

int main(void)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!(texts[i] = malloc(N * FACTOR + 1)))
            return 1;
    measure("lookups", "of names and numbers", lookups, NULL, NULL);
    measure("messages", "put, walked and closed", walk_messages, NULL, NULL);
    addresses();
    options();
    return 0;
}

/* AF_UNIX: a path, or a null byte and a name that is in no directory, or nothing. */
#include "family.h"

#include <string.h>
#include <sys/un.h>

#define HEAD offsetof(struct sockaddr_un, sun_path)
#define SPACE sizeof(((struct sockaddr_un *)0)->sun_path)

static const struct csk_field fields[] = {
    { "path", CSK_FIELD_PATH, CSKI_AT(sockaddr_un, sun_path) },
};

/* The kernel uses the part before a null byte as the path.  Padding names the same file. */
static bool has_null_inside(const char *path, size_t size)
{
    const char *null = memchr(path, '\0', size), *end = path + size;

    while (null && null < end && *null == '\0')
        null++;
    return null && null < end;
}

static int fill(struct csk_addr *addr, const char *path, size_t size, struct csk_error *error)
{
    sa_family_t family = AF_UNIX;
    bool is_file = size > 0 && *path != '\0';

    /* A path ends with a null byte and a name does not; the kernel's length counts it. */
    if (size + is_file > SPACE)
        return cski_fail(error, CSK_EPATHTOOLONG, "AF_UNIX path too long: %zu bytes, at most %zu",
                         size, SPACE - is_file);
    if (is_file && has_null_inside(path, size))
        return cski_fail(
            error, CSK_EADDRVALUE,
            "embedded null byte in an AF_UNIX path; only an abstract name, which begins "
            "with one, may contain more");
    memcpy(addr->bytes + offsetof(struct sockaddr_un, sun_family), &family, sizeof family);
    memcpy(addr->bytes + HEAD, path, size);
    if (is_file)
        addr->bytes[HEAD + size] = '\0';
    addr->len = (socklen_t)(HEAD + size + is_file);
    return 0;
}

static int pack(const struct csk_family *f, struct csk_addr *addr, const struct csk_value *values,
                size_t count, struct csk_error *error)
{
    if (count != 1)
        return cski_family_check_count(f, count, error);
    if (!cski_is_text(&values[0]))
        return cski_family_wrong_kind(f, &fields[0], &values[0], error);
    return fill(addr, values[0].size ? values[0].data : "", values[0].size, error);
}

static int unpack(const struct csk_family *f, const struct csk_addr *addr, struct csk_value *values,
                  char *text)
{
    const char *path;
    size_t size = cski_sun_path(addr, &path);

    (void)f, (void)text;
    values[0].kind = size && !*path ? CSK_VALUE_BYTES : CSK_VALUE_TEXT;
    values[0].data = path;
    values[0].size = size;
    return 1;
}

static int parse(const struct csk_family *f, struct csk_addr *addr, const char *text,
                 struct csk_error *error)
{
    char path[sizeof addr->storage];
    size_t size = strlen(text);
    int n = cski_in_unescape((struct cski_in){ text, size }, (unsigned char *)path, sizeof path);

    if (n == CSKI_BAD_ESCAPE)
        return cski_family_fail(f, error, CSK_EADDRTEXT,
                                "\"%.100s\": a backslash must begin \\xNN (\\x5c is a backslash)",
                                text);
    if (n < 0)
        return cski_fail(error, CSK_EPATHTOOLONG, "AF_UNIX path too long: %zu bytes", size);
    if (*text == '@')
        path[0] = '\0';
    return fill(addr, path, (size_t)n, error);
}

static bool guess(const char *text)
{
    return *text == '@' || strchr(text, '/');
}

static const int queued[] = { 0, -1 };

const struct csk_family cski_family_unix[] = {
    { .name = "AF_UNIX",
      .family = AF_UNIX,
      .proto = CSK_ANY_PROTO,
      .min_len = HEAD,
      .max_len = sizeof(struct sockaddr_un),
      .syntax = "/path or @abstract",
      .queued = queued,
      .layout = CSKI_LAYOUT(sockaddr_un, fields),
      .flags = CSK_FAMILY_SCALAR_IN | CSK_FAMILY_SCALAR_OUT | CSK_FAMILY_SCALAR_ONLY |
               CSK_FAMILY_SHUTDOWN_WAKES | CSK_FAMILY_NEVER_LINGERS,
      .raises_sigpipe = true,
      .passes_fds = true,
      .waits_for_peer = true,
      .notes = { .meaning = "processes of one system",
                 .fields = { "file; b\"\\0name\": abstract (Linux); \"\": unnamed" },
                 .sockets = "SOCK_STREAM",
                 .example = "connect /run/service",
                 .verified = "exchange wherever the tests run" },
      .pack = pack,
      .unpack = unpack,
      .parse = parse,
      .format = cski_sun_format,
      .guess = guess },
    { .name = "" },
};

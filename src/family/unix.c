/* AF_UNIX: a path, or a null byte and a name that is in no directory, or nothing. */
#include "family.h"

#include <string.h>
#include <sys/un.h>

#define HEAD offsetof(struct sockaddr_un, sun_path)
#define ROOM sizeof(((struct sockaddr_un *)0)->sun_path)

static const struct csk_field fields[] = {
    { "path", CSK_FIELD_PATH, CSKI_AT(sockaddr_un, sun_path),
      .meaning = "file; b\"\\0name\": abstract (Linux); \"\": unnamed" },
};

static int fill(struct csk_addr *addr, const char *path, size_t size, struct csk_error *error)
{
    sa_family_t family = AF_UNIX;
    bool is_file = size > 0 && *path != '\0';

    /* A path ends with a null byte and a name does not; the kernel counts both so. */
    if (size + is_file > ROOM)
        return cski_fail(error, CSK_EPATHTOOLONG, "AF_UNIX path too long: %zu bytes, at most %zu",
                         size, ROOM - is_file);
    memcpy(addr->bytes + offsetof(struct sockaddr_un, sun_family), &family, sizeof family);
    memcpy(addr->bytes + HEAD, path, size);
    if (is_file)
        addr->bytes[HEAD + size] = '\0';
    addr->len = (socklen_t)(HEAD + size + is_file);
    return 0;
}

static int pack(const struct cski_family *f, struct csk_addr *addr, const struct csk_value *values,
                size_t count, struct csk_error *error)
{
    if (count != 1)
        return cski_field_check_count(f, count, error);
    if (!cski_is_text(&values[0]))
        return cski_field_wrong_kind(f, &fields[0], "text or bytes", error);
    return fill(addr, values[0].size ? values[0].data : "", values[0].size, error);
}

/* Linux lets a path fill sun_path, and then says a length that is one byte greater. */
static size_t path_of(const struct csk_addr *addr, const char **path)
{
    const char *at = (const char *)addr->bytes + HEAD;
    size_t room = addr->len - HEAD;

    *path = at;
    return room && *at ? strnlen(at, room) : room;
}

static int unpack(const struct cski_family *f, const struct csk_addr *addr,
                  struct csk_value *values, char *text)
{
    const char *path;
    size_t size = path_of(addr, &path);

    (void)f, (void)text;
    values[0].kind = size && !*path ? CSK_VALUE_BYTES : CSK_VALUE_TEXT;
    values[0].data = path;
    values[0].size = size;
    return 1;
}

static int parse(const struct cski_family *f, struct csk_addr *addr, const char *text,
                 struct csk_error *error)
{
    char path[sizeof addr->storage];
    size_t size = strlen(text);
    int n = cski_text_unescape(path, sizeof path, text, size);

    (void)f;
    if (n < 0)
        return cski_fail(error, CSK_EPATHTOOLONG, "AF_UNIX path too long: %zu bytes", size);
    if (*text == '@')
        path[0] = '\0';
    return fill(addr, path, (size_t)n, error);
}

static void format(const struct cski_family *f, const struct csk_addr *addr, char *text)
{
    const char *path;
    size_t size = path_of(addr, &path);

    (void)f;
    if (size && !*path) {
        *text++ = '@';
        cski_text_escape(text, path + 1, size - 1, "");
    } else if (size && (*path == '@' || (size > 3 && !memcmp(path, "AF_", 3)))) {
        /* A file of that name, in the working directory: not an abstract name, nor "AF_N 0x00". */
        text += cski_text_escape(text, path, 1, "@A");
        cski_text_escape(text, path + 1, size - 1, "");
    } else {
        cski_text_escape(text, path, size, "");
    }
}

static bool guess(const char *text)
{
    return *text == '@' || strchr(text, '/');
}

static const int queued[] = { 0, -1 };

const struct cski_family cski_family_unix[] = {
    { .form = { .name = "AF_UNIX",
                .family = AF_UNIX,
                .proto = CSK_ANY_PROTO,
                .min_len = HEAD,
                .max_len = sizeof(struct sockaddr_un),
                .fields = fields,
                .field_count = CSKI_COUNT(fields),
                .scalar_in = true,
                .scalar_out = true,
                .scalar_only = true,
                .form = "/path or @abstract",
                .meaning = "processes of one system",
                .sockets = "SOCK_STREAM",
                .queued = queued,
                .example = "connect /run/service",
                .verified = "exchange wherever the tests run" },
      .raises_sigpipe = true,
      .passes_fds = true,
      .pack = pack,
      .unpack = unpack,
      .parse = parse,
      .format = format,
      .guess = guess },
    { .form.name = NULL },
};

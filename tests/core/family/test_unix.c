/* AF_UNIX: paths, abstract names and unnamed sockets. */
#include "test.h"

#include <csocket/csocket.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#define HEAD offsetof(struct sockaddr_un, sun_path)
#define ROOM sizeof(((struct sockaddr_un *)0)->sun_path)

static int pack(struct csk_addr *addr, const char *path, size_t size, struct csk_error *error)
{
    struct csk_value value = { .kind = CSK_VALUE_BYTES, .data = path, .size = size };

    return csk_addr_pack(addr, AF_UNIX, 0, &value, 1, error);
}

static void check(const char *path, size_t size, enum csk_value_kind kind, socklen_t len,
                  const char *want)
{
    struct csk_value out[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr, again;
    char text[CSK_ADDR_TEXT_MAX];

    assert_int_equal(pack(&addr, path, size, NULL), 0);
    assert_int_equal(addr.len, len);
    assert_int_equal(addr.sa.sa_family, AF_UNIX);
    assert_int_equal(csk_addr_unpack(&addr, out, text), 1);
    assert_int_equal(out[0].kind, kind);
    assert_int_equal(out[0].size, size);
    assert_memory_equal(out[0].data, path, size);
    csk_addr_format(&addr, text, sizeof text);
    assert_string_equal(text, want);
    assert_int_equal(csk_addr_parse(&again, AF_UNIX, 0, text, NULL), 0);
    assert_true(csk_addr_equal(&addr, &again));
}

static void paths_abstract_and_empty_names_are_packed_and_unpacked(void)
{
    check("/run/x", 6, CSK_VALUE_TEXT, HEAD + 7, "/run/x");
    check("x", 1, CSK_VALUE_TEXT, HEAD + 2, "x");
    check("", 0, CSK_VALUE_TEXT, HEAD, "");
    check("\0name", 5, CSK_VALUE_BYTES, HEAD + 5, "@name");
    check("\0", 1, CSK_VALUE_BYTES, HEAD + 1, "@");
    check("\0python\0test\0", 13, CSK_VALUE_BYTES, HEAD + 13, "@python\\x00test\\x00");
    check("\0@", 2, CSK_VALUE_BYTES, HEAD + 2, "@@");
    check("@name", 5, CSK_VALUE_TEXT, HEAD + 6, "\\x40name");
    /* A path that looks like an address in hexadecimal bytes. */
    check("AF_1 0x2f746d702f78", 19, CSK_VALUE_TEXT, HEAD + 20, "\\x41F_1 0x2f746d702f78");
    check("/a\\b\n\xc3\xa9", 7, CSK_VALUE_TEXT, HEAD + 8, "/a\\x5cb\\x0a\\xc3\\xa9");
}

static void a_backslash_must_begin_an_escape(void)
{
    static const char *const wrong[] = { "/a\\b", "/a\\x4", "/a\\xgg", "/a\\" };
    struct csk_error error;
    struct csk_addr addr;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(csk_addr_parse(&addr, AF_UNIX, 0, wrong[i], &error), CSK_EADDRTEXT);
        assert_non_null(strstr(error.text, "a backslash must begin \\xNN"));
    }
}

static void a_path_has_space_for_its_null_byte_and_an_abstract_name_does_not(void)
{
    char path[ROOM + 2], text[4 * sizeof path];
    struct csk_addr addr;
    struct csk_error error = { 0 };

    memset(path, 'x', sizeof path);
    assert_int_equal(pack(&addr, path, ROOM - 1, NULL), 0);
    assert_int_equal(addr.len, HEAD + ROOM);
    assert_int_equal(pack(&addr, path, ROOM, &error), CSK_EPATHTOOLONG);
    assert_non_null(strstr(error.text, "AF_UNIX path too long"));
    path[0] = '\0';
    assert_int_equal(pack(&addr, path, ROOM, NULL), 0);
    assert_int_equal(addr.len, HEAD + ROOM);
    assert_int_equal(pack(&addr, path, ROOM + 1, NULL), CSK_EPATHTOOLONG);
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    text[0] = '/';
    assert_int_equal(csk_addr_parse(&addr, AF_UNIX, 0, text, &error), CSK_EPATHTOOLONG);
    text[ROOM] = '\0';
    assert_int_equal(csk_addr_parse(&addr, AF_UNIX, 0, text, &error), CSK_EPATHTOOLONG);
    text[ROOM - 1] = '\0';
    assert_int_equal(csk_addr_parse(&addr, AF_UNIX, 0, text, &error), 0);
}

static void a_path_without_a_null_byte_ends_with_the_address(void)
{
    struct csk_value out[CSK_ADDR_FIELDS_MAX];
    struct csk_addr addr = { .len = HEAD + 3 }, again;
    char text[CSK_ADDR_TEXT_MAX];

    memset(addr.bytes, 'x', sizeof addr.bytes);
    addr.sa.sa_family = AF_UNIX;
    assert_int_equal(csk_addr_unpack(&addr, out, text), 1);
    assert_int_equal(out[0].size, 3);
    addr.len = sizeof addr.storage;
    assert_int_equal(csk_addr_unpack(&addr, out, text), 1);
    assert_int_equal(out[0].size, sizeof addr.storage - HEAD);
    /* No path can be this long: only the bytes restore this address. */
    assert_int_equal(strncmp(csk_addr_format(&addr, text, sizeof text), "AF_1 0x7878", 11), 0);
    assert_int_equal(csk_addr_parse(&again, AF_UNIX, 0, text, NULL), 0);
    assert_true(csk_addr_equal(&addr, &again));
}

/* Linux lets bind() fill all of sun_path, and getsockname then returns one byte more. */
static void the_kernels_longest_path_is_read_whole(void)
{
    char directory[] = "/tmp/csk-unix-XXXXXX", back[4096];
    struct sockaddr_un sun = { .sun_family = AF_UNIX };
    struct csk_value out[CSK_ADDR_FIELDS_MAX];
    struct csk_socket s;
    struct csk_addr addr = { .len = sizeof sun }, own;
    char text[CSK_ADDR_TEXT_MAX], name[ROOM + 1];

    assert_non_null(mkdtemp(directory));
    assert_non_null(getcwd(back, sizeof back));
    assert_int_equal(chdir(directory), 0);
    memset(sun.sun_path, 'y', ROOM);
    memcpy(addr.bytes, &sun, sizeof sun);
    assert_int_equal(csk_socket(&s, AF_UNIX, SOCK_DGRAM, 0), 0);
    assert_int_equal(csk_bind(&s, &addr, NULL), 0);
    assert_int_equal(csk_getsockname(&s, &own), 0);
    assert_int_equal(csk_addr_unpack(&own, out, text), 1);
    assert_int_equal(out[0].kind, CSK_VALUE_TEXT);
    assert_int_equal(out[0].size, ROOM);
    csk_close(&s);
    memcpy(name, sun.sun_path, ROOM);
    name[ROOM] = '\0';
    assert_int_equal(unlink(name), 0);
    assert_int_equal(chdir(back), 0);
    assert_int_equal(rmdir(directory), 0);
}

static void getsockname_returns_the_bound_address(void)
{
    char texts[2][64];
    struct csk_addr addr, own;
    struct csk_socket s;

    snprintf(texts[0], sizeof texts[0], "@csk-test-%d-\x01-name", getpid());
    snprintf(texts[1], sizeof texts[1], "/tmp/csk-test-%d", getpid());
    for (int i = 0; i < 2; i++) {
        assert_int_equal(csk_addr_parse(&addr, AF_UNIX, 0, texts[i], NULL), 0);
        assert_int_equal(csk_socket(&s, AF_UNIX, SOCK_STREAM, 0), 0);
        assert_int_equal(csk_bind(&s, &addr, NULL), 0);
        assert_int_equal(csk_getsockname(&s, &own), 0);
        assert_true(csk_addr_equal(&addr, &own));
        csk_close(&s);
    }
    unlink(texts[1]);
}

/* The kernel would bind only the part before it. */
static void a_path_has_no_null_byte_inside(void)
{
    struct csk_addr addr, plain;
    struct csk_error error = { 0 };

    assert_int_equal(pack(&addr, "/a\0b", 4, &error), CSK_EADDRVALUE);
    assert_non_null(strstr(error.text, "embedded null byte"));
    assert_int_equal(pack(&addr, "a\0\0b\0", 5, NULL), CSK_EADDRVALUE);
    assert_int_equal(csk_addr_parse(&addr, AF_UNIX, 0, "/a\\x00b", &error), CSK_EADDRVALUE);
    /* Padding has no effect; an abstract name may contain any bytes. */
    assert_int_equal(pack(&addr, "/a\0\0", 4, NULL), 0);
    assert_int_equal(pack(&plain, "/a", 2, NULL), 0);
    assert_string_equal(addr.bytes + HEAD, plain.bytes + HEAD);
    assert_int_equal(pack(&addr, "\0a\0b", 4, NULL), 0);
}

TESTS(TEST(paths_abstract_and_empty_names_are_packed_and_unpacked),
      TEST(a_backslash_must_begin_an_escape),
      TEST(a_path_has_space_for_its_null_byte_and_an_abstract_name_does_not),
      TEST(a_path_without_a_null_byte_ends_with_the_address),
      TEST(the_kernels_longest_path_is_read_whole), TEST(a_path_has_no_null_byte_inside),
      TEST(getsockname_returns_the_bound_address))

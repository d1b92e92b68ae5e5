/* Numeric internet addresses, compared with the C library's functions. */
#include <csocket/csocket.h>

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void compare_pton(int family, const char *text, size_t size)
{
    unsigned char ours[16] = { 0 }, theirs[16] = { 0 };
    size_t count = family == AF_INET ? 4 : 16;
    bool taken = csk_inet_pton(family, text, ours, NULL) >= 0;

    check(taken == (inet_pton(family, text, theirs) == 1));
    check(!taken || memcmp(ours, theirs, count) == 0);
    /* A size ends the text as a null byte does. */
    if (strlen(text) == size) {
        memset(ours, 0, sizeof ours);
        check(taken == (csk_inet_pton_n(family, text, size, ours, NULL) >= 0));
        check(!taken || memcmp(ours, theirs, count) == 0);
    }
}

static void compare_aton(const char *text)
{
    unsigned char ours[4] = { 0 };
    struct in_addr theirs = { 0 };
    bool taken = csk_inet_aton(text, ours, NULL) >= 0;

    check(taken == (inet_aton(text, &theirs) != 0));
    check(!taken || memcmp(ours, &theirs, 4) == 0);
}

/* The text is parsed to the same address, and for IPv4 is that of the C library. */
static void compare_ntop(int family, const uint8_t *packed)
{
    char ours[46], theirs[INET6_ADDRSTRLEN];
    unsigned char again[16];
    size_t count = family == AF_INET ? 4 : 16;

    check(csk_inet_ntop(family, packed, count, ours, NULL) >= 0);
    check(inet_ntop(family, packed, theirs, sizeof theirs) != NULL);
    check(csk_inet_pton(family, ours, again, NULL) >= 0 && memcmp(packed, again, count) == 0);
    check(strcmp(ours, theirs) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    compare_pton(AF_INET, text, size);
    compare_pton(AF_INET6, text, size);
    compare_aton(text);
    if (size >= 4)
        compare_ntop(AF_INET, data);
    if (size >= 16)
        compare_ntop(AF_INET6, data);
    free(text);
    return 0;
}

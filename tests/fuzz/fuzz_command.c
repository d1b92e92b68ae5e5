/* The command's arguments: times, numbers, constants, settings, and lists of arguments, which null
 * bytes separate. */
#include "../../cli/cli.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* argp must neither end the program nor write. */
#define QUIET (ARGP_NO_EXIT | ARGP_NO_ERRS | ARGP_NO_HELP)

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void parse_one(const char *text)
{
    struct argp_state state = { .flags = QUIET };
    struct csk_error error = { 0, "" };
    char name[80], written[32];
    int64_t n = cli_time(&state, "time", text);

    check(n >= 0);
    /* Seconds of a double hold this many nanoseconds exactly. */
    if (n < INT64_C(1) << 53) {
        snprintf(written, sizeof written, "%lldns", (long long)n);
        check(cli_time(&state, "time", written) == n);
    }
    cli_number(&state, "number", text, INT64_MIN, INT64_MAX);
    cli_constant(&state, "AF", text);
    cli_split(text, name, sizeof name);
    check(strlen(name) < sizeof name);
    if (csk_option_find(name, AF_UNSPEC))
        cli_setting_check(&state, text);
    (void)error;
}

static void parse_all(const struct argp *argp, int count, char **arguments, void *input)
{
    argp_parse(argp, count, arguments, QUIET | ARGP_IN_ORDER, NULL, input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *arguments[18] = { "csocket" };
    struct cli_settings settings = { .count = 0 };
    struct cli_kind kind = { 0 };
    int count = 1;

    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    parse_one(text);
    for (size_t at = 0; at < size && count < 17; at += strlen(text + at) + 1)
        arguments[count++] = text + at;
    parse_all(&cli_kind_argp, count, arguments, &kind);
    /* An option that is not one would end the program. */
    for (int i = 1; i < count; i++)
        if (strncmp(arguments[i], "-o", 2) && strncmp(arguments[i], "--o", 3))
            parse_all(&cli_settings_argp, 1, arguments, &settings);
    check(settings.count <= CLI_SETTINGS_MAX);
    free(text);
    return 0;
}

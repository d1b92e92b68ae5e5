/* The command's arguments: times, numbers, constants, settings, and lists of arguments separated by
 * null bytes. */
#include "../../cli/cli.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The parser ends the program after a mistake: meson.build makes it call this instead. */
_Noreturn void fuzz_exit(int status);

static jmp_buf after;

_Noreturn void fuzz_exit(int status)
{
    longjmp(after, status + 1);
}

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void parse_time(struct cli_state *state, const char *text)
{
    int64_t n = cli_time(state, "time", text);
    char written[32];

    check(n >= 0);
    snprintf(written, sizeof written, "%lldns", (long long)n);
    check(cli_time(state, "time", written) == n);
}

/* The input's first byte chooses how the operands are parsed. */
static void operand(struct cli_state *state, const char *word, void *input)
{
    const unsigned char *kind = input;
    char name[80];

    switch (*kind % 4) {
    case 0: parse_time(state, word); break;
    case 1: cli_number(state, "number", word, INT64_MIN, INT64_MAX); break;
    case 2: cli_constant(state, "AF", word); break;
    default:
        cli_split_setting(word, name, sizeof name);
        check(strlen(name) < sizeof name);
        cli_setting_check(state, word);
    }
}

struct input {
    unsigned char kind;
    struct cli_kind socket;
    struct cli_settings settings;
};

static const struct cli_group groups[] = {
    { "", cli_kind_args, cli_kind_parse, offsetof(struct input, socket) },
    { "", cli_settings_args, cli_settings_parse, offsetof(struct input, settings) },
    { 0 },
};

static const char *const usages[] = { "", NULL };

static const struct cli_syntax syntax = {
    .usages = usages,
    .about = "",
    .groups = groups,
    .operand = operand,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *arguments[18] = { "csocket" };
    FILE *const saved_error = stderr, *const saved_output = stdout;
    struct input *input = calloc(1, sizeof *input);
    FILE *quiet = fopen("/dev/null", "w");
    int count = 1;

    check(text && quiet && input);
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    input->kind = (unsigned char)*text;
    for (size_t at = 0; at < size && count < 17; at += strlen(text + at) + 1)
        arguments[count++] = text + at;
    stderr = stdout = quiet;
    if (setjmp(after) == 0)
        cli_parse(&syntax, count, arguments, input);
    stderr = saved_error;
    stdout = saved_output;
    check(input->settings.count <= CLI_SETTINGS_MAX);
    fclose(quiet);
    free(input);
    free(text);
    return 0;
}

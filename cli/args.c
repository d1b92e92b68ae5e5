/* The parser of command lines. */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cli_state {
    const struct cli_syntax *syntax;
    const char *name;
    int argc, next;
    char **argv;
    void *input;
    bool dashes; /* "--" was seen */
};

static void parse_common(struct cli_state *state, int key, const char *value, void *input)
{
    (void)value;
    (void)input;
    if (key == CLI_KEY_HELP)
        cli_help(stdout, state->name, state->syntax);
    else if (key == CLI_KEY_USAGE)
        cli_help_usage(stdout, state->name, state->syntax);
    else
        printf("csocket %s\n", CLI_VERSION);
    exit(cli_flush_output(CLI_OK));
}

static const struct cli_group common_group = { .args = cli_common_args, .parse = parse_common };

/* The group with this index: the command's own, then the common one. */
static const struct cli_group *group_at(const struct cli_syntax *syntax, size_t index)
{
    size_t count = 0;

    while (syntax->groups && syntax->groups[count].args)
        count++;
    return index < count ? &syntax->groups[index] : index == count ? &common_group : NULL;
}

void cli_usage(const struct cli_state *state, const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cli_print_message(state->name, text);
    fprintf(stderr, "Try `%s --help` for more information.\n", state->name);
    exit(CLI_USAGE);
}

bool cli_after_dashes(const struct cli_state *state)
{
    return state->dashes;
}

int cli_remaining_arguments(struct cli_state *state, char ***argv)
{
    int first = state->next - 1;

    *argv = state->argv + first;
    state->next = state->argc;
    return state->argc - first;
}

/* An option that was found, and its group. */
struct match {
    const struct cli_group *group;
    const struct cli_arg *arg;
};

static void unknown_option(const struct cli_state *state, const char *name)
{
    struct cli_suggestions suggestions = { .word = name };
    const struct cli_arg *arg;
    const char *heading;

    for (size_t i = 0; (arg = cli_arg_at(state->syntax, i, &heading)); i++)
        cli_suggest(&suggestions, "", arg->name);
    for (size_t i = 0; i < suggestions.count; i++) { /* as they are typed */
        char dashes[sizeof suggestions.best[i]];

        snprintf(dashes, sizeof dashes, "--%.*s", (int)sizeof dashes - 3, suggestions.best[i]);
        memcpy(suggestions.best[i], dashes, sizeof dashes);
    }
    cli_usage(state, "unknown option --%s%s", name, cli_suggestions_text(&suggestions, NULL));
}

/* Find an option by its name or an unambiguous prefix of it. */
static struct match find_long(const struct cli_state *state, const char *name)
{
    struct match found = { NULL, NULL };
    const struct cli_group *group;
    bool ambiguous = false;

    for (size_t i = 0; (group = group_at(state->syntax, i)); i++)
        for (const struct cli_arg *arg = group->args; arg->name; arg++) {
            if (!strcmp(arg->name, name))
                return (struct match){ group, arg };
            if (strncmp(arg->name, name, strlen(name)) || !*name)
                continue;
            ambiguous = ambiguous || found.arg;
            found = (struct match){ group, arg };
        }
    if (ambiguous)
        cli_usage(state, "option --%s is ambiguous", name);
    if (!found.arg)
        unknown_option(state, name);
    return found;
}

static struct match find_short(const struct cli_state *state, char letter)
{
    const struct cli_group *group;

    if (letter == 'h') /* -h is help unless the command has another use for it */
        letter = CLI_KEY_HELP;
    for (size_t i = 0; (group = group_at(state->syntax, i)); i++)
        for (const struct cli_arg *arg = group->args; arg->name; arg++)
            if (arg->key == (unsigned char)letter)
                return (struct match){ group, arg };
    cli_usage(state, "unknown option -%c", letter);
}

static void found(struct cli_state *state, struct match match, const char *value)
{
    match.group->parse(state, match.arg->key, value, (char *)state->input + match.group->offset);
}

static void parse_long(struct cli_state *state, const char *text)
{
    char name[64];
    const char *value = strchr(text, '=');
    size_t length = value ? (size_t)(value - text) : strlen(text);
    struct match match;

    snprintf(name, sizeof name, "%.*s", (int)length, text);
    match = find_long(state, name);
    value = value ? value + 1 : NULL;
    if (value && !match.arg->value)
        cli_usage(state, "option --%s does not take a value", match.arg->name);
    if (!value && match.arg->value && !match.arg->optional) {
        if (state->next == state->argc)
            cli_usage(state, "option --%s requires a value: %s", match.arg->name, match.arg->value);
        value = state->argv[state->next++];
    }
    found(state, match, value);
}

static void parse_short(struct cli_state *state, const char *letters)
{
    for (; *letters; letters++) {
        struct match match = find_short(state, *letters);
        const char *value = NULL;

        if (match.arg->value && (letters[1] || match.arg->optional)) {
            value = letters[1] ? letters + 1 : NULL;
        } else if (match.arg->value) {
            if (state->next == state->argc)
                cli_usage(state, "option -%c requires a value: %s", *letters, match.arg->value);
            value = state->argv[state->next++];
        }
        found(state, match, value);
        if (match.arg->value)
            return;
    }
}

static void parse_operand(struct cli_state *state, const char *word)
{
    if (!state->syntax->operand)
        cli_usage(state, "unexpected argument \"%s\"", word);
    state->syntax->operand(state, word, state->input);
}

void cli_parse(const struct cli_syntax *syntax, int argc, char **argv, void *input)
{
    struct cli_state state = {
        .syntax = syntax,
        .name = argc > 0 ? argv[0] : "csocket",
        .argc = argc,
        .next = 1,
        .argv = argv,
        .input = input,
    };

    while (state.next < state.argc) {
        const char *word = argv[state.next++];

        if (state.dashes || *word != '-' || !word[1])
            parse_operand(&state, word);
        else if (!strcmp(word, "--"))
            state.dashes = true;
        else if (word[1] == '-')
            parse_long(&state, word + 2);
        else
            parse_short(&state, word + 1);
    }
    if (syntax->end)
        syntax->end(&state, input);
}

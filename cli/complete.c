/* csocket complete: possible next words of a command line.  The shells' completion functions call
 * it, so that they need no lists of their own. */
#include "cli.h"
#include "platform/platform.h"
#include "sockets/sockets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PROCESSES = 4096 };

struct arguments {
    int argc;
    char **argv;
};

static void operand(struct cli_state *state, const char *word, void *input)
{
    struct arguments *a = input;

    (void)word;
    a->argc = cli_remaining_arguments(state, &a->argv);
}

static const char *const usages[] = { "-- WORD...", NULL };

static const struct cli_example examples[] = {
    { "csocket complete -- csocket options --get=SO_LIN", "Print --get=SO_LINGER" },
    { 0 },
};

static const struct cli_syntax syntax = {
    .usages = usages,
    .about = "Print the possible completions of the last WORD of a command line, one per line, "
             "with a description after a tab. The completion functions of bash, zsh and fish use "
             "it.",
    .details = "The line \":files\" stands for the names of files.",
    .examples = examples,
    .operand = operand,
    .command_last = true,
};

/* The word to complete: the text to print before each candidate, and the part to match. */
struct target {
    const char *before;
    size_t before_size;
    const char *start;
    const char *fields_of; /* the option that --watch names */
};

static void offer(const struct target *target, const char *name, const char *after,
                  const char *meaning)
{
    if (strncasecmp(name, target->start, strlen(target->start)))
        return;
    printf("%.*s%s%s", (int)target->before_size, target->before, name, after);
    if (meaning && *meaning)
        printf("\t%s", meaning);
    putchar('\n');
}

static void offer_commands(const struct target *target)
{
    const struct cli_command *command;

    for (size_t i = 0; (command = cli_command_at(i)); i++)
        offer(target, command->name, "", command->help);
}

static void offer_group(const struct target *target, const char *group)
{
    const struct csk_constant *c;

    for (size_t i = 0; (c = csk_constant_at(group, i)); i++)
        if (!c->text && (!group || !(c->flags & CSK_CONSTANT_ALIAS)))
            offer(target, c->name, "", csk_constant_meaning(c));
}

static void offer_groups(const struct target *target)
{
    const struct csk_constant *c, *first;

    for (size_t i = 0; (c = csk_constant_at(NULL, i)); i++)
        if ((first = csk_constant_at(c->group, 0)) && first == c)
            offer(target, c->group, "", NULL);
}

static void offer_families(const struct target *target)
{
    const struct csk_family *family, *before;

    for (size_t i = 0; (family = csk_family_at(i)); i++) {
        size_t k = 0;

        while ((before = csk_family_at(k)) &&
               csk_family_number(before) != csk_family_number(family))
            k++;
        if (k == i) /* families with several formats are offered once */
            offer(target, csk_family_name(family), "", csk_family_meaning(family));
    }
}

static const char *level_of(const struct csk_option *option)
{
    return csk_option_note(option, CSK_OPTION_NOTE_LEVEL);
}

static void offer_levels(const struct target *target)
{
    const struct csk_option *option, *before;

    for (size_t i = 0; (option = csk_option_at(i)); i++) {
        size_t k = 0;

        while ((before = csk_option_at(k)) && strcmp(level_of(before), level_of(option)))
            k++;
        if (k == i)
            offer(target, level_of(option), "", NULL);
    }
}

static bool is_repeated(size_t index)
{
    const struct csk_option *option = csk_option_at(index), *before;

    for (size_t i = 0; i < index && (before = csk_option_at(i)); i++)
        if (!strcmp(csk_option_name(before), csk_option_name(option)))
            return true;
    return false;
}

static void offer_options(const struct target *target, bool to_set)
{
    const struct csk_option *option;

    for (size_t i = 0; (option = csk_option_at(i)); i++) {
        bool fits = !to_set || csk_option_layout(option, CSK_OPTION_SET);

        if (!(csk_option_flags(option) & CSK_OPTION_UNAVAILABLE) && fits &&
            !strncasecmp(csk_option_name(option), target->start, strlen(target->start)) &&
            !is_repeated(i))
            offer(target, csk_option_name(option), to_set ? "=" : "",
                  csk_option_note(option, CSK_OPTION_NOTE_MEANING));
    }
}

static void offer_interfaces(const struct target *target)
{
    struct csk_if *list;
    int n = csk_if_nameindex(&list);

    if (n < 0)
        return;
    for (int i = 0; i < n; i++)
        offer(target, list[i].name, "", NULL);
    csk_if_freenameindex(list);
}

static void offer_processes(const struct target *target)
{
    struct cli_process *list = cli_alloc(PROCESSES * sizeof *list);
    int n = cli_platform_processes(list, PROCESSES);

    for (int i = 0; i < n && i < PROCESSES; i++) {
        char pid[24];

        snprintf(pid, sizeof pid, "%lld", (long long)list[i].pid);
        offer(target, pid, "", list[i].name);
    }
    free(list);
}

/* Fields are separated by commas. */
static void offer_fields(const struct target *target)
{
    const char *name = target->fields_of ? target->fields_of : "TCP_INFO";
    const struct csk_option *option = csk_option_find(name, AF_UNSPEC);
    const struct csk_layout *layout = option ? csk_option_layout(option, CSK_OPTION_GET) : NULL;
    const char *comma = strrchr(target->start, ',');
    struct target last = *target;

    if (!layout)
        return;
    if (comma) {
        last.start = comma + 1;
        last.before_size += (size_t)(last.start - target->start);
    }
    for (size_t i = 0; i < csk_layout_field_count(layout); i++) {
        const struct csk_field *field = csk_layout_field(layout, i);

        offer(&last, csk_field_name(field), "", csk_field_unit(field));
    }
}

/* A list separated by commas; --where begins with a field, too. */
static void offer_columns(const struct target *target)
{
    const char *comma = strrchr(target->start, ','), *name, *meaning;
    struct target last = *target;

    if (comma) {
        last.start = comma + 1;
        last.before_size += (size_t)(last.start - target->start);
    }
    for (size_t i = 0; (name = sockets_field_at(i, &meaning)); i++)
        if (*name)
            offer(&last, name, "", meaning);
}

static void offer_states(const struct target *target)
{
    for (int i = 1; *sockets_state_name(i); i++)
        offer(target, sockets_state_name(i), "", NULL);
}

static void offer_words(const struct target *target, enum cli_words words)
{
    switch (words) {
    case CLI_WORDS_ADDRESS:
    case CLI_WORDS_FILE: printf(":files\n"); break;
    case CLI_WORDS_COLUMN: offer_columns(target); break;
    case CLI_WORDS_STATE: offer_states(target); break;
    case CLI_WORDS_COMMAND: offer_commands(target); break;
    case CLI_WORDS_CONSTANT:
        if (*target->start)
            offer_group(target, NULL);
        break;
    case CLI_WORDS_FAMILY: offer_families(target); break;
    case CLI_WORDS_FIELD: offer_fields(target); break;
    case CLI_WORDS_GROUP: offer_groups(target); break;
    case CLI_WORDS_INTERFACE: offer_interfaces(target); break;
    case CLI_WORDS_LEVEL: offer_levels(target); break;
    case CLI_WORDS_OPTION: offer_options(target, false); break;
    case CLI_WORDS_PROCESS: offer_processes(target); break;
    case CLI_WORDS_PROTOCOL: offer_group(target, "IPPROTO"); break;
    case CLI_WORDS_SETTING: offer_options(target, true); break;
    case CLI_WORDS_TYPE: offer_group(target, "SOCK"); break;
    default: break;
    }
}

static void offer_args(const struct target *target, const struct cli_syntax *command)
{
    const struct cli_arg *arg;
    const char *heading;
    char name[80];

    for (size_t i = 0; (arg = cli_arg_at(command, i, &heading)); i++) {
        snprintf(name, sizeof name, "--%s", arg->name);
        offer(target, name, arg->value && !arg->optional ? "=" : "", arg->help);
    }
}

/* The option that a word names, up to "=" if there is one. */
static const struct cli_arg *arg_of(const struct cli_syntax *command, const char *word)
{
    const struct cli_arg *arg;
    const char *heading;
    size_t length;

    if (word[0] == '-' && word[1] && word[1] != '-' && !word[2]) {
        for (size_t i = 0; (arg = cli_arg_at(command, i, &heading)); i++)
            if (arg->key == word[1])
                return arg;
        return NULL;
    }
    if (strncmp(word, "--", 2))
        return NULL;
    word += 2;
    length = strcspn(word, "=");
    for (size_t i = 0; (arg = cli_arg_at(command, i, &heading)); i++)
        if (strlen(arg->name) == length && !memcmp(arg->name, word, length))
            return arg;
    return NULL;
}

/* Complete the last of a command's words; words[0] is its name. */
static void complete(const struct cli_syntax *command, int count, char **words)
{
    struct target target = { .before = "", .start = words[count - 1] };
    const struct cli_arg *arg = NULL;
    size_t operands = 0;
    const char *equals;

    for (int i = 1; i < count - 1; i++) {
        bool is_value = arg && arg->value && !arg->optional && !strchr(words[i - 1], '=');

        if (!strcmp(words[i], "--") && !is_value)
            return;
        arg = is_value ? NULL : arg_of(command, words[i]);
        operands += !is_value && *words[i] != '-';
        if (!strncmp(words[i], "--watch=", 8))
            target.fields_of = words[i] + 8;
    }
    if (arg && arg->value && !arg->optional && !strchr(words[count - 2], '=')) {
        offer_words(&target, arg->words);
    } else if ((arg = arg_of(command, target.start)) && (equals = strchr(target.start, '='))) {
        target.before = target.start;
        target.before_size = (size_t)(equals + 1 - target.start);
        target.start = equals + 1;
        offer_words(&target, arg->words);
    } else if (*target.start == '-') {
        offer_args(&target, command);
    } else {
        offer_words(&target, command->words[operands > 0]);
    }
}

static int run(int argc, char **argv)
{
    const struct cli_command *command;
    struct arguments a = { 0 };

    cli_parse(&syntax, argc, argv, &a);
    if (a.argc < 2)
        return CLI_OK;
    if (a.argc == 2) {
        const struct target target = { .before = "", .start = a.argv[1] };

        offer_commands(&target);
        return CLI_OK;
    }
    command = cli_command_find(a.argv[1]);
    if (command)
        complete(command->syntax, a.argc - 1, a.argv + 1);
    return CLI_OK;
}

const struct cli_command cli_complete = {
    "complete",
    "Print completions of a command line, for shells",
    &syntax,
    run,
};

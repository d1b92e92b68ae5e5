/* The options of a command, in order. */
#include "args.h"

const struct cli_arg cli_common_args[] = {
    { .name = "help", .key = CLI_KEY_HELP, .help = "Print this help and exit; also -h" },
    { .name = "usage", .key = CLI_KEY_USAGE, .help = "Print a short usage message and exit" },
    { .name = "version", .key = CLI_KEY_VERSION, .help = "Print the version and exit" },
    { 0 },
};

const struct cli_arg *cli_arg_at(const struct cli_syntax *syntax, size_t index,
                                 const char **heading)
{
    static const struct cli_group common = { .args = cli_common_args };
    const struct cli_group *group = syntax->groups ? syntax->groups : &common;

    for (;; group = group[1].args ? group + 1 : &common) {
        for (const struct cli_arg *arg = group->args; arg->name; arg++)
            if (index-- == 0) {
                *heading = arg != group->args ? NULL : group->heading ? group->heading : "";
                return arg;
            }
        if (group == &common)
            return NULL;
    }
}

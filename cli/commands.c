/* The table of commands. */
#include "cli.h"

#include <string.h>

static const struct cli_command *const commands[] = {
    &cli_connect,    &cli_listen,  &cli_relay_command, &cli_resolve,
    &cli_interfaces, &cli_options, &cli_sockets,       &cli_constants,
    &cli_families,   &cli_version, &cli_complete,      &cli_help_command,
};

#define COUNT (sizeof commands / sizeof *commands)

const struct cli_command *cli_command_at(size_t index)
{
    return index < COUNT ? commands[index] : NULL;
}

const struct cli_command *cli_command_find(const char *name)
{
    for (size_t i = 0; i < COUNT; i++)
        if (!strcmp(commands[i]->name, name))
            return commands[i];
    return NULL;
}

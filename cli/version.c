/* csocket version: the version of the program and the capabilities of the system. */
#include "cli.h"

#include <stdio.h>
#include <sys/utsname.h>

static const char *const usages[] = { "", NULL };

static const struct cli_syntax syntax = {
    .usages = usages,
    .about = "Print the version, and the capabilities of this system.",
};

static int run(int argc, char **argv)
{
    struct utsname system;
    size_t constants = 0, families = 0, options = 0;

    cli_parse(&syntax, argc, argv, NULL);
    while (csk_constant_at(NULL, constants))
        constants++;
    while (csk_family_at(families))
        families++;
    while (csk_option_at(options))
        options++;
    printf("csocket %s\n", CLI_VERSION);
    if (uname(&system) == 0)
        printf("system: %s %s %s\n", system.sysname, system.release, system.machine);
    printf("IPv6: %s\n", csk_has_ipv6() ? "yes" : "no");
    printf("dual-stack servers: %s\n", csk_has_dualstack_ipv6() > 0 ? "yes" : "no");
    printf("catalogue: %zu options, %zu constants, %zu address formats\n", options, constants,
           families);
    return CLI_OK;
}

const struct cli_command cli_version = {
    "version",
    "Print the version and the system's capabilities",
    &syntax,
    run,
};

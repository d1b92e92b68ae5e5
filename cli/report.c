/* Error messages, standard output, and the end of commands. */
#include "cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT_MAX 1024

void cli_print_message(const char *who, const char *text)
{
    char shown[4 * TEXT_MAX];
    size_t width;

    cli_escape(text, strlen(text), shown, sizeof shown, &width);
    fprintf(stderr, "%s: %s\n", who, shown);
}

int cli_error(const char *format, ...)
{
    char text[TEXT_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cli_print_message("csocket", text);
    return CLI_FAILED;
}

int cli_failed(int64_t code, const struct csk_error *error, const char *format, ...)
{
    char what[TEXT_MAX], message[CSK_ERROR_TEXT_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (error && error->code == code && strstr(error->text, what))
        return cli_error("%s", error->text);
    if (error && error->code == code && *error->text)
        return cli_error("%s: %s", what, error->text);
    return cli_error("%s: %s", what, csk_strerror((int)code, message, sizeof message));
}

int cli_late(const char *what, int64_t deadline)
{
    return cli_error("%s: not finished at the deadline of %gs", what,
                     (double)deadline / (double)CSK_SECOND);
}

void cli_notice(const char *format, ...)
{
    char text[TEXT_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cli_print_message("csocket", text);
}

void cli_addresses(const struct csk_socket *s, char local[CSK_ADDR_TEXT_MAX],
                   char peer[CSK_ADDR_TEXT_MAX])
{
    struct csk_addr addr;

    *local = *peer = '\0';
    if (csk_getsockname(s, &addr) == 0)
        csk_addr_format(&addr, local, CSK_ADDR_TEXT_MAX);
    if (csk_getpeername(s, &addr) == 0)
        csk_addr_format(&addr, peer, CSK_ADDR_TEXT_MAX);
}

/* A reader that closes the pipe expects neither further output nor an error message. */
static int output_error(int number)
{
    if (number == EPIPE)
        return CLI_FAILED;
    return cli_failed(-number, NULL, "standard output");
}

int cli_flush_output(int status)
{
    if (ferror(stdout))
        return cli_error("standard output: not everything could be written");
    return fflush(stdout) == 0 ? status : output_error(errno);
}

void *cli_alloc(size_t size)
{
    void *memory = calloc(1, size);

    if (!memory)
        exit(cli_failed(-ENOMEM, NULL, "allocate %zu bytes", size));
    return memory;
}

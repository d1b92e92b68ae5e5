/* README.md's program, word for word, with the address as its argument. */
#include <csocket/csocket.h>

#include <err.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 2)
        errx(2, "usage: readme HOST:PORT");

    /* clang-format off */
    struct csk_socket s;
    struct csk_error error;
    char line[1024], info[4096];
    FILE *file;
    struct csk_connection_options how =
        CSK_CONNECTION_OPTIONS_INIT;

    how.timeout = 3 * CSK_SECOND;
    if (csk_create_connection(&s, argv[1],
                              &how, &error) < 0)
        errx(1, "%s", error.text);
    csk_option_set(&s, "TCP_KEEPIDLE", "60s", NULL);
    csk_sendall(&s, "GET / HTTP/1.0\r\n\r\n", 18, 0, NULL);
    csk_makefile(&s, "r", &file);
    while (fgets(line, sizeof line, file))
        fputs(line, stdout);
    csk_option_get(&s, "TCP_INFO", info, sizeof info, NULL);
    puts(info);
    fclose(file);
    csk_close(&s);
    /* clang-format on */
    return 0;
}

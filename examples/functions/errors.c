/* Codes of errors: their range, the number in it, the name and the message. */
#include <csocket/csocket.h>
#include <errno.h>
#include <stdio.h>

static void show(ssize_t code)
{
    char text[100];

    printf("%d: kind %d, number %d, %s, %s\n", (int)code, csk_error_kind(code),
           csk_error_number(code), csk_error_name(code), csk_strerror(code, text, sizeof text));
}

int main(void)
{
    show(-ECONNREFUSED);
    show(CSK_EAI(EAI_NONAME));
    show(CSK_ETIMEDOUT);
    return 0;
}

/* Times, numbers and sizes as users write them. */
#include <csocket/csocket.h>
#include <err.h>
#include <stdio.h>

int main(void)
{
    int64_t ns, number, size;
    struct csk_error error;

    if (csk_time_parse("250ms", CSK_SECOND, &ns, &error) < 0 ||
        csk_number_parse("0x1f", &number, &error) < 0 || csk_size_parse("64K", &size, &error) < 0)
        errx(1, "%s", error.text);
    printf("%lld ns, %lld, %lld bytes\n", (long long)ns, (long long)number, (long long)size);
    if (csk_size_parse("64 pages", &size, &error) < 0)
        puts(error.text);
    return 0;
}

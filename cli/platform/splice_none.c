/* A system that cannot move bytes between descriptors by itself. */
#include "platform/platform.h"

#include <errno.h>

int cli_platform_splice_open(struct cli_splice *splice, int from, int to)
{
    (void)splice;
    (void)from;
    (void)to;
    return -ENOSYS;
}

int64_t cli_platform_splice(struct cli_splice *splice)
{
    (void)splice;
    return -ENOSYS;
}

void cli_platform_splice_close(struct cli_splice *splice)
{
    (void)splice;
}

/* csocket connect --check. */
#ifndef CSOCKET_CLI_CHECK_H
#define CSOCKET_CLI_CHECK_H

#include "connect/connect.h"

/* Try every port; words: an address whose port may be a list of ranges, or a host and such a list.
 * timeout limits each attempt, deadline all of it (ns; negative: none).  CLI_OK if all of them
 * accept. */
int cli_check(const char *const words[2], const struct cli_kind *kind,
              const struct cli_format *format, int64_t parallel, int64_t timeout, int64_t deadline);

#endif

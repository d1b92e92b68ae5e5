/* csocket connect --trace. */
#ifndef CSOCKET_CLI_TRACE_H
#define CSOCKET_CLI_TRACE_H

#include "connect/connect.h"

/* Connect and print each step: the lookup of the host, the attempts, and how each ended, or that it
 * was not finished at the deadline, in ns from now (negative: none).  CLI_OK if one connected. */
int cli_trace(const char *address, const struct csk_connection_options *options,
              const struct cli_format *format, int64_t deadline);

#endif

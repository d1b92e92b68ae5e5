/* AF_RDS: IPv4's addresses. */
#include "family.h"

#include <netinet/in.h>

const struct csk_family cski_family_rds[] = {
    { .name = "AF_RDS",
      .family = AF_RDS,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct sockaddr_in),
      .max_len = sizeof(struct sockaddr_in),
      .syntax = "host:port",
      .layout = CSKI_LAYOUT(sockaddr_in, cski_sin_fields),
      .notes = { .module = "rds, rds_tcp",
                 .since = "Linux 2.6.30",
                 .meaning = "reliable datagrams; the host is one of the machine's own addresses",
                 .fields = CSKI_SIN_MEANINGS,
                 .sockets = "SOCK_SEQPACKET",
                 .example = "bind 127.0.0.1:0",
                 .verified = "exchange on Linux 6.1 and 7.2: over TCP on loopback" },
      .sa_family = AF_INET,
      .pack = cski_sin_pack,
      .unpack = cski_sin_unpack,
      .parse = cski_sin_parse,
      .format = cski_sin_format },
    { .name = "" },
};

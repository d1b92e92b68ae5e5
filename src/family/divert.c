/* AF_DIVERT of FreeBSD: IPv4's addresses. */
#include "family.h"

#include <netinet/in.h>

#ifndef AF_DIVERT
#define AF_DIVERT 44
#endif

const struct csk_family cski_family_divert[] = {
    { .name = "AF_DIVERT",
      .family = AF_DIVERT,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct sockaddr_in),
      .max_len = sizeof(struct sockaddr_in),
      .syntax = "host:port",
      .layout = CSKI_LAYOUT(sockaddr_in, cski_sin_fields),
      .raises_sigpipe = true,
      .notes = { .module = "ipdivert",
                 .since = "FreeBSD 14",
                 .privilege = "root",
                 .meaning = "packets that a firewall rule diverts; the port is the rule's",
                 .fields = CSKI_SIN_MEANINGS,
                 .sockets = "SOCK_RAW",
                 .example = "bind 0.0.0.0:8668",
                 .verified = "bytes only" },
      .sa_family = AF_INET,
      .pack = cski_sin_pack,
      .unpack = cski_sin_unpack,
      .parse = cski_sin_parse,
      .format = cski_sin_format },
    { .name = "" },
};

/* AF_SMC: the internet's addresses; the protocol says of which version. */
#include "family.h"

#include <netinet/in.h>

enum { SMC6 = 1 };

const struct csk_family cski_family_smc[] = {
    { .name = "AF_SMC",
      .variant = "SMC6",
      .family = AF_SMC,
      .proto = SMC6,
      .min_len = offsetof(struct sockaddr_in6, sin6_scope_id),
      .max_len = sizeof(struct sockaddr_in6),
      .syntax = "[host%interface]:port,flowinfo",
      .layout = CSKI_LAYOUT(sockaddr_in6, cski_sin6_fields),
      .raises_sigpipe = true,
      .notes = { .module = "smc",
                 .since = "Linux 4.16",
                 .meaning = "TCP over IPv6 that switches to shared memory if both ends can",
                 .sockets = "SOCK_STREAM, SMCPROTO_SMC6",
                 .example = "connect [2001:db8::1]:80",
                 .verified = "exchange on Linux 6.1: with fallback to TCP" },
      .sa_family = AF_INET6,
      .pack = cski_sin6_pack,
      .unpack = cski_sin6_unpack,
      .parse = cski_sin6_parse,
      .format = cski_sin6_format },
    { .name = "AF_SMC",
      .family = AF_SMC,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct sockaddr_in),
      .max_len = sizeof(struct sockaddr_in),
      .syntax = "host:port",
      .layout = CSKI_LAYOUT(sockaddr_in, cski_sin_fields),
      .notes = { .module = "smc",
                 .since = "Linux 4.11",
                 .meaning = "TCP that switches to shared memory if both ends can",
                 .sockets = "SOCK_STREAM",
                 .example = "connect 192.0.2.1:80",
                 .verified = "exchange on Linux 6.1: with fallback to TCP" },
      .sa_family = AF_INET,
      .pack = cski_sin_pack,
      .unpack = cski_sin_unpack,
      .parse = cski_sin_parse,
      .format = cski_sin_format },
    { .name = "" },
};

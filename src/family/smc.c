/* AF_SMC: the internet's addresses; the protocol says of which version. */
#include "family.h"

#include <netinet/in.h>

enum { SMC6 = 1 };

const struct cski_family cski_family_smc[] = {
    { .form = { .name = "AF_SMC",
                .variant = "SMC6",
                .family = AF_SMC,
                .proto = SMC6,
                .min_len = offsetof(struct sockaddr_in6, sin6_scope_id),
                .max_len = sizeof(struct sockaddr_in6),
                .fields = cski_sin6_fields,
                .field_count = CSKI_COUNT(cski_sin6_fields),
                .form = "[host%interface]:port,flowinfo",
                .module = "smc",
                .since = "Linux 4.16",
                .meaning = "TCP over IPv6 that turns to shared memory where both ends can",
                .sockets = "SOCK_STREAM, SMCPROTO_SMC6",
                .example = "connect [2001:db8::1]:80",
                .verified = "exchange on Linux 6.1: fallen back to TCP" },
      .sa_family = AF_INET6,
      .pack = cski_sin6_pack,
      .unpack = cski_sin6_unpack,
      .parse = cski_sin6_parse,
      .format = cski_sin6_format },
    { .form = { .name = "AF_SMC",
                .family = AF_SMC,
                .proto = CSK_ANY_PROTO,
                .min_len = sizeof(struct sockaddr_in),
                .max_len = sizeof(struct sockaddr_in),
                .fields = cski_sin_fields,
                .field_count = CSKI_COUNT(cski_sin_fields),
                .form = "host:port",
                .module = "smc",
                .since = "Linux 4.11",
                .meaning = "TCP that turns to shared memory where both ends can",
                .sockets = "SOCK_STREAM",
                .example = "connect 192.0.2.1:80",
                .verified = "exchange on Linux 6.1: fallen back to TCP" },
      .sa_family = AF_INET,
      .pack = cski_sin_pack,
      .unpack = cski_sin_unpack,
      .parse = cski_sin_parse,
      .format = cski_sin_format },
    { .form.name = NULL },
};

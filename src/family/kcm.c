/* AF_KCM: no addresses; TCP sockets are attached with SIOCKCMATTACH. */
#include "family.h"

const struct csk_family cski_family_kcm[] = {
    { .name = "AF_KCM",
      .family = AF_KCM,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(sa_family_t),
      .max_len = sizeof(sa_family_t),
      .raises_sigpipe = true,
      .notes = { .module = "kcm",
                 .since = "Linux 4.6",
                 .meaning = "messages delimited in TCP streams by a BPF program",
                 .sockets = "SOCK_DGRAM",
                 .verified = "exchange on Linux 6.1 and 7.2: messages over TCP on loopback" } },
    { .name = "" },
};

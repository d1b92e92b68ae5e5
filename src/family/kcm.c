/* AF_KCM: no addresses; TCP sockets are attached with SIOCKCMATTACH. */
#include "family.h"

const struct cski_family cski_family_kcm[] = {
    { .form = { .name = "AF_KCM",
                .family = AF_KCM,
                .proto = CSK_ANY_PROTO,
                .min_len = sizeof(sa_family_t),
                .max_len = sizeof(sa_family_t),
                .module = "kcm",
                .since = "Linux 4.6",
                .meaning = "messages cut from TCP streams by a BPF program",
                .sockets = "SOCK_DGRAM",
                .verified = "exchange on Linux 6.1 and 7.2: messages over TCP on loopback" },
      .raises_sigpipe = true },
    { .form.name = NULL },
};

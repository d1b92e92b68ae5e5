/* The results of glibc's getaddrinfo, in its order (2.3 to 2.41): without a type and a protocol the
 * entries that are by_default; otherwise the first that fits. */
#include "platform.h"

#include <netinet/in.h>

const struct cski_service cski_os_services[] = {
    { SOCK_STREAM, IPPROTO_TCP, true, false },
    { SOCK_DGRAM, IPPROTO_UDP, true, false },
    { SOCK_DCCP, IPPROTO_DCCP, false, false },
    { SOCK_DGRAM, IPPROTO_UDPLITE, false, false },
    { SOCK_STREAM, IPPROTO_SCTP, false, false },
    { SOCK_SEQPACKET, IPPROTO_SCTP, false, false },
    { SOCK_RAW, 0, true, true },
};
const bool cski_os_empty_service = true;
const unsigned cski_os_service_count = sizeof cski_os_services / sizeof *cski_os_services;

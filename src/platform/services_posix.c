/* The results of any getaddrinfo for one type. The types without a requested one, and their order,
 * depend on the system, so no entry is by_default. */
#include "platform.h"

#include <netinet/in.h>

const struct cski_service cski_os_services[] = {
    { SOCK_STREAM, IPPROTO_TCP, false, false },
    { SOCK_DGRAM, IPPROTO_UDP, false, false },
};
const bool cski_os_empty_service = false;
const unsigned cski_os_service_count = sizeof cski_os_services / sizeof *cski_os_services;

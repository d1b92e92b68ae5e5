/* Addresses as bytes: the notation of those that have no other text. */
#include "address/address.h"

void cski_addr_format_bytes(const struct csk_addr *addr, char *text)
{
    struct cski_out out;

    cski_out_init(&out, text, CSK_ADDR_TEXT_MAX);
    cski_out_format(&out, "AF_%u 0x", addr->sa.sa_family);
    cski_out_hex(&out, addr->bytes + CSKI_ADDR_HEAD, addr->len - CSKI_ADDR_HEAD);
}

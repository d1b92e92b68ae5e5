/* The error of a call with an address.
 *
 * A program that is linked with the static library, and uses addresses only as the system has them,
 * need not get the descriptions of all families for this text: they are used if something else
 * brings them. */
#include "address/address.h"

#ifdef CSK_HAVE_WEAK_REFERENCES
extern __typeof__(csk_addr_format) csk_addr_format __attribute__((weak));
#define HAS_FAMILIES (csk_addr_format != NULL)
#else
#define HAS_FAMILIES true
#endif

static void format_without_families(const struct csk_addr *addr, char text[CSK_ADDR_TEXT_MAX])
{
    if (addr->len < CSKI_ADDR_HEAD || addr->len > sizeof addr->storage)
        *text = '\0';
    else if (!cski_family_format_usual(addr, text))
        cski_addr_format_bytes(addr, text);
}

int cski_fail_at(struct csk_error *error, int code, const char *what, const struct csk_addr *addr)
{
    char text[CSK_ADDR_TEXT_MAX], cause[CSK_ERROR_TEXT_MAX];

    if (!error)
        return code;
    csk_strerror(code, cause, sizeof cause);
    if (!addr)
        return cski_fail(error, code, "%s: %.100s", what, cause);
    if (HAS_FAMILIES)
        csk_addr_format(addr, text, sizeof text);
    else
        format_without_families(addr, text);
    return cski_fail(error, code, "%s %.120s: %.100s", what, text, cause);
}

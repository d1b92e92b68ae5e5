/* What codes mean. */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum csk_error_kind csk_error_kind(int code)
{
    if (code >= 0)
        return CSK_KIND_NONE;
    if (code == CSK_ETIMEDOUT)
        return CSK_KIND_TIMEOUT;
    if (code > -4096)
        return CSK_KIND_SYSTEM;
    if (code <= -10000 && code > -11000)
        return CSK_KIND_EAI;
    if (code <= -11000 && code > -12000)
        return CSK_KIND_HOST;
    return CSK_KIND_MISUSE;
}

/* Some systems' EAI codes are negative (glibc, musl), others' positive. */
#define EAI_SIGN ((EAI_NONAME) < 0 ? -1 : 1)

int csk_error_number(int code)
{
    switch (csk_error_kind(code)) {
    case CSK_KIND_NONE: return 0;
    case CSK_KIND_SYSTEM: return -code;
    case CSK_KIND_EAI: return EAI_SIGN * (-10000 - code);
    case CSK_KIND_HOST: return -11000 - code;
    default: return code;
    }
}

struct entry {
    int code;
    const char *name, *text;
};

static const struct entry own[] = {
#define ENTRY(name, number, text) { number, #name, text },
    CSK_ERROR_MAP(ENTRY)
#undef ENTRY
};

/* hstrerror's texts, which glibc translates and other systems do not have. */
static const struct entry host[] = {
    { HOST_NOT_FOUND, "HOST_NOT_FOUND", "Unknown host" },
    { TRY_AGAIN, "TRY_AGAIN", "Host name lookup failure" },
    { NO_RECOVERY, "NO_RECOVERY", "Unknown server error" },
    { NO_DATA, "NO_DATA", "No address associated with name" },
};

/* clang-format off */
static const struct entry eai[] = {
#define EAI(name) { name, #name, NULL }
    EAI(EAI_AGAIN), EAI(EAI_BADFLAGS), EAI(EAI_FAIL), EAI(EAI_FAMILY), EAI(EAI_MEMORY),
    EAI(EAI_NONAME), EAI(EAI_OVERFLOW), EAI(EAI_SERVICE), EAI(EAI_SOCKTYPE), EAI(EAI_SYSTEM),
#ifdef EAI_NODATA
    EAI(EAI_NODATA),
#endif
#ifdef EAI_ADDRFAMILY
    EAI(EAI_ADDRFAMILY),
#endif
#undef EAI
};
/* clang-format on */

static const struct entry *find(const struct entry *table, size_t count, int code)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].code == code)
            return &table[i];
    return NULL;
}

#define FIND(table, code) find(table, sizeof table / sizeof *table, code)

const char *csk_error_name(int code)
{
    const struct entry *e = NULL;

    switch (csk_error_kind(code)) {
    case CSK_KIND_NONE: break;
    case CSK_KIND_SYSTEM: return cski_os_errno_name(-code);
    case CSK_KIND_EAI: e = FIND(eai, csk_error_number(code)); break;
    case CSK_KIND_HOST: e = FIND(host, csk_error_number(code)); break;
    default: e = FIND(own, code); break;
    }
    return e ? e->name : NULL;
}

const char *csk_strerror(int code, char *text, size_t size)
{
    const struct entry *e = NULL;
    char room[CSK_ERROR_TEXT_MAX];
    const char *said = NULL;

    if (!text)
        return NULL;
    switch (csk_error_kind(code)) {
    case CSK_KIND_NONE: said = "no error"; break;
    case CSK_KIND_SYSTEM: said = cski_os_strerror(-code, room, sizeof room); break;
    case CSK_KIND_EAI: said = gai_strerror(csk_error_number(code)); break;
    case CSK_KIND_HOST: e = FIND(host, csk_error_number(code)); break;
    default: e = FIND(own, code); break;
    }
    if (e)
        said = e->text;
    if (said)
        snprintf(text, size, "%s", said);
    else
        snprintf(text, size, "unknown error %d", code);
    return text;
}

int cski_fail(struct csk_error *error, int code, const char *format, ...)
{
    va_list args;

    if (error) {
        error->code = code;
        va_start(args, format);
        vsnprintf(error->text, sizeof error->text, format, args);
        va_end(args);
    }
    return code;
}

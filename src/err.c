/* The meanings of codes. */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The first codes of the ranges; err.h has the table. */
#define EAI_BASE CSK_EAI(0)
#define HOST_BASE CSK_EHOST(0)
#define OWN_BASE (-60000)

enum csk_error_kind csk_error_kind(ssize_t code)
{
    if (code >= 0)
        return CSK_KIND_NONE;
    if (code == CSK_ETIMEDOUT)
        return CSK_KIND_TIMEOUT;
    if (code == CSK_ECANCELED)
        return CSK_KIND_CANCEL;
    if (code > -4096 || (code <= -10004 && code > -12000))
        return CSK_KIND_SYSTEM;
    if (code <= EAI_BASE && code > HOST_BASE)
        return CSK_KIND_EAI;
    if (code <= HOST_BASE && code > OWN_BASE)
        return CSK_KIND_HOST;
    return CSK_KIND_MISUSE;
}

/* Some systems' EAI codes are negative (glibc, musl), others' positive. */
#define EAI_SIGN ((EAI_NONAME) < 0 ? -1 : 1)

int csk_error_number(ssize_t code)
{
    switch (csk_error_kind(code)) {
    case CSK_KIND_NONE: return 0;
    case CSK_KIND_SYSTEM: return (int)-code;
    case CSK_KIND_EAI: return EAI_SIGN * (int)(EAI_BASE - code);
    case CSK_KIND_HOST: return (int)(HOST_BASE - code);
    default: return (int)code;
    }
}

/* The strings are embedded, so that the loader has no pointers to adjust. */
struct entry {
    int code;
    char name[24], text[68];
};

static const struct entry own[] = {
#define ENTRY(name, number, text) { number, #name, text },
    CSK_ERROR_MAP(ENTRY)
#undef ENTRY
};

/* The messages of hstrerror, which glibc translates and other systems lack. */
static const struct entry host[] = {
    { HOST_NOT_FOUND, "HOST_NOT_FOUND", "Unknown host" },
    { TRY_AGAIN, "TRY_AGAIN", "Host name lookup failure" },
    { NO_RECOVERY, "NO_RECOVERY", "Unknown server error" },
    { NO_DATA, "NO_DATA", "No address associated with name" },
};

/* clang-format off */
static const struct entry eai[] = {
#define EAI(name) { name, #name, "" }
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

static const struct entry *find(const struct entry *table, size_t count, ssize_t code)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].code == code)
            return &table[i];
    return NULL;
}

#define FIND(table, code) find(table, sizeof table / sizeof *table, code)

const char *csk_error_name(ssize_t code)
{
    const struct entry *e = NULL;

    switch (csk_error_kind(code)) {
    case CSK_KIND_NONE: break;
    case CSK_KIND_SYSTEM: return cski_os_errno_name((int)-code);
    case CSK_KIND_EAI: e = FIND(eai, csk_error_number(code)); break;
    case CSK_KIND_HOST: e = FIND(host, csk_error_number(code)); break;
    default: e = FIND(own, code); break;
    }
    return e ? e->name : NULL;
}

const char *csk_strerror(ssize_t code, char *text, size_t size)
{
    const struct entry *e = NULL;
    char space[CSK_ERROR_TEXT_MAX];
    const char *cause = NULL;

    if (!text)
        return NULL;
    switch (csk_error_kind(code)) {
    case CSK_KIND_NONE: cause = "no error"; break;
    case CSK_KIND_SYSTEM: cause = cski_os_strerror((int)-code, space, sizeof space); break;
    case CSK_KIND_EAI: cause = gai_strerror(csk_error_number(code)); break;
    case CSK_KIND_HOST: e = FIND(host, csk_error_number(code)); break;
    default: e = FIND(own, code); break;
    }
    if (e)
        cause = e->text;
    if (cause)
        snprintf(text, size, "%s", cause);
    else
        snprintf(text, size, "unknown error %zd", code);
    return text;
}

const char *csk_errstr(ssize_t code)
{
    const struct entry *e = NULL;
    const char *text = NULL;

    switch (csk_error_kind(code)) {
    case CSK_KIND_NONE: text = "no error"; break;
    case CSK_KIND_SYSTEM: text = cski_os_errno_text((int)-code); break;
    case CSK_KIND_EAI: text = gai_strerror(csk_error_number(code)); break;
    case CSK_KIND_HOST: e = FIND(host, csk_error_number(code)); break;
    default: e = FIND(own, code); break;
    }
    if (e)
        text = e->text;
    return text ? text : "unknown error";
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

int cski_fail_null(struct csk_error *error)
{
    return cski_fail(error, CSK_ENULL, "%s", csk_errstr(CSK_ENULL));
}

int cski_lookup_code(int code)
{
    int event[2], n = cski_os_event_open(event);

    if (n == 0)
        cski_os_event_close(event);
    return n == -EMFILE || n == -ENFILE ? n : code;
}

/* Times, numbers and sizes for programs, in the notation of options. */
#include "layout/text.h"

#include <csocket/notation.h>

#include <string.h>

/* Blanks around a value that is not part of a struct are ignored. */
static struct cski_in whole(const char *text)
{
    return cski_in_trim((struct cski_in){ text, strlen(text) });
}

int csk_time_parse(const char *text, int64_t unit, int64_t *ns, struct csk_error *error)
{
    if (!text || !ns)
        return cski_fail(error, CSK_ENULL, "NULL where a value is needed");
    if (cski_in_time(whole(text), unit, ns))
        return 0;
    return cski_fail(error, CSK_EOPTVALUE,
                     "a time, such as 1.5s, 250ms or 2min, is expected, not \"%.80s\"", text);
}

int csk_number_parse(const char *text, int64_t *number, struct csk_error *error)
{
    uint64_t bits;
    bool negative;

    if (!text || !number)
        return cski_fail(error, CSK_ENULL, "NULL where a value is needed");
    if (!cski_in_number(whole(text), &bits, &negative) || (!negative && bits > INT64_MAX))
        return cski_fail(error, CSK_EOPTVALUE, "a number is expected, not \"%.80s\"", text);
    *number = (int64_t)bits;
    return 0;
}

int csk_size_parse(const char *text, int64_t *size, struct csk_error *error)
{
    uint64_t number;
    bool negative;

    if (!text || !size)
        return cski_fail(error, CSK_ENULL, "NULL where a value is needed");
    if (!cski_in_size(whole(text), &number, &negative) || negative || number > INT64_MAX)
        return cski_fail(error, CSK_EOPTVALUE,
                         "a size in bytes, such as 4096 or 64K, is expected, not \"%.80s\"", text);
    *size = (int64_t)number;
    return 0;
}

/* Times: a number and a unit as text, struct timeval in memory. */
#include "layout/text.h"

#include <string.h>

#define SECOND INT64_C(1000000000)

/* No name is longer than three letters and a null byte. */
static const struct {
    char name[4];
    int64_t ns;
} units[] = {
    { "ns", 1 },
    { "us", 1000 },
    { "ms", 1000000 },
    { "s", SECOND },
    { "min", 60 * SECOND },
    { "m", 60 * SECOND },
    { "h", 3600 * SECOND },
    { "d", 86400 * SECOND },
};

/* The nanoseconds of a unit's name; 0 if there is no such unit. */
static int64_t unit_scale(struct cski_in name, int64_t plain)
{
    size_t i;

    if (name.size == 0)
        return plain;
    for (i = 0; i < sizeof units / sizeof *units; i++) {
        if (cski_in_is(&name, units[i].name))
            return units[i].ns;
    }
    return 0;
}

static bool is_decimal(char c)
{
    return c >= '0' && c <= '9';
}

/* ".5": there is no digit before the point, but one after it. */
static bool is_fraction(struct cski_in in)
{
    return in.size > 1 && in.text[0] == '.' && is_decimal(in.text[1]);
}

/* Read the digits after the point, of `scale` ns: false if they are finer than a nanosecond. */
static bool read_fraction(struct cski_in in, int64_t scale, int64_t *ns)
{
    size_t i;

    *ns = 0;
    for (i = 0; i < in.size; i++) {
        int digit = in.text[i] - '0';

        if (digit != 0 && (scale == 0 || digit * scale % 10 != 0))
            return false;
        *ns += digit * scale / 10;
        scale /= 10;
    }
    return true;
}

bool cski_in_time(struct cski_in in, int64_t scale, int64_t *ns)
{
    bool negative = in.size > 0 && in.text[0] == '-';
    struct cski_in fraction = { NULL, 0 }, unit;
    uint64_t whole;
    int64_t part = 0;
    size_t n;

    if (negative)
        in = (struct cski_in){ in.text + 1, in.size - 1 };
    n = cski_in_digits(in, 10, &whole);
    unit = (struct cski_in){ in.text + n, in.size - n };
    if ((n == 0 && !is_fraction(unit)) || whole > INT64_MAX)
        return false;
    if (unit.size > 0 && unit.text[0] == '.') {
        fraction = (struct cski_in){ unit.text + 1, unit.size - 1 };
        for (n = 0; n < fraction.size && is_decimal(fraction.text[n]); n++)
            ;
        unit = (struct cski_in){ fraction.text + n, fraction.size - n };
        fraction.size = n;
    }
    scale = unit_scale(unit, scale);
    if (scale == 0 || (whole != 0 && (int64_t)whole > INT64_MAX / scale - 1))
        return false;
    if (!read_fraction(fraction, scale, &part))
        return false;
    *ns = (int64_t)whole * scale + part;
    if (negative)
        *ns = -*ns;
    return true;
}

void cski_out_time(struct cski_out *out, int64_t number, int64_t scale, const char *unit)
{
    if (scale == 10000000) /* 10 ms: no unit has this name */
        cski_out_format(out, "%lldms", (long long)cski_times(number, 10));
    else
        cski_out_format(out, "%lld%s", (long long)number, unit);
}

static int64_t load_half(const unsigned char *data, unsigned size)
{
    return size == 4 ? (int32_t)cski_load(data, size, CSKI_HOST_ORDER)
                     : (int64_t)cski_load(data, size, CSKI_HOST_ORDER);
}

int64_t cski_load_timeval(const unsigned char *data, unsigned size, int64_t unit)
{
    int64_t seconds = cski_times(load_half(data, size / 2), SECOND);
    int64_t parts = cski_times(load_half(data + size / 2, size / 2), unit), sum;

    if (__builtin_add_overflow(seconds, parts, &sum))
        return seconds < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

bool cski_store_timeval(unsigned char *data, unsigned size, int64_t unit, int64_t ns)
{
    int64_t seconds = ns / SECOND, parts = (ns % SECOND + unit - 1) / unit;

    if (parts == SECOND / unit) {
        seconds++;
        parts = 0;
    }
    if (ns < 0 || (size / 2 == 4 && seconds > INT32_MAX))
        return false;
    cski_store(data, size / 2, CSKI_HOST_ORDER, (uint64_t)seconds);
    cski_store(data + size / 2, size / 2, CSKI_HOST_ORDER, (uint64_t)parts);
    return true;
}

void cski_out_timeval(struct cski_out *out, const unsigned char *data, unsigned size, int64_t unit)
{
    int64_t parts = load_half(data + size / 2, size / 2);

    cski_out_format(out, "%lld", (long long)load_half(data, size / 2));
    if (parts > 0) {
        int digits = unit == 1 ? 9 : 6;

        for (; parts % 10 == 0; parts /= 10)
            digits--;
        cski_out_format(out, ".%0*lld", digits, (long long)parts);
    }
    cski_out_char(out, 's');
}

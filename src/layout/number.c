/* Whole numbers: as text, and in memory. */
#include "layout/text.h"

#include <string.h>

size_t cski_in_digits(struct cski_in in, unsigned base, uint64_t *number)
{
    size_t i;

    *number = 0;
    for (i = 0; i < in.size; i++) {
        int digit = cski_hex_digit(in.text[i]);

        if (digit < 0 || (unsigned)digit >= base)
            break;
        if (*number > (UINT64_MAX - (unsigned)digit) / base)
            return 0;
        *number = *number * base + (unsigned)digit;
    }
    return i;
}

bool cski_in_number(struct cski_in in, uint64_t *number, bool *negative)
{
    unsigned base = 10;

    *negative = in.size > 0 && in.text[0] == '-';
    if (*negative || (in.size > 0 && in.text[0] == '+'))
        in = (struct cski_in){ in.text + 1, in.size - 1 };
    if (in.size > 2 && in.text[0] == '0' && (in.text[1] == 'x' || in.text[1] == 'X')) {
        in = (struct cski_in){ in.text + 2, in.size - 2 };
        base = 16;
    }
    if (in.size == 0 || cski_in_digits(in, base, number) != in.size)
        return false;
    if (*negative && *number > UINT64_C(1) << 63)
        return false;
    if (*negative)
        *number = 0 - *number;
    return true;
}

bool cski_in_size(struct cski_in in, uint64_t *number, bool *negative)
{
    static const char suffixes[] = "KMGT";
    const char *suffix = in.size > 1 ? strchr(suffixes, in.text[in.size - 1] & ~0x20) : NULL;
    unsigned shift;

    if (!suffix || *suffix == '\0')
        return cski_in_number(in, number, negative);
    shift = 10 * (unsigned)(suffix - suffixes + 1);
    in.size--;
    if (!cski_in_number(in, number, negative) || *negative || *number >> (64 - shift) != 0)
        return false;
    *number <<= shift;
    return true;
}

static bool is_big(enum cski_order order)
{
    const uint16_t one = 1;
    unsigned char first;

    memcpy(&first, &one, 1);
    return order == CSKI_HOST_ORDER ? first == 0 : order == CSKI_BIG_ENDIAN;
}

uint64_t cski_load(const unsigned char *data, unsigned size, enum cski_order order)
{
    bool big = is_big(order);
    uint64_t number = 0;
    unsigned i;

    for (i = 0; i < size; i++)
        number = number << 8 | data[big ? i : size - 1 - i];
    return number;
}

void cski_store(unsigned char *data, unsigned size, enum cski_order order, uint64_t number)
{
    bool big = is_big(order);
    unsigned i;

    for (i = 0; i < size; i++, number >>= 8)
        data[big ? size - 1 - i : i] = (unsigned char)number;
}

int64_t cski_times(int64_t number, int64_t scale)
{
    int64_t product;

    if (__builtin_mul_overflow(number, scale, &product))
        return number < 0 ? INT64_MIN : INT64_MAX;
    return product;
}

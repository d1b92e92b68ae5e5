/* The families, in one list. */
#include "family.h"

/* families.h is made of families.def, less what the system's headers lack. */
#ifndef CSKI_FAMILIES_H
#define CSKI_FAMILIES_H "families.h"
#endif

#define CSKI_FAMILY(name, number) extern const struct cski_family cski_family_##name[];
#include CSKI_FAMILIES_H
#undef CSKI_FAMILY

/* By number, for finding; in the order of the list, for going through. */
static const struct cski_family *const by_number[] = {
#define CSKI_FAMILY(name, number) [number] = cski_family_##name,
#include CSKI_FAMILIES_H
#undef CSKI_FAMILY
};

static const struct cski_family *const in_order[] = {
#define CSKI_FAMILY(name, number) cski_family_##name,
#include CSKI_FAMILIES_H
#undef CSKI_FAMILY
};

const struct cski_family *cski_family_find(int family, int proto)
{
    const struct cski_family *f;

    if (family < 0 || (size_t)family >= CSKI_COUNT(by_number) || !by_number[family])
        return NULL;
    for (f = by_number[family]; f->form.name; f++)
        if (f->form.proto == CSK_ANY_PROTO || f->form.proto == proto)
            return f;
    return NULL;
}

const struct csk_family *csk_family_find(int family, int proto)
{
    const struct cski_family *f = cski_family_find(family, proto);

    return f ? &f->form : NULL;
}

const struct csk_family *csk_family_at(size_t index)
{
    const struct cski_family *f;

    for (size_t i = 0; i < CSKI_COUNT(in_order); i++)
        for (f = in_order[i]; f->form.name; f++)
            if (index-- == 0)
                return &f->form;
    return NULL;
}

const struct cski_family *cski_family_guess(const char *text)
{
    for (size_t i = 0; i < CSKI_COUNT(in_order); i++)
        if (in_order[i]->guess && in_order[i]->guess(text))
            return in_order[i];
    return NULL;
}

int cski_family_send_flags(int family)
{
    bool known = family >= 0 && (size_t)family < CSKI_COUNT(by_number) && by_number[family];

    return known && by_number[family]->no_nosignal ? 0 : cski_os_send_flags;
}

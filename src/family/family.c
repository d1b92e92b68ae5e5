/* The families, in one list. */
#include "family.h"

/* families.h is made of families.def, less what the system's headers lack. */
#ifndef CSKI_FAMILIES_H
#define CSKI_FAMILIES_H "families.h"
#endif

#define CSKI_FAMILY(name, number) extern const struct cski_family cski_family_##name[];
#define CSKI_FOREIGN(name) extern const struct cski_family cski_family_##name[];
#include CSKI_FAMILIES_H
#undef CSKI_FOREIGN
#undef CSKI_FAMILY

#define CSKI_FOREIGN(name)
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

#undef CSKI_FOREIGN
#define CSKI_FAMILY(name, number)
#define CSKI_FOREIGN(name) cski_family_##name,
static const struct cski_family *const foreign[] = {
#include CSKI_FAMILIES_H
    NULL,
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

/* The entry with an index, counting all forms of all families of a list. */
static const struct cski_family *at(const struct cski_family *const list[], size_t count,
                                    size_t index)
{
    const struct cski_family *f;

    for (size_t i = 0; i < count && list[i]; i++)
        for (f = list[i]; f->form.name; f++)
            if (index-- == 0)
                return f;
    return NULL;
}

const struct csk_family *csk_family_at(size_t index)
{
    const struct cski_family *f = at(in_order, CSKI_COUNT(in_order), index);

    return f ? &f->form : NULL;
}

const struct cski_family *cski_family_foreign(size_t index)
{
    return at(foreign, CSKI_COUNT(foreign), index);
}

const struct cski_family *cski_family_any(size_t index)
{
    const struct cski_family *f = at(in_order, CSKI_COUNT(in_order), index);
    size_t here = 0;

    if (f != NULL)
        return f;
    while (csk_family_at(here))
        here++;
    return cski_family_foreign(index - here);
}

const struct cski_family *cski_family_guess(const char *text)
{
    for (size_t i = 0; i < CSKI_COUNT(in_order); i++)
        if (in_order[i]->guess && in_order[i]->guess(text))
            return in_order[i];
    return NULL;
}

/* Which protocol a socket has does not matter here: the first form speaks for the family. */
static const struct cski_family *first_form(int family)
{
    return family >= 0 && (size_t)family < CSKI_COUNT(by_number) ? by_number[family] : NULL;
}

int cski_family_send_flags(int family)
{
    const struct cski_family *f = first_form(family);

    return f && f->raises_sigpipe ? cski_os_send_flags : 0;
}

int cski_family_recvmsg_flags(int family)
{
    const struct cski_family *f = first_form(family);

    return f && f->passes_fds ? cski_os_recvmsg_flags : 0;
}

bool cski_family_names_peers(int family)
{
    const struct cski_family *f = first_form(family);

    return !(f && f->nameless_peers);
}

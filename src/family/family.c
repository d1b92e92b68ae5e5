/* The families, in one list. */
#include "family.h"

/* families.h is generated from families.def, without families that the system's headers lack. */
#ifndef CSKI_FAMILIES_H
#define CSKI_FAMILIES_H "families.h"
#endif

#define CSKI_FAMILY(name, number) extern const struct csk_family cski_family_##name[];
#define CSKI_FOREIGN(name) extern const struct csk_family cski_family_##name[];
#include CSKI_FAMILIES_H
#undef CSKI_FOREIGN
#undef CSKI_FAMILY

#define CSKI_FOREIGN(name)
/* The layouts of a family; NULL: unknown.  A table would cost the loader a pointer per family. */
static const struct csk_family *layouts_of(int family)
{
    switch (family) {
#define CSKI_FAMILY(name, number)                                                                  \
    case number:                                                                                   \
        return cski_family_##name;
#include CSKI_FAMILIES_H
#undef CSKI_FAMILY
    default: return NULL;
    }
}

/* The families' numbers in the order of the list. */
static const uint16_t in_order[] = {
#define CSKI_FAMILY(name, number) number,
#include CSKI_FAMILIES_H
#undef CSKI_FAMILY
};

#undef CSKI_FOREIGN
#define CSKI_FAMILY(name, number)
#define CSKI_FOREIGN(name) cski_family_##name,
static const struct csk_family *const foreign[] = {
#include CSKI_FAMILIES_H
    NULL,
};

const struct csk_family *cski_family_find(int family, int proto)
{
    const struct csk_family *f = layouts_of(family);

    for (; f && f->name[0]; f++)
        if (f->proto == CSK_ANY_PROTO || f->proto == proto)
            return f;
    return NULL;
}

const struct csk_family *csk_family_find(int family, int proto)
{
    return cski_family_find(family, proto);
}

/* The layout with an index among those of a family; if there are fewer, the index is reduced by
 * their number. */
static const struct csk_family *layout_at(const struct csk_family *f, size_t *index)
{
    for (; f->name[0]; f++)
        if ((*index)-- == 0)
            return f;
    return NULL;
}

const struct csk_family *csk_family_at(size_t index)
{
    const struct csk_family *f = NULL;

    for (size_t i = 0; !f && i < CSKI_COUNT(in_order); i++)
        f = layout_at(layouts_of(in_order[i]), &index);
    return f;
}

const struct csk_family *cski_family_foreign(size_t index)
{
    const struct csk_family *f = NULL;

    for (size_t i = 0; !f && foreign[i]; i++)
        f = layout_at(foreign[i], &index);
    return f;
}

const struct csk_family *cski_family_any(size_t index)
{
    const struct csk_family *f = csk_family_at(index);
    size_t here = 0;

    if (f)
        return f;
    while (csk_family_at(here))
        here++;
    return cski_family_foreign(index - here);
}

const struct csk_family *cski_family_guess(const char *text)
{
    const struct csk_family *f;

    for (size_t i = 0; i < CSKI_COUNT(in_order); i++)
        if ((f = layouts_of(in_order[i]))->guess && f->guess(text))
            return f;
    return NULL;
}

/* The protocol of a socket does not matter for these: the first layout is the family's. */

int cski_family_send_flags(int family)
{
    const struct csk_family *f = layouts_of(family);

    return f && f->raises_sigpipe ? cski_os_send_flags : 0;
}

int cski_family_recvmsg_flags(int family)
{
    const struct csk_family *f = layouts_of(family);

    return f && f->passes_fds ? cski_os_recvmsg_flags : 0;
}

bool cski_family_waits_for_peer(int family)
{
    const struct csk_family *f = layouts_of(family);

    return f && f->waits_for_peer;
}

bool cski_family_names_peers(int family)
{
    const struct csk_family *f = layouts_of(family);

    return !(f && f->nameless_peers);
}

int cski_family_encode_cipher(int family, struct cski_cipher *cipher)
{
    const struct csk_family *f = layouts_of(family);

    return f && f->encode_cipher ? f->encode_cipher(cipher) : CSK_EFAMILY;
}

const char *csk_family_name(const struct csk_family *family)
{
    return family ? family->name : "";
}

const char *csk_family_variant(const struct csk_family *family)
{
    return family && family->variant[0] ? family->variant : NULL;
}

int csk_family_number(const struct csk_family *family)
{
    return family ? family->family : CSK_ENULL;
}

int csk_family_proto(const struct csk_family *family)
{
    return family ? family->proto : CSK_ENULL;
}

unsigned csk_family_flags(const struct csk_family *family)
{
    return family ? family->flags : 0;
}

const struct csk_layout *csk_family_layout(const struct csk_family *family)
{
    return family ? &family->layout : NULL;
}

const char *csk_family_syntax(const struct csk_family *family)
{
    return family && family->syntax[0] ? family->syntax : NULL;
}

const char *csk_family_meaning(const struct csk_family *family)
{
    return family ? family->notes.meaning : "";
}

const char *csk_family_field_meaning(const struct csk_family *family, size_t index)
{
    if (!family || index >= CSKI_COUNT(family->notes.fields) || !family->notes.fields[index][0])
        return NULL;
    return family->notes.fields[index];
}

bool csk_family_is_queued(int family, int proto)
{
    const struct csk_family *f = cski_family_find(family, proto);
    const int *queued = f ? f->queued : NULL;

    for (; queued && *queued >= 0; queued++)
        if (*queued == proto)
            return true;
    return false;
}

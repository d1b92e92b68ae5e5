/* The catalogue of options: lookup, iteration, and conversion between values and text. */
#include "option/table.h"

#include <netinet/in.h>
#include <string.h>
#include <strings.h>

/* The number of families of an option; fewer means more specific. */
static int family_count(size_t place)
{
    uint64_t families = cski_option_uses[place].families;

    return families == 0 ? 64 : __builtin_popcountll(families);
}

static bool is_of_family(size_t place, int family)
{
    uint64_t families = cski_option_uses[place].families;

    return families == 0 || family == AF_UNSPEC ||
           (family > 0 && family < 64 && (families >> family & 1));
}

/* The first place in the order by name that is not before the name. */
static size_t lower_bound(const char *name)
{
    size_t low = 0, high = cski_options_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(name, cski_options[cski_options_by_name[middle]].name) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct csk_option *csk_option_find(const char *name, int family)
{
    const struct csk_option *found = NULL;
    char upper[64];
    int best = 66;
    size_t i;

    if (!name || strlen(name) >= sizeof upper)
        return NULL;
    for (i = 0; i == 0 || name[i - 1] != '\0'; i++)
        upper[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 32) : name[i];
    for (i = lower_bound(upper); i < cski_options_count; i++) {
        size_t place = cski_options_by_name[i];
        const struct csk_option *option = &cski_options[place];
        int count = 65;

        if (strcmp(upper, option->name) != 0)
            break;
        if (is_of_family(place, family) && !(option->flags & CSK_OPTION_UNAVAILABLE))
            count = family == AF_UNSPEC ? 64 : family_count(place);
        if (count < best) {
            best = count;
            found = option;
        }
    }
    return found;
}

const struct csk_option *csk_option_by_number(int family, int level, int number, unsigned direction)
{
    size_t i;

    for (i = 0; i < cski_options_count; i++) {
        const struct csk_option *option = &cski_options[i];

        if (option->level != level || option->number != number ||
            option->notes[CSK_OPTION_NOTE_ALIAS] != 0 || (option->flags & CSK_OPTION_UNAVAILABLE) ||
            !is_of_family(i, family))
            continue;
        if (direction == 0 || (option->flags & direction))
            return option;
    }
    return NULL;
}

const struct csk_option *csk_option_at(size_t index)
{
    return index < cski_options_count ? &cski_options[index] : NULL;
}

/* The protocol that 0 means. */
static int usual_proto(const struct cski_option_use *use, int type)
{
    static const int usual[] = {
        [SOCK_STREAM] = IPPROTO_TCP, [SOCK_DGRAM] = IPPROTO_UDP, [SOCK_SEQPACKET] = 132, /* SCTP */
    };
    unsigned i;

    /* If 0 is a protocol (L2CAP of Bluetooth), it is used unchanged. */
    for (i = 0; i < use->proto_count; i++) {
        if (use->protos[i] == 0)
            return 0;
    }
    return type >= 0 && type < (int)(sizeof usual / sizeof *usual) ? usual[type] : 0;
}

bool csk_option_fits(const struct csk_option *option, int family, int type, int proto)
{
    const struct cski_option_use *use;
    unsigned i;

    if (!option || (option->flags & CSK_OPTION_UNAVAILABLE))
        return false;
    if (option < cski_options || option >= cski_options + cski_options_count)
        return true; /* a control message */
    use = &cski_option_uses[option - cski_options];
    if (!is_of_family((size_t)(option - cski_options), family))
        return false;
    if (use->types != 0 && type != 0 && !(use->types >> (type & 7) & 1))
        return false;
    if (use->proto_count == 0 || proto < 0)
        return true;
    if (proto == 0)
        proto = usual_proto(use, type);
    for (i = 0; i < use->proto_count; i++) {
        if (use->protos[i] == proto)
            return true;
    }
    return false;
}

/* The layout of a direction of an option; NULL if it does not have this direction. */
static const struct csk_layout *layout_of(const struct csk_option *option, unsigned direction,
                                          bool *list)
{
    bool set = direction == CSK_OPTION_SET;

    *list = option->flags & (set ? CSK_OPTION_LIST : CSK_OPTION_GET_LIST);
    return cski_option_layout(option, direction);
}

/* Whether the data specifies the fields that the kernel reads. */
static bool has_input(const struct csk_layout *layout)
{
    unsigned i;

    for (i = 0; i < layout->count; i++) {
        if (cski_fields(layout)[i].flags & CSK_FIELD_FLAG_INPUT)
            return true;
    }
    return false;
}

const char *csk_option_accepts(const struct csk_option *option, unsigned direction, char *text,
                               size_t size)
{
    const struct csk_layout *layout;
    struct cski_out out;
    bool list;

    if (!text)
        return NULL;
    cski_out_init(&out, text, size);
    if (!option || !(layout = layout_of(option, direction, &list)))
        return text;
    if (direction == CSK_OPTION_SET)
        cski_layout_accepts(layout, 0, &out);
    else if (option->flags & CSK_OPTION_INPUT)
        cski_layout_accepts(layout, has_input(layout) ? CSK_FIELD_FLAG_INPUT : 0, &out);
    else
        return text;
    if (list)
        cski_out_text(&out, cski_layout_is_plain(layout) ? ", or several separated by commas"
                                                         : "; or several separated by ;");
    return text;
}

/* Add the option to the error of the codec, and the accepted values to that of an invalid one. */
static int explain(const struct csk_option *option, unsigned direction, const char *text, int code,
                   const struct csk_error *found, struct csk_error *error)
{
    char accepts[160];

    csk_option_accepts(option, direction, accepts, sizeof accepts);
    if (code != CSK_EOPTVALUE || accepts[0] == '\0' || strstr(found->text, " takes ") ||
        !strncmp(found->text, "takes ", 6))
        return cski_fail(error, code, "%s %s", option->name, found->text);
    if (strstr(found->text, text))
        return cski_fail(error, code, "%s %s; it takes %s", option->name, found->text, accepts);
    return cski_fail(error, code, "%s %s; it takes %s, not \"%.40s\"", option->name, found->text,
                     accepts, text);
}

static int parse_list(const struct csk_layout *layout, const char *text, unsigned char *bytes,
                      size_t size, struct csk_error *error)
{
    struct cski_in in = { text, strlen(text) }, piece;
    char separator = cski_layout_is_plain(layout) ? ',' : ';';
    size_t used = 0, at;
    int n;

    if (cski_in_trim(in).size == 0)
        return 0;
    while (cski_in_split(&in, separator, &piece)) {
        if (piece.size == 0)
            return cski_fail(error, CSK_EOPTVALUE, "has a part that is empty");
        at = cski_align(layout, used);
        if (at > size)
            return cski_fail(error, CSK_ESPACE, "needs more space");
        if (at > used)
            memset(bytes + used, 0, at - used);
        n = cski_layout_parse(layout, piece, bytes + at, size - at, error);
        if (n < 0)
            return n;
        used = at + (size_t)n;
    }
    return (int)used;
}

ssize_t csk_option_parse(const struct csk_option *option, unsigned direction, const char *text,
                         void *bytes, size_t size, struct csk_error *error)
{
    struct csk_error found = { 0, "" };
    const struct csk_layout *layout;
    bool list;
    int n;

    if (!option || !text || (!bytes && size > 0))
        return cski_fail(error, CSK_ENULL, "NULL where a value is needed");
    layout = layout_of(option, direction, &list);
    if (!layout)
        return cski_fail(error, CSK_EOPTION, "%s can only be %s", option->name,
                         direction == CSK_OPTION_SET ? "read" : "set");
    n = list ? parse_list(layout, text, bytes, size, &found)
             : cski_layout_parse(layout, (struct cski_in){ text, strlen(text) }, bytes, size,
                                 &found);
    return n < 0 ? explain(option, direction, text, n, &found, error) : n;
}

ssize_t csk_option_format(const struct csk_option *option, unsigned direction, const void *bytes,
                          size_t count, char *text, size_t size)
{
    const struct csk_layout *layout;
    const unsigned char *data = bytes;
    struct cski_out out;
    size_t at, span;
    bool list;

    if (!option || (!bytes && count > 0) || (!text && size > 0))
        return CSK_ENULL;
    layout = layout_of(option, direction, &list);
    if (!layout)
        return CSK_EOPTION;
    cski_out_init(&out, text, size);
    if (!list) {
        if (cski_layout_is_plain(layout) && count < layout->min_size)
            return CSK_EOPTVALUE;
        cski_layout_format(layout, data, count, &out);
        return (int)out.used;
    }
    for (at = 0; at < count; at += span) {
        span = cski_layout_span(layout, data + at, count - at);
        if (span == 0)
            break;
        if (at > 0)
            cski_out_text(&out, cski_layout_is_plain(layout) ? "," : "; ");
        cski_layout_format(layout, data + at, span, &out);
    }
    return (int)out.used;
}

const char *csk_option_name(const struct csk_option *option)
{
    return option ? option->name : "";
}

int csk_option_level(const struct csk_option *option)
{
    return option ? option->level : CSK_ENULL;
}

int csk_option_number(const struct csk_option *option)
{
    return option ? option->number : CSK_ENULL;
}

unsigned csk_option_flags(const struct csk_option *option)
{
    return option ? option->flags : 0;
}

const struct csk_layout *csk_option_layout(const struct csk_option *option, unsigned direction)
{
    return option ? cski_option_layout(option, direction) : NULL;
}

const char *csk_option_note(const struct csk_option *option, enum csk_option_note note)
{
    return option && (unsigned)note < CSK_OPTION_NOTE_COUNT ? cski_option_note(option, note) : NULL;
}

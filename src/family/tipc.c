/* AF_TIPC: (addr_type, v1, v2, v3, scope). */
#include "family.h"

#include <string.h>

/* As linux/tipc.h has it: type, lower, upper; type, instance, domain; reference, node. */
struct tipc {
    sa_family_t family;
    uint8_t addrtype;
    int8_t scope;
    uint32_t v[3];
};

enum { NAMESEQ = 1, NAME = 2, ID = 3, CLUSTER_SCOPE = 2 };
enum { ADDR_TYPE, V1, V2, V3, SCOPE };

static const struct csk_field fields[] = {
    { "addr_type", CSK_FIELD_UINT, CSKI_AT(tipc, addrtype) },
    { "v1", CSK_FIELD_UINT, CSKI_AT(tipc, v[0]), .flags = CSK_FIELD_FLAG_WRAPS },
    { "v2", CSK_FIELD_UINT, CSKI_AT(tipc, v[1]), .flags = CSK_FIELD_FLAG_WRAPS },
    { "v3", CSK_FIELD_UINT, CSKI_AT(tipc, v[2]), .flags = CSK_FIELD_FLAG_WRAPS },
    { "scope", CSK_FIELD_UINT, CSKI_AT(tipc, scope),
      .flags = CSK_FIELD_FLAG_OPTIONAL | CSK_FIELD_FLAG_WRAPS, .preset = CLUSTER_SCOPE },
};

/* The parts of an identity are in reverse order in memory. */
static void swap_identity(unsigned char *bytes)
{
    unsigned char *v = bytes + offsetof(struct tipc, v);
    uint32_t first, second;

    memcpy(&first, v, 4);
    memcpy(&second, v + 4, 4);
    memcpy(v, &second, 4);
    memcpy(v + 4, &first, 4);
}

static int packed(const struct csk_family *f, struct csk_addr *addr, struct csk_error *error)
{
    unsigned type = addr->bytes[offsetof(struct tipc, addrtype)];

    if (type < NAMESEQ || type > ID)
        return cski_family_fail(f, error, CSK_EADDRKIND,
                                "addr_type must be TIPC_ADDR_NAMESEQ, TIPC_ADDR_NAME or "
                                "TIPC_ADDR_ID, got %u",
                                type);
    if (type == ID)
        swap_identity(addr->bytes);
    return 0;
}

static int unpack(const struct csk_family *f, const struct csk_addr *addr, struct csk_value *values,
                  char *text)
{
    int n = cski_unpack_fields(f, -1, addr, values, text);

    if (values[ADDR_TYPE].u == ID) {
        uint64_t reference = values[V1].u;

        values[V1].u = values[V2].u;
        values[V2].u = reference;
    }
    values[SCOPE].i = (int8_t)values[SCOPE].u;
    return n;
}

const struct csk_family cski_family_tipc[] = {
    { .name = "AF_TIPC",
      .family = AF_TIPC,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct tipc),
      .max_len = sizeof(struct tipc),
      .layout = CSKI_LAYOUT(tipc, fields),
      .notes = { .module = "tipc",
                 .since = "Linux 2.6.16",
                 .meaning = "services of a cluster, by name",
                 .fields = { "TIPC_ADDR_NAMESEQ, TIPC_ADDR_NAME or TIPC_ADDR_ID",
                             "type; type; node", "lower; instance; reference",
                             "upper; domain, 0 for all; 0",
                             "TIPC_*_SCOPE; in bind, negative withdraws a name" },
                 .sockets = "SOCK_RDM",
                 .example = "bind 1,71,10,20",
                 .verified =
                     "exchange on Linux 6.1 and 7.2: the four types, names, ranges, a pair" },
      .packed = packed,
      .unpack = unpack },
    { .name = "" },
};

/* AF_HYPERV of Windows: (vm_id, service_id). */
#include "family.h"

#ifndef AF_HYPERV
#define AF_HYPERV 34
#endif

/* As hvsocket.h has it. */
struct hv {
    uint16_t family, reserved;
    unsigned char vm_id[16], service_id[16];
};

static const struct csk_field fields[] = {
    { "vm_id", CSK_FIELD_UUID, CSKI_AT(hv, vm_id) },
    { "service_id", CSK_FIELD_UUID, CSKI_AT(hv, service_id) },
};

const struct csk_family cski_family_hyperv[] = {
    { .name = "AF_HYPERV",
      .family = AF_HYPERV,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct hv),
      .max_len = sizeof(struct hv),
      .layout = CSKI_LAYOUT(hv, fields),
      .notes = { .since = "Windows 10 1607, Windows Server 2016",
                 .meaning = "Hyper-V's virtual machines and their host",
                 .fields = { "virtual machine; HV_GUID_*", "registered service" },
                 .sockets = "SOCK_STREAM, HV_PROTOCOL_RAW",
                 .example = "connect a42e7cda-d03f-480c-9cc2-a4de20abb878,"
                            "00000000-facb-11e6-bd58-64006a7986d3",
                 .verified = "bytes only" } },
    { .name = "" },
};

/* AF_VSOCK: (CID, port), and after them the flags that Linux has since 5.11. */
#include "family.h"

/* As linux/vm_sockets.h has it. */
struct vm {
    sa_family_t family;
    uint16_t reserved;
    uint32_t port, cid;
    uint8_t flags;
    unsigned char zero[3];
};

static const struct csk_field fields[] = {
    { "CID", CSK_FIELD_UINT, CSKI_AT(vm, cid), .flags = CSK_FIELD_FLAG_WRAPS },
    { "port", CSK_FIELD_UINT, CSKI_AT(vm, port), .flags = CSK_FIELD_FLAG_WRAPS },
    { "flags", CSK_FIELD_UINT, CSKI_AT(vm, flags), .flags = CSK_FIELD_FLAG_OPTIONAL },
};

const struct csk_family cski_family_vsock[] = {
    { .name = "AF_VSOCK",
      .family = AF_VSOCK,
      .proto = CSK_ANY_PROTO,
      .min_len = sizeof(struct vm),
      .max_len = sizeof(struct vm),
      .layout = CSKI_LAYOUT(vm, fields),
      .raises_sigpipe = true,
      .notes = { .module = "vsock, and a transport: vsock_loopback, vmw_vsock_virtio_transport, "
                           "vhost_vsock",
                 .since = "Linux 3.9",
                 .privilege = "ports below 1024: CAP_NET_BIND_SERVICE",
                 .meaning = "virtual machines and their host",
                 .fields = { "machine; VMADDR_CID_*", "32 bits; VMADDR_PORT_ANY",
                             "1: through the host" },
                 .sockets = "SOCK_STREAM",
                 .example = "connect 2,1234",
                 .verified = "exchange on Linux 6.1 and 7.2: loopback, streams and packets" },
      .omits_defaults = true },
    { .name = "" },
};

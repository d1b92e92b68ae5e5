/* AF_BLUETOOTH.  The layouts are the kernel's, whose user-space headers do not have them. */
#include "family.h"

#include <string.h>

struct l2 {
    sa_family_t family;
    uint16_t psm;
    unsigned char bdaddr[6];
    uint16_t cid;
    uint8_t bdaddr_type;
};

struct rc {
    sa_family_t family;
    unsigned char bdaddr[6];
    uint8_t channel;
};

struct hci {
    sa_family_t family;
    uint16_t dev, channel;
};

struct sco {
    sa_family_t family;
    unsigned char bdaddr[6];
};

struct iso {
    sa_family_t family;
    unsigned char bdaddr[6];
    uint8_t bdaddr_type;
};

enum { BREDR = 0 };
enum { L2CAP = 0, HCI = 1, SCO = 2, RFCOMM = 3, ISO = 8 };

#define BDADDR(type)                                                                               \
    {                                                                                              \
        "bdaddr", CSK_FIELD_BDADDR, CSKI_AT(type, bdaddr), .meaning = "\"00:11:22:33:44:55\""      \
    }

static const struct csk_field l2cap_fields[] = {
    BDADDR(l2),
    { "psm", CSK_FIELD_LE, CSKI_AT(l2, psm), .meaning = "protocol or service multiplexer" },
    { "cid", CSK_FIELD_LE, CSKI_AT(l2, cid), .optional = true, .meaning = "fixed channel" },
    { "bdaddr_type", CSK_FIELD_UINT, CSKI_AT(l2, bdaddr_type), .optional = true,
      .meaning = "BDADDR_BREDR, BDADDR_LE_PUBLIC, BDADDR_LE_RANDOM" },
};

static const struct csk_field rfcomm_fields[] = {
    BDADDR(rc),
    { "channel", CSK_FIELD_UINT, CSKI_AT(rc, channel), .meaning = "1-30; 0: any" },
};

static const struct csk_field hci_fields[] = {
    { "device_id", CSK_FIELD_UINT, CSKI_AT(hci, dev), .wraps = true,
      .meaning = "0 is hci0; -1 none" },
    { "channel", CSK_FIELD_UINT, CSKI_AT(hci, channel), .optional = true,
      .meaning = "HCI_CHANNEL_*" },
};

static const struct csk_field sco_fields[] = { BDADDR(sco) };

static const struct csk_field iso_fields[] = {
    BDADDR(iso),
    { "bdaddr_type", CSK_FIELD_UINT, CSKI_AT(iso, bdaddr_type), .meaning = "BDADDR_LE_*" },
};

/* As in Python: classic addresses in the old form, though the kernel tells the channel of their
 * connections; low energy's whole. */
static int unpack_l2cap(const struct cski_family *f, const struct csk_addr *addr,
                        struct csk_value *values, char *text)
{
    int n = cski_unpack_fields(f, -1, addr, values, text);

    return values[3].i == BREDR ? 2 : n;
}

/* RFCOMM and ISO end with a byte, and the kernel's struct with another: it takes no less. */
#define EVEN(size) (((size) + 1) & ~(size_t)1)

const struct cski_family cski_family_bluetooth[] = {
    { .form = { .name = "AF_BLUETOOTH",
                .variant = "L2CAP",
                .family = AF_BLUETOOTH,
                .proto = L2CAP,
                .min_len = offsetof(struct l2, cid),
                .max_len = sizeof(struct l2),
                .fields = l2cap_fields,
                .field_count = CSKI_COUNT(l2cap_fields),
                .loose = true,
                .module = "bluetooth",
                .since = "Linux 2.4.6",
                .privilege = "PSM below 0x1001: CAP_NET_BIND_SERVICE",
                .meaning = "Bluetooth's packets",
                .sockets = "SOCK_SEQPACKET, BTPROTO_L2CAP",
                .example = "connect 00:11:22:33:44:55,0x1001",
                .verified = "exchange on Linux 6.1 and 7.2: two virtual controllers" },
      .unpack = unpack_l2cap },
    { .form = { .name = "AF_BLUETOOTH",
                .variant = "HCI",
                .family = AF_BLUETOOTH,
                .proto = HCI,
                .min_len = offsetof(struct hci, channel),
                .max_len = sizeof(struct hci),
                .fields = hci_fields,
                .field_count = CSKI_COUNT(hci_fields),
                .scalar_in = true,
                .scalar_out = true,
                .loose = true,
                .module = "bluetooth",
                .since = "Linux 2.4.6",
                .privilege = "most commands: CAP_NET_RAW; HCI_CHANNEL_USER: CAP_NET_ADMIN",
                .meaning = "a Bluetooth controller itself",
                .sockets = "SOCK_RAW, BTPROTO_HCI",
                .example = "bind 0",
                .verified = "exchange on Linux 6.1 and 7.2: a command to a virtual controller" },
      .short_out = true },
    { .form = { .name = "AF_BLUETOOTH",
                .variant = "SCO",
                .family = AF_BLUETOOTH,
                .proto = SCO,
                .min_len = sizeof(struct sco),
                .max_len = sizeof(struct sco),
                .fields = sco_fields,
                .field_count = CSKI_COUNT(sco_fields),
                .scalar_in = true,
                .scalar_out = true,
                .scalar_only = true,
                .loose = true,
                .module = "bluetooth",
                .since = "Linux 2.4.6",
                .meaning = "Bluetooth's voice",
                .sockets = "SOCK_SEQPACKET, BTPROTO_SCO",
                .example = "connect 00:11:22:33:44:55",
                .verified = "exchange on Linux 6.1 and 7.2: two virtual controllers" } },
    { .form = { .name = "AF_BLUETOOTH",
                .variant = "RFCOMM",
                .family = AF_BLUETOOTH,
                .proto = RFCOMM,
                .min_len = offsetof(struct rc, channel) + 1,
                .max_len = EVEN(sizeof(struct rc)),
                .fields = rfcomm_fields,
                .field_count = CSKI_COUNT(rfcomm_fields),
                .loose = true,
                .module = "rfcomm",
                .since = "Linux 2.4.21",
                .meaning = "Bluetooth's serial lines",
                .sockets = "SOCK_STREAM, BTPROTO_RFCOMM",
                .example = "connect 00:11:22:33:44:55,7",
                .verified = "exchange on Linux 6.1 and 7.2: two virtual controllers" } },
    { .form = { .name = "AF_BLUETOOTH",
                .variant = "ISO",
                .family = AF_BLUETOOTH,
                .proto = ISO,
                .min_len = offsetof(struct iso, bdaddr_type) + 1,
                .max_len = EVEN(sizeof(struct iso)),
                .fields = iso_fields,
                .field_count = CSKI_COUNT(iso_fields),
                .loose = true,
                .module = "bluetooth",
                .since = "Linux 6.0",
                .privilege = "the kernel's experimental feature must be switched on",
                .meaning = "Bluetooth LE Audio",
                .sockets = "SOCK_SEQPACKET, BTPROTO_ISO",
                .example = "bind 00:00:00:00:00:00,1",
                .verified =
                    "bytes: kernels have it switched off, and only LE controllers have it" } },
    { .form.name = NULL },
};

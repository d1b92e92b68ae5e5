/* AF_BLUETOOTH.  The layouts are those of the kernel; its user-space headers lack them. */
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
        "bdaddr", CSK_FIELD_BDADDR, CSKI_AT(type, bdaddr)                                          \
    }

static const struct csk_field l2cap_fields[] = {
    BDADDR(l2),
    { "psm", CSK_FIELD_UINT, CSKI_AT(l2, psm), .flags = CSK_FIELD_FLAG_LITTLE_ENDIAN },
    { "cid", CSK_FIELD_UINT, CSKI_AT(l2, cid),
      .flags = CSK_FIELD_FLAG_LITTLE_ENDIAN | CSK_FIELD_FLAG_OPTIONAL },
    { "bdaddr_type", CSK_FIELD_UINT, CSKI_AT(l2, bdaddr_type), .flags = CSK_FIELD_FLAG_OPTIONAL },
};

static const struct csk_field rfcomm_fields[] = {
    BDADDR(rc),
    { "channel", CSK_FIELD_UINT, CSKI_AT(rc, channel) },
};

static const struct csk_field hci_fields[] = {
    { "device_id", CSK_FIELD_UINT, CSKI_AT(hci, dev), .flags = CSK_FIELD_FLAG_WRAPS },
    { "channel", CSK_FIELD_UINT, CSKI_AT(hci, channel), .flags = CSK_FIELD_FLAG_OPTIONAL },
};

static const struct csk_field sco_fields[] = { BDADDR(sco) };

static const struct csk_field iso_fields[] = {
    BDADDR(iso),
    { "bdaddr_type", CSK_FIELD_UINT, CSKI_AT(iso, bdaddr_type) },
};

/* As in Python: classic addresses in the old form, although the kernel reports the channel of their
 * connections; low-energy addresses in full. */
static int unpack_l2cap(const struct csk_family *f, const struct csk_addr *addr,
                        struct csk_value *values, char *text)
{
    int n = cski_unpack_fields(f, -1, addr, values, text);

    return values[3].i == BREDR ? 2 : n;
}

/* RFCOMM and ISO end with a byte, and the kernel's struct with one byte of padding, which it
 * requires. */
#define ROUND_TO_EVEN(size) (((size) + 1) & ~(size_t)1)

const struct csk_family cski_family_bluetooth[] = {
    { .name = "AF_BLUETOOTH",
      .variant = "L2CAP",
      .family = AF_BLUETOOTH,
      .proto = L2CAP,
      .min_len = offsetof(struct l2, cid),
      .max_len = sizeof(struct l2),
      .layout = CSKI_LAYOUT(l2, l2cap_fields),
      .flags = CSK_FAMILY_WRONG_FORMAT,
      .notes = { .module = "bluetooth",
                 .since = "Linux 2.4.6",
                 .privilege = "PSM below 0x1001: CAP_NET_BIND_SERVICE",
                 .meaning = "Bluetooth's packets",
                 .fields = { "\"00:11:22:33:44:55\"", "protocol or service multiplexer",
                             "fixed channel", "BDADDR_BREDR, BDADDR_LE_PUBLIC, BDADDR_LE_RANDOM" },
                 .sockets = "SOCK_SEQPACKET, BTPROTO_L2CAP",
                 .example = "connect 00:11:22:33:44:55,0x1001",
                 .verified = "exchange on Linux 6.1 and 7.2: two virtual controllers" },
      .unpack = unpack_l2cap },
    { .name = "AF_BLUETOOTH",
      .variant = "HCI",
      .family = AF_BLUETOOTH,
      .proto = HCI,
      .min_len = offsetof(struct hci, channel),
      .max_len = sizeof(struct hci),
      .layout = CSKI_LAYOUT(hci, hci_fields),
      .flags = CSK_FAMILY_SCALAR_IN | CSK_FAMILY_SCALAR_OUT | CSK_FAMILY_WRONG_FORMAT,
      .notes = { .module = "bluetooth",
                 .since = "Linux 2.4.6",
                 .privilege = "most commands: CAP_NET_RAW; HCI_CHANNEL_USER: CAP_NET_ADMIN",
                 .meaning = "a Bluetooth controller itself",
                 .fields = { "0 is hci0; -1 none", "HCI_CHANNEL_*" },
                 .sockets = "SOCK_RAW, BTPROTO_HCI",
                 .example = "bind 0",
                 .verified = "exchange on Linux 6.1 and 7.2: a command to a virtual controller" },
      .omits_defaults = true },
    { .name = "AF_BLUETOOTH",
      .variant = "SCO",
      .family = AF_BLUETOOTH,
      .proto = SCO,
      .min_len = sizeof(struct sco),
      .max_len = sizeof(struct sco),
      .layout = CSKI_LAYOUT(sco, sco_fields),
      .flags = CSK_FAMILY_SCALAR_IN | CSK_FAMILY_SCALAR_OUT | CSK_FAMILY_SCALAR_ONLY |
               CSK_FAMILY_WRONG_FORMAT,
      .notes = { .module = "bluetooth",
                 .since = "Linux 2.4.6",
                 .meaning = "Bluetooth's voice",
                 .fields = { "\"00:11:22:33:44:55\"" },
                 .sockets = "SOCK_SEQPACKET, BTPROTO_SCO",
                 .example = "connect 00:11:22:33:44:55",
                 .verified = "exchange on Linux 6.1 and 7.2: two virtual controllers" } },
    { .name = "AF_BLUETOOTH",
      .variant = "RFCOMM",
      .family = AF_BLUETOOTH,
      .proto = RFCOMM,
      .min_len = offsetof(struct rc, channel) + 1,
      .max_len = ROUND_TO_EVEN(sizeof(struct rc)),
      .layout = CSKI_LAYOUT(rc, rfcomm_fields),
      .flags = CSK_FAMILY_WRONG_FORMAT,
      .notes = { .module = "rfcomm",
                 .since = "Linux 2.4.21",
                 .meaning = "Bluetooth's serial lines",
                 .fields = { "\"00:11:22:33:44:55\"", "1-30; 0: any" },
                 .sockets = "SOCK_STREAM, BTPROTO_RFCOMM",
                 .example = "connect 00:11:22:33:44:55,7",
                 .verified = "exchange on Linux 6.1 and 7.2: two virtual controllers" } },
    { .name = "AF_BLUETOOTH",
      .variant = "ISO",
      .family = AF_BLUETOOTH,
      .proto = ISO,
      .min_len = offsetof(struct iso, bdaddr_type) + 1,
      .max_len = ROUND_TO_EVEN(sizeof(struct iso)),
      .layout = CSKI_LAYOUT(iso, iso_fields),
      .flags = CSK_FAMILY_WRONG_FORMAT,
      .notes = { .module = "bluetooth",
                 .since = "Linux 6.0",
                 .privilege = "the kernel's experimental feature must be enabled",
                 .meaning = "Bluetooth LE Audio",
                 .fields = { "\"00:11:22:33:44:55\"", "BDADDR_LE_*" },
                 .sockets = "SOCK_SEQPACKET, BTPROTO_ISO",
                 .example = "bind 00:00:00:00:00:00,1",
                 .verified =
                     "bytes: kernels have it switched off, and only LE controllers have it" } },
    { .name = "" },
};

/* AF_CAN: (interface,), with ISO-TP (interface, rx_addr, tx_addr), with J1939
 * (interface, name, pgn, addr). */
#include "family.h"

/* As linux/can.h has it; J1939's part is there since Linux 5.4. */
struct can {
    sa_family_t family;
    int32_t ifindex;
    union {
        struct {
            uint32_t rx_id, tx_id;
        } tp;
        struct {
            uint64_t name;
            uint32_t pgn;
            uint8_t addr;
        } j1939;
    } u;
};

enum { CAN_ISOTP = 6, CAN_J1939 = 7 };

#define EFF_FLAG 0x80000000u /* CAN_EFF_FLAG: the identifier has 29 bits */
#define EFF_MASK 0x1fffffffu

#define INTERFACE                                                                                  \
    {                                                                                              \
        "interface", CSK_FIELD_IFNAME, CSKI_AT(can, ifindex)                                       \
    }

static const struct csk_field raw_fields[] = { INTERFACE };

static const struct csk_field isotp_fields[] = {
    INTERFACE,
    { "rx_addr", CSK_FIELD_UINT, CSKI_AT(can, u.tp.rx_id),
      .flags = CSK_FIELD_FLAG_HEX | CSK_FIELD_FLAG_RANGE, .max = EFF_MASK, .extra_bits = EFF_FLAG },
    { "tx_addr", CSK_FIELD_UINT, CSKI_AT(can, u.tp.tx_id),
      .flags = CSK_FIELD_FLAG_HEX | CSK_FIELD_FLAG_RANGE, .max = EFF_MASK, .extra_bits = EFF_FLAG },
};

static const struct csk_field j1939_fields[] = {
    INTERFACE,
    { "name", CSK_FIELD_UINT, CSKI_AT(can, u.j1939.name), .flags = CSK_FIELD_FLAG_HEX },
    { "pgn", CSK_FIELD_UINT, CSKI_AT(can, u.j1939.pgn), .flags = CSK_FIELD_FLAG_HEX },
    { "addr", CSK_FIELD_UINT, CSKI_AT(can, u.j1939.addr) },
};

/* The struct of older kernels ends after tp, and newer ones accept it: CAN_REQUIRED_SIZE. */
const struct csk_family cski_family_can[] = {
    { .name = "AF_CAN",
      .variant = "ISOTP",
      .family = AF_CAN,
      .proto = CAN_ISOTP,
      .min_len = offsetof(struct can, u) + 8,
      .max_len = sizeof(struct can),
      .layout = CSKI_LAYOUT(can, isotp_fields),
      .notes = { .module = "can-isotp",
                 .since = "Linux 5.10",
                 .meaning = "ISO 15765-2: messages of up to 4095 bytes",
                 .fields = { "\"can0\"; \"\": all",
                             "identifier received, with CAN_EFF_FLAG if extended",
                             "identifier sent" },
                 .sockets = "SOCK_DGRAM, CAN_ISOTP",
                 .example = "bind can0,0x123,0x456",
                 .verified = "exchange on Linux 6.1 and 7.2: messages of many frames over vcan" } },
    { .name = "AF_CAN",
      .variant = "J1939",
      .family = AF_CAN,
      .proto = CAN_J1939,
      .min_len = offsetof(struct can, u.j1939.addr) + 1,
      .max_len = sizeof(struct can),
      .layout = CSKI_LAYOUT(can, j1939_fields),
      .notes = { .module = "can-j1939",
                 .since = "Linux 5.4",
                 .privilege = "broadcasts: SO_BROADCAST",
                 .meaning = "SAE J1939: named parameter groups, of trucks and tractors",
                 .fields = { "\"can0\"; \"\": all", "ECU's name; J1939_NO_NAME",
                             "parameter group's number; J1939_NO_PGN",
                             "ECU's address; J1939_NO_ADDR" },
                 .sockets = "SOCK_DGRAM, CAN_J1939",
                 .example = "bind can0,0,0x12300,0x20",
                 .verified =
                     "exchange on Linux 6.1 and 7.2: a message of many frames over vcan" } },
    { .name = "AF_CAN",
      .family = AF_CAN,
      .proto = CSK_ANY_PROTO,
      .min_len = offsetof(struct can, u),
      .max_len = sizeof(struct can),
      .layout = CSKI_LAYOUT(can, raw_fields),
      .notes = { .module = "can-raw, can-bcm",
                 .since = "Linux 2.6.25",
                 .meaning = "CAN frames (CAN_RAW) and the kernel's timers for them (CAN_BCM)",
                 .fields = { "\"can0\"; \"\": all" },
                 .sockets = "SOCK_RAW, CAN_RAW",
                 .example = "bind can0",
                 .verified =
                     "exchange on Linux 6.1 and 7.2: frames, filters, BCM timers over vcan" } },
    { .name = "" },
};

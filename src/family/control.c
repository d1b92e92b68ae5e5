/* SYSPROTO_CONTROL of macOS's AF_SYSTEM: (id, unit), or a kernel control's name. */
#include "family.h"

#include <string.h>

#ifndef AF_SYSTEM
#define AF_SYSTEM 32
#endif

/* As sys/kern_control.h and sys/sys_domain.h have them. */
struct ctl {
    unsigned char len_family[2];
    uint16_t sysaddr;
    uint32_t id, unit, reserved[5];
};

struct info {
    uint32_t id;
    char name[96];
};

enum { SYSPROTO_CONTROL = 2, AF_SYS_CONTROL = 2 };

/* _IOWR('N', 3, struct ctl_info) */
#define CTLIOCGINFO 0xc0644e03UL

static const struct csk_field fields[] = {
    { "id", CSK_FIELD_CONTROL, CSKI_AT(ctl, id) },
    { "unit", CSK_FIELD_UINT, CSKI_AT(ctl, unit),
      .flags = CSK_FIELD_FLAG_OPTIONAL | CSK_FIELD_FLAG_WRAPS },
};

/* The system's number for a name, queried through a socket of the protocol. */
static int look_up(const struct csk_family *f, const struct csk_value *name, uint64_t *id,
                   struct csk_error *error)
{
    struct info info = { .id = 0 };
    int fd, n = 0;

    if (name->size >= sizeof info.name)
        return cski_family_fail(f, error, CSK_EADDRVALUE, "id too long: %zu bytes, at most %zu",
                                name->size, sizeof info.name - 1);
    memcpy(info.name, name->data, name->size);
    if ((fd = cski_os_socket(AF_SYSTEM, SOCK_DGRAM, SYSPROTO_CONTROL)) < 0) {
        n = fd;
    } else {
        if (cski_sys(ioctl)(fd, CTLIOCGINFO, &info) < 0)
            n = -errno;
        cski_sys(close)(fd);
    }
    *id = info.id;
    if (n < 0)
        cski_family_fail(f, error, n, "there is no kernel control \"%s\"", info.name);
    return n;
}

static int pack(const struct csk_family *f, struct csk_addr *addr, const struct csk_value *values,
                size_t count, struct csk_error *error)
{
    struct csk_addr made = { .len = sizeof(struct ctl), .sa.sa_family = AF_SYSTEM };
    struct ctl ctl = { .sysaddr = AF_SYS_CONTROL };
    uint64_t id, unit = 0;
    int n;

    if ((n = cski_family_check_count(f, count, error)) < 0)
        return n;
    n = cski_is_text(&values[0]) ? look_up(f, &values[0], &id, error)
                                 : cski_family_number(f, &fields[0], &values[0], &id, error);
    if (n < 0)
        return n;
    if (count > 1 && (n = cski_family_number(f, &fields[1], &values[1], &unit, error)) < 0)
        return n;
    ctl.id = (uint32_t)id;
    ctl.unit = (uint32_t)unit;
    memcpy(made.bytes + 2, (unsigned char *)&ctl + 2, sizeof ctl - 2);
    *addr = made;
    return 0;
}

const struct csk_family cski_family_control[] = {
    { .name = "AF_SYSTEM",
      .variant = "SYSPROTO_CONTROL",
      .family = AF_SYSTEM,
      .proto = SYSPROTO_CONTROL,
      .min_len = offsetof(struct ctl, reserved),
      .max_len = sizeof(struct ctl),
      .layout = CSKI_LAYOUT(ctl, fields),
      .flags = CSK_FAMILY_SCALAR_IN,
      .raises_sigpipe = true,
      .notes = { .since = "Mac OS X 10.4",
                 .meaning = "macOS: controls of kernel extensions, utun",
                 .fields = { "kernel control's number, or its name alone", "0: any" },
                 .sockets = "SOCK_DGRAM, SYSPROTO_CONTROL",
                 .example = "connect 3,0",
                 .verified = "bytes, and the look-up of names with stand-ins" },
      .pack = pack },
    { .name = "" },
};

/* See bpf.h. */
#include "bpf.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>

int family_bpf(int command, union bpf_attr *attr)
{
    int n = (int)syscall(SYS_bpf, command, attr, sizeof *attr);

    if (n < 0 && (errno == EPERM || errno == ENOSYS))
        test_skip("bpf(%d): %s", command, strerror(errno));
    if (n < 0)
        fail_msg("bpf(%d): %s", command, strerror(errno));
    return n;
}

int family_bpf_program(int type, const struct bpf_insn *program, size_t count)
{
    union bpf_attr attr = { .prog_type = (uint32_t)type,
                            .insns = (uintptr_t)program,
                            .insn_cnt = (uint32_t)count,
                            .license = (uintptr_t) "MIT" };

    if (type == BPF_PROG_TYPE_XDP)
        attr.expected_attach_type = BPF_XDP;
    return family_bpf(BPF_PROG_LOAD, &attr);
}

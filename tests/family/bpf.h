/* bpf(2), which libc lacks, for the families that need a BPF program. */
#ifndef CSK_FAMILY_BPF_H
#define CSK_FAMILY_BPF_H

#include "test.h"

#include <linux/bpf.h>
#include <unistd.h>

/* Skips the test if this is not permitted; fails the test if the call fails. */
int family_bpf(int command, union bpf_attr *attr);

/* Load a program; returns its descriptor. */
int family_bpf_program(int type, const struct bpf_insn *program, size_t count);

#endif

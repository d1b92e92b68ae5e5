/* bpf(2), which libc does not have, for the families that a BPF program belongs to. */
#ifndef CSK_FAMILY_BPF_H
#define CSK_FAMILY_BPF_H

#include "test.h"

#include <linux/bpf.h>
#include <unistd.h>

/* Skips the test where this is not allowed, fails it where it fails. */
int family_bpf(int command, union bpf_attr *attr);

/* Load a program: its descriptor. */
int family_bpf_program(int type, const struct bpf_insn *program, size_t count);

#endif

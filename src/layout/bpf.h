/* What bpf.c and bpf_asm.c, classic BPF as text, have in common. */
#ifndef CSKI_LAYOUT_BPF_H
#define CSKI_LAYOUT_BPF_H

#include "layout/codec.h"

/* struct sock_filter, which has this form everywhere. */
struct cski_bpf {
    uint16_t code;
    uint8_t jt, jf;
    uint32_t k;
};

/* A program that is being read. */
struct cski_program {
    unsigned char *data; /* NULL: only looked at */
    size_t room, count;  /* bytes; instructions so far */
    const char *text;
    size_t end;          /* bytes of text */
    struct cski_in rest; /* of the text, after this instruction */
    bool start;          /* nothing but a count may have been read */
};

/* bpf.c */

/* How many instructions lie between the one that is being read and the label, `most` at most. */
bool cski_bpf_find(const struct cski_program *program, struct cski_in label, size_t most,
                   size_t *distance);

/* bpf_asm.c: one instruction. */

bool cski_bpf_is_word(char c);
/* Set the bits of those instructions whose labels the text of this one has. */
void cski_bpf_mark(const struct cski_bpf *instruction, size_t index, size_t count,
                   unsigned char *targets);
/* false, and nothing is written, where only numbers say it. */
bool cski_bpf_format(const struct cski_bpf *instruction, size_t index, size_t count,
                     struct cski_out *out);
bool cski_bpf_parse(const struct cski_program *program, struct cski_in in,
                    struct cski_bpf *instruction);

#endif

/* Classic BPF as text: what bpf.c, bpf_asm.c and bpf_label.c share.  The first calls the others. */
#ifndef CSKI_LAYOUT_BPF_H
#define CSKI_LAYOUT_BPF_H

#include "layout/layout.h"

/* struct sock_filter, which is the same on all systems. */
struct cski_bpf {
    uint16_t code;
    uint8_t jt, jf;
    uint32_t k;
};

struct cski_bpf_label;

/* A program being read. */
struct cski_program {
    unsigned char *data;           /* NULL: only checked */
    size_t space, count;           /* bytes; instructions read so far */
    struct cski_bpf_label *labels; /* in order */
    size_t label_count;
    bool start; /* only a count may have been read */
};

/* bpf_label.c: the text in pieces, and the labels in it. */

bool cski_bpf_is_word(char c);
/* Read the next piece: up to a semicolon, the end of the line or a comment.  false at the end. */
bool cski_bpf_piece(struct cski_in *in, struct cski_in *piece);
/* Cut off the label that a piece begins with; false if there is none. */
bool cski_bpf_label(struct cski_in *piece, struct cski_in *label);
/* Parse the numbers of one instruction, or a count; return how many were found, or -1. */
int cski_bpf_numbers(struct cski_in in, struct cski_bpf *instruction);
/* Find all labels: 0, -ENOMEM, or CSKI_REFUSED with the invalid one.  The caller frees them. */
int cski_bpf_find_labels(struct cski_program *program, struct cski_in text, struct cski_in *wrong);
void cski_bpf_free_labels(struct cski_program *program);
/* The number of instructions between the one being read and a label, at most `most`. */
bool cski_bpf_distance(const struct cski_program *program, struct cski_in label, size_t most,
                       size_t *distance);

/* bpf_asm.c: one instruction. */

/* Set the bits of the instructions whose labels are in the text of this one. */
void cski_bpf_mark(const struct cski_bpf *instruction, size_t index, size_t count,
                   unsigned char *targets);
/* false, and nothing is written, if it can be written as numbers only. */
bool cski_bpf_format(const struct cski_bpf *instruction, size_t index, size_t count,
                     struct cski_out *out);
bool cski_bpf_parse(const struct cski_program *program, struct cski_in in,
                    struct cski_bpf *instruction);

#endif

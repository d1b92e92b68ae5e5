/* The labels of a BPF program.  They are found once and sorted, so that a jump is found without
 * reading the text again. */
#include "layout/bpf.h"

#include <stdlib.h>
#include <string.h>

/* More than any program needs: an instruction may have several. */
#define LABELS_MAX ((size_t)4 * CSKI_FILTER_MAX)

struct cski_bpf_label {
    struct cski_in name;
    size_t index; /* of the instruction that it is before */
};

bool cski_bpf_is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The end of the comment that begins at `at`; 0 if it does not end. */
static size_t comment_end(const struct cski_in *in, size_t at)
{
    for (at += 2; at + 1 < in->size; at++)
        if (in->text[at] == '*' && in->text[at + 1] == '/')
            return at + 2;
    return 0;
}

bool cski_bpf_piece(struct cski_in *in, struct cski_in *piece)
{
    size_t end = 0, skip;

    if (in->size == 0)
        return false;
    while (end < in->size && in->text[end] != ';' && in->text[end] != '\n' &&
           !(in->text[end] == '/' && end + 1 < in->size && in->text[end + 1] == '*'))
        end++;
    *piece = cski_in_trim((struct cski_in){ in->text, end });
    skip = end < in->size ? end + 1 : end;
    if (end < in->size && in->text[end] == '/' && (skip = comment_end(in, end)) == 0) {
        /* Without an end it is not a comment. */
        *piece = cski_in_trim(*in);
        skip = in->size;
    }
    *in = (struct cski_in){ in->text + skip, in->size - skip };
    return true;
}

bool cski_bpf_label(struct cski_in *piece, struct cski_in *label)
{
    size_t end = 0;

    while (end < piece->size && cski_bpf_is_word(piece->text[end]))
        end++;
    if (end == 0 || end == piece->size || piece->text[end] != ':')
        return false;
    *label = (struct cski_in){ piece->text, end };
    *piece = cski_in_trim((struct cski_in){ piece->text + end + 1, piece->size - end - 1 });
    return true;
}

int cski_bpf_numbers(struct cski_in in, struct cski_bpf *instruction)
{
    static const uint64_t most[4] = { UINT16_MAX, UINT8_MAX, UINT8_MAX, UINT32_MAX };
    uint64_t numbers[4] = { 0 };
    struct cski_in word;
    bool negative;
    int i;

    for (i = 0; cski_in_word(&in, &word); i++) {
        if (i == 4 || !cski_in_number(word, &numbers[i], &negative) || negative ||
            numbers[i] > most[i])
            return -1;
    }
    *instruction = (struct cski_bpf){ (uint16_t)numbers[0], (uint8_t)numbers[1],
                                      (uint8_t)numbers[2], (uint32_t)numbers[3] };
    return i;
}

/* The number of instructions in a piece of numbers; first: a count may be before them. */
static size_t count_instructions(struct cski_in piece, bool *first)
{
    struct cski_bpf instruction;
    struct cski_in one;
    size_t count = 0;

    while (cski_in_split(&piece, ',', &one)) {
        int numbers = cski_bpf_numbers(one, &instruction);

        if (numbers != 0 && !(numbers == 1 && *first))
            count++;
        *first = *first && numbers == 0;
    }
    return count;
}

static int compare(const struct cski_in *a, const struct cski_in *b)
{
    if (a->size != b->size)
        return a->size < b->size ? -1 : 1;
    return memcmp(a->text, b->text, a->size);
}

static int compare_labels(const void *a, const void *b)
{
    const struct cski_bpf_label *first = a, *second = b;

    return compare(&first->name, &second->name);
}

/* Iterate over the labels: their number, or CSKI_REFUSED with the first one beyond the limit.  They
 * are stored if labels is not NULL. */
static int each_label(struct cski_in text, struct cski_bpf_label *labels, struct cski_in *wrong)
{
    struct cski_in piece, label;
    size_t count = 0, index = 0;
    bool first = true;

    while (cski_bpf_piece(&text, &piece)) {
        for (; cski_bpf_label(&piece, &label); count++) {
            if (count == LABELS_MAX) {
                *wrong = label;
                return CSKI_REFUSED;
            }
            if (labels)
                labels[count] = (struct cski_bpf_label){ label, index };
        }
        if (piece.size == 0)
            continue;
        if (piece.text[0] >= '0' && piece.text[0] <= '9') {
            index += count_instructions(piece, &first);
        } else {
            first = false;
            index++;
        }
    }
    return (int)count;
}

int cski_bpf_find_labels(struct cski_program *program, struct cski_in text, struct cski_in *wrong)
{
    int count = each_label(text, NULL, wrong);
    struct cski_bpf_label *labels;

    if (count <= 0)
        return count;
    if (!(labels = cski_sys(calloc)((size_t)count, sizeof *labels)))
        return -ENOMEM;
    each_label(text, labels, wrong);
    qsort(labels, (size_t)count, sizeof *labels, compare_labels);
    program->labels = labels;
    program->label_count = (size_t)count;
    /* A repeated label would make jumps to it ambiguous. */
    for (size_t i = 1; i < program->label_count; i++)
        if (compare(&labels[i - 1].name, &labels[i].name) == 0) {
            *wrong = labels[i].name;
            return CSKI_REFUSED;
        }
    return 0;
}

void cski_bpf_free_labels(struct cski_program *program)
{
    cski_sys(free)(program->labels);
    program->labels = NULL;
}

bool cski_bpf_distance(const struct cski_program *program, struct cski_in label, size_t most,
                       size_t *distance)
{
    const struct cski_bpf_label wanted = { label, 0 }, *found;

    if (!program->labels)
        return false;
    found = bsearch(&wanted, program->labels, program->label_count, sizeof wanted, compare_labels);
    /* Jumps go forward only. */
    if (!found || found->index <= program->count)
        return false;
    *distance = found->index - program->count - 1;
    return *distance <= most;
}

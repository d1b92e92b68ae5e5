/* Classic BPF programs as text.
 *
 * Written and read: bpf_asm's instructions with ";" between, "ldh [12]; jneq #0x800, l3; ret #96;
 * l3: ret #0".  Read as well: a line an instruction, comments, what tcpdump -d prints, and in the
 * place of any instruction its four numbers code, jt, jf and k.  Programs of numbers only may have
 * commas between and their count first, as tcpdump -ddd, bpf_asm and iptables write them. */
#include "layout/bpf.h"

#include <string.h>

#define INSTRUCTION_SIZE 8

static const struct csk_optfield parts[4] = {
    { .kind = CSK_OPT_UINT, .offset = 0, .size = 2 },
    { .kind = CSK_OPT_UINT, .offset = 2, .size = 1 },
    { .kind = CSK_OPT_UINT, .offset = 3, .size = 1 },
    { .kind = CSK_OPT_UINT, .offset = 4, .size = 4 },
};

static struct cski_bpf load(const unsigned char *data)
{
    return (struct cski_bpf){
        .code = (uint16_t)cski_slot_number(&parts[0], data),
        .jt = data[parts[1].offset],
        .jf = data[parts[2].offset],
        .k = (uint32_t)cski_slot_number(&parts[3], data + parts[3].offset),
    };
}

static void store(const struct cski_bpf *instruction, unsigned char *data)
{
    cski_slot_set_number(&parts[0], data, instruction->code);
    data[parts[1].offset] = instruction->jt;
    data[parts[2].offset] = instruction->jf;
    cski_slot_set_number(&parts[3], data + parts[3].offset, instruction->k);
}

/* Writing */

void cski_filter_format(const unsigned char *data, size_t size, struct cski_out *out)
{
    size_t count = size / INSTRUCTION_SIZE, i;
    unsigned char targets[CSKI_FILTER_MAX / 8] = { 0 };

    for (i = 0; i < count; i++) {
        struct cski_bpf instruction = load(data + i * INSTRUCTION_SIZE);

        if (i > 0)
            cski_out_text(out, "; ");
        /* No kernel takes a longer program. */
        if (count <= CSKI_FILTER_MAX) {
            cski_bpf_mark(&instruction, i, count, targets);
            if (targets[i / 8] >> i % 8 & 1)
                cski_out_format(out, "l%zu: ", i);
            if (cski_bpf_format(&instruction, i, count, out))
                continue;
        }
        cski_out_format(out, "%u %u %u %u", instruction.code, instruction.jt, instruction.jf,
                        instruction.k);
    }
}

/* Reading */

/* The next piece: up to a semicolon, the line's end or a comment.  false if nothing is left. */
static bool next_piece(struct cski_in *in, struct cski_in *piece)
{
    size_t end = 0, skip;

    if (in->size == 0)
        return false;
    while (end < in->size && in->text[end] != ';' && in->text[end] != '\n' &&
           !(in->text[end] == '/' && end + 1 < in->size && in->text[end + 1] == '*'))
        end++;
    *piece = cski_in_trim((struct cski_in){ in->text, end });
    skip = end < in->size ? end + 1 : end;
    if (end < in->size && in->text[end] == '/') {
        for (skip = end + 2; skip + 1 < in->size; skip++)
            if (in->text[skip] == '*' && in->text[skip + 1] == '/')
                break;
        /* One without an end is no comment. */
        if (skip + 1 >= in->size)
            *piece = cski_in_trim(*in);
        skip = skip + 1 < in->size ? skip + 2 : in->size;
    }
    *in = (struct cski_in){ in->text + skip, in->size - skip };
    return true;
}

/* The label that a piece begins with, which is cut off; false if there is none. */
static bool take_label(struct cski_in *piece, struct cski_in *label)
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

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* How many instructions a piece of numbers is; first: a count may stand before them. */
static size_t count_numbers(struct cski_in piece, bool first)
{
    struct cski_in one, word;
    size_t count = 0;

    while (cski_in_split(&piece, ',', &one)) {
        struct cski_in rest = one;
        int words = 0;

        while (cski_in_word(&rest, &word))
            words++;
        if (words > 0 && !(words == 1 && first))
            count++;
        first = false;
    }
    return count;
}

/* How many instructions there are before the label, from the text on; max where it is not among
 * the first ones. */
static size_t distance_to(struct cski_in text, struct cski_in label, size_t max)
{
    struct cski_in piece, here;
    size_t count = 0;

    while (count < max && next_piece(&text, &piece)) {
        while (take_label(&piece, &here))
            if (here.size == label.size && memcmp(here.text, label.text, label.size) == 0)
                return count;
        if (piece.size > 0)
            count += is_digit(piece.text[0]) ? count_numbers(piece, false) : 1;
    }
    return max;
}

bool cski_bpf_find(const struct cski_program *program, struct cski_in label, size_t most,
                   size_t *distance)
{
    *distance = distance_to(program->rest, label, most + 1);
    return *distance <= most;
}

static bool add(struct cski_program *program, const struct cski_bpf *instruction)
{
    if (program->count == CSKI_FILTER_MAX)
        return false;
    if (program->data != NULL) {
        if (program->room / INSTRUCTION_SIZE <= program->count)
            return false;
        store(instruction, program->data + program->count * INSTRUCTION_SIZE);
    }
    program->count++;
    return true;
}

/* An instruction of numbers; how many numbers there were, or -1. */
static int parse_numbers(struct cski_in in, struct cski_bpf *instruction)
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

static bool add_numbers(struct cski_program *program, struct cski_in piece)
{
    struct cski_bpf instruction;
    struct cski_in one;

    while (cski_in_split(&piece, ',', &one)) {
        int numbers = parse_numbers(one, &instruction);
        bool is_count = numbers == 1 && program->start;

        program->start = program->start && numbers == 0;
        if (numbers == 0 || is_count)
            continue;
        if (numbers != 4 || !add(program, &instruction))
            return false;
    }
    return true;
}

/* "(003)", which tcpdump -d puts before an instruction. */
static bool take_index(struct cski_in *piece, size_t index)
{
    const char *end = memchr(piece->text, ')', piece->size);
    size_t size = end ? (size_t)(end - piece->text) : 0;
    uint64_t number;
    bool negative;

    if (piece->text[0] != '(')
        return true;
    if (end == NULL ||
        !cski_in_number((struct cski_in){ piece->text + 1, size - 1 }, &number, &negative) ||
        negative || number != index)
        return false;
    *piece = cski_in_trim((struct cski_in){ end + 1, piece->size - size - 1 });
    return piece->size > 0;
}

static bool add_piece(struct cski_program *program, struct cski_in piece)
{
    struct cski_bpf instruction = { 0, 0, 0, 0 };
    struct cski_in label;

    while (take_label(&piece, &label)) {
        /* The same label again would leave open which one is meant. */
        if (distance_to(
                (struct cski_in){ piece.text, program->end - (size_t)(piece.text - program->text) },
                label, SIZE_MAX) != SIZE_MAX)
            return false;
    }
    if (piece.size == 0)
        return true;
    if (is_digit(piece.text[0]))
        return add_numbers(program, piece);
    program->start = false;
    return take_index(&piece, program->count) && cski_bpf_parse(program, piece, &instruction) &&
           add(program, &instruction);
}

int cski_filter_parse(struct cski_in in, unsigned char *data, size_t room, struct cski_in *wrong)
{
    struct cski_program program = {
        .data = data,
        .room = room,
        .text = in.text,
        .end = in.size,
        .rest = in,
        .start = true,
    };
    struct cski_in piece;

    while (next_piece(&program.rest, &piece)) {
        if (add_piece(&program, piece))
            continue;
        if (wrong != NULL)
            *wrong = piece;
        return -1;
    }
    return (int)(program.count * INSTRUCTION_SIZE);
}

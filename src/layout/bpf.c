/* Classic BPF programs as text.
 *
 * Formatted and parsed: instructions of bpf_asm separated by ";", "ldh [12]; jneq #0x800, l3; ret
 * #96; l3: ret #0".  Also parsed: one instruction per line, comments, the output of tcpdump -d, and
 * instead of any instruction its four numbers code, jt, jf and k.  Programs of numbers only may be
 * separated by commas and begin with their count, as tcpdump -ddd, bpf_asm and iptables write them.
 */
#include "layout/bpf.h"

#include <string.h>

#define INSTRUCTION_SIZE 8

static struct cski_bpf load(const unsigned char *data)
{
    return (struct cski_bpf){
        .code = (uint16_t)cski_load(data, 2, CSKI_HOST_ORDER),
        .jt = data[2],
        .jf = data[3],
        .k = (uint32_t)cski_load(data + 4, 4, CSKI_HOST_ORDER),
    };
}

static void store(const struct cski_bpf *instruction, unsigned char *data)
{
    cski_store(data, 2, CSKI_HOST_ORDER, instruction->code);
    data[2] = instruction->jt;
    data[3] = instruction->jf;
    cski_store(data + 4, 4, CSKI_HOST_ORDER, instruction->k);
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
        /* No kernel accepts a longer program. */
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

static bool add(struct cski_program *program, const struct cski_bpf *instruction)
{
    if (program->count == CSKI_FILTER_MAX)
        return false;
    if (program->data) {
        if (program->space / INSTRUCTION_SIZE <= program->count)
            return false;
        store(instruction, program->data + program->count * INSTRUCTION_SIZE);
    }
    program->count++;
    return true;
}

static bool add_numbers(struct cski_program *program, struct cski_in piece)
{
    struct cski_bpf instruction;
    struct cski_in one;

    while (cski_in_split(&piece, ',', &one)) {
        int numbers = cski_bpf_numbers(one, &instruction);
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
    if (!end ||
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

    while (cski_bpf_label(&piece, &label))
        ;
    if (piece.size == 0)
        return true;
    if (piece.text[0] >= '0' && piece.text[0] <= '9')
        return add_numbers(program, piece);
    program->start = false;
    return take_index(&piece, program->count) && cski_bpf_parse(program, piece, &instruction) &&
           add(program, &instruction);
}

int cski_filter_parse(struct cski_in in, unsigned char *data, size_t space, struct cski_in *wrong)
{
    struct cski_program program = { .data = data, .space = space, .start = true };
    struct cski_in piece = { NULL, 0 };
    int n = cski_bpf_find_labels(&program, in, &piece);

    while (n == 0 && cski_bpf_piece(&in, &piece))
        if (!add_piece(&program, piece))
            n = CSKI_REFUSED;
    cski_bpf_free_labels(&program);
    if (n < 0 && wrong)
        *wrong = piece;
    return n < 0 ? n : (int)(program.count * INSTRUCTION_SIZE);
}

/* Classic BPF programs as text: "40 0 0 12, 21 0 1 2048, 6 0 0 65535, 6 0 0 0", the numbers code,
 * jt, jf and k of each instruction.  What tcpdump -ddd and iptables --bytecode write is read as
 * well: they put the number of instructions first. */
#include "opt_codec.h"

#include <string.h>

/* struct sock_filter, which has this form everywhere. */
#define INSTRUCTION_SIZE 8

static const struct csk_optfield parts[4] = {
    { .kind = CSK_OPT_UINT, .offset = 0, .size = 2 },
    { .kind = CSK_OPT_UINT, .offset = 2, .size = 1 },
    { .kind = CSK_OPT_UINT, .offset = 3, .size = 1 },
    { .kind = CSK_OPT_UINT, .offset = 4, .size = 4 },
};

void cski_filter_format(const unsigned char *data, size_t size, struct cski_out *out)
{
    size_t at;
    int i;

    for (at = 0; at + INSTRUCTION_SIZE <= size; at += INSTRUCTION_SIZE) {
        for (i = 0; i < 4; i++)
            cski_out_format(
                out, "%s%llu",
                i > 0    ? " "
                : at > 0 ? ", "
                         : "",
                (unsigned long long)cski_slot_number(&parts[i], data + at + parts[i].offset));
    }
}

/* How many numbers there were, or -1. */
static int parse_instruction(struct cski_in in, unsigned char data[INSTRUCTION_SIZE])
{
    struct cski_in word;
    uint64_t number;
    bool negative;
    int i;

    for (i = 0; cski_in_word(&in, &word); i++) {
        if (i == 4 || !cski_in_number(word, &number, &negative) || negative ||
            !cski_slot_set_number(&parts[i], data + parts[i].offset, number))
            return -1;
    }
    return i;
}

int cski_filter_parse(struct cski_in in, unsigned char *data, size_t room)
{
    struct cski_in line, piece;
    size_t used = 0;
    bool first = true;

    while (cski_in_split(&in, '\n', &line)) {
        while (cski_in_split(&line, ',', &piece)) {
            unsigned char instruction[INSTRUCTION_SIZE];
            int numbers = parse_instruction(piece, instruction);

            if (numbers == 0 || (numbers == 1 && first)) {
                first = false;
                continue;
            }
            if (numbers != 4 || room - used < INSTRUCTION_SIZE)
                return -1;
            memcpy(data + used, instruction, INSTRUCTION_SIZE);
            used += INSTRUCTION_SIZE;
            first = false;
        }
    }
    return (int)used;
}

/* Instructions of classic BPF in the notation of the kernel's bpf_asm: "jeq #0x800, l2, l5".
 *
 * An instruction is a name and an operand in one of several forms; a row of the table has the code
 * of such a pair.  Instructions that no row expresses exactly (an unknown code, a part that the
 * form lacks) are written as numbers, so that each program has a text form. */
#include "layout/bpf.h"

#include <string.h>

enum shape {
    NO_OPERAND, /* "tax" */
    REGISTER,   /* "ret a" */
    INDEX,      /* "add x" */
    NUMBER,     /* "#0x10" */
    PACKET,     /* "[12]", or an extension of the kernel: "#proto" */
    INDIRECT,   /* "[x + 12]" */
    MEMORY,     /* "M[3]" */
    LENGTH,     /* "#len" */
    HEADER,     /* "4*([14]&0xf)" */
    JUMP,       /* "l5" */
    IF,         /* "#0x800, l2, l5": the second label may be left out */
    IF_REG_X,   /* "x, l2, l5" */
};

struct row {
    char name[5];
    uint8_t shape; /* enum shape */
    uint16_t code;
    bool inverted; /* jumps if the condition does not hold */
};

/* Of several names for one code the first is written. */
static const struct row rows[] = {
    { "ld", LENGTH, 0x80, false },      { "ld", PACKET, 0x20, false },
    { "ld", INDIRECT, 0x40, false },    { "ld", MEMORY, 0x60, false },
    { "ld", NUMBER, 0x00, false },      { "ldi", NUMBER, 0x00, false },
    { "ldh", PACKET, 0x28, false },     { "ldh", INDIRECT, 0x48, false },
    { "ldb", PACKET, 0x30, false },     { "ldb", INDIRECT, 0x50, false },
    { "ldx", LENGTH, 0x81, false },     { "ldx", MEMORY, 0x61, false },
    { "ldx", NUMBER, 0x01, false },     { "ldxi", NUMBER, 0x01, false },
    { "ldxb", HEADER, 0xb1, false },    { "ldx", HEADER, 0xb1, false },
    { "st", MEMORY, 0x02, false },      { "stx", MEMORY, 0x03, false },
    { "add", NUMBER, 0x04, false },     { "add", INDEX, 0x0c, false },
    { "sub", NUMBER, 0x14, false },     { "sub", INDEX, 0x1c, false },
    { "mul", NUMBER, 0x24, false },     { "mul", INDEX, 0x2c, false },
    { "div", NUMBER, 0x34, false },     { "div", INDEX, 0x3c, false },
    { "or", NUMBER, 0x44, false },      { "or", INDEX, 0x4c, false },
    { "and", NUMBER, 0x54, false },     { "and", INDEX, 0x5c, false },
    { "lsh", NUMBER, 0x64, false },     { "lsh", INDEX, 0x6c, false },
    { "rsh", NUMBER, 0x74, false },     { "rsh", INDEX, 0x7c, false },
    { "neg", NO_OPERAND, 0x84, false }, { "mod", NUMBER, 0x94, false },
    { "mod", INDEX, 0x9c, false },      { "xor", NUMBER, 0xa4, false },
    { "xor", INDEX, 0xac, false },      { "jmp", JUMP, 0x05, false },
    { "ja", JUMP, 0x05, false },        { "jeq", IF, 0x15, false },
    { "jeq", IF_REG_X, 0x1d, false },   { "jneq", IF, 0x15, true },
    { "jneq", IF_REG_X, 0x1d, true },   { "jne", IF, 0x15, true },
    { "jne", IF_REG_X, 0x1d, true },    { "jgt", IF, 0x25, false },
    { "jgt", IF_REG_X, 0x2d, false },   { "jle", IF, 0x25, true },
    { "jle", IF_REG_X, 0x2d, true },    { "jge", IF, 0x35, false },
    { "jge", IF_REG_X, 0x3d, false },   { "jlt", IF, 0x35, true },
    { "jlt", IF_REG_X, 0x3d, true },    { "jset", IF, 0x45, false },
    { "jset", IF_REG_X, 0x4d, false },  { "ret", NUMBER, 0x06, false },
    { "ret", REGISTER, 0x16, false },   { "ret", INDEX, 0x0e, false },
    { "tax", NO_OPERAND, 0x07, false }, { "txa", NO_OPERAND, 0x87, false },
};

#define ROWS (sizeof rows / sizeof *rows)

/* The kernel's data about a packet besides its bytes: loads from SKF_AD_OFF on. */
#define EXTENSIONS_AT UINT32_C(0xfffff000)

static const struct {
    char name[12];
    uint32_t offset;
} extensions[] = {
    { "proto", 0 },   { "type", 4 },  { "ifidx", 8 },      { "nla", 12 },
    { "nlan", 16 },   { "mark", 20 }, { "queue", 24 },     { "hatype", 28 },
    { "rxhash", 32 }, { "cpu", 36 },  { "vlan_tci", 44 },  { "vlan_avail", 48 },
    { "poff", 52 },   { "rand", 56 }, { "vlan_tpid", 60 },
};

#define EXTENSIONS (sizeof extensions / sizeof *extensions)

/* Writing */

static bool is_jump(enum shape shape)
{
    return shape == JUMP || shape == IF || shape == IF_REG_X;
}

/* Whether the row can express the whole instruction; its targets must be instructions. */
static bool can_express(const struct row *row, const struct cski_bpf *b, size_t index, size_t count)
{
    size_t left = count - index - 1; /* instructions after this one */
    bool no_k = row->shape == NO_OPERAND || row->shape == REGISTER || row->shape == INDEX ||
                row->shape == LENGTH || row->shape == IF_REG_X;

    if (row->code != b->code || (no_k && b->k != 0))
        return false;
    if (row->inverted && (b->jt != 0 || b->jf == 0))
        return false;
    if (row->shape == JUMP)
        return b->jt == 0 && b->jf == 0 && b->k < left;
    if (is_jump(row->shape))
        return b->jt < left && b->jf < left;
    return b->jt == 0 && b->jf == 0;
}

static const struct row *row_of(const struct cski_bpf *b, size_t index, size_t count)
{
    const struct row *found = NULL;
    size_t i;

    for (i = 0; i < ROWS; i++) {
        /* "jneq #1, l5" is shorter than "jeq #1, l2, l5". */
        if (can_express(&rows[i], b, index, count) &&
            (!found || (rows[i].inverted && !found->inverted)))
            found = &rows[i];
    }
    return found;
}

/* The distances that are labels in the text; return their number. */
static int labels_of(const struct row *row, const struct cski_bpf *b, uint32_t distances[2])
{
    distances[0] = row->shape == JUMP ? b->k : row->inverted ? b->jf : b->jt;
    distances[1] = b->jf;
    if (!is_jump(row->shape))
        return 0;
    return row->shape == JUMP || row->inverted || b->jf == 0 ? 1 : 2;
}

void cski_bpf_mark(const struct cski_bpf *instruction, size_t index, size_t count,
                   unsigned char *targets)
{
    const struct row *row = row_of(instruction, index, count);
    uint32_t distances[2];
    int i, n = row ? labels_of(row, instruction, distances) : 0;

    for (i = 0; i < n; i++) {
        size_t target = index + 1 + distances[i];

        targets[target / 8] |= (unsigned char)(1 << target % 8);
    }
}

static void format_packet(uint32_t k, struct cski_out *out)
{
    size_t i;

    for (i = 0; i < EXTENSIONS; i++) {
        if (k == EXTENSIONS_AT + extensions[i].offset) {
            cski_out_format(out, " #%s", extensions[i].name);
            return;
        }
    }
    cski_out_format(out, " [%d]", (int32_t)k);
}

static void format_operand(const struct row *row, uint32_t k, struct cski_out *out)
{
    /* Masks and comparisons are easier to read in hexadecimal, lengths and sums in decimal. */
    bool hex = row->shape == IF || row->code < 2 || row->code == 0x44 || row->code == 0x54 ||
               row->code == 0xa4 || (row->code == 0x06 && k >> 24 != 0);

    switch ((enum shape)row->shape) {
    case NO_OPERAND:
    case JUMP: break;
    case REGISTER: cski_out_text(out, " a"); break;
    case INDEX:
    case IF_REG_X: cski_out_text(out, " x"); break;
    case NUMBER:
    case IF: cski_out_format(out, hex ? " #0x%x" : " #%u", k); break;
    case PACKET: format_packet(k, out); break;
    case INDIRECT: cski_out_format(out, " [x + %d]", (int32_t)k); break;
    case MEMORY: cski_out_format(out, " M[%u]", k); break;
    case LENGTH: cski_out_text(out, " #len"); break;
    case HEADER: cski_out_format(out, " 4*([%d]&0xf)", (int32_t)k); break;
    }
}

bool cski_bpf_format(const struct cski_bpf *instruction, size_t index, size_t count,
                     struct cski_out *out)
{
    const struct row *row = row_of(instruction, index, count);
    uint32_t distances[2];
    int i, n;

    if (!row)
        return false;
    cski_out_text(out, row->name);
    format_operand(row, instruction->k, out);
    n = labels_of(row, instruction, distances);
    for (i = 0; i < n; i++)
        cski_out_format(out, "%s l%zu", i > 0 || row->shape != JUMP ? "," : "",
                        index + 1 + distances[i]);
    return true;
}

/* Parsing: each take_ function removes its token and the blanks after it from the text. */

static struct cski_in after(struct cski_in in, size_t size)
{
    return cski_in_trim((struct cski_in){ in.text + size, in.size - size });
}

static bool take(struct cski_in *in, const char *text)
{
    size_t size = strlen(text);
    struct cski_in start = { in->text, size };

    if (in->size < size || !cski_in_is(&start, text))
        return false;
    *in = after(*in, size);
    return true;
}

static bool take_word(struct cski_in *in, struct cski_in *word)
{
    size_t end = 0;

    while (end < in->size && cski_bpf_is_word(in->text[end]))
        end++;
    *word = (struct cski_in){ in->text, end };
    *in = after(*in, end);
    return end > 0;
}

/* A number of 32 bits; a negative one wraps round. */
static bool take_number(struct cski_in *in, uint32_t *k)
{
    bool minus = take(in, "-"), negative;
    struct cski_in word;
    uint64_t number;

    if (!take_word(in, &word) || !cski_in_number(word, &number, &negative) ||
        number > (minus ? UINT64_C(1) << 31 : UINT32_MAX))
        return false;
    *k = minus ? 0 - (uint32_t)number : (uint32_t)number;
    return true;
}

/* "x" or "%x", the whole word. */
static bool take_register(struct cski_in *in, const char *name)
{
    struct cski_in rest = *in, word;

    take(&rest, "%");
    if (!take_word(&rest, &word) || !cski_in_is(&word, name))
        return false;
    *in = rest;
    return true;
}

/* A name of the kernel, with or without "#". */
static bool take_name(struct cski_in *in, enum shape *shape, uint32_t *k)
{
    struct cski_in word;
    size_t i;

    if (!take_word(in, &word))
        return false;
    *k = 0;
    *shape = LENGTH;
    if (cski_in_is(&word, "len") || cski_in_is(&word, "pktlen"))
        return true;
    *shape = PACKET;
    for (i = 0; i < EXTENSIONS; i++) {
        if (cski_in_is(&word, extensions[i].name)) {
            *k = EXTENSIONS_AT + extensions[i].offset;
            return true;
        }
    }
    return false;
}

/* The text between brackets: "12" or "x + 12". */
static bool take_packet_operand(struct cski_in *in, enum shape *shape, uint32_t *k)
{
    bool minus;

    *shape = PACKET;
    *k = 0;
    if (take_register(in, "x")) {
        *shape = INDIRECT;
        if (take(in, "]"))
            return true;
        minus = take(in, "-");
        if ((!minus && !take(in, "+")) || !take_number(in, k))
            return false;
        *k = minus ? 0 - *k : *k;
    } else {
        struct cski_in rest = *in;

        if (take_number(&rest, k))
            *in = rest;
        else if (!take_name(in, shape, k)) /* as tcpdump -d does: "[type]" */
            return false;
    }
    return take(in, "]");
}

static bool take_operand(struct cski_in *in, enum shape *shape, uint32_t *k)
{
    struct cski_in rest;

    *k = 0;
    *shape = NO_OPERAND;
    if (in->size == 0)
        return true;
    *shape = INDEX;
    if (take_register(in, "x"))
        return true;
    *shape = REGISTER;
    if (take_register(in, "a"))
        return true;
    *shape = MEMORY;
    if (take(in, "M["))
        return take_number(in, k) && take(in, "]");
    if (take(in, "["))
        return take_packet_operand(in, shape, k);
    *shape = HEADER;
    rest = *in;
    if (take(&rest, "4") && take(&rest, "*")) {
        *in = rest;
        return take(in, "(") && take(in, "[") && take_number(in, k) && take(in, "]") &&
               take(in, "&") && (take(in, "0xf") || take(in, "15")) && take(in, ")");
    }
    take(in, "#");
    *shape = NUMBER;
    rest = *in;
    if (take_number(&rest, k)) {
        *in = rest;
        return true;
    }
    return take_name(in, shape, k);
}

static const struct row *find_row(struct cski_in name, enum shape shape)
{
    size_t i;

    for (i = 0; i < ROWS; i++) {
        if (rows[i].shape == shape && cski_in_is(&name, rows[i].name))
            return &rows[i];
    }
    return NULL;
}

/* A label, or after tcpdump's "jt" and "jf" the index of the instruction. */
static bool take_target(const struct cski_program *program, struct cski_in *in, bool index,
                        size_t most, size_t *distance)
{
    struct cski_in word;
    uint32_t number;

    if (!index)
        return take_word(in, &word) && cski_bpf_distance(program, word, most, distance);
    if (!take_number(in, &number) || number <= program->count)
        return false;
    *distance = number - program->count - 1;
    return *distance <= most;
}

static bool take_targets(const struct cski_program *program, struct cski_in *in, bool inverted,
                         struct cski_bpf *b)
{
    size_t first = 0, second = 0;
    bool comma = take(in, ","), index = !comma && take(in, "jt");

    if (!(comma || index) || !take_target(program, in, index, UINT8_MAX, &first))
        return false;
    if (in->size > 0 && !((index ? take(in, "jf") : take(in, ",")) &&
                          take_target(program, in, index, UINT8_MAX, &second)))
        return false;
    b->jt = (uint8_t)(inverted ? second : first);
    b->jf = (uint8_t)(inverted ? first : second);
    return true;
}

/* "jmp l5"; tcpdump's "ja 5" has the index. */
static bool parse_jump(const struct cski_program *program, struct cski_in in, struct cski_bpf *b)
{
    bool index = in.size > 0 && in.text[0] >= '0' && in.text[0] <= '9';
    size_t distance;

    if (!take_target(program, &in, index, UINT32_MAX - 1, &distance))
        return false;
    b->code = 0x05;
    b->k = (uint32_t)distance;
    return in.size == 0;
}

bool cski_bpf_parse(const struct cski_program *program, struct cski_in in,
                    struct cski_bpf *instruction)
{
    const struct row *row;
    struct cski_in name;
    enum shape shape;

    *instruction = (struct cski_bpf){ 0, 0, 0, 0 };
    if (!take_word(&in, &name))
        return false;
    if (find_row(name, JUMP))
        return parse_jump(program, in, instruction);
    if (!take_operand(&in, &shape, &instruction->k))
        return false;
    /* libpcap writes "ret" for "ret a". */
    if (shape == NO_OPERAND && cski_in_is(&name, "ret"))
        shape = REGISTER;
    row = find_row(name, shape);
    if (!row && (shape == NUMBER || shape == INDEX)) {
        row = find_row(name, shape == NUMBER ? IF : IF_REG_X);
        if (!row || !take_targets(program, &in, row->inverted, instruction))
            return false;
    }
    if (!row)
        return false;
    instruction->code = row->code;
    return in.size == 0;
}

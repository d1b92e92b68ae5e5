/* families_page [-w] FILE   Compare FILE with the page about the families; -w: write it.
 *
 * docs/families.md is generated from the descriptions of the families by running the library's
 * code: it parses and unpacks the addresses of the examples. */
#include "address/address.h"
#include "platform/sys.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Interfaces of the examples, which this machine need not have. */
static const char *const interfaces[] = { "eth0", "can0" };

static unsigned index_of(const char *name)
{
    for (unsigned i = 0; i < CSKI_COUNT(interfaces); i++)
        if (strcmp(name, interfaces[i]) == 0)
            return i + 1;
    errno = ENODEV;
    return 0;
}

static char *name_of(unsigned index, char *name)
{
    if (index == 0 || index > CSKI_COUNT(interfaces))
        return NULL;
    return memcpy(name, interfaces[index - 1], strlen(interfaces[index - 1]) + 1);
}

static const char *kind(const struct csk_field *field)
{
    switch (field->kind) {
    case CSK_FIELD_IN_ADDR:
    case CSK_FIELD_IN6_ADDR: return "host";
    case CSK_FIELD_IFNAME: return "interface";
    case CSK_FIELD_TEXT: return "text";
    case CSK_FIELD_BYTES: return "bytes";
    case CSK_FIELD_BDADDR: return "Bluetooth address";
    case CSK_FIELD_UUID: return "UUID";
    case CSK_FIELD_CONTROL: return "number or name";
    case CSK_FIELD_PATH: return "path";
    default: return "number";
    }
}

static void put_range(FILE *out, const struct csk_field *field)
{
    uint64_t max = cski_field_greatest(field);

    if (strncmp(kind(field), "number", 6) != 0)
        return;
    fprintf(out, max > 0xffff ? ", 0 to %#llx" : ", 0 to %llu", (unsigned long long)max);
    if (field->extra_bits)
        fprintf(out, ", and %#llx", (unsigned long long)field->extra_bits);
    if (field->flags & CSK_FIELD_FLAG_WRAPS)
        fputs(", -1 for the greatest", out);
}

/* (host, port[, flowinfo[, scope_id]]) */
static void put_tuple(FILE *out, const struct csk_family *form)
{
    unsigned open = 0;

    if (form->flags & CSK_FAMILY_SCALAR_ONLY) {
        fprintf(out, "`%s`", form->layout.fields[0].name);
        return;
    }
    if (form->flags & CSK_FAMILY_SCALAR_IN)
        fprintf(out, "`%s` or ", form->layout.fields[0].name);
    fputs("`(", out);
    for (unsigned i = 0; i < cski_family_field_count(form); i++) {
        if (cski_is_optional(&form->layout.fields[i])) {
            fputc('[', out);
            open++;
        }
        fprintf(out, "%s%s", i ? ", " : "", form->layout.fields[i].name);
    }
    while (open--)
        fputc(']', out);
    fputs(cski_family_field_count(form) == 1 ? ",)`" : ")`", out);
}

/* host:port, or the fields, separated by commas. */
static void put_text(FILE *out, const struct csk_family *form)
{
    unsigned open = 0;

    fputc('`', out);
    fputs(form->syntax, out);
    for (unsigned i = 0; i < cski_family_field_count(form) && !form->syntax[0]; i++) {
        if (cski_is_optional(&form->layout.fields[i])) {
            fputc('[', out);
            open++;
        }
        fprintf(out, "%s%s", i ? "," : "", form->layout.fields[i].name);
    }
    while (open--)
        fputc(']', out);
    fputc('`', out);
}

static void put_title(FILE *out, const struct csk_family *form)
{
    fprintf(out, "%s%s%s", form->name, form->variant[0] ? " " : "", form->variant);
}

static void put_anchor(FILE *out, const struct csk_family *form)
{
    char title[128];

    snprintf(title, sizeof title, "%s%s%s", form->name, form->variant[0] ? "-" : "", form->variant);
    for (const char *p = title; *p; p++)
        fputc(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p, out);
}

static void put_table(FILE *out)
{
    const struct csk_family *f;

    fputs("| family | what it is | in C | in Python | module | since | privileges | verified |\n"
          "|---|---|---|---|---|---|---|---|\n",
          out);
    for (size_t i = 0; (f = cski_family_any(i)); i++) {
        fputs("| [", out);
        put_title(out, f);
        fputs("](#", out);
        put_anchor(out, f);
        fprintf(out, ") | %s | ", f->notes.meaning);
        if (cski_family_field_count(f)) {
            put_text(out, f);
            fputs(" | ", out);
            put_tuple(out, f);
        } else {
            fputs("no addresses | no addresses", out);
        }
        fprintf(out, " | %s | %s | %s | %s |\n", f->notes.module, f->notes.since,
                f->notes.privilege, f->notes.verified);
    }
}

static void put_fields(FILE *out, const struct csk_family *form)
{
    if (!cski_family_field_count(form))
        return;
    fputs("\n| field | kind | meaning |\n|---|---|---|\n", out);
    for (unsigned i = 0; i < cski_family_field_count(form); i++) {
        const struct csk_field *field = &form->layout.fields[i];

        fprintf(out, "| %s%s | %s", field->name, cski_is_optional(field) ? " (optional)" : "",
                kind(field));
        put_range(out, field);
        fprintf(out, " | %s |\n", csk_family_field_meaning(form, i));
    }
}

static void put_value(FILE *out, const struct csk_field *field, const struct csk_value *value)
{
    switch (value->kind) {
    case CSK_VALUE_INT:
    case CSK_VALUE_UINT:
        fprintf(out, field->flags & CSK_FIELD_FLAG_HEX && value->u > 9 ? "%#llx" : "%llu",
                (unsigned long long)value->u);
        break;
    case CSK_VALUE_TEXT: fprintf(out, "'%.*s'", (int)value->size, value->data); break;
    default: {
        char text[4 * CSK_ADDR_TEXT_MAX];
        struct cski_out escaped;

        cski_out_init(&escaped, text, sizeof text);
        cski_out_escaped(&escaped, value->data, value->size, "'");
        fprintf(out, "b'%s'", text);
    }
    }
}

/* "SOCK_DGRAM, CAN_ISOTP" with Python's prefix before each name. */
static void put_sockets(FILE *out, const char *sockets, const char *prefix)
{
    for (const char *at = sockets; at; at = strchr(at, ' ')) {
        at += *at == ' ';
        fprintf(out, ", %s%.*s", *at >= 'A' ? prefix : "", (int)strcspn(at, ","), at);
    }
}

/* (host, port), or a single value. */
static void put_address(FILE *out, const struct csk_family *form, const struct csk_value *values,
                        int count)
{
    bool alone = form->flags & CSK_FAMILY_SCALAR_OUT && count == 1;

    if (!alone)
        fputc('(', out);
    for (int i = 0; i < count; i++) {
        fputs(i ? ", " : "", out);
        put_value(out, &form->layout.fields[i], &values[i]);
    }
    if (!alone)
        fputs(count == 1 ? ",)" : ")", out);
}

/* The same lines in C and in Python: a socket, and a call with an address ("bind can0").  Without
 * sockets, only an address; without addresses, only a socket. */
static void put_example(FILE *out, const struct csk_family *f)
{
    const struct csk_family *form = f;
    const char *sockets = form->notes.sockets[0] ? form->notes.sockets : NULL;
    const char *text = form->notes.example[0] ? form->notes.example : NULL;
    const char *comma = sockets ? strchr(sockets, ',') : NULL;
    int verb = text && sockets ? (int)strcspn(text, " ") : 0, n = 0;
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char room[CSK_ADDR_TEXT_MAX];
    struct csk_error error;
    struct csk_addr addr;

    text += verb ? verb + 1 : 0;
    if (text && (cski_addr_parse(f, &addr, form->proto, text, &error) < 0 ||
                 (n = cski_addr_unpack(f, -1, &addr, values, room)) < 0)) {
        fprintf(stderr, "families_page: %s: %s\n", text, error.text);
        exit(1);
    }
    fputs("\n```c\n", out);
    if (sockets) {
        fprintf(out, "csk_socket(&s, %s", form->name);
        put_sockets(out, sockets, "");
        fprintf(out, "%s);\n", comma ? "" : ", 0");
    }
    if (text)
        fprintf(out, "csk_addr_parse(&addr, %s,%s, \"%s\", &error);\n", form->name,
                comma ? comma + 1 : " 0", text);
    if (verb)
        fprintf(out, "csk_%.*s(&s, &addr, &error);\n", verb, form->notes.example);
    fputs("```\n```python\n", out);
    if (sockets) {
        fprintf(out, "s = socket.socket(socket.%s", form->name);
        put_sockets(out, sockets, "socket.");
        fputs(")\n", out);
    }
    if (text) {
        fprintf(out, verb ? "s.%.*s(" : "address = ", verb, form->notes.example);
        put_address(out, form, values, n);
        fputs(verb ? ")\n" : "\n", out);
    }
    fputs("```\n", out);
}

static void put_section(FILE *out, const struct csk_family *f)
{
    const struct csk_family *form = f;

    fputs("\n## ", out);
    put_title(out, form);
    fprintf(out, "\n\n%c%s.\n\n", toupper((unsigned char)form->notes.meaning[0]),
            form->notes.meaning + 1);
    if (cski_family_field_count(form)) {
        fputs("* Python: ", out);
        put_tuple(out, form);
        fputs("\n* C, as text: ", out);
        put_text(out, form);
        fputc('\n', out);
    }
    if (form->notes.module[0])
        fprintf(out, "* kernel module: %s\n", form->notes.module);
    if (form->notes.since[0])
        fprintf(out, "* since: %s\n", form->notes.since);
    if (form->notes.privilege[0])
        fprintf(out, "* privileges: %s\n", form->notes.privilege);
    if (form->notes.verified[0])
        fprintf(out, "* verified: %s\n", form->notes.verified);
    put_fields(out, form);
    put_example(out, f);
}

static void put_page(FILE *out)
{
    const struct csk_family *f;

    fputs("# Address families\n\n"
          "Generated from the descriptions in src/family/ by docs/families_page.c: do not edit.\n\n"
          "A family is named by its constant. An address in C is text, or one value per field;\n"
          "in Python it is these values. \"Exchange\" means that data was sent from one socket to\n"
          "another, in C and in Python; \"bytes\" that only the conversion of addresses is\n"
          "tested, against the layout that the system's documentation describes. The tests are\n"
          "in tests/family/; Linux 6.1 is Debian 12's kernel, which `make test-families` boots,\n"
          "7.2 that of Debian sid, which `make test-families-sid` boots.\n\n",
          out);
    put_table(out);
    for (size_t i = 0; (f = cski_family_any(i)); i++)
        put_section(out, f);
}

/* Whether the file has the page's text. */
static bool is_current(const char *path, const char *page, size_t size)
{
    FILE *file = fopen(path, "r");
    char *text = malloc(size + 1);
    bool same = file && text && fread(text, 1, size + 1, file) == size &&
                memcmp(text, page, size) == 0;

    if (file)
        fclose(file);
    free(text);
    return same;
}

int main(int argc, char **argv)
{
    bool write = argc == 3 && strcmp(argv[1], "-w") == 0;
    char *page = NULL;
    size_t size = 0;
    FILE *out;

    if (argc != 2 && !write) {
        fputs("usage: families_page [-w] FILE\n", stderr);
        return 2;
    }
    cski_sys_table.if_nametoindex = index_of;
    cski_sys_table.if_indextoname = name_of;
    out = open_memstream(&page, &size);
    put_page(out);
    fclose(out);
    if (write) {
        out = fopen(argv[2], "w");
        if (!out || fwrite(page, 1, size, out) != size || fclose(out) != 0) {
            perror(argv[2]);
            return 1;
        }
    } else if (!is_current(argv[1], page, size)) {
        fprintf(stderr, "%s is not current; ninja families-page writes it\n", argv[1]);
        free(page);
        return 1;
    }
    free(page);
    return 0;
}

/* Prints the catalogue of options as the library has it, for test_options.py:
 *     option NAME LEVEL NUMBER FLAGS
 *     layout NAME SIZE
 *     field LAYOUT NAME OFFSET SIZE SHIFT BITS
 * With arguments NAME VALUE... says what is wrong with them; "-" is for an option that is read. */
#include <csocket/csocket.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void dump_layout(const struct csk_optlayout *layout)
{
    unsigned i;

    if (layout == NULL)
        return;
    printf("layout\t%s\t%u\n", layout->name, layout->size);
    for (i = 0; i < layout->count; i++) {
        const struct csk_optfield *f = &layout->fields[i];

        if (f->name[0] != '\0')
            printf("field\t%s\t%s\t%u\t%u\t%u\t%u\n", layout->name, f->name, f->offset, f->size,
                   f->shift, f->bits);
        dump_layout(f->layout);
    }
    for (i = 0; i < layout->variant_count; i++)
        dump_layout(layout->variants[i].layout);
}

static bool is_good(const char *name, const char *value)
{
    const struct csk_option *option = csk_option_find(name, AF_UNSPEC);
    struct csk_error error = { 0, "no such option, or it cannot be read" };
    char bytes[CSK_OPT_SIZE];

    if (option != NULL &&
        (strcmp(value, "-") == 0
             ? option->get != NULL
             : csk_option_parse(option, CSK_OPTION_SET, value, bytes, sizeof bytes, &error) >= 0))
        return true;
    printf("%s: %s\n", name, error.text);
    return false;
}

int main(int argc, char **argv)
{
    const struct csk_option *option;
    bool good = true;
    size_t i;

    if (argc > 1) {
        for (i = 1; i + 1 < (size_t)argc; i += 2)
            good &= is_good(argv[i], argv[i + 1]);
        return !good;
    }
    for (i = 0; (option = csk_option_at(i)) != NULL; i++) {
        printf("option\t%s\t%d\t%d\t%u\n", option->name, option->level, option->number,
               option->flags);
        dump_layout(option->set);
        dump_layout(option->get);
    }
    return 0;
}

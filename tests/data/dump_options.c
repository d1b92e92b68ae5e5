/* Prints the library's catalogue of options for test_options.py:
 *     option NAME LEVEL NUMBER FLAGS
 *     layout NAME SIZE
 *     field LAYOUT NAME OFFSET SIZE SHIFT BITS
 * With arguments NAME VALUE..., prints errors in these values; "-" stands for a get. */
#include "layout/layout.h"

#include <csocket/control.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void dump_layout(const struct csk_layout *layout)
{
    const struct csk_layout *variant;
    size_t i;

    if (!layout)
        return;
    printf("layout\t%s\t%zu\n", csk_layout_name(layout), csk_layout_size(layout));
    for (i = 0; i < csk_layout_field_count(layout); i++) {
        const struct csk_field *f = csk_layout_field(layout, i);

        if (csk_field_name(f)[0] != '\0')
            printf("field\t%s\t%s\t%zu\t%zu\t%u\t%u\n", csk_layout_name(layout), csk_field_name(f),
                   csk_field_offset(f), csk_field_size(f), f->shift, f->bits);
        dump_layout(csk_field_layout(f));
    }
    for (i = 0; (variant = csk_layout_variant(layout, i)); i++)
        dump_layout(variant);
}

static bool is_good(const char *name, const char *value)
{
    const struct csk_option *option = csk_option_find(name, AF_UNSPEC);
    struct csk_error error = { 0, "no such option, or it cannot be read" };
    char bytes[CSK_OPTION_SIZE];

    if (option != NULL &&
        (strcmp(value, "-") == 0
             ? csk_option_layout(option, CSK_OPTION_GET) != NULL
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
        printf("option\t%s\t%d\t%d\t%u\n", csk_option_name(option), csk_option_level(option),
               csk_option_number(option), csk_option_flags(option));
        dump_layout(csk_option_layout(option, CSK_OPTION_SET));
        dump_layout(csk_option_layout(option, CSK_OPTION_GET));
    }
    for (i = 0; (option = csk_control_at(i)) != NULL; i++) {
        dump_layout(csk_option_layout(option, CSK_OPTION_SET));
        dump_layout(csk_option_layout(option, CSK_OPTION_GET));
    }
    return 0;
}

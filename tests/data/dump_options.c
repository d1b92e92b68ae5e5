/* Prints the catalogue of options as the library has it, for test_options.py:
 *     option NAME LEVEL NUMBER FLAGS
 *     layout NAME SIZE
 *     field LAYOUT NAME OFFSET SIZE SHIFT BITS */
#include <csocket/csocket.h>

#include <stdio.h>

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

int main(void)
{
    const struct csk_option *option;
    size_t i;

    for (i = 0; (option = csk_option_at(i)) != NULL; i++) {
        printf("option\t%s\t%d\t%d\t%u\n", option->name, option->level, option->number,
               option->flags);
        dump_layout(option->set);
        dump_layout(option->get);
    }
    return 0;
}

/* Prints the library's constants, one per line: name, group, value, flags, text or -, meaning. */
#include <csocket/csocket.h>

#include <inttypes.h>
#include <stdio.h>

int main(void)
{
    const struct csk_constant *c;

    for (size_t i = 0; (c = csk_constant_at(NULL, i)) != NULL; i++)
        printf("%s\t%s\t%" PRId64 "\t%u\t%s\t%s\n", c->name, c->group, c->value, c->flags,
               c->text ? c->text : "-", csk_constant_meaning(c));
    return 0;
}

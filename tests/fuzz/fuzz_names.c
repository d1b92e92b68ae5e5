/* Names of constants and options, and suggestions for unknown options. */
#include <csocket/csocket.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void look_up_constant(const char *name)
{
    const struct csk_constant *constant = csk_constant_find(name), *first;

    if (!constant)
        return;
    check(strcmp(constant->name, name) == 0 && csk_constant_meaning(constant)[0]);
    if (constant->text)
        return;
    first = csk_constant_by_value(constant->group, constant->value);
    check(first && first->value == constant->value && !strcmp(first->group, constant->group));
}

static void look_up_option(const char *name)
{
    const struct csk_option *similar[CSK_OPTION_SUGGESTIONS_MAX];
    const struct csk_option *option = csk_option_find(name, AF_UNSPEC);
    size_t count = csk_option_suggest(name, similar, CSK_OPTION_SUGGESTIONS_MAX);

    check(count <= CSK_OPTION_SUGGESTIONS_MAX);
    for (size_t i = 0; i < count; i++)
        check(csk_option_find(csk_option_name(similar[i]), AF_UNSPEC) != NULL);
    if (option)
        check(csk_option_find(csk_option_name(option), AF_UNSPEC) == option);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *name = malloc(size + 1);

    if (!name)
        return 0;
    if (size)
        memcpy(name, data, size);
    name[size] = '\0';
    look_up_constant(name);
    look_up_option(name);
    free(name);
    return 0;
}

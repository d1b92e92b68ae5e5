/* The layout of an option's bytes: its fields, and conversion to text and back. */
#include <csocket/csocket.h>
#include <err.h>
#include <stdio.h>
#include <string.h>

static void print_field(const struct csk_layout *layout, size_t i, const void *bytes, size_t count)
{
    const struct csk_field *field = csk_layout_field(layout, i);
    char text[CSK_VALUE_TEXT_MAX], name[200];
    struct csk_value value;
    int64_t min, max;
    uint64_t number;

    printf("%s: kind %d, flags %#x, %zu bytes at %zu, unit %s (%lld ns), since %s\n",
           csk_field_name(field), csk_field_kind(field), csk_field_flags(field),
           csk_field_size(field), csk_field_offset(field), csk_field_unit(field),
           (long long)csk_field_unit_ns(field), csk_field_since(field));
    if (csk_field_is_hidden(field) || csk_field_layout(field))
        return;
    if (csk_field_range(field, &min, &max))
        printf("  from %lld to %lld\n", (long long)min, (long long)max);
    if (csk_field_value_name(field, 0, &number))
        printf("  %s is %llu\n", csk_field_value_name(field, 0, &number),
               (unsigned long long)number);
    if (csk_layout_value_count(layout, i, bytes, count) > 0 &&
        csk_layout_get(layout, i, 0, bytes, count, &value, text) == 0 &&
        csk_layout_format_field(layout, i, 0, bytes, count, name, sizeof name) >= 0)
        printf("  value kind %d: %s, default %llu\n", value.kind, name,
               (unsigned long long)csk_field_default(field));
}

int main(void)
{
    const struct csk_option *option = csk_option_find("SO_LINGER", AF_UNSPEC);
    const struct csk_layout *layout = csk_option_layout(option, CSK_OPTION_SET);
    struct csk_value value = { .kind = CSK_VALUE_INT, .i = 10 * CSK_SECOND };
    unsigned char bytes[CSK_OPTION_SIZE] = { 0 };
    struct csk_error error;
    char text[200];
    size_t count;
    ssize_t n;

    n = csk_layout_parse(layout, "on 5s", strlen("on 5s"), bytes, sizeof bytes, &error);
    if (n < 0)
        errx(1, "%s", error.text);
    count = (size_t)n;
    printf("%s: %zu bytes, at least %zu, alignment %zu, span %zu\n", csk_layout_name(layout),
           csk_layout_size(layout), csk_layout_min_size(layout), csk_layout_align(layout),
           csk_layout_span(layout, bytes, count));
    for (size_t i = 0; i < csk_layout_field_count(layout); i++)
        print_field(layout, i, bytes, count);
    n = csk_layout_find(layout, "linger");
    if (csk_layout_set(layout, (size_t)n, 0, bytes, sizeof bytes, &count, &value, &error) < 0)
        errx(1, "%s", error.text);
    csk_layout_format(layout, bytes, count, text, sizeof text);
    puts(text);

    /* A plain value has one field without a name; some structs have variants. */
    if (!csk_layout_is_plain(layout) && csk_layout_selector(layout) >= 0)
        printf("%s\n", csk_layout_name(csk_layout_select(layout, bytes, count)));
    if (!csk_layout_variant(layout, 0))
        puts("no variants");
    return 0;
}

/* The address families that the library knows, and the notation of their addresses. */
#include <csocket/csocket.h>
#include <stdio.h>

int main(void)
{
    const struct csk_family *family = csk_family_find(AF_INET6, 0);

    for (size_t i = 0; (family = csk_family_at(i)) != NULL; i++) {
        const struct csk_layout *layout = csk_family_layout(family);

        printf("%s %s (%d, protocol %d, flags %#x): %s, as %s, %zu fields\n",
               csk_family_name(family), csk_family_variant(family), csk_family_number(family),
               csk_family_proto(family), csk_family_flags(family), csk_family_meaning(family),
               csk_family_syntax(family), layout ? csk_layout_field_count(layout) : 0);
        for (size_t k = 0; csk_family_field_meaning(family, k); k++)
            printf("  %s: %s\n", csk_field_name(csk_layout_field(layout, k)),
                   csk_family_field_meaning(family, k));
    }
    printf("AF_UNIX is queued: %d\n", csk_family_is_queued(AF_UNIX, 0));
    return 0;
}

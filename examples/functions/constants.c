/* Constants by name and by number, including those newer than the system's headers. */
#include <csocket/csocket.h>
#include <stdio.h>

int main(void)
{
    const struct csk_constant *constant = csk_constant_find("SO_REUSEADDR");

    printf("csocket %s\n", csk_version());
    printf("%s is %d: %s\n", constant->name, (int)constant->value, csk_constant_meaning(constant));
    constant = csk_constant_by_value("AF", AF_INET6);
    printf("%d is %s\n", AF_INET6, constant->name);
    for (size_t i = 0; (constant = csk_constant_at("SHUT", i)) != NULL; i++)
        puts(constant->name);
    return 0;
}

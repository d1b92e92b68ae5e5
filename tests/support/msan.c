/* For builds with MemorySanitizer: declares the memory that these calls of the C library write, and
 * that getaddrinfo does not read the padding of its hints. */
#include <dlfcn.h>
#include <net/if.h>
#include <netdb.h>
#include <sanitizer/msan_interface.h>
#include <string.h>

/* The sanitizer's own interceptor checks all bytes of the hints. */
int __interceptor_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                              struct addrinfo **list);

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                struct addrinfo **list)
{
    struct addrinfo copy;

    if (!hints)
        return __interceptor_getaddrinfo(host, service, NULL, list);
    memset(&copy, 0, sizeof copy);
    copy.ai_flags = hints->ai_flags;
    copy.ai_family = hints->ai_family;
    copy.ai_socktype = hints->ai_socktype;
    copy.ai_protocol = hints->ai_protocol;
    return __interceptor_getaddrinfo(host, service, &copy, list);
}

static void know_strings(char **strings)
{
    for (;; strings++) {
        __msan_unpoison(strings, sizeof *strings);
        if (!*strings)
            return;
        __msan_unpoison_string(*strings);
    }
}

static struct servent *know_service(struct servent *found)
{
    if (found) {
        __msan_unpoison(found, sizeof *found);
        __msan_unpoison_string(found->s_name);
        __msan_unpoison_string(found->s_proto);
        know_strings(found->s_aliases);
    }
    return found;
}

static struct protoent *know_protocol(struct protoent *found)
{
    if (found) {
        __msan_unpoison(found, sizeof *found);
        __msan_unpoison_string(found->p_name);
        know_strings(found->p_aliases);
    }
    return found;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

struct servent *getservbyname(const char *name, const char *proto)
{
    return know_service(REAL(getservbyname)(name, proto));
}

struct servent *getservbyport(int port, const char *proto)
{
    return know_service(REAL(getservbyport)(port, proto));
}

struct protoent *getprotobyname(const char *name)
{
    return know_protocol(REAL(getprotobyname)(name));
}

int getservbyname_r(const char *name, const char *proto, struct servent *service, char *buffer,
                    size_t size, struct servent **found)
{
    int error = REAL(getservbyname_r)(name, proto, service, buffer, size, found);

    __msan_unpoison(found, sizeof *found);
    know_service(*found);
    return error;
}

int getservbyport_r(int port, const char *proto, struct servent *service, char *buffer, size_t size,
                    struct servent **found)
{
    int error = REAL(getservbyport_r)(port, proto, service, buffer, size, found);

    __msan_unpoison(found, sizeof *found);
    know_service(*found);
    return error;
}

int getprotobyname_r(const char *name, struct protoent *protocol, char *buffer, size_t size,
                     struct protoent **found)
{
    int error = REAL(getprotobyname_r)(name, protocol, buffer, size, found);

    __msan_unpoison(found, sizeof *found);
    know_protocol(*found);
    return error;
}

struct if_nameindex *if_nameindex(void)
{
    struct if_nameindex *list = REAL(if_nameindex)();

    for (struct if_nameindex *i = list; i; i++) {
        __msan_unpoison(i, sizeof *i);
        if (!i->if_name)
            break;
        __msan_unpoison_string(i->if_name);
    }
    return list;
}

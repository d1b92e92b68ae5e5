/* The reentrant database calls of glibc. */
#include "fault.h"

const int fault_hostdb_errors[] = { EMFILE, ENOMEM, ERANGE, 0 };
const bool fault_hostdb_says_why = true;
const enum call fault_gethostbyaddr = CALL_gethostbyaddr_r;

int fault_gethostbyaddr_result(int error)
{
    return error == ERANGE ? 0 : -error;
}

/* The reentrant database calls return an errno.  ERANGE requests more space. */
#define STAND_IN_DATABASE(name, params, args)                                                      \
    static int fake_##name params                                                                  \
    {                                                                                              \
        if (!fault_fails(CALL_##name))                                                             \
            return cski_sys_real.name args;                                                        \
        *found = NULL;                                                                             \
        return fault_error();                                                                      \
    }

STAND_IN_DATABASE(gethostbyname_r,
                  (const char *a, struct hostent *b, char *c, size_t d, struct hostent **found,
                   int *herror),
                  (a, b, c, d, found, herror))
STAND_IN_DATABASE(gethostbyaddr_r,
                  (const void *a, socklen_t b, int c, struct hostent *d, char *e, size_t f,
                   struct hostent **found, int *herror),
                  (a, b, c, d, e, f, found, herror))
STAND_IN_DATABASE(getservbyname_r,
                  (const char *a, const char *b, struct servent *c, char *d, size_t e,
                   struct servent **found),
                  (a, b, c, d, e, found))
STAND_IN_DATABASE(getservbyport_r,
                  (int a, const char *b, struct servent *c, char *d, size_t e,
                   struct servent **found),
                  (a, b, c, d, e, found))
STAND_IN_DATABASE(getprotobyname_r,
                  (const char *a, struct protoent *b, char *c, size_t d, struct protoent **found),
                  (a, b, c, d, found))

void fault_install_hostdb(void)
{
    cski_sys_table.gethostbyname_r = fake_gethostbyname_r;
    cski_sys_table.gethostbyaddr_r = fake_gethostbyaddr_r;
    cski_sys_table.getservbyname_r = fake_getservbyname_r;
    cski_sys_table.getservbyport_r = fake_getservbyport_r;
    cski_sys_table.getprotobyname_r = fake_getprotobyname_r;
}

bool fault_is_hostdb(enum call call)
{
    return call == CALL_gethostbyname_r || call == CALL_gethostbyaddr_r ||
           call == CALL_getservbyname_r || call == CALL_getservbyport_r ||
           call == CALL_getprotobyname_r;
}

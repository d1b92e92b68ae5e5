/* POSIX's database calls, as in musl: on failure they do not set errno, and those for hosts set
 * h_errno. */
#include "fault.h"

#include <netdb.h>

const int fault_hostdb_errors[] = { EMFILE, 0 };
const bool fault_hostdb_says_why = false;
const enum call fault_gethostbyaddr = CALL_gethostbyaddr;

int fault_gethostbyaddr_result(int error)
{
    (void)error;
    return CSK_EHOST(TRY_AGAIN);
}

#define STAND_IN_DATABASE(type, name, params, args)                                                \
    static type *fake_##name params                                                                \
    {                                                                                              \
        if (!fault_fails(CALL_##name))                                                             \
            return cski_sys_real.name args;                                                        \
        h_errno = TRY_AGAIN;                                                                       \
        return NULL;                                                                               \
    }

STAND_IN_DATABASE(struct hostent, gethostbyname, (const char *a), (a))
STAND_IN_DATABASE(struct hostent, gethostbyaddr, (const void *a, socklen_t b, int c), (a, b, c))
STAND_IN_DATABASE(struct servent, getservbyname, (const char *a, const char *b), (a, b))
STAND_IN_DATABASE(struct servent, getservbyport, (int a, const char *b), (a, b))
STAND_IN_DATABASE(struct protoent, getprotobyname, (const char *a), (a))

void fault_install_hostdb(void)
{
    cski_sys_table.gethostbyname = fake_gethostbyname;
    cski_sys_table.gethostbyaddr = fake_gethostbyaddr;
    cski_sys_table.getservbyname = fake_getservbyname;
    cski_sys_table.getservbyport = fake_getservbyport;
    cski_sys_table.getprotobyname = fake_getprotobyname;
}

bool fault_is_hostdb(enum call call)
{
    return call == CALL_gethostbyname || call == CALL_gethostbyaddr || call == CALL_getservbyname ||
           call == CALL_getservbyport || call == CALL_getprotobyname;
}

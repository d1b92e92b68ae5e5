/* The table of sys.h as tests see it. */
#include "sys.h"

/* By way of void (*)(void): glibc declares some parameters as transparent unions, which are passed
 * as the pointers that the table has. */
#define CSKI_SYS_ENTRY(type, name, params)                                                         \
    .name = (type(*) params)(void (*)(void))CSKI_SYS_CALL(name),
const struct cski_sys cski_sys_real = { CSKI_SYS_MAP(CSKI_SYS_ENTRY) };
struct cski_sys cski_sys_table = { CSKI_SYS_MAP(CSKI_SYS_ENTRY) };

/* Keeping the library in memory by RTLD_NODELETE. */
#include "platform.h"

#include <dlfcn.h>

void cski_os_pin(void)
{
    Dl_info info;
    void *library;

    if (!dladdr((void *)cski_os_pin, &info) || !info.dli_fname)
        return;
    /* NULL for the program itself, which is never unloaded. */
    library = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
    if (library)
        dlclose(library);
}

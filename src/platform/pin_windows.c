/* Keeping the library in memory by a reference that is never released. */
#include "platform.h"
#include "windows/layer.h"

void cski_os_pin(void)
{
    HMODULE module;

    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                       (const wchar_t *)(void *)cski_os_pin, &module);
}

/* Where a library cannot ask to stay in memory: programs must not unload it while it has threads.
 */
#include "platform.h"

void cski_os_pin(void)
{
}

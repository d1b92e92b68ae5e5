/* For systems on which a library cannot be kept in memory: programs must not unload it while it has
 * threads.
 */
#include "platform.h"

void cski_os_pin(void)
{
}

#include <pwasm/panic.h>

#include <pwasm/abi.h>
#include <pwasm/log.h>

#include "../core/port_private.h"

void
pwasm__panic(const char *message, size_t len)
{
  /* Past the guest's own level: these are the last words. */
  pwasm_ignore((PwasmStatus)proxy_log(PWASM_LOG_CRITICAL, message,
                                      len > UINT32_MAX ? UINT32_MAX : (uint32_t)len));
  pwasm__port_trap();
}

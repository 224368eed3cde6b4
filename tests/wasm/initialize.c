/* A module that calls the host before it may. */

#include <pwasm/abi.h>
#include <pwasm/pwasm.h>

__attribute__((constructor)) static void
begin(void)
{
  PWASM_LOG(PWASM_LOG_INFO, "a log line is allowed");
  pwasm_ignore((PwasmStatus)proxy_set_tick_period_milliseconds(1000));
  PWASM_LOG(PWASM_LOG_INFO, "too late");
}

PWASM_PLUGIN(.plugin_class = &pwasm_plugin_context_class);

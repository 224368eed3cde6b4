#include <pwasm/timer.h>

#include <pwasm/abi.h>
#include <pwasm/plugin_context.h>

#include "../core/callback_private.h"

PwasmStatus
pwasm_timer_set_period(PwasmPluginContext *ctx, uint32_t period_ms)
{
  uint32_t previous_id;
  PwasmStatus status = pwasm__effective_set(&ctx->base, &previous_id);

  if (status != PWASM_STATUS_OK)
    return status;
  status = (PwasmStatus)proxy_set_tick_period_milliseconds(period_ms);
  pwasm__effective_restore(previous_id);
  return status;
}

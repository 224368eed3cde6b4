#include <pwasm/timer.h>

#include <pwasm/abi.h>
#include <pwasm/plugin_context.h>

#include "../core/callback_private.h"

PwasmStatus
pwasm_timer_set_period(PwasmPluginContext *ctx, uint32_t period_ms)
{
  return pwasm__effective_call(&ctx->base, proxy_set_tick_period_milliseconds, period_ms);
}

#include <pwasm/testhost/timer.h>

#include "host_private.h"

#define NS_PER_MS 1000000u

uint32_t
proxy_set_tick_period_milliseconds(uint32_t period_ms)
{
  PwasmHostcallFrame frame;
  PwasmHostPlugin *plugin;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_set_tick_period_milliseconds))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u", period_ms);
  plugin = frame.context == NULL ? NULL : frame.context->plugin;
  if (plugin == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  if (pwasm__is_ngx(frame.host) && frame.context->http != NULL)
    return pwasm__hostcall_trap(&frame, "a stream can't set its plugin's timer");
  if (pwasm__is_ngx(frame.host) && period_ms > 0 && plugin->tick_period_ms > 0)
    return pwasm__hostcall_trap(&frame, "the timer runs already");
  plugin->tick_period_ms = period_ms;
  plugin->next_tick_ns = frame.host->time_ns + (uint64_t)period_ms * NS_PER_MS;
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

uint32_t
pwasm_host_tick_period(const PwasmHostPlugin *plugin)
{
  return plugin->tick_period_ms;
}

void
pwasm_host_tick(PwasmHostPlugin *plugin)
{
  PwasmHost *host = plugin->vm->host;

  if (plugin->state == PWASM_HOST_PLUGIN_DELETED) {
    PWASM__HOST_MISUSE(host, "the plugin is deleted");
    return;
  }
  pwasm__host_enter(plugin->vm, PWASM_HOST_CALLBACK_on_tick, plugin->context.id, 0, 0, NULL);
  /* As Envoy does: from now, whatever the time it was due, or set in the callback. */
  plugin->next_tick_ns = host->time_ns + (uint64_t)plugin->tick_period_ms * NS_PER_MS;
  pwasm__host_settle(host);
}

#include <pwasm/testhost/shared_queue.h>
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

static bool
is_ticking(const PwasmHostPlugin *plugin)
{
  return plugin->tick_period_ms > 0 && plugin->state != PWASM_HOST_PLUGIN_VM_REFUSED &&
         plugin->state != PWASM_HOST_PLUGIN_CONFIGURE_REFUSED &&
         plugin->state != PWASM_HOST_PLUGIN_DELETED;
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

/* The plugin whose tick comes first, the older one of two; NULL when none is due by then. */
static PwasmHostPlugin *
next_due(PwasmHost *host, uint64_t time_ns)
{
  PwasmHostPlugin *due = NULL;

  /* Newest first. */
  for (PwasmHostPlugin *plugin = host->plugins; plugin != NULL; plugin = plugin->next) {
    if (is_ticking(plugin) && plugin->next_tick_ns <= time_ns) {
      due = plugin;
      time_ns = plugin->next_tick_ns;
    }
  }
  return due;
}

void
pwasm_host_advance(PwasmHost *host, uint64_t duration_ns)
{
  uint64_t end_ns = host->time_ns + duration_ns;
  PwasmHostPlugin *plugin;

  if (host->depth > 0) {
    PWASM__HOST_MISUSE(host, "time does not pass inside a callback");
    return;
  }
  pwasm_host_shared_queue_notify(host);
  while ((plugin = next_due(host, end_ns)) != NULL) {
    if (plugin->next_tick_ns > host->time_ns)
      host->time_ns = plugin->next_tick_ns;
    pwasm_host_tick(plugin);
    pwasm_host_shared_queue_notify(host);
  }
  host->time_ns = end_ns;
}

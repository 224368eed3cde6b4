#include <pwasm/testhost/shared_queue.h>
#include <pwasm/testhost/timer.h>

#include "host_private.h"

/* What happens next, one of these. */
typedef struct Due {
  uint64_t time_ns;
  PwasmHostHttpCallRecord *http;
  PwasmHostGrpcCallRecord *grpc;
  PwasmHostPlugin *plugin;
} Due;

static bool
is_ticking(const PwasmHostPlugin *plugin)
{
  return plugin->tick_period_ms > 0 && plugin->state != PWASM_HOST_PLUGIN_VM_REFUSED &&
         plugin->state != PWASM_HOST_PLUGIN_CONFIGURE_REFUSED &&
         plugin->state != PWASM_HOST_PLUGIN_DELETED;
}

/* A host cancels the calls of a plugin that is gone. */
static bool
is_waited_for(bool is_pending, uint64_t deadline_ns, const PwasmHostPlugin *plugin)
{
  return is_pending && deadline_ns > 0 && plugin->state != PWASM_HOST_PLUGIN_DELETED;
}

/* Calls that are over by then. */
static void
find_call(const PwasmHost *host, Due *due)
{
  for (PwasmHostHttpCallRecord *r = host->calls.http; r != NULL; r = r->next) {
    if (is_waited_for(r->is_pending, r->deadline_ns, r->plugin) && r->deadline_ns < due->time_ns)
      *due = (Due){.time_ns = r->deadline_ns, .http = r};
  }
  for (PwasmHostGrpcCallRecord *r = host->calls.grpc; r != NULL; r = r->next) {
    if (is_waited_for(r->is_pending, r->deadline_ns, r->plugin) && r->deadline_ns < due->time_ns)
      *due = (Due){.time_ns = r->deadline_ns, .grpc = r};
  }
}

/* What comes first, of two ticks that of the older plugin; false when nothing is due by then. */
static bool
find_next(const PwasmHost *host, uint64_t end_ns, Due *due)
{
  *due = (Due){.time_ns = end_ns + 1};
  find_call(host, due);
  /* Newest first. */
  for (PwasmHostPlugin *plugin = host->plugins; plugin != NULL; plugin = plugin->next) {
    uint64_t time_ns = plugin->next_tick_ns;

    if (is_ticking(plugin) &&
        (time_ns < due->time_ns || (time_ns == due->time_ns && due->plugin != NULL)))
      *due = (Due){.time_ns = time_ns, .plugin = plugin};
  }
  return due->time_ns <= end_ns;
}

static void
let_happen(const Due *due)
{
  if (due->http != NULL)
    pwasm_host_http_call_time_out(&due->http->call);
  else if (due->grpc != NULL)
    pwasm_host_grpc_time_out(&due->grpc->call);
  else
    pwasm_host_tick(due->plugin);
}

void
pwasm_host_advance(PwasmHost *host, uint64_t duration_ns)
{
  uint64_t end_ns = host->time_ns + duration_ns;
  Due due;

  if (host->depth > 0) {
    PWASM__HOST_MISUSE(host, "time does not pass inside a callback");
    return;
  }
  pwasm_host_shared_queue_notify(host);
  while (find_next(host, end_ns, &due)) {
    if (due.time_ns > host->time_ns)
      host->time_ns = due.time_ns;
    let_happen(&due);
    pwasm_host_shared_queue_notify(host);
  }
  host->time_ns = end_ns;
}

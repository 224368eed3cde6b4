#include "host_private.h"

#include <stdlib.h>
#include <string.h>

#include "expect_private.h"
#include "http_private.h"
#include "tcp_private.h"

static PwasmHost *newest_host;
static PwasmHost *current_host;

PwasmHost *
pwasm__host_current(void)
{
  return current_host != NULL ? current_host : newest_host;
}

PwasmHost *
pwasm__host_switch(PwasmHost *host)
{
  PwasmHost *previous = current_host;

  current_host = host;
  return previous;
}

static bool
is_set(const char *variable)
{
  const char *value = getenv(variable);

  return value != NULL && strcmp(value, "1") == 0;
}

PwasmHost *
pwasm_host_new(const PwasmHostOptions *options)
{
  static const PwasmHostOptions no_options = {0};
  PwasmHost *host = pwasm__host_alloc(sizeof *host);

  if (options == NULL)
    options = &no_options;
  host->on_failure = options->on_failure;
  host->acts_at_once = options->acts_at_once;
  host->forgets_bodies = options->forgets_bodies;
  host->reuses_memory = options->reuses_memory;
  host->allows_traps = options->allow_traps;
  host->buffer_limit = options->buffer_limit;
  host->log_level = options->log_level;
  host->time_ns = options->time_ns == 0 ? PWASM_HOST_START_TIME_NS : options->time_ns;
  host->traces_to_stderr = options->trace || is_set("PWASM_HOST_TRACE");
  host->keeps_trace = options->keep_trace;
  host->traits = pwasm__traits_of(options->profile);
  host->is_strict = options->strict || is_set("PWASM_HOST_STRICT");
  host->next = newest_host;
  newest_host = host;
  /* A test that failed inside a callback never came back from there. */
  current_host = NULL;
  return host;
}

/* As a proxy shuts down. After a failure inside a callback the guest is not called any more. */
static void
end_all(PwasmHost *host)
{
  PwasmHostHttp *http;
  PwasmHostPlugin *plugin;

  if (host->depth > 0)
    return;
  for (http = host->streams; http != NULL; http = http->next)
    pwasm_host_http_end(http);
  pwasm__host_tcp_end_all(host);
  for (plugin = host->plugins; plugin != NULL; plugin = plugin->next)
    pwasm_host_plugin_end(plugin);
}

static void
free_plugins(PwasmHost *host)
{
  while (host->plugins != NULL) {
    PwasmHostPlugin *plugin = host->plugins;

    host->plugins = plugin->next;
    free((void *)(uintptr_t)plugin->name.data);
    free((void *)(uintptr_t)plugin->root_id.data);
    free((void *)(uintptr_t)plugin->configuration.data);
    pwasm__host_properties_free(&plugin->context.properties);
    free(plugin);
  }
}

static void
say_leaks(PwasmHostReport *report, const PwasmHostLeaks *leaks)
{
  if (leaks->num_referenced > 0)
    pwasm__say(report, "%zu context%s still referenced: a pwasm_context_ref() has no unref%s",
               leaks->num_referenced, leaks->num_referenced == 1 ? " is" : "s are", leaks->text);
  else
    pwasm__say(report, "%zu contexts are still referenced, or kept by one that is",
               leaks->num_contexts);
}

/* Says which VMs leave contexts referenced. */
static void
free_vms(PwasmHost *host, PwasmHostReport *report)
{
  bool is_only = host->vms == NULL || host->vms->next == NULL;

  for (size_t i = 1; host->vms != NULL; i++) {
    PwasmHostVm *vm = host->vms;
    PwasmHostLeaks leaks = {0};

    vm->guest->end(vm, &leaks);
    if (leaks.num_contexts > 0 && !is_only)
      pwasm__say(report, "%sVM %zu: ", report->len > 0 ? "\n" : "", i);
    if (leaks.num_contexts > 0)
      say_leaks(report, &leaks);
    host->vms = vm->next;
    free((void *)(uintptr_t)vm->id.data);
    free((void *)(uintptr_t)vm->configuration.data);
    free(vm);
  }
}

static void
unlink_host(PwasmHost *host)
{
  PwasmHost **link = &newest_host;

  while (*link != host)
    link = &(*link)->next;
  *link = host->next;
}

void
pwasm_host_free(PwasmHost *host)
{
  PwasmHostFailFn *on_failure;
  PwasmHostFault fault;
  PwasmHostReport leaks = {0};
  bool is_sound;

  if (host == NULL)
    return;
  end_all(host);
  is_sound = host->depth == 0 && !host->has_failed;
  on_failure = host->on_failure;
  fault = host->fault;
  current_host = host;
  free_vms(host, &leaks);
  current_host = NULL;
  while (host->streams != NULL)
    pwasm_host_http_free(host->streams);
  while (host->connections != NULL)
    pwasm_host_tcp_free(host->connections);
  pwasm__host_calls_free(host);
  free_plugins(host);
  pwasm__host_metrics_free(&host->services);
  pwasm__host_shared_data_free(&host->services);
  pwasm__host_shared_queues_free(&host->services);
  pwasm__host_foreign_free(&host->services);
  for (int i = 0; i < PWASM_HOST_NUM_HOSTCALLS; i++)
    free((void *)(uintptr_t)host->orders[i].answer.data);
  pwasm_host_log_clear(host);
  free(host->log_lines);
  free(host->actions);
  pwasm__host_bytes_free(&host->trace);
  pwasm__views_free(&host->views);
  pwasm__host_properties_free(&host->properties);
  unlink_host(host);
  free(host);
  if (leaks.len > 0 && is_sound)
    pwasm__failure(on_failure, "pwasm_host_free", 0, "%s%s%s", leaks.text,
                   PWASM__FAULT_TEXT(&fault));
}

uint64_t
pwasm_host_time_get(const PwasmHost *host)
{
  return host->time_ns;
}

void
pwasm_host_time_set(PwasmHost *host, uint64_t time_ns)
{
  host->time_ns = time_ns;
}

void
pwasm_host_time_advance(PwasmHost *host, uint64_t duration_ns)
{
  host->time_ns += duration_ns;
}

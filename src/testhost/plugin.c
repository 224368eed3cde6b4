#include <stdlib.h>

#include "host_private.h"

static uint32_t
enter(PwasmHostPlugin *plugin, PwasmHostCallback callback, size_t a)
{
  return pwasm__host_enter(plugin->vm, callback, plugin->context.id, (uint32_t)a, 0, NULL);
}

static bool
configure(PwasmHostPlugin *plugin)
{
  bool is_accepted;

  plugin->configuration_readable = true;
  is_accepted = enter(plugin, PWASM_HOST_CALLBACK_on_configure, plugin->configuration.len) != 0;
  plugin->configuration_readable = false;
  plugin->state = is_accepted ? PWASM_HOST_PLUGIN_RUNNING : PWASM_HOST_PLUGIN_CONFIGURE_REFUSED;
  return is_accepted;
}

static bool
has_vm_start(const PwasmHostPlugin *plugin)
{
  const PwasmHost *host = plugin->vm->host;

  return !host->traits->starts_first_vm_only || plugin->vm == host->vms;
}

static void
start(PwasmHostPlugin *plugin)
{
  plugin->configuration_readable = true;
  enter(plugin, PWASM_HOST_CALLBACK_on_context_create, 0);
  plugin->configuration_readable = false;
  if (has_vm_start(plugin) &&
      enter(plugin, PWASM_HOST_CALLBACK_on_vm_start, plugin->vm->configuration.len) == 0)
    plugin->state = PWASM_HOST_PLUGIN_VM_REFUSED;
  else
    configure(plugin);
}

static PwasmHostVm *
vm_for(PwasmHost *host, const PwasmHostPluginOptions *options)
{
  PwasmHostVmOptions vm_options = {.configuration = options->vm_configuration};

  if (options->vm != NULL)
    return options->vm;
  for (PwasmHostVm *vm = host->vms; vm != NULL; vm = vm->next) {
    if (!vm->is_canary)
      return vm;
  }
  return pwasm_host_vm_new(host, &vm_options);
}

PwasmHostPlugin *
pwasm_host_plugin_start(PwasmHost *host, const PwasmHostPluginOptions *options)
{
  static const PwasmHostPluginOptions no_options = {0};
  PwasmHostPlugin *plugin = pwasm__host_alloc(sizeof *plugin);

  if (options == NULL)
    options = &no_options;
  plugin->vm = vm_for(host, options);
  plugin->name = pwasm__host_str_dup(options->name);
  plugin->root_id = pwasm__host_str_dup(options->root_id);
  plugin->configuration = pwasm__host_str_dup(options->configuration);
  plugin->allow_on_headers_stop_iteration = options->allow_on_headers_stop_iteration;
  plugin->next = host->plugins;
  host->plugins = plugin;
  plugin->context.plugin = plugin;
  pwasm__host_context_add(&plugin->context, plugin->vm);
  start(plugin);
  pwasm__host_settle(host);
  return plugin;
}

void
pwasm_host_plugin_log(PwasmHostPlugin *plugin, const PwasmHostLogEntry *entry)
{
  PwasmHost *host = plugin->vm->host;
  const PwasmHostLogMaps *previous = host->log_maps;
  PwasmHostLogMaps log = {.plugin = plugin};

  pwasm__host_map_add_all(&log.maps[PWASM_MAP_HTTP_REQUEST_HEADERS], entry->request_headers);
  pwasm__host_map_add_all(&log.maps[PWASM_MAP_HTTP_RESPONSE_HEADERS], entry->response_headers);
  pwasm__host_map_add_all(&log.maps[PWASM_MAP_HTTP_RESPONSE_TRAILERS], entry->response_trailers);
  host->log_maps = &log;
  enter(plugin, PWASM_HOST_CALLBACK_on_log, 0);
  host->log_maps = previous;
  for (size_t i = 0; i <= PWASM_MAP_HTTP_RESPONSE_TRAILERS; i++)
    pwasm__host_map_free(&log.maps[i]);
  pwasm__host_settle(host);
}

PwasmHostPluginState
pwasm_host_plugin_state(const PwasmHostPlugin *plugin)
{
  return plugin->state;
}

uint32_t
pwasm_host_plugin_id(const PwasmHostPlugin *plugin)
{
  return plugin->context.id;
}

PwasmHostVm *
pwasm_host_plugin_vm(const PwasmHostPlugin *plugin)
{
  return plugin->vm;
}

bool
pwasm_host_plugin_configure(PwasmHostPlugin *plugin, PwasmStr configuration)
{
  bool is_accepted;

  if (plugin->state != PWASM_HOST_PLUGIN_RUNNING &&
      plugin->state != PWASM_HOST_PLUGIN_CONFIGURE_REFUSED) {
    PWASM__HOST_MISUSE(plugin->vm->host, "the plugin is not running, it is %s",
                       pwasm__plugin_state_name(plugin->state));
    return false;
  }
  free((void *)(uintptr_t)plugin->configuration.data);
  plugin->configuration = pwasm__host_str_dup(configuration);
  is_accepted = configure(plugin);
  pwasm__host_settle(plugin->vm->host);
  return is_accepted;
}

void
pwasm__host_plugin_delete(PwasmHostPlugin *plugin)
{
  if (plugin->state == PWASM_HOST_PLUGIN_DELETED)
    return;
  plugin->state = PWASM_HOST_PLUGIN_DELETED;
  if (!plugin->vm->host->traits->forgets_plugins)
    enter(plugin, PWASM_HOST_CALLBACK_on_delete, 0);
  pwasm__host_context_remove(&plugin->context);
  /* It may be large, and there may be many of them by and by. */
  free((void *)(uintptr_t)plugin->configuration.data);
  plugin->configuration = (PwasmStr){0};
}

static void
end(PwasmHostPlugin *plugin)
{
  /* Before the callback, which may say from inside that it is done. */
  plugin->state = PWASM_HOST_PLUGIN_ENDING;
  if (plugin->vm->host->traits->forgets_plugins ||
      enter(plugin, PWASM_HOST_CALLBACK_on_done, 0) != 0 || pwasm__is_apisix(plugin->vm->host))
    pwasm__host_plugin_delete(plugin);
  else
    plugin->state = PWASM_HOST_PLUGIN_DONE_PENDING;
}

void
pwasm_host_plugin_end(PwasmHostPlugin *plugin)
{
  if (plugin->state > PWASM_HOST_PLUGIN_CONFIGURE_REFUSED)
    return;
  if (plugin->num_open_streams > 0)
    plugin->state = PWASM_HOST_PLUGIN_ENDING;
  else
    end(plugin);
  pwasm__host_settle(plugin->vm->host);
}

void
pwasm__host_plugin_stream_ended(PwasmHostPlugin *plugin)
{
  if (--plugin->num_open_streams == 0 && plugin->state == PWASM_HOST_PLUGIN_ENDING)
    end(plugin);
}

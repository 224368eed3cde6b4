#include "host_private.h"

/* Nobody waits for what the VM has asked for. */
static void
forget_calls(const PwasmHostPlugin *plugin)
{
  PwasmHostCalls *calls = &plugin->vm->host->calls;

  for (PwasmHostHttpCallRecord *r = calls->http; r != NULL; r = r->next)
    r->is_pending = r->is_pending && r->plugin != plugin;
  for (PwasmHostGrpcCallRecord *r = calls->grpc; r != NULL; r = r->next) {
    r->is_pending = r->is_pending && r->plugin != plugin;
    r->is_known = r->is_known && r->plugin != plugin;
  }
}

bool
pwasm_host_plugin_try(PwasmHost *host, const PwasmHostPluginOptions *options)
{
  PwasmHostPluginOptions canary_options = {0};
  PwasmHostVmOptions vm_options = {0};
  PwasmHostPlugin *plugin;
  bool is_accepted;

  if (options != NULL)
    canary_options = *options;
  vm_options.configuration = canary_options.vm_configuration;
  if (canary_options.vm != NULL) {
    vm_options.id = canary_options.vm->id;
    vm_options.configuration = canary_options.vm->configuration;
  }
  canary_options.vm = pwasm_host_vm_new(host, &vm_options);
  canary_options.vm->is_canary = true;
  plugin = pwasm_host_plugin_start(host, &canary_options);
  is_accepted = plugin->state == PWASM_HOST_PLUGIN_RUNNING;
  plugin->state = PWASM_HOST_PLUGIN_DELETED;
  forget_calls(plugin);
  return is_accepted;
}

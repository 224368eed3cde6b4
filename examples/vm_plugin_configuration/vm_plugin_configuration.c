/* Configurations: logs the one of the VM and the one of the plugin. */

#include <pwasm/pwasm.h>

typedef struct ConfigurationVm {
  PwasmVmContext base;
} ConfigurationVm;

typedef struct ConfigurationPlugin {
  PwasmPluginContext base;
} ConfigurationPlugin;

static bool
log_configuration(const char *which, PwasmStatus status, PwasmStr configuration)
{
  if (status == PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_INFO, "%s config: %.*s", which, PWASM_STR_ARG(configuration));
    return true;
  }
  /* No configuration: Envoy has an empty one then. */
  if (status == PWASM_STATUS_NOT_FOUND)
    return true;
  pwasm_logf(PWASM_LOG_CRITICAL, "error reading %s configuration: %s", which,
             pwasm_status_text(status));
  return false;
}

//! [configurations]
static bool
configuration_on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  PwasmStr configuration = {0};
  PwasmStatus status = pwasm_vm_configuration_get(&configuration);

  (void)ctx;
  (void)configuration_size;
  return log_configuration("vm", status, configuration);
}

static bool
configuration_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStr configuration = {0};
  PwasmStatus status = pwasm_plugin_configuration_get(&configuration);

  (void)ctx;
  (void)configuration_size;
  return log_configuration("plugin", status, configuration);
}
//! [configurations]

static const PwasmVmContextClass configuration_vm_class = {
  PWASM_VM_SUBCLASS(ConfigurationVm, pwasm_vm_context_class),
  PWASM_ON(on_vm_start, configuration_on_vm_start),
};

static const PwasmPluginContextClass configuration_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(ConfigurationPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, configuration_on_configure),
};

/* Its streams have nothing to do: the SDK's own class lets all pass, and no callback is exported. */
PWASM_PLUGIN(.vm_class = &configuration_vm_class, .plugin_class = &configuration_plugin_class,
             .http_class = &pwasm_http_context_class);

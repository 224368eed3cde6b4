#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

static void
vm_plugin_configuration__logs_both(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_vm_start");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.vm_configuration = PWASM_STR("{\"name\": \"vm\"}"),
                                    .configuration = PWASM_STR("{\"name\": \"plugin\"}")});

  (void)state;
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "vm config: {\"name\": \"vm\"}");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "plugin config: {\"name\": \"plugin\"}");
  pwasm_host_free(host);
}

static void
vm_plugin_configuration__does_without(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_CRITICAL, "");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  pwasm_host_free(host);
}

static void
vm_plugin_configuration__refuses_what_it_cannot_read(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_vm_start");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin;

  (void)state;
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 2, PWASM_STATUS_INTERNAL_FAILURE);
  plugin = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = PWASM_STR("unreadable")});
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL,
                   "error reading plugin configuration: internal failure of the host");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  (void)data;
  pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.vm_configuration = PWASM_STR("{\"name\": \"vm\"}"),
                                    .configuration = PWASM_STR("{\"name\": \"plugin\"}")});
}

static void
vm_plugin_configuration__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vm_plugin_configuration__logs_both),
    cmocka_unit_test(vm_plugin_configuration__does_without),
    cmocka_unit_test(vm_plugin_configuration__refuses_what_it_cannot_read),
    cmocka_unit_test(vm_plugin_configuration__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

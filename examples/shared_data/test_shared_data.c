#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

#define KEY "shared_data_key"

static void
shared_data__counts_requests(void **state)
{
  PWASM_HOST_NEEDS("proxy_get_shared_data");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);

  (void)state;
  PWASM_EXPECT_REQUEST_COMPLETE(pwasm_host_http_get(plugin, "/"));
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "shared value: 1");
  pwasm_host_http_get(plugin, "/");
  pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "shared value: 3");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  pwasm_host_free(host);
}

static void
shared_data__all_vms_count_the_same(void **state)
{
  PWASM_HOST_NEEDS("proxy_get_shared_data");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *workers[3];

  (void)state;
  for (int i = 0; i < 3; i++)
    workers[i] =
      pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = pwasm_host_vm_new(host, NULL)});
  for (int i = 0; i < 30; i++)
    pwasm_host_http_get(workers[i % 3], "/");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "shared value: 30");
  pwasm_host_free(host);
}

/* Another VM counts, just before this one sets the value. */
static void
count_too(PwasmHost *host, void *data)
{
  int *times = data;

  if ((*times)-- > 0)
    pwasm_host_shared_data_set(host, "", KEY, pwasm_str("\x29\0\0\0\0\0\0\0", 8));
}

static void
shared_data__tries_again(void **state)
{
  PWASM_HOST_NEEDS("proxy_get_shared_data");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  int times = 1;

  (void)state;
  pwasm_host_hook(host, "proxy_set_shared_data", count_too, &times);
  pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "error setting shared data on OnHttpRequestHeaders: ");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "shared value: 42");
  pwasm_host_free(host);
}

static void
shared_data__logs_what_fails(void **state)
{
  PWASM_HOST_NEEDS("proxy_get_shared_data");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin;

  (void)state;
  pwasm_host_fail(host, "proxy_set_shared_data", 1, PWASM_STATUS_INTERNAL_FAILURE);
  plugin = pwasm_host_plugin_start(host, NULL);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "error setting shared data on OnVMStart: internal");
  pwasm_host_fail(host, "proxy_get_shared_data", 1, PWASM_STATUS_INTERNAL_FAILURE);
  PWASM_EXPECT_REQUEST_COMPLETE(pwasm_host_http_get(plugin, "/"));
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN,
                   "error getting shared data on OnHttpRequestHeaders: internal");
  pwasm_host_shared_data_set(host, "", KEY, PWASM_STR("not a number"));
  PWASM_EXPECT_REQUEST_COMPLETE(pwasm_host_http_get(plugin, "/"));
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN,
                   "error setting shared data on OnHttpRequestHeaders: can't be parsed");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);

  (void)data;
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  pwasm_host_http_get(plugin, "/");
  pwasm_host_http_get(plugin, "/");
}

static void
shared_data__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(shared_data__counts_requests),
    cmocka_unit_test(shared_data__all_vms_count_the_same),
    cmocka_unit_test(shared_data__tries_again),
    cmocka_unit_test(shared_data__logs_what_fails),
    cmocka_unit_test(shared_data__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

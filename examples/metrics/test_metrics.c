#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

#define FOO "custom_header_value_counts_value=foo_reporter=wasmgosdk"
#define BAR "custom_header_value_counts_value=bar_reporter=wasmgosdk"

static void
send(PwasmHostPlugin *plugin, const char *value)
{
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  pwasm_host_http_send_request_headers(
    http, PWASM_HOST_HEADERS(":method", "GET", "my-custom-header", value), true);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  pwasm_host_http_free(http);
}

static void
metrics__counts_by_value(void **state)
{
  PWASM_HOST_NEEDS("proxy_define_metric");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);

  (void)state;
  for (int i = 0; i < 3; i++)
    send(plugin, "foo");
  for (int i = 0; i < 5; i++)
    send(plugin, "bar");
  pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_COUNTER(host, FOO, 3);
  PWASM_EXPECT_COUNTER(host, BAR, 5);
  PWASM_EXPECT_CALLS(host, "proxy_define_metric", 2);
  pwasm_host_free(host);
}

static void
metrics__values_are_limited(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  char value[16];

  (void)state;
  for (int i = 0; i < 1000; i++) {
    snprintf(value, sizeof value, "%d", i);
    send(plugin, value);
  }
  send(plugin, "0");
  PWASM_EXPECT_CALLS(host, "proxy_define_metric", 100);
  PWASM_EXPECT_CALLS(host, "proxy_increment_metric", 101);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "a request was not counted: there are too many values");
  pwasm_host_free(host);
}

static void
metrics__failure_is_logged_and_not_remembered(void **state)
{
  PWASM_HOST_NEEDS("proxy_define_metric");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);

  (void)state;
  pwasm_host_fail(host, "proxy_define_metric", 1, PWASM_STATUS_INTERNAL_FAILURE);
  send(plugin, "foo");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "a request was not counted: internal failure");
  send(plugin, "foo");
  PWASM_EXPECT_COUNTER(host, FOO, 1);
  pwasm_host_free(host);
}

static void
send_bar(PwasmHost *host, void *plugin)
{
  (void)host;
  send(plugin, "bar");
}

static void
metrics__a_request_comes_while_a_counter_is_defined(void **state)
{
  PWASM_HOST_NEEDS("proxy_define_metric");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);

  (void)state;
  pwasm_host_hook(host, "proxy_define_metric", send_bar, plugin);
  /* The one from inside comes first. */
  pwasm_host_fail(host, "proxy_define_metric", 2, PWASM_STATUS_INTERNAL_FAILURE);
  send(plugin, "foo");
  pwasm_host_hook(host, "proxy_define_metric", NULL, NULL);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "a request was not counted: internal failure");
  send(plugin, "bar");
  send(plugin, "foo");
  PWASM_EXPECT_COUNTER(host, BAR, 2);
  PWASM_EXPECT_COUNTER(host, FOO, 1);
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);

  (void)data;
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  send(plugin, "foo");
  send(plugin, "bar");
  send(plugin, "foo");
}

static void
metrics__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(metrics__counts_by_value),
    cmocka_unit_test(metrics__values_are_limited),
    cmocka_unit_test(metrics__failure_is_logged_and_not_remembered),
    cmocka_unit_test(metrics__a_request_comes_while_a_counter_is_defined),
    cmocka_unit_test(metrics__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

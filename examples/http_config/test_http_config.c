#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

#define STATUS_200 PWASM_HOST_HEADERS(":status", "200")

static PwasmHostHttp *
respond(PwasmHostPlugin *plugin)
{
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/hello");

  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  return http;
}

static void
http_config__adds_the_configuration(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = PWASM_STR("a secret")});

  (void)state;
  PWASM_EXPECT_RESPONSE_HEADER(respond(plugin), "custom-header", "a secret");
  assert_true(pwasm_host_plugin_configure(plugin, PWASM_STR("another")));
  PWASM_EXPECT_RESPONSE_HEADER(respond(plugin), "custom-header", "another");
  pwasm_host_free(host);
}

static void
http_config__does_without(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);

  (void)state;
  PWASM_EXPECT_NO_RESPONSE_HEADER(respond(pwasm_host_plugin_start(host, NULL)), "custom-header");
  pwasm_host_free(host);
}

static void
http_config__logs_what_fails(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = PWASM_STR("a secret")});

  (void)state;
  pwasm_host_fail(host, "proxy_add_header_map_value", 1, PWASM_STATUS_BAD_ARGUMENT);
  PWASM_EXPECT_NO_RESPONSE_HEADER(respond(plugin), "custom-header");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "custom-header was not added");
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 1, PWASM_STATUS_INTERNAL_FAILURE);
  assert_false(pwasm_host_plugin_configure(plugin, PWASM_STR("another")));
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "error reading plugin configuration");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = PWASM_STR("a secret")});

  (void)data;
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  respond(plugin);
  if (pwasm_host_plugin_configure(plugin, PWASM_STR("another")))
    respond(plugin);
}

static void
http_config__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(http_config__adds_the_configuration),
    cmocka_unit_test(http_config__does_without),
    cmocka_unit_test(http_config__logs_what_fails),
    cmocka_unit_test(http_config__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

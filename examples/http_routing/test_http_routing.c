#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/pwasm.h>
#include <pwasm/testhost.h>

static PwasmHostPlugin *
start(PwasmHost *host, const char *configuration)
{
  return pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = pwasm_str_from_cstr(configuration)});
}

static void
http_routing__configuration_overrides_chance(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_get(start(host, "\x01"), "/");

  (void)state;
  PWASM_EXPECT_REQUEST_HEADER(http, ":authority", "example.com");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "value: 1\n");
  http = pwasm_host_http_get(start(host, "\x02"), "/");
  PWASM_EXPECT_REQUEST_HEADER(http, ":authority", "example.com-canary");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "value: 2\n");
  pwasm_host_free(host);
}

static void
http_routing__goes_both_ways(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = start(host, "");
  int num_canaries = 0;

  (void)state;
  for (int i = 0; i < 200; i++) {
    PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");
    PwasmStr authority =
      pwasm_host_headers_get(pwasm_host_http_request(http).headers, ":authority");

    num_canaries += pwasm_str_equal(authority, PWASM_STR("example.com-canary"));
    pwasm_host_http_free(http);
  }
  assert_in_range(num_canaries, 60, 140);
  pwasm_host_free(host);
}

static void
http_routing__logs_what_fails(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "only an HTTP call holds a request back");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = start(host, "\x02");
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_fail(host, "proxy_get_header_map_value", 1, PWASM_STATUS_NOT_FOUND);
  http = pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_REPLY(http, 503);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "failed to get request header: ':authority'");
  pwasm_host_fail(host, "proxy_replace_header_map_value", 1, PWASM_STATUS_BAD_ARGUMENT);
  http = pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_REPLY(http, 503);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "failed to set request header: ':authority'");
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 1, PWASM_STATUS_INTERNAL_FAILURE);
  assert_false(pwasm_host_plugin_configure(plugin, PWASM_STR("1")));
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  PwasmHostPlugin *plugin = start(host, "\x02");

  (void)data;
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  pwasm_host_http_get(plugin, "/");
}

static void
http_routing__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(http_routing__configuration_overrides_chance),
    cmocka_unit_test(http_routing__goes_both_ways),
    cmocka_unit_test(http_routing__logs_what_fails),
    cmocka_unit_test(http_routing__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

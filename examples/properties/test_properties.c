#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

#define AUTH                                                                                       \
  PWASM_PATH("xds", "route_metadata", "filter_metadata", "envoy.filters.http.wasm", "auth")

static PwasmHost *host;
static PwasmHostPlugin *plugin;

static int
setup(void **state)
{
  (void)state;
  host = pwasm_host_new(NULL);
  plugin = pwasm_host_plugin_start(host, NULL);
  return 0;
}

static int
teardown(void **state)
{
  (void)state;
  pwasm_host_free(host);
  return 0;
}

static void
properties__the_header_is_there(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(plugin);
  char finished[32];

  (void)state;
  pwasm_host_http_property_set(http, AUTH, PWASM_STR("cookie"));
  pwasm_host_http_send_request_headers(
    http, PWASM_HOST_HEADERS(":method", "GET", ":path", "/one", "Cookie", ""), true);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_NO_REPLY(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "auth header is \"cookie\"");
  pwasm_host_http_end(http);
  snprintf(finished, sizeof finished, "%u finished", pwasm_host_http_id(http));
  if (pwasm_host_profile_has(PWASM_HOST_PROFILE_DEFAULT, "proxy_on_log"))
    PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, finished);
}

static void
properties__the_header_is_missing(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  pwasm_host_http_property_set(http, AUTH, PWASM_STR("cookie"));
  pwasm_host_http_send_request_headers(
    http, PWASM_HOST_HEADERS(":method", "GET", ":path", "/one", "authorization", "token"), true);
  PWASM_EXPECT_NO_REQUEST(http);
  PWASM_EXPECT_REPLY(http, 401);
  assert_true(pwasm_host_http_reply(http)->has_grpc_status);
  assert_int_equal(pwasm_host_http_reply(http)->grpc_status, PWASM_GRPC_STATUS_UNAUTHENTICATED);
}

static void
properties__the_route_asks_for_none(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/three");

  (void)state;
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "no auth header for route");
}

static void
properties__failing_to_read_refuses(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_fail(host, "proxy_get_property", 1, PWASM_STATUS_INTERNAL_FAILURE);
  http = pwasm_host_http_get(plugin, "/one");
  PWASM_EXPECT_REPLY(http, 401);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL,
                   "failed to read properties: internal failure of the host");
}

static void
properties__failing_to_reply_refuses(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "there is no other way to refuse: closing a stream traps");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "only an HTTP call holds a request back");
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  pwasm_host_http_property_set(http, AUTH, PWASM_STR("cookie"));
  pwasm_host_fail(host, "proxy_send_local_response", 1, PWASM_STATUS_INTERNAL_FAILURE);
  pwasm_host_http_send_request_headers(http, PWASM_HOST_HEADERS(":method", "GET", ":path", "/"),
                                       true);
  PWASM_EXPECT_NO_REQUEST(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "failed to send a local reply");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

static void
scenario(PwasmHost *fresh, void *data)
{
  PwasmHostPlugin *own = pwasm_host_plugin_start(fresh, NULL);

  (void)data;
  if (pwasm_host_plugin_state(own) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  pwasm_host_http_get(own, "/three");
  pwasm_host_plugin_property_set(own, AUTH, PWASM_STR(":path"));
  pwasm_host_http_get(own, "/one");
  pwasm_host_plugin_property_set(own, AUTH, PWASM_STR("cookie"));
  pwasm_host_http_get(own, "/one");
}

static void
properties__bears_any_failure(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "there is no other way to refuse: closing a stream traps");
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(properties__the_header_is_there),      TEST(properties__the_header_is_missing),
    TEST(properties__the_route_asks_for_none),  TEST(properties__failing_to_read_refuses),
    TEST(properties__failing_to_reply_refuses), cmocka_unit_test(properties__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

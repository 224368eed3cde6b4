#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

#define INVALID                                                                                    \
  "invalid configuration format; expected {\"header\": \"<header name>\", \"value\": \"<header "   \
  "value>\"}"

static PwasmHostPlugin *
start(PwasmHost *host, const char *configuration)
{
  return pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = pwasm_str_from_cstr(configuration)});
}

static void
http_headers__adds_and_logs(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin =
    start(host, "{\n  \"header\": \" x-wasm-header \",\n  \"value\": \"demo-wasm\"\n}\n");
  PwasmHostHttp *http = pwasm_host_http_open(plugin);
  char finished[32];

  (void)state;
  PWASM_EXPECT_LOG(host, PWASM_LOG_DEBUG, "loading plugin config");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "header from config: x-wasm-header = demo-wasm");
  pwasm_host_http_send_request_headers(
    http, PWASM_HOST_HEADERS(":method", "GET", ":path", "/uuid", "test", "worst"), true);
  PWASM_EXPECT_REQUEST_HEADER(http, "test", "best");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "request header --> :path: /uuid");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "request header --> test: best");
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200", "a", ""), true);
  PWASM_EXPECT_RESPONSE_HEADER(http, "x-wasm-header", "demo-wasm");
  PWASM_EXPECT_RESPONSE_HEADER(http, "x-proxy-wasm-go-sdk-example", "http_headers");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "adding header: x-wasm-header=demo-wasm");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "response header <-- a: ");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "response header <-- x-wasm-header: demo-wasm");
  pwasm_host_http_end(http);
  snprintf(finished, sizeof finished, "%u finished", pwasm_host_http_id(http));
  if (pwasm_host_profile_has(PWASM_HOST_PROFILE_DEFAULT, "proxy_on_log"))
    PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, finished);
  pwasm_host_free(host);
}

static void
http_headers__does_without_configuration(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_get(pwasm_host_plugin_start(host, NULL), "/");

  (void)state;
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), true);
  PWASM_EXPECT_RESPONSE_HEADER(http, "x-proxy-wasm-go-sdk-example", "http_headers");
  PWASM_EXPECT_NO_RESPONSE_HEADER(http, "x-wasm-header");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_CRITICAL, "");
  pwasm_host_free(host);
}

static void
http_headers__refuses_other_configurations(void **state)
{
  static const char *const wrong[] = {
    "not JSON",
    "[1, 2]",
    "\"header\"",
    "{}",
    "{\"header\": \"x-a\"}",
    "{\"value\": \"b\"}",
    "{\"header\": 1, \"value\": \"b\"}",
    "{\"header\": \" \", \"value\": \"b\"}",
    "{\"header\": \"x-a\", \"value\": \"\"}",
    "{\"header\": \"x-a\", \"value\": {\"value\": \"b\"}}",
    "{\"header\": \"x-a\", \"value\": \"b\"",
    "{\"header\": \"x-a\", \"value\"",
    "{\"header\": \"x-a\", \"value\": \"b\"} x",
    "{\"header\": \"x-a\", \"value\": \"b\"} \"header\": \"x-b\"",
    "{\"header\": \"x-a\", \"value\": \"b\", \"c\"}",
    "{\"header\" \"x-a\", \"value\" \"b\"}",
    " ",
  };

  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    PwasmHost *host = pwasm_host_new(NULL);

    PWASM_EXPECT_PLUGIN_STATE(start(host, wrong[i]), PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
    PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, INVALID);
    pwasm_host_free(host);
  }
}

static void
http_headers__logs_what_fails(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = start(host, "{\"header\": \"a\", \"value\": \"b\"}");
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_fail(host, "proxy_replace_header_map_value", 0, PWASM_STATUS_BAD_ARGUMENT);
  pwasm_host_fail(host, "proxy_add_header_map_value", 0, PWASM_STATUS_BAD_ARGUMENT);
  pwasm_host_fail(host, "proxy_get_header_map_pairs", 0, PWASM_STATUS_BAD_ARGUMENT);
  http = pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "failed to set request header: test");
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), true);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "no headers");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  PwasmHostPlugin *plugin = start(host, "{\"header\": \"x-wasm-header\", \"value\": \"demo\"}");
  PwasmHostHttp *http;

  (void)data;
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  http = pwasm_host_http_get(plugin, "/");
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), true);
}

static void
http_headers__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(http_headers__adds_and_logs),
    cmocka_unit_test(http_headers__does_without_configuration),
    cmocka_unit_test(http_headers__refuses_other_configurations),
    cmocka_unit_test(http_headers__logs_what_fails),
    cmocka_unit_test(http_headers__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

#define METADATA                                                                                   \
  PWASM_PATH("metadata", "filter_metadata", "envoy.filters.http.lua", "uppercased-custom-metadata")

#define GET PWASM_HOST_HEADERS(":method", "GET", ":path", "/")

static PwasmHost *host;
static PwasmHostHttp *http;

static int
setup(void **state)
{
  (void)state;
  host = pwasm_host_new(NULL);
  http = pwasm_host_http_open(pwasm_host_plugin_start(host, NULL));
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
envoy_filter_metadata__answers_with_it(void **state)
{
  (void)state;
  pwasm_host_http_property_set(http, METADATA, PWASM_STR("SOME-VALUE"));
  assert_int_equal(pwasm_host_http_send_request_headers(http, GET, true), PWASM_ACTION_PAUSE);
  PWASM_EXPECT_NO_REQUEST(http);
  PWASM_EXPECT_REPLY(http, 200);
  PWASM_EXPECT_RESPONSE_HEADER(http, "powered-by", "proxy-wasm");
  PWASM_EXPECT_RESPONSE_HEADER(http, "uppercased-metadata", "SOME-VALUE");
  PWASM_EXPECT_REPLY_BODY(http, "Custom response with Envoy metadata: \"SOME-VALUE\"\n");
}

static void
envoy_filter_metadata__goes_on_without(void **state)
{
  (void)state;
  assert_int_equal(pwasm_host_http_send_request_headers(http, GET, true), PWASM_ACTION_CONTINUE);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
envoy_filter_metadata__only_utf8(void **state)
{
  static const char *const texts[] = {"",
                                      "\xc3\x84",
                                      "\xe2\x82\xac",
                                      "a\xf0\x9f\x98\x80z",
                                      "\xed\x9f\xbf",
                                      "\xee\x80\x80",
                                      "\xf4\x8f\xbf\xbf"};
  static const char *const others[] = {"\xff",
                                       "\x80",
                                       "\xc0\x80",
                                       "\xc3",
                                       "\xc3z",
                                       "\xe0\x80\x80",
                                       "\xed\xa0\x80",
                                       "\xe2\x82",
                                       "\xf0\x80\x80\x80",
                                       "\xf4\x90\x80\x80",
                                       "\xf5\x80\x80\x80",
                                       "a\xe2\x82z"};
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);

  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    pwasm_host_property_set(host, METADATA, pwasm_str_from_cstr(texts[i]));
    PWASM_EXPECT_REPLY(pwasm_host_http_get(plugin, "/"), 200);
  }
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    pwasm_host_property_set(host, METADATA, pwasm_str_from_cstr(others[i]));
    PWASM_EXPECT_NO_REPLY(pwasm_host_http_get(plugin, "/"));
  }
}

static void
envoy_filter_metadata__goes_on_when_it_cannot_answer(void **state)
{
  (void)state;
  pwasm_host_http_property_set(http, METADATA, PWASM_STR("SOME-VALUE"));
  pwasm_host_fail(host, "proxy_send_local_response", 1, PWASM_STATUS_INTERNAL_FAILURE);
  pwasm_host_http_send_request_headers(http, GET, true);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "failed to send a local reply");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

static void
scenario(PwasmHost *fresh, void *data)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(fresh, NULL);

  (void)data;
  pwasm_host_property_set(fresh, METADATA, PWASM_STR("SOME-VALUE"));
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  pwasm_host_http_get(plugin, "/");
}

static void
envoy_filter_metadata__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(envoy_filter_metadata__answers_with_it),
    TEST(envoy_filter_metadata__goes_on_without),
    TEST(envoy_filter_metadata__only_utf8),
    TEST(envoy_filter_metadata__goes_on_when_it_cannot_answer),
    cmocka_unit_test(envoy_filter_metadata__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

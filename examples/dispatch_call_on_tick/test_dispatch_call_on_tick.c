#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <pwasm/pwasm.h>
#include <pwasm/testhost.h>

#define NS_PER_MS UINT64_C(1000000)

static void
answer_all(PwasmHost *host)
{
  while (pwasm_host_http_call_count(host) > 0)
    pwasm_host_http_call_answer(
      pwasm_host_http_call(host, 0),
      &(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":status", "200"),
                             .trailers = PWASM_HOST_HEADERS("x-t", "u")});
}

static void
expect_called(PwasmHost *host, int count, const PwasmHostPlugin *plugin)
{
  char line[64];

  snprintf(line, sizeof line, "called %d for contextID=%u", count, pwasm_host_plugin_id(plugin));
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, line);
}

static void
dispatch_call_on_tick__calls(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_tick");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  const PwasmHostHttpCall *call;

  (void)state;
  assert_int_equal(pwasm_host_tick_period(plugin), 100);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "set tick period milliseconds: 100");
  pwasm_host_advance(host, 100 * NS_PER_MS);
  call = pwasm_host_http_call(host, 0);
  assert_true(pwasm_str_equal(call->upstream, PWASM_STR("web_service")));
  assert_int_equal(call->timeout_ms, 5000);
  assert_true(pwasm_str_equal(pwasm_host_headers_get(call->headers, ":authority"),
                              PWASM_STR("some_authority")));
  assert_true(pwasm_str_equal(pwasm_host_headers_get(call->headers, "accept"), PWASM_STR("*/*")));
  answer_all(host);
  expect_called(host, 1, plugin);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "response header for the dispatched call: :status: 200");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "response trailer for the dispatched call: x-t: u");
  pwasm_host_free(host);
}

static void
dispatch_call_on_tick__plugins_count_for_themselves(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_tick");
  PwasmHost *host = pwasm_host_new(NULL);
  const PwasmHostPlugin *first = pwasm_host_plugin_start(host, NULL);
  const PwasmHostPlugin *second = pwasm_host_plugin_start(host, NULL);
  int num_ok = 0;

  (void)state;
  for (int i = 0; i < 50; i++) {
    pwasm_host_advance(host, 100 * NS_PER_MS);
    assert_int_equal(pwasm_host_http_call_count(host), 2);
    num_ok += pwasm_str_equal(
      pwasm_host_headers_get(pwasm_host_http_call(host, 0)->headers, ":path"), PWASM_STR("/ok"));
    answer_all(host);
  }
  expect_called(host, 50, first);
  expect_called(host, 50, second);
  assert_in_range(num_ok, 10, 40);
  pwasm_host_free(host);
}

static void
dispatch_call_on_tick__lets_requests_pass(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_tick");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_get(pwasm_host_plugin_start(host, NULL), "/");

  (void)state;
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  pwasm_host_http_end(http);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_ERROR, "");
  pwasm_host_free(host);
}

static void
dispatch_call_on_tick__logs_what_fails(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_tick");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);

  (void)state;
  pwasm_host_fail(host, "proxy_http_call", 1, PWASM_STATUS_BAD_ARGUMENT);
  pwasm_host_tick(plugin);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "dispatch httpcall failed: bad argument");
  pwasm_host_tick(plugin);
  pwasm_host_http_call_fail(pwasm_host_http_call(host, 0));
  expect_called(host, 1, plugin);
  pwasm_host_fail(host, "proxy_set_tick_period_milliseconds", 1, PWASM_STATUS_UNIMPLEMENTED);
  assert_false(pwasm_host_plugin_configure(plugin, PWASM_STR("")));
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "failed to set tick period: not implemented");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  (void)data;
  pwasm_host_plugin_start(host, NULL);
  for (int i = 0; i < 2; i++) {
    pwasm_host_advance(host, 100 * NS_PER_MS);
    answer_all(host);
  }
}

static void
dispatch_call_on_tick__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(dispatch_call_on_tick__calls),
    cmocka_unit_test(dispatch_call_on_tick__plugins_count_for_themselves),
    cmocka_unit_test(dispatch_call_on_tick__lets_requests_pass),
    cmocka_unit_test(dispatch_call_on_tick__logs_what_fails),
    cmocka_unit_test(dispatch_call_on_tick__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "../script.h"

#include <pwasm/abi.h>

/* Calls that are not answered in time. */

#define MS 1000000u

static char events[256];
static uint32_t timeout_ms;

__attribute__((format(printf, 1, 2))) static void
note(const char *format, ...)
{
  size_t len = strlen(events);
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(events + len, sizeof events - len, format, arguments);
  va_end(arguments);
}

static unsigned
now_ms(void)
{
  return (unsigned)((pwasm_host_time_get(host) - PWASM_HOST_START_TIME_NS) / MS);
}

static void
on_http_end(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  PwasmStr body = PWASM_STR("");

  (void)owner;
  (void)data;
  if (result->outcome == PWASM_CALL_ANSWERED)
    assert_ok(pwasm_buffer_get(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, 0, SIZE_MAX, &body));
  note("%u@%u %.*s, ", result->status_code, now_ms(), PWASM_STR_ARG(body));
}

static void
on_grpc_end(PwasmContext *owner, const PwasmGrpcCallResult *result, void *data)
{
  (void)owner;
  (void)data;
  note("grpc %u@%u, ", result->grpc_status, now_ms());
}

static void
call_http(PwasmHttpContext *ctx)
{
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx),
                            &(PwasmHttpCallOptions){.upstream = PWASM_STR("web"),
                                                    .method = PWASM_STR("GET"),
                                                    .path = PWASM_STR("/"),
                                                    .authority = PWASM_STR("a"),
                                                    .timeout_ms = timeout_ms},
                            on_http_end, NULL));
}

static void
call_grpc(PwasmHttpContext *ctx)
{
  assert_ok(pwasm_grpc_call(PWASM_CONTEXT(ctx),
                            &(PwasmGrpcCallOptions){.upstream = PWASM_STR("web"),
                                                    .service = PWASM_STR("a.B"),
                                                    .method = PWASM_STR("Do"),
                                                    .timeout_ms = timeout_ms},
                            on_grpc_end, NULL));
}

static int
setup(void **state)
{
  events[0] = '\0';
  timeout_ms = 20;
  return script_setup(state);
}

static void
note_tick(PwasmPluginContext *ctx)
{
  (void)ctx;
  note("tick@%u, ", now_ms());
}

static void
call_timeout__of_http_is_a_504_at_its_time(void **state)
{
  (void)state;
  run_in_request(call_http);
  pwasm_host_advance(host, 19 * MS);
  assert_string_equal(events, "");
  pwasm_host_advance(host, 11 * MS);
  assert_string_equal(events, "504@20 upstream request timeout, ");
  assert_int_equal(now_ms(), 30);
  assert_int_equal(pwasm_host_http_call_count(host), 0);
  pwasm_host_advance(host, 1000 * MS);
  assert_string_equal(events, "504@20 upstream request timeout, ");
}

static void
call_timeout__of_grpc_is_unavailable_unless_something_came(void **state)
{
  (void)state;
  run_in_request(call_grpc);
  run_in_request(call_grpc);
  pwasm_host_grpc_receive_initial_metadata(pwasm_host_grpc_call(host, 1),
                                           PWASM_HOST_HEADERS("a", "b"));
  pwasm_host_advance(host, 20 * MS);
  assert_string_equal(events, "grpc 14@20, grpc 13@20, ");
  assert_int_equal(pwasm_host_grpc_call_count(host), 0);
}

static void
call_timeout__is_off_without_one_and_after_the_answer(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  run_in_request(call_http);
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0),
                              &(PwasmHostHttpAnswer){.headers = STATUS_200});
  run_in_request(call_grpc);
  pwasm_host_grpc_receive(pwasm_host_grpc_call(host, 0), PWASM_STR(""));
  run_in_request(call_http);
  pwasm_host_http_call_drop(pwasm_host_http_call(host, 0));
  timeout_ms = 0;
  http = run_in_request(call_http);
  run_in_request(call_grpc);
  events[0] = '\0';
  pwasm_host_advance(host, (uint64_t)1000000 * MS);
  assert_string_equal(events, "");
  assert_int_equal(pwasm_host_http_call_count(host), 1);
  assert_int_equal(pwasm_host_grpc_call_count(host), 1);
  pwasm_host_http_end(http);
}

static bool
set_period(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)configuration_size;
  assert_ok(pwasm_timer_set_period(ctx, 10));
  return true;
}

static void
call_timeout__and_ticks_come_in_order(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  script.on_configure = set_period;
  script.on_tick = note_tick;
  plugin = start_plugin();
  timeout_ms = 15;
  script_in_request = call_http;
  script.on_request_headers = script_run_in_request;
  pwasm_host_http_get(plugin, "/");
  timeout_ms = 12;
  script_in_request = call_grpc;
  pwasm_host_http_get(plugin, "/");
  pwasm_host_advance(host, 20 * MS);
  assert_string_equal(events, "tick@10, grpc 14@12, 504@15 upstream request timeout, tick@20, ");
}

static void
call_timeout__of_a_plugin_that_is_gone_is_not_told(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script_in_request = call_http;
  script.on_request_headers = script_run_in_request;
  pwasm_host_http_end(pwasm_host_http_get(plugin, "/"));
  pwasm_host_plugin_end(plugin);
  pwasm_host_advance(host, 20 * MS);
  PWASM_EXPECT_CALLS(host, "proxy_on_http_call_response", 0);
}

static void
call_timeout__is_a_failure_in_nginx(void **state)
{
  (void)state;
  pwasm_host_free(host);
  host = pwasm_host_new(&(PwasmHostOptions){.profile = PWASM_HOST_PROFILE_NGX_WASM_MODULE});
  run_in_request(call_http);
  pwasm_host_advance(host, 20 * MS);
  assert_string_equal(events, "0@20 , ");
}

#define TIMEOUT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TIMEOUT_TEST(call_timeout__of_http_is_a_504_at_its_time),
    TIMEOUT_TEST(call_timeout__of_grpc_is_unavailable_unless_something_came),
    TIMEOUT_TEST(call_timeout__is_off_without_one_and_after_the_answer),
    TIMEOUT_TEST(call_timeout__and_ticks_come_in_order),
    TIMEOUT_TEST(call_timeout__of_a_plugin_that_is_gone_is_not_told),
    TIMEOUT_TEST(call_timeout__is_a_failure_in_nginx),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

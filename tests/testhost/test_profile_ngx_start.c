#include "../failures.h"

/* ngx_wasm_module before there are requests, outside of them, and at its corners. */

static int
setup(void **state)
{
  (void)state;
  return set_up_noting_host((PwasmHostOptions){.profile = PWASM_HOST_PROFILE_NGX_WASM_MODULE});
}

static uint32_t
get_property(const char *path)
{
  char *value;
  uint32_t size;

  return proxy_get_property(path, (uint32_t)strlen(path), &value, &size);
}

static bool
crash_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  char *bytes;
  uint32_t size;

  (void)ctx;
  (void)configuration_size;
  assert_status(proxy_get_header_map_value(0, "a", 1, &bytes, &size), INTERNAL_FAILURE);
  expect_failure("crashes the worker", "proxy_get_header_map_value()");
  assert_status(proxy_get_header_map_pairs(0, &bytes, &size), INTERNAL_FAILURE);
  expect_failure("crashes the worker", "proxy_get_header_map_pairs()");
  assert_status(proxy_continue_stream(0), INTERNAL_FAILURE);
  expect_failure("crashes the worker", "proxy_continue_stream()");
  assert_ok(get_property("plugin_root_id"));
  assert_int_equal(num_failures, 0);
  return true;
}

static bool
crash_on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  (void)ctx;
  (void)configuration_size;
  assert_status(get_property("plugin_name"), INTERNAL_FAILURE);
  expect_failure("crashes the worker", "in proxy_on_vm_start");
  return true;
}

static void
profile__ngx_crashes_before_requests(void **state)
{
  (void)state;
  script.on_vm_start = crash_on_vm_start;
  script.on_configure = crash_on_configure;
  start_plugin();
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 1);
}

static void
profile__ngx_does_not_crash_a_test(void **state)
{
  (void)state;
  start_plugin();
  assert_status(get_property("plugin_name"), BAD_ARGUMENT);
  assert_status(proxy_enqueue_shared_queue(9, "a", 1), NOT_FOUND);
  assert_int_equal(num_failures, 0);
}

static void
call_lua(void)
{
  char *bytes;
  uint32_t size;

  assert_status(proxy_call_foreign_function("resolve_lua", 11, "a", 1, &bytes, &size), NOT_FOUND);
}

static void
set_properties(void)
{
  assert_status(proxy_set_property("metadata\0a", 10, "a", 1), INTERNAL_FAILURE);
  assert_status(proxy_set_property("plugin_name", 11, "a", 1), INTERNAL_FAILURE);
}

static void
profile__ngx_has_one_foreign_function_and_variables(void **state)
{
  (void)state;
  act_in_request(call_lua);
  act_in_request(set_properties);
  assert_int_equal(num_failures, 0);
}

static void
profile__ngx_lacks_callbacks_unless_the_test_insists(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_queue_ready",
                  pwasm_host_plugin_id(plugin), 1, 0);
  PWASM_EXPECT_CALLS(host, "proxy_on_queue_ready", 1);
}

static const char *body_found;

static PwasmAction
get_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  char *bytes;
  uint32_t size;

  (void)ctx;
  (void)body_size;
  (void)end_of_stream;
  assert_ok(proxy_get_buffer_bytes(PWASM_BUFFER_HTTP_REQUEST_BODY, 0, 9, &bytes, &size));
  assert_str(pwasm_str(bytes, size), body_found);
  return PWASM_ACTION_CONTINUE;
}

static void
expect_no_bytes(PwasmBuffer buffer)
{
  char *bytes;
  uint32_t size;

  assert_status(proxy_get_buffer_bytes(buffer, 0, 9, &bytes, &size), NOT_FOUND);
}

static PwasmAction
get_body_too_early(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  expect_no_bytes(PWASM_BUFFER_HTTP_REQUEST_BODY);
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
get_last_piece(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)ctx;
  if (end_of_stream) {
    assert_int_equal(body_size, 0);
    expect_no_bytes(PWASM_BUFFER_HTTP_RESPONSE_BODY);
  }
  return PWASM_ACTION_CONTINUE;
}

static void
profile__ngx_has_a_small_body_in_memory(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  make_noting_host(
    (PwasmHostOptions){.profile = PWASM_HOST_PROFILE_NGX_WASM_MODULE, .buffer_limit = 4});
  body_found = "abcd";
  script.on_request_headers = get_body_too_early;
  script.on_request_body = get_body;
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("abcd"), true);
  PWASM_EXPECT_CALLS(host, "proxy_get_buffer_bytes", 2);
  script.on_response_body = get_last_piece;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("abcd"), false);
  pwasm_host_http_send_response_body(http, PWASM_STR(""), true);
  PWASM_EXPECT_CALLS(host, "proxy_get_buffer_bytes", 3);
  assert_int_equal(num_failures, 0);
}

static void
profile__ngx_has_no_body_for_nobody(void **state)
{
  char *bytes;
  uint32_t size;

  (void)state;
  make_noting_host((PwasmHostOptions){.profile = PWASM_HOST_PROFILE_NGX_WASM_MODULE});
  start_plugin();
  assert_status(proxy_get_buffer_bytes(PWASM_BUFFER_HTTP_REQUEST_BODY, 0, 9, &bytes, &size),
                NOT_FOUND);
}

static void
profile__ngx_is_strict_with_a_body_too_early(void **state)
{
  (void)state;
  make_noting_host(
    (PwasmHostOptions){.profile = PWASM_HOST_PROFILE_NGX_WASM_MODULE, .strict = true});
  script.on_request_headers = get_body_too_early;
  pwasm_host_http_get(start_plugin(), "/");
  expect_failure("the buffer is not there now",
                 "proxy_get_buffer_bytes(HTTP_REQUEST_BODY, 0, 9) = NOT_FOUND");
}

static void
call_http(void)
{
  uint32_t id;

  assert_ok(proxy_http_call("a", 1,
                            "\x03\0\0\0\x07\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0"
                            ":method\0\0:path\0\0:authority\0\0",
                            28 + 9 + 7 + 12, "", 0, "", 0, 0, &id));
}

static PwasmAction
call_on_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)ctx;
  (void)body_size;
  (void)end_of_stream;
  call_http();
  return PWASM_ACTION_CONTINUE;
}

static void
call_on_foreign_function(PwasmPluginContext *ctx, uint32_t function_id, size_t arguments_size)
{
  (void)ctx;
  (void)function_id;
  assert_int_equal(arguments_size, 0);
  call_http();
}

static void
profile__ngx_makes_calls_in_these_callbacks(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  script.on_request_body = call_on_body;
  script.on_foreign_function = call_on_foreign_function;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("a"), true);
  pwasm_host_foreign_call(plugin, 1, pwasm_str(NULL, 0));
  PWASM_EXPECT_HTTP_CALLS(host, 2);
  assert_int_equal(num_failures, 0);
}

static PwasmHostPlugin *other;

static void
tick_other(PwasmHost *in, void *data)
{
  (void)in;
  (void)data;
  pwasm_host_tick(other);
}

static void
log_when_answered(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)result;
  (void)data;
  assert_ok(proxy_log(PWASM_LOG_INFO, "x", 1));
}

static void
get_answer(void)
{
  char *bytes;
  uint32_t size;

  assert_status(
    proxy_get_header_map_value(PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS, ":status", 7, &bytes, &size),
    NOT_FOUND);
}

static PwasmAction
ask(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx),
                            &(PwasmHttpCallOptions){.upstream = PWASM_STR("a"),
                                                    .method = PWASM_STR("GET"),
                                                    .path = PWASM_STR("/"),
                                                    .authority = PWASM_STR("a")},
                            log_when_answered, NULL));
  return PWASM_ACTION_CONTINUE;
}

static void
profile__ngx_shows_an_answer_to_nobody_else(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  other = start_plugin();
  script.on_request_headers = ask;
  script.on_tick = act_on_tick;
  act = get_answer;
  pwasm_host_http_get(plugin, "/");
  pwasm_host_hook(host, "proxy_log", tick_other, NULL);
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0),
                              &(PwasmHostHttpAnswer){.headers = STATUS_200});
  /* One is the SDK's. */
  PWASM_EXPECT_CALLS(host, "proxy_get_header_map_value", 2);
}

#define PROFILE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    PROFILE_TEST(profile__ngx_crashes_before_requests),
    PROFILE_TEST(profile__ngx_does_not_crash_a_test),
    PROFILE_TEST(profile__ngx_has_one_foreign_function_and_variables),
    PROFILE_TEST(profile__ngx_lacks_callbacks_unless_the_test_insists),
    PROFILE_TEST(profile__ngx_has_a_small_body_in_memory),
    PROFILE_TEST(profile__ngx_has_no_body_for_nobody),
    PROFILE_TEST(profile__ngx_is_strict_with_a_body_too_early),
    PROFILE_TEST(profile__ngx_makes_calls_in_these_callbacks),
    PROFILE_TEST(profile__ngx_shows_an_answer_to_nobody_else),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

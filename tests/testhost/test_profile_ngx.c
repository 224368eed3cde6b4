#include "../failures.h"

/* What ngx_wasm_module does and Envoy does not. */

static void
make_host(PwasmHostProfile profile)
{
  make_noting_host((PwasmHostOptions){.profile = profile, .keep_trace = true});
}

static int
setup(void **state)
{
  (void)state;
  memset(&script, 0, sizeof script);
  host = NULL;
  make_host(PWASM_HOST_PROFILE_NGX_WASM_MODULE);
  return 0;
}

static void
profile__ngx_has_its_own_life_cycle(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostPlugin *other =
    pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = pwasm_host_vm_new(host, NULL)});
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  assert_true(pwasm_host_plugin_id(plugin) >= 0x80000000u);
  assert_int_equal(pwasm_host_http_id(http), 1);
  pwasm_host_http_end(http);
  assert_non_null(strstr(pwasm_host_trace(host), "> proxy_on_done(1)\n< 1\n> proxy_on_log(1)\n< 0\n"
                                                 "> proxy_on_delete(1)\n"));
  PWASM_EXPECT_CALLS(host, "proxy_on_vm_start", 1);
  PWASM_EXPECT_CALLS(host, "proxy_on_configure", 2);
  pwasm_host_plugin_end(plugin);
  pwasm_host_plugin_end(other);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DELETED);
  PWASM_EXPECT_CALLS(host, "proxy_on_done", 1);
  assert_int_equal(num_failures, 0);
}

static PwasmAction
pause_on_body(PwasmHttpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

static void
profile__ngx_holds_back_what_it_can(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(start_plugin(), "/");

  (void)state;
  script.on_response_headers = pause_on_headers;
  script.on_response_body = pause_on_body;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "200");
  pwasm_host_http_send_response_body(http, PWASM_STR("a"), false);
  PWASM_EXPECT_RESPONSE_BODY(http, "");
  pwasm_host_http_send_response_body(http, PWASM_STR("b"), true);
  PWASM_EXPECT_RESPONSE_BODY(http, "ab");
  script.on_request_headers = pause_on_headers;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  assert_int_equal(num_failures, 0);
}

static void
call_done(void)
{
  assert_status(proxy_done(), INTERNAL_FAILURE);
}

static void
get_log_level(void)
{
  assert_status(proxy_get_log_level(&(uint32_t){0}), INTERNAL_FAILURE);
}

static void
add_to_response(void)
{
  assert_status(proxy_add_header_map_value(PWASM_MAP_HTTP_RESPONSE_HEADERS, "a", 1, "b", 1),
                INTERNAL_FAILURE);
}

static void
reply_twice(void)
{
  assert_ok(proxy_send_local_response(200, "", 0, "a", 1, "", 0, -1));
  assert_status(proxy_send_local_response(200, "", 0, "a", 1, "", 0, -1), INTERNAL_FAILURE);
}

static void
set_timer(void)
{
  assert_status(proxy_set_tick_period_milliseconds(1), INTERNAL_FAILURE);
}

static void
set_timer_twice(void)
{
  assert_ok(proxy_set_tick_period_milliseconds(1));
  assert_ok(proxy_set_tick_period_milliseconds(0));
  assert_ok(proxy_set_tick_period_milliseconds(1));
  assert_int_equal(num_failures, 0);
  set_timer();
}

static void
call_foreign(void)
{
  char *bytes;
  uint32_t size;

  assert_status(proxy_call_foreign_function("compress", 8, "", 0, &bytes, &size), INTERNAL_FAILURE);
}

static void
register_queue(void)
{
  uint32_t id;

  assert_ok(proxy_register_shared_queue("there", 5, &id));
  assert_int_equal(num_failures, 0);
  assert_status(proxy_register_shared_queue("not", 3, &id), INTERNAL_FAILURE);
}

static PwasmAction
call_on_response(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  assert_status(proxy_http_call("a", 1, "", 0, "", 0, "", 0, 0, &(uint32_t){0}), INTERNAL_FAILURE);
  return PWASM_ACTION_CONTINUE;
}

static bool
get_name(PwasmPluginContext *ctx, size_t size)
{
  char *bytes;
  uint32_t value_size;

  (void)ctx;
  (void)size;
  assert_status(proxy_get_property("plugin_name", 11, &bytes, &value_size), INTERNAL_FAILURE);
  return true;
}

static bool
reply_at_start(PwasmPluginContext *ctx, size_t size)
{
  (void)ctx;
  (void)size;
  assert_status(proxy_send_local_response(200, "", 0, "", 0, "", 0, -1), INTERNAL_FAILURE);
  return true;
}

static void
profile__ngx_traps(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  act_in_request(call_done);
  expect_failure("ngx_wasm_module: this hostcall traps",
                 "proxy_done()\n  in proxy_on_request_headers");
  act_in_request(get_log_level);
  expect_failure("does not load", "proxy_get_log_level()");
  act_in_request(add_to_response);
  expect_failure("the map is not there now", "proxy_add_header_map_value(HTTP_RESPONSE_HEADERS");
  act_in_request(reply_twice);
  expect_failure("replied already", "proxy_send_local_response(200");
  act_in_request(set_timer);
  expect_failure("can't set its plugin's timer", "proxy_set_tick_period_milliseconds(1)");
  act_in_tick(set_timer_twice);
  expect_failure("runs already", "proxy_set_tick_period_milliseconds(1)");
  act_in_request(call_foreign);
  expect_failure("resolve_lua", "proxy_call_foreign_function(\"compress\"");
  pwasm_host_shared_queue_declare(host, "", "there");
  act_in_request(register_queue);
  expect_failure("nginx's configuration", "proxy_register_shared_queue(\"not\")");
  script = (Script){.on_response_headers = call_on_response};
  http = pwasm_host_http_get(start_plugin(), "/");
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  expect_failure("makes no call in this callback", "proxy_http_call");
  script = (Script){.on_configure = get_name};
  start_plugin();
  expect_failure("crashes the worker", "proxy_get_property(\"plugin_name\")");
  script = (Script){.on_configure = reply_at_start};
  start_plugin();
  expect_failure("crashes the worker", "in proxy_on_configure");
}

static void
use_metrics_of_ngx(void)
{
  uint32_t counter;
  uint32_t gauge;
  uint32_t id;
  uint64_t value;

  assert_ok(proxy_define_metric(0, "c", 1, &counter));
  assert_ok(proxy_define_metric(0, "c", 1, &id));
  assert_int_equal(counter, id);
  assert_true(counter >= 0x80000000u);
  assert_ok(proxy_increment_metric(counter, 3));
  assert_ok(proxy_increment_metric(counter, -2));
  assert_ok(proxy_increment_metric(counter, 0));
  assert_ok(proxy_get_metric(counter, &value));
  assert_int_equal(value, 1);
  assert_status(proxy_record_metric(counter, 1), INTERNAL_FAILURE);
  expect_failure("can only be incremented", "proxy_record_metric");
  assert_ok(proxy_define_metric(1, "g", 1, &gauge));
  assert_ok(proxy_record_metric(gauge, 1));
  assert_status(proxy_increment_metric(gauge, 1), INTERNAL_FAILURE);
  expect_failure("can only be set", "proxy_increment_metric");
  assert_status(proxy_get_metric(8, &value), INTERNAL_FAILURE);
  expect_failure("no metric 8", "proxy_get_metric(8)");
}

static void
set_shared_data(void)
{
  char *bytes;
  uint32_t size;
  uint32_t cas;

  assert_status(proxy_set_shared_data("k", 1, "a", 1, 5), CAS_MISMATCH);
  assert_ok(proxy_set_shared_data("k", 1, "a", 1, 0));
  assert_status(proxy_set_shared_data("k", 1, "b", 1, 0), CAS_MISMATCH);
  assert_ok(proxy_get_shared_data("k", 1, &bytes, &size, &cas));
  assert_ok(proxy_set_shared_data("k", 1, "b", 1, cas));
}

static void
use_maps_of_ngx(void)
{
  char *bytes;
  uint32_t size;

  assert_status(proxy_get_header_map_value(PWASM_MAP_HTTP_RESPONSE_HEADERS, "a", 1, &bytes, &size),
                NOT_FOUND);
  assert_status(proxy_continue_stream(2), INTERNAL_FAILURE);
  assert_ok(proxy_set_effective_context(999));
}

static void
profile__ngx_has_statuses_of_its_own(void **state)
{
  (void)state;
  act_in_request(use_metrics_of_ngx);
  act_in_request(set_shared_data);
  act_in_request(use_maps_of_ngx);
  assert_int_equal(num_failures, 0);
}

static PwasmAction
change_body(PwasmHttpContext *ctx, size_t size, bool end_of_stream)
{
  char *bytes;
  uint32_t bytes_size;

  (void)ctx;
  (void)size;
  (void)end_of_stream;
  assert_ok(proxy_get_buffer_bytes(PWASM_BUFFER_HTTP_REQUEST_BODY, 3, 4, &bytes, &bytes_size));
  assert_memory_equal(bytes, "0123", bytes_size);
  assert_ok(proxy_set_buffer_bytes(PWASM_BUFFER_HTTP_REQUEST_BODY, 2, 3, "MID", 3));
  return PWASM_ACTION_CONTINUE;
}

static void
profile__ngx_has_buffers_of_its_own(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  script.on_request_body = change_body;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("0123456789"), true);
  PWASM_EXPECT_REQUEST_BODY(http, "01MID");
  assert_int_equal(num_failures, 0);
}

static void
profile__ngx_ends_a_reply_with_a_newline(void **state)
{
  PwasmHostHttp *http = act_in_request(reply_no);

  (void)state;
  PWASM_EXPECT_REPLY_BODY(http, "no");
  PWASM_EXPECT_RESPONSE_BODY(http, "no\n");
  PWASM_EXPECT_RESPONSE_HEADER(http, "content-length", "3");
  assert_int_equal(num_failures, 0);
}

#define PROFILE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    PROFILE_TEST(profile__ngx_has_its_own_life_cycle),
    PROFILE_TEST(profile__ngx_holds_back_what_it_can),
    PROFILE_TEST(profile__ngx_traps),
    PROFILE_TEST(profile__ngx_has_statuses_of_its_own),
    PROFILE_TEST(profile__ngx_has_buffers_of_its_own),
    PROFILE_TEST(profile__ngx_ends_a_reply_with_a_newline),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

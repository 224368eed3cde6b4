#include "../unit.h"

/* A plugin that overrides nothing: most callbacks are not there. */

typedef struct Plain {
  PwasmHttpContext base;
} Plain;

static const PwasmHttpContextClass plain_class = {
  PWASM_HTTP_SUBCLASS(Plain, pwasm_http_context_class),
};

PWASM_PLUGIN(.http_class = &plain_class);

static void
host__does_without_absent_callbacks(void **state)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("body"), false);
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("a", "b"));
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("body"), true);
  pwasm_host_http_end(http);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_REQUEST_BODY(http, "body");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  pwasm_host_plugin_end(plugin);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DELETED);
  assert_false(pwasm_host_has_callback(vm, "proxy_on_vm_start"));
  assert_string_equal(pwasm_host_trace(host), "> proxy_on_context_create(1, 0)\n"
                                              "< 0\n"
                                              "> proxy_on_context_create(2, 1)\n"
                                              "< 0\n"
                                              "> proxy_on_delete(2)\n"
                                              "< 0\n"
                                              "> proxy_on_delete(1)\n"
                                              "< 0\n");
}

static void
host__takes_the_default_answer_of_an_absent_callback(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(pwasm_host_plugin_start(host, NULL));

  (void)state;
  assert_int_equal(pwasm_host_call(vm, "proxy_on_vm_start", 1, 0, 0), 1);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_configure", 1, 0, 0), 1);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_done", 1, 0, 0), 1);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_headers", 1, 0, 0), 0);
  PWASM_EXPECT_CALLS(host, "proxy_on_done", 0);
}

static void
host__has_a_clock(void **state)
{
  (void)state;
  assert_true(pwasm_host_time_get(host) == PWASM_HOST_START_TIME_NS);
  pwasm_host_time_advance(host, 5);
  assert_true(pwasm_host_time_get(host) == PWASM_HOST_START_TIME_NS + 5);
  pwasm_host_time_set(host, 7);
  assert_true(pwasm_host_time_get(host) == 7);
  pwasm_host_free(host);
  host = pwasm_host_new(&(PwasmHostOptions){.time_ns = 99});
  assert_true(pwasm_host_time_get(host) == 99);
}

static void
host__drops_lines_below_its_level(void **state)
{
  (void)state;
  pwasm_host_free(host);
  host = pwasm_host_new(&(PwasmHostOptions){.log_level = PWASM_LOG_WARN});
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("dropped"));
  pwasm_log(PWASM_LOG_WARN, PWASM_STR("kept"));
  assert_int_equal(pwasm_host_log_count(host), 1);
  assert_null(pwasm_host_log_line(host, 1));
  pwasm_host_log_clear(host);
  assert_int_equal(pwasm_host_log_count(host), 0);
  assert_null(pwasm_host_log_line(host, 0));
}

static void
host__several_live_side_by_side(void **state)
{
  PwasmHost *newest = pwasm_host_new(NULL);

  (void)state;
  /* Outside of callbacks it is the newest that hears what is said. */
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("to the newest"));
  assert_int_equal(pwasm_host_log_count(newest), 1);
  assert_int_equal(pwasm_host_log_count(host), 0);
  pwasm_host_plugin_start(host, NULL);
  pwasm_host_plugin_start(newest, NULL);
  PWASM_EXPECT_CALLS(host, "proxy_on_context_create", 1);
  PWASM_EXPECT_CALLS(newest, "proxy_on_context_create", 1);
  pwasm_host_free(newest);
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("to the other"));
  assert_int_equal(pwasm_host_log_count(host), 1);
}

static void
host__may_be_freed_in_any_order(void **state)
{
  PwasmHost *first = pwasm_host_new(NULL);
  PwasmHost *second = pwasm_host_new(NULL);

  (void)state;
  pwasm_host_http_get(pwasm_host_plugin_start(first, NULL), "/");
  pwasm_host_http_get(pwasm_host_plugin_start(second, NULL), "/");
  pwasm_host_free(first);
  pwasm_host_free(second);
  pwasm_host_free(NULL);
}

static void
host__keeps_streams_for_the_test_to_see(void **state)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  PwasmHostHttp *first = pwasm_host_http_get(plugin, "/1");
  PwasmHostHttp *second = pwasm_host_http_get(plugin, "/2");
  PwasmHostHttp *third = pwasm_host_http_get(plugin, "/3");

  (void)state;
  pwasm_host_http_end(first);
  pwasm_host_http_end(first);
  pwasm_host_http_abort(first);
  PWASM_EXPECT_REQUEST_HEADER(first, ":path", "/1");
  PWASM_EXPECT_STATE(first, PWASM_HOST_HTTP_RUNNING);
  pwasm_host_http_free(second);
  pwasm_host_http_free(NULL);
  PWASM_EXPECT_REQUEST_HEADER(third, ":path", "/3");
  assert_false(pwasm_host_http_is_ended(third));
  PWASM_EXPECT_CALLS(host, "proxy_on_delete", 2);
}

static void
host__ids_count_up_and_pass_over_those_in_use(void **state)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  (void)state;
  assert_int_equal(pwasm_host_plugin_id(plugin), 1);
  assert_int_equal(pwasm_host_http_id(pwasm_host_http_open(plugin)), 2);
  assert_int_equal(pwasm_host_http_id(pwasm_host_http_open(plugin)), 3);
  pwasm_host_vm_set_next_context_id(vm, 2);
  assert_int_equal(pwasm_host_http_id(pwasm_host_http_open(plugin)), 4);
  pwasm_host_vm_set_next_context_id(vm, 0);
  assert_int_equal(pwasm_host_http_id(pwasm_host_http_open(plugin)), 5);
}

static void
headers__are_found_by_name(void **state)
{
  PwasmHostHeaders headers = PWASM_HOST_HEADERS("a", "1", "B", "2", "b", "3");

  (void)state;
  assert_int_equal(headers.num_pairs, 3);
  assert_str(pwasm_host_headers_get(headers, "A"), "1");
  assert_str(pwasm_host_headers_get(headers, "b"), "2");
  assert_false(pwasm_str_is_present(pwasm_host_headers_get(headers, "c")));
  assert_int_equal(pwasm_host_headers_count(headers, "b"), 2);
  assert_int_equal(pwasm_host_headers_count(PWASM_HOST_NO_HEADERS, "b"), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    UNIT_TEST(host__does_without_absent_callbacks),
    UNIT_TEST(host__takes_the_default_answer_of_an_absent_callback),
    UNIT_TEST(host__has_a_clock),
    UNIT_TEST(host__drops_lines_below_its_level),
    UNIT_TEST(host__several_live_side_by_side),
    UNIT_TEST(host__may_be_freed_in_any_order),
    UNIT_TEST(host__keeps_streams_for_the_test_to_see),
    UNIT_TEST(host__ids_count_up_and_pass_over_those_in_use),
    UNIT_TEST(headers__are_found_by_name),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

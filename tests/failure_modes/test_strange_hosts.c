#include "guarded.h"

/* Hosts that lack functions, say things differently, or change their mind. */

/* All that a plugin can do without, in a host that has none of it. */
static const char *const dispensable[] = {
  "proxy_get_log_level",
  "proxy_get_status",
  "proxy_set_tick_period_milliseconds",
  "proxy_define_metric",
  "proxy_increment_metric",
  "proxy_record_metric",
  "proxy_get_property",
  "proxy_register_shared_queue",
  "proxy_enqueue_shared_queue",
  "proxy_dequeue_shared_queue",
  "proxy_get_shared_data",
  "proxy_set_shared_data",
  "proxy_call_foreign_function",
  "proxy_get_current_time_nanoseconds",
  "proxy_grpc_call",
  "proxy_done",
};

/* 12 is what such hosts say; 10 and what nobody has defined are heard too. */
static void
strange_hosts__functions_that_are_not_there(void **state)
{
  static const uint32_t statuses[] = {PWASM_STATUS_UNIMPLEMENTED, PWASM_STATUS_INTERNAL_FAILURE, 13,
                                      255, UINT32_MAX};

  for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
    host = pwasm_host_new(NULL);
    for (size_t j = 0; j < sizeof dispensable / sizeof dispensable[0]; j++)
      pwasm_host_fail(host, dispensable[j], 0, statuses[i]);
    plugin = start_named("one");
    expect_sound();
    PWASM_EXPECT_REPLY(request("deny tell"), 403);
    PWASM_EXPECT_REPLY(request("ask-grpc"), 503);
    pwasm_host_tick(plugin);
    unit_teardown(state);
  }
}

static void
strange_hosts__statuses_that_nobody_knows(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_fail(host, "proxy_get_header_map_value", 2, 77);
  http = request("edit");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "get: unknown status");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

/* They don't say that there is no body. */
static void
strange_hosts__headers_never_end_the_stream(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostHttp *http = request("watch");

  (void)state;
  pwasm_host_call(vm, "proxy_on_context_create", 500, pwasm_host_plugin_id(plugin), 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_headers", 500, 4, 0),
                   PWASM_ACTION_CONTINUE);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_response_headers", 500, 1, 0),
                   PWASM_ACTION_CONTINUE);
  pwasm_host_call(vm, "proxy_on_log", 500, 0, 0);
  pwasm_host_call(vm, "proxy_on_delete", 500, 0, 0);
  pwasm_host_http_end(http);
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
}

/* Any other number than 0 is a yes. */
static void
strange_hosts__true_is_not_1(void **state)
{
  PwasmHostHttp *http = post("scan");

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("an attack"), false);
  assert_int_equal(pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_request_body",
                                   pwasm_host_http_id(http), 9, 0x100),
                   PWASM_ACTION_PAUSE);
  PWASM_EXPECT_REPLY(http, 403);
}

/* The number of headers is not told. */
static void
strange_hosts__no_number_of_headers(void **state)
{
  static const uint32_t numbers[] = {0, 1, 1000, UINT32_MAX};
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  (void)state;
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
    /* The stream that is open has its headers; its callback comes once more, with another number. */
    PwasmHostHttp *http = request("wait");

    pwasm_host_log_clear(host);
    assert_int_equal(
      pwasm_host_call(vm, "proxy_on_response_headers", pwasm_host_http_id(http), numbers[i], 0),
      PWASM_ACTION_CONTINUE);
    pwasm_host_http_end(http);
    PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  }
}

static void
expect_code(PwasmStr value, const char *line)
{
  PwasmHostHttp *http = request("");

  pwasm_host_log_clear(host);
  pwasm_host_http_property_set(http, PWASM_PATH("response", "code"), value);
  pwasm_host_http_end(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, line);
}

/* Numbers come as 8 bytes, or as text; as anything else there is none. */
static void
strange_hosts__properties_as_text(void **state)
{
  (void)state;
  expect_code(PWASM_HOST_INT64(204), "code 204,");
  expect_code(PWASM_STR("204"), "code 204,");
  expect_code(PWASM_STR(""), "code 0,");
  expect_code(PWASM_STR("two"), "code 0,");
  expect_code(PWASM_STR("99999999999999999999999"), "code 0,");
}

static void
strange_hosts__no_properties(void **state)
{
  (void)state;
  pwasm_host_fail(host, "proxy_get_property", 0, PWASM_STATUS_INTERNAL_FAILURE);
  pwasm_host_http_end(request(""));
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "end: -, code 0");
}

/* What is asked for on behalf of another context fails, but only for a moment. */
static void
strange_hosts__no_effective_context_for_a_moment(void **state)
{
  (void)state;
  for (size_t nth = 1; nth <= 4; nth++) {
    PwasmHostHttp *http = request("ask");

    pwasm_host_fail(host, "proxy_set_effective_context", nth, PWASM_STATUS_BAD_ARGUMENT);
    answer("200");
    pwasm_host_fail(host, "proxy_set_effective_context", 1, PWASM_STATUS_OK);
    assert_true(pwasm_host_http_request(http).is_complete || pwasm_host_http_reply(http) != NULL ||
                pwasm_host_http_is_ended(http));
    pwasm_host_http_end(http);
  }
  expect_sound();
}

/* The option is on, or off: a request that waits goes on as a whole, when it may. */
static void
strange_hosts__body_callbacks_while_headers_are_held(void **state)
{
  static const char *const words[] = {"ask", "wait", "ask-plugin", "ask-grpc", "ask scan"};

  (void)state;
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    PwasmHostHttp *http = post(words[i]);

    pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
    pwasm_host_http_send_request_body(http, PWASM_STR("two"), false);
    pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("a", "b"));
    PWASM_EXPECT_NO_REQUEST(http);
    if (pwasm_host_http_call_count(host) > 0)
      answer("200");
    if (pwasm_host_grpc_call_count(host) > 0)
      pwasm_host_grpc_receive(pwasm_host_grpc_call(host, 0), PWASM_STR("yes"));
    pwasm_host_tick(plugin);
    PWASM_EXPECT_REQUEST_BODY(http, "onetwo");
    PWASM_EXPECT_REQUEST_COMPLETE(http);
    pwasm_host_http_end(http);
  }
}

/* Refused, and tried again: as after a bad update, a good one. */
static void
strange_hosts__a_configuration_that_is_refused_then_retried(void **state)
{
  PwasmHostHttp *http = post("edit");

  (void)state;
  assert_false(pwasm_host_plugin_configure(plugin, PWASM_STR("bad")));
  assert_false(pwasm_host_plugin_configure(plugin, PWASM_STR("bad too")));
  /* Meanwhile the old one holds. */
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("x-in", "b"));
  assert_str(pwasm_host_headers_get(pwasm_host_http_request(http).trailers, "x-name"), "one");
  assert_true(pwasm_host_plugin_configure(plugin, PWASM_STR("two")));
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
  PWASM_EXPECT_REQUEST_HEADER(request("edit"), "x-name", "two");
  assert_true(pwasm_host_plugin_configure(plugin, PWASM_STR("")));
  PWASM_EXPECT_REQUEST_HEADER(request("edit"), "x-name", "");
}

/* What is refused takes nothing with it: the plugin has its old configuration to its end. */
static void
strange_hosts__a_configuration_that_is_refused_at_last(void **state)
{
  PwasmHostPlugin *patient = start_named("patient");

  (void)state;
  assert_false(pwasm_host_plugin_configure(patient, PWASM_STR("bad")));
  pwasm_host_plugin_end(patient);
  PWASM_EXPECT_PLUGIN_STATE(patient, PWASM_HOST_PLUGIN_DONE_PENDING);
  pwasm_host_tick(patient);
  PWASM_EXPECT_PLUGIN_STATE(patient, PWASM_HOST_PLUGIN_DELETED);
}

/* At the first start. */
static void
strange_hosts__a_start_that_is_refused_then_retried(void **state)
{
  (void)state;
  host = pwasm_host_new(NULL);
  plugin =
    pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.configuration = PWASM_STR("bad")});
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
  assert_true(pwasm_host_plugin_configure(plugin, PWASM_STR("good")));
  expect_sound();
  pwasm_host_free(host);
}

static void
strange_hosts__a_configuration_of_another_size(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  uint32_t id = pwasm_host_plugin_id(plugin);

  (void)state;
  /* Announced, and not to be had. */
  assert_int_equal(pwasm_host_call(vm, "proxy_on_configure", id, 100, 0), 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_configure", id, UINT32_MAX, 0), 0);
  PWASM_EXPECT_REQUEST_HEADER(request("edit"), "x-name", "one");
}

/* Several plugins, whatever their root ids are; one of them refuses. */
static void
strange_hosts__root_ids_of_any_kind(void **state)
{
  static const PwasmStr root_ids[] = {PWASM_STR_INIT(""), PWASM_STR_INIT("nobody's"),
                                      PWASM_STR_INIT("nobody's"), PWASM_STR_INIT("\xff\0")};

  (void)state;
  for (size_t i = 0; i < sizeof root_ids / sizeof root_ids[0]; i++) {
    PwasmHostPlugin *other = pwasm_host_plugin_start(
      host, &(PwasmHostPluginOptions){.root_id = root_ids[i], .configuration = PWASM_STR("other")});
    PwasmHostPlugin *bad = pwasm_host_plugin_start(
      host, &(PwasmHostPluginOptions){.root_id = root_ids[i], .configuration = PWASM_STR("bad")});

    PWASM_EXPECT_PLUGIN_STATE(other, PWASM_HOST_PLUGIN_RUNNING);
    PWASM_EXPECT_PLUGIN_STATE(bad, PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
    PWASM_EXPECT_REQUEST_HEADER(request_in(other, "edit", false), "x-name", "other");
  }
  expect_sound();
}

static void
strange_hosts__ready_queues_without_anything_in_them(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  (void)state;
  PWASM_EXPECT_REQUEST_COMPLETE(request("tell"));
  pwasm_host_call(vm, "proxy_on_queue_ready", pwasm_host_plugin_id(plugin), 1, 0);
  pwasm_host_call(vm, "proxy_on_queue_ready", pwasm_host_plugin_id(plugin), 99, 0);
  pwasm_host_shared_queue_notify(host);
  assert_int_equal(count_log("told: /path"), 1);
}

#define IN_BOTH(function) GUARD_TEST(function), GUARD_TEST_AT_ONCE(function)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(strange_hosts__functions_that_are_not_there),
    IN_BOTH(strange_hosts__statuses_that_nobody_knows),
    IN_BOTH(strange_hosts__headers_never_end_the_stream),
    IN_BOTH(strange_hosts__true_is_not_1),
    IN_BOTH(strange_hosts__no_number_of_headers),
    IN_BOTH(strange_hosts__properties_as_text),
    IN_BOTH(strange_hosts__no_properties),
    IN_BOTH(strange_hosts__no_effective_context_for_a_moment),
    IN_BOTH(strange_hosts__body_callbacks_while_headers_are_held),
    GUARD_TEST_STOP_ITERATION(strange_hosts__body_callbacks_while_headers_are_held),
    IN_BOTH(strange_hosts__a_configuration_that_is_refused_then_retried),
    IN_BOTH(strange_hosts__a_configuration_that_is_refused_at_last),
    cmocka_unit_test(strange_hosts__a_start_that_is_refused_then_retried),
    IN_BOTH(strange_hosts__a_configuration_of_another_size),
    IN_BOTH(strange_hosts__root_ids_of_any_kind),
    IN_BOTH(strange_hosts__ready_queues_without_anything_in_them),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "guarded.h"

/* No memory: for the host's answers, for one allocation or for all, in the plugin or in the host. */

static void
answer_all(PwasmHost *in)
{
  /* An answer may lead to another call. */
  for (int i = 0; i < 20 && pwasm_host_http_call_count(in) > 0; i++)
    answer_on(pwasm_host_http_call(in, 0), i % 3 == 0 ? "403" : "200", 0);
  while (pwasm_host_grpc_call_count(in) > 0)
    pwasm_host_grpc_receive(pwasm_host_grpc_call(in, 0), PWASM_STR("yes"));
}

/* A morning of guard's: all that it can do, in turns and at the same time. */
static void
scenario(PwasmHost *in, void *data)
{
  static const char *const words[] = {
    "ask edit show",  "ask-plugin",    "ask ask-again scan",
    "ask-grpc watch", "wait tell",     "wait-deny twice",
    "scan set-all",   "deny",          "deny-body twice",
    "deny-trailers",  "ask-response",  "scan-response",
    "deny-response",  "too-many edit", "close",
  };
  enum { NUM = sizeof words / sizeof words[0] };
  PwasmHostHttp *streams[NUM];
  PwasmHostTcp *tcp;

  (void)data;
  host = in;
  plugin = pwasm_host_plugin_start(
    in, &(PwasmHostPluginOptions){.configuration = PWASM_STR("one\nmore"),
                                  .allow_on_headers_stop_iteration = data != NULL});
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  tcp = pwasm_host_tcp_open(plugin);
  for (size_t i = 0; i < NUM; i++) {
    streams[i] = post(words[i]);
    if (!pwasm_host_http_is_ended(streams[i]))
      pwasm_host_http_send_request_body(streams[i], PWASM_STR("one"), false);
  }
  pwasm_host_plugin_configure(plugin, PWASM_STR("two"));
  pwasm_host_advance(in, UINT64_C(250000000));
  answer_all(in);
  for (size_t i = 0; i < NUM; i++) {
    if (pwasm_host_http_is_ended(streams[i]))
      continue;
    if (i % 2 == 0)
      pwasm_host_http_send_request_body(streams[i], PWASM_STR("two"), true);
    else
      pwasm_host_http_send_request_trailers(streams[i], PWASM_HOST_HEADERS("x-in", "b"));
  }
  answer_all(in);
  for (size_t i = 0; i < NUM; i++) {
    if (pwasm_host_http_is_ended(streams[i]))
      continue;
    pwasm_host_http_send_response_headers(streams[i], STATUS_200, false);
    if (!pwasm_host_http_is_ended(streams[i]))
      pwasm_host_http_send_response_body(streams[i], PWASM_STR("an attack"), true);
  }
  answer_all(in);
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("ask"), false);
  if (!pwasm_host_tcp_is_closed(tcp))
    pwasm_host_tcp_send_downstream(tcp, PWASM_STR(" me\n"), false);
  answer_all(in);
  /* A client to whom nothing happens tries once more. */
  if (!pwasm_host_tcp_is_closed(tcp))
    pwasm_host_tcp_send_downstream(tcp, PWASM_STR("\n"), false);
  answer_all(in);
  if (!pwasm_host_tcp_is_closed(tcp))
    pwasm_host_tcp_send_upstream(tcp, PWASM_STR("hello"), true);
  pwasm_host_tick(plugin);
}

static void
out_of_memory__everything_fails_in_turn(void **state)
{
  PwasmHostExhaustion done;

  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, &done);
  /* So that the scenario does not get poorer unnoticed. */
  assert_in_range(done.num_hostcalls, 150, 1000);
  assert_in_range(done.num_allocations, 50, 1000);
}

static void
out_of_memory__everything_fails_in_turn_with_stop_iteration(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, "stop iteration", NULL);
}

static void
out_of_memory__everything_fails_in_turn_at_once(void **state)
{
  (void)state;
  pwasm_host_exhaust(&(PwasmHostOptions){.acts_at_once = true}, scenario, NULL, NULL);
}

/* ---- that it is said, and over afterwards ---- */

static void
run_out_after(size_t count)
{
  pwasm_host_vm_fail_allocations_after(pwasm_host_plugin_vm(plugin), count);
}

/* The host asks for memory and gets none: what it says then is not what the plugin hears. */
static void
out_of_memory__the_host_gets_none(void **state)
{
  PwasmHostHttp *http = post("edit");

  (void)state;
  run_out_after(0);
  assert_null(pwasm_host_allocate(pwasm_host_plugin_vm(plugin), 100));
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("x-in", "b"));
  run_out_after(SIZE_MAX);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "get: out of memory");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  assert_non_null(pwasm_host_allocate(pwasm_host_plugin_vm(plugin), 100));
  expect_sound();
}

/* The same status without a want of memory is the host's own. */
static void
out_of_memory__a_host_that_can_not_write_there(void **state)
{
  (void)state;
  pwasm_host_fail(host, "proxy_get_header_map_value", 2, PWASM_STATUS_INVALID_MEMORY_ACCESS);
  PWASM_EXPECT_REQUEST_COMPLETE(request("edit"));
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "get: invalid memory access");
}

/* More than there is: the host asks for it, and the plugin refuses. */
static void
out_of_memory__more_than_can_be_had(void **state)
{
  (void)state;
  assert_null(pwasm_host_allocate(pwasm_host_plugin_vm(plugin), UINT32_MAX));
  assert_null(pwasm_host_allocate(pwasm_host_plugin_vm(plugin), UINT32_MAX - 16));
  expect_sound();
}

/* A stream for which there is no memory passes untouched, whatever comes. */
static void
out_of_memory__for_the_stream_itself(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  run_out_after(0);
  http = post("deny");
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), true);
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  pwasm_host_http_end(http);
  run_out_after(SIZE_MAX);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "pwasm: no memory: context");
  PWASM_EXPECT_REPLY(request("deny"), 403);
}

static void
out_of_memory__for_a_thousand_streams(void **state)
{
  (void)state;
  run_out_after(0);
  for (int i = 0; i < 1000; i++)
    pwasm_host_http_free(request("ask"));
  run_out_after(SIZE_MAX);
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
  expect_sound();
}

/* The plugin can't be configured anew, and keeps what it has. */
static void
out_of_memory__for_a_configuration(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  run_out_after(0);
  assert_false(pwasm_host_plugin_configure(plugin, PWASM_STR("two")));
  run_out_after(SIZE_MAX);
  assert_true(pwasm_host_plugin_configure(plugin, PWASM_STR("three")));
  http = request("edit");
  PWASM_EXPECT_REQUEST_HEADER(http, "x-name", "three");
}

/* The plugin itself: it does not pass for one that has started. */
static void
out_of_memory__for_the_plugin(void **state)
{
  PwasmHostVm *vm;

  (void)state;
  host = pwasm_host_new(NULL);
  vm = pwasm_host_vm_new(host, NULL);
  for (size_t count = 0; count < 3; count++) {
    pwasm_host_vm_fail_allocations_after(vm, count);
    plugin = pwasm_host_plugin_start(
      host, &(PwasmHostPluginOptions){.vm = vm, .configuration = PWASM_STR("one")});
    assert_int_not_equal(pwasm_host_plugin_state(plugin), PWASM_HOST_PLUGIN_RUNNING);
  }
  pwasm_host_vm_fail_allocations_after(vm, SIZE_MAX);
  pwasm_host_free(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(out_of_memory__everything_fails_in_turn),
    cmocka_unit_test(out_of_memory__everything_fails_in_turn_with_stop_iteration),
    cmocka_unit_test(out_of_memory__everything_fails_in_turn_at_once),
    GUARD_TEST(out_of_memory__the_host_gets_none),
    GUARD_TEST(out_of_memory__a_host_that_can_not_write_there),
    GUARD_TEST(out_of_memory__more_than_can_be_had),
    GUARD_TEST(out_of_memory__for_the_stream_itself),
    GUARD_TEST(out_of_memory__for_a_thousand_streams),
    GUARD_TEST(out_of_memory__for_a_configuration),
    cmocka_unit_test(out_of_memory__for_the_plugin),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

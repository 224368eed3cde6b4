#include "../failures.h"

/* What a test can do wrong with a host, and hosts that a failed test leaves behind. */

static int
setup(void **state)
{
  (void)state;
  return set_up_noting_host((PwasmHostOptions){0});
}

static void
advance(PwasmHost *in, void *data)
{
  (void)data;
  pwasm_host_advance(in, 1);
}

static void
misuse__time_does_not_pass_in_callbacks(void **state)
{
  (void)state;
  pwasm_host_hook(host, "proxy_log", advance, NULL);
  act_in_request(log_something);
  expect_failure("time does not pass inside a callback", "");
}

static void
misuse__of_names_and_numbers_is_told(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  assert_false(pwasm_host_has_callback(pwasm_host_plugin_vm(plugin), "proxy_log"));
  expect_failure("there is no callback proxy_log", "");
  pwasm_host_set_next_http_call_id(host, 5);
  expect_failure("5 is not a multiple of 4", "");
  assert_null(pwasm_host_envoy_dns(host, 0));
  expect_failure("there are only 0 names to be resolved", "");
  pwasm_host_shared_queue_enqueue(host, "vm", "q", PWASM_STR("a"));
  expect_failure("nobody has registered the queue q of the VM \"vm\"", "");
  pwasm_host_plugin_end(plugin);
  pwasm_host_tick(plugin);
  expect_failure("the plugin is deleted", "");
}

static void
resolve_two(void)
{
  uint32_t token;

  assert_ok(envoy_resolve_dns("a", 1, &token));
  assert_ok(envoy_resolve_dns("b", 1, &token));
}

static void
misuse__names_to_be_resolved_are_counted(void **state)
{
  (void)state;
  act_in_request(resolve_two);
  assert_str(pwasm_host_envoy_dns(host, 1)->name, "b");
  pwasm_host_envoy_dns_drop(pwasm_host_envoy_dns(host, 0));
  assert_str(pwasm_host_envoy_dns(host, 0)->name, "b");
  assert_null(pwasm_host_envoy_dns(host, 1));
  expect_failure("there are only 1 names to be resolved", "");
}

static void
misuse__metadata_come_after_headers(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  pwasm_host_http_send_request_metadata(http, 1);
  expect_failure("the headers were not sent yet", "");
  PWASM_EXPECT_CALLS(host, "proxy_on_request_metadata", 0);
}

static void
send_to_ended(PwasmHost *in, void *data)
{
  (void)in;
  pwasm_host_http_send_response_headers(data, STATUS_200, true);
}

static void
log_in_log(PwasmContext *ctx)
{
  (void)ctx;
  log_something();
}

static void
misuse__nothing_comes_for_a_stream_that_has_ended(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(start_plugin(), "/");

  (void)state;
  script.on_http_log = log_in_log;
  pwasm_host_hook(host, "proxy_log", send_to_ended, http);
  pwasm_host_http_end(http);
  expect_failure("the stream has ended", "");
  /* Later the other side may just not have noticed. */
  pwasm_host_http_send_request_headers(http, GET, true);
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_CALLS(host, "proxy_on_response_headers", 0);
}

static jmp_buf failed_test;

static void
leave_test(const char *file, int line, const char *message)
{
  (void)file;
  (void)line;
  (void)message;
  longjmp(failed_test, 1);
}

static void
misuse_host(void)
{
  (void)pwasm_host_calls(host, "nonsense");
}

static int num_logs;

static void
count_log(PwasmContext *ctx)
{
  (void)ctx;
  num_logs++;
}

/* As cmocka does: the callback in which the test failed never returns. */
static void
host_free__after_a_failure_in_a_callback_calls_nothing(void **state)
{
  (void)state;
  num_logs = 0;
  pwasm_host_free(host);
  host = pwasm_host_new(&(PwasmHostOptions){.on_failure = leave_test});
  script.on_http_log = count_log;
  script.create_tcp_context = use_tcp;
  pwasm_host_tcp_open(start_plugin());
  if (setjmp(failed_test) == 0) {
    act_in_request(misuse_host);
    fail();
  }
  pwasm_host_free(host);
  host = NULL;
  assert_int_equal(num_logs, 0);
}

static PwasmContext *kept;

static void
keep(PwasmContext *ctx)
{
  kept = pwasm_context_ref(ctx);
}

/* What is left after a failure is no leak. */
static void
host_free__after_a_failure_finds_no_leaks(void **state)
{
  PwasmHost *other = pwasm_host_new(&(PwasmHostOptions){.on_failure = note_failure});
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(other, NULL);

  (void)state;
  script.http_init = keep;
  pwasm_host_http_get(plugin, "/");
  assert_null(pwasm_host_envoy_dns(other, 0));
  expect_failure("there are only 0 names", "");
  pwasm_host_free(other);
  assert_int_equal(num_failures, 0);
}

static size_t num_hooks;

static void
count_hook(PwasmHost *in, void *data)
{
  (void)in;
  (void)data;
  num_hooks++;
}

static void
count_next(PwasmHost *in, void *data)
{
  pwasm_host_hook(in, "proxy_log", count_hook, data);
}

static void
log_three_times(void)
{
  log_something();
  log_something();
  log_something();
}

static void
hook__may_put_another_in_its_place(void **state)
{
  (void)state;
  num_hooks = 0;
  pwasm_host_hook(host, "proxy_log", count_next, NULL);
  act_in_request(log_three_times);
  assert_int_equal(num_hooks, 2);
}

static void
count_once(PwasmHost *in, void *data)
{
  count_hook(in, data);
  pwasm_host_hook(in, "proxy_log", NULL, NULL);
}

static void
hook__may_take_itself_away(void **state)
{
  (void)state;
  num_hooks = 0;
  pwasm_host_hook(host, "proxy_log", count_once, NULL);
  act_in_request(log_three_times);
  assert_int_equal(num_hooks, 1);
}

#define MISUSE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    MISUSE_TEST(misuse__time_does_not_pass_in_callbacks),
    MISUSE_TEST(misuse__of_names_and_numbers_is_told),
    MISUSE_TEST(misuse__names_to_be_resolved_are_counted),
    MISUSE_TEST(misuse__metadata_come_after_headers),
    MISUSE_TEST(misuse__nothing_comes_for_a_stream_that_has_ended),
    MISUSE_TEST(host_free__after_a_failure_in_a_callback_calls_nothing),
    MISUSE_TEST(host_free__after_a_failure_finds_no_leaks),
    MISUSE_TEST(hook__may_put_another_in_its_place),
    MISUSE_TEST(hook__may_take_itself_away),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

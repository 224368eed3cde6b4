#include "guarded.h"

/* Streams that end before they have properly begun, callbacks that never come or in another order, plugins
 * that are not let go. */

/* Calls the stream's callbacks by name, whatever the host knows of it. */
static void
call_in_order(uint32_t id, const char *const *names)
{
  for (; *names != NULL; names++)
    pwasm_host_call(
      pwasm_host_plugin_vm(plugin), *names, id,
      strcmp(*names, "proxy_on_context_create") == 0 ? pwasm_host_plugin_id(plugin) : 1, 1);
}

static void
expect_gone(void)
{
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
  expect_sound();
}

/* The maps that the log wants are not there. */
static void
incomplete_lives__the_client_goes_before_the_response(void **state)
{
  PwasmHostHttp *http = request("ask");

  (void)state;
  pwasm_host_http_abort(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "0 response headers, 0 trailers");
  expect_gone();
}

static void
incomplete_lives__the_client_goes_in_the_middle(void **state)
{
  static const char *const words[] = {"scan ask",   "scan",     "watch",        "wait",
                                      "ask-plugin", "ask-grpc", "ask-response", "scan-response"};

  (void)state;
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    for (int steps = 0; steps < 5; steps++) {
      PwasmHostHttp *http = post(words[i]);

      if (steps > 0)
        pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
      if (steps > 1)
        pwasm_host_http_send_request_body(http, PWASM_STR("two"), true);
      if (steps > 2)
        pwasm_host_http_send_response_headers(http, STATUS_200, false);
      if (steps > 3)
        pwasm_host_http_send_response_body(http, PWASM_STR("three"), false);
      pwasm_host_http_abort(http);
    }
  }
  while (pwasm_host_http_call_count(host) > 0)
    answer("200");
  pwasm_host_tick(plugin);
  expect_gone();
}

/* Envoy logs streams that no filter has seen. */
static void
incomplete_lives__nothing_but_the_log(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  pwasm_host_http_end(http);
  PWASM_EXPECT_CALLS(host, "proxy_on_request_headers", 0);
  PWASM_EXPECT_CALLS(host, "proxy_on_log", 1);
  /* The plugin has HTTP streams and connections, and nobody has said which this one was. */
  assert_int_equal(count_log("end: "), 0);
  assert_true(pwasm_host_http_is_ended(http));
  pwasm_host_http_end(pwasm_host_http_open(plugin));
  expect_sound();
}

static void
incomplete_lives__created_and_deleted(void **state)
{
  static const char *const names[] = {"proxy_on_context_create", "proxy_on_delete", NULL};

  (void)state;
  call_in_order(500, names);
  expect_gone();
}

/* A reply of the host's own, to a request that the plugin did not get. */
static void
incomplete_lives__a_response_without_a_request(void **state)
{
  static const char *const names[] = {"proxy_on_context_create",
                                      "proxy_on_response_headers",
                                      "proxy_on_response_body",
                                      "proxy_on_done",
                                      "proxy_on_log",
                                      "proxy_on_delete",
                                      NULL};

  (void)state;
  call_in_order(500, names);
  assert_int_equal(count_log("end: "), 1);
  expect_gone();
}

/* The response is here before the request's body was. */
static void
incomplete_lives__a_response_before_the_requests_body(void **state)
{
  PwasmHostHttp *http = post("scan watch edit");

  (void)state;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("early"), true);
  PWASM_EXPECT_RESPONSE_BODY(http, "early");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  pwasm_host_http_end(http);
  expect_gone();
}

/* The response ends while the request still waits. */
static void
incomplete_lives__a_response_while_the_request_waits(void **state)
{
  PwasmHostHttp *http = request("ask");

  (void)state;
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  pwasm_host_http_end(http);
  answer("200");
  expect_gone();
}

static void
incomplete_lives__trailers_without_a_body(void **state)
{
  PwasmHostHttp *http = post("scan edit");

  (void)state;
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("x-in", "b"));
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_trailers(http, PWASM_HOST_HEADERS("x-in", "b"));
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  assert_str(pwasm_host_headers_get(pwasm_host_http_response(http).trailers, "x-added"), "b");
}

/* Envoy logs first, the specification has it last: at the end the stream is gone, its calls are
 * cancelled once, and no callback of another order was too much. */
static void
incomplete_lives__ends_in_any_order(void **state)
{
  static const char *const done_log_delete[] = {"proxy_on_done", "proxy_on_log", "proxy_on_delete",
                                                NULL};
  static const char *const log_done_delete[] = {"proxy_on_log", "proxy_on_done", "proxy_on_delete",
                                                NULL};
  static const char *const log_delete[] = {"proxy_on_log", "proxy_on_delete", NULL};
  static const char *const done_delete[] = {"proxy_on_done", "proxy_on_delete", NULL};
  static const char *const only_delete[] = {"proxy_on_delete", NULL};
  static const char *const twice[] = {"proxy_on_done",
                                      "proxy_on_done",
                                      "proxy_on_log",
                                      "proxy_on_log",
                                      "proxy_on_delete",
                                      "proxy_on_delete",
                                      NULL};
  static const char *const *const orders[] = {done_log_delete, log_done_delete, log_delete,
                                              done_delete,     only_delete,     twice};

  (void)state;
  for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
    PwasmHostHttp *asking = request("ask");
    PwasmHostHttp *waiting = request("wait");

    call_in_order(pwasm_host_http_id(asking), orders[i]);
    call_in_order(pwasm_host_http_id(waiting), orders[i]);
    PWASM_EXPECT_GAUGE(host, "guard_open", 0);
    assert_int_equal(count_log("cancelled"), i + 1);
    /* What they had waited for finds nobody. */
    answer("200");
    pwasm_host_tick(plugin);
    PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 0);
    pwasm_host_http_free(asking);
    pwasm_host_http_free(waiting);
  }
  assert_int_equal(count_log("answered"), 0);
  expect_gone();
}

/* In the log phase the stream is no more: nothing can be done to it, all that is there can be read. */
static void
incomplete_lives__the_log_is_the_last_word(void **state)
{
  PwasmHostHttp *http = request("late");

  (void)state;
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  pwasm_host_http_end(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO,
                   "end: /path, code 200, 4 request headers, 1 response headers, 0 trailers");
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 0);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 0);
  expect_gone();
}

/* ---- plugins ---- */

static PwasmHostPlugin *
start_patient(void)
{
  PwasmHostPlugin *patient = start_named("patient");

  pwasm_host_plugin_end(patient);
  PWASM_EXPECT_PLUGIN_STATE(patient, PWASM_HOST_PLUGIN_DONE_PENDING);
  return patient;
}

static void
incomplete_lives__a_plugin_that_takes_its_time(void **state)
{
  PwasmHostPlugin *patient = start_patient();

  (void)state;
  pwasm_host_tick(patient);
  PWASM_EXPECT_PLUGIN_STATE(patient, PWASM_HOST_PLUGIN_DELETED);
  expect_gone();
}

/* The host lacks proxy_done: the plugin stays, and says why. */
static void
incomplete_lives__a_plugin_that_can_not_say_that_it_is_done(void **state)
{
  PwasmHostPlugin *patient = start_patient();

  (void)state;
  pwasm_host_fail(host, "proxy_done", 0, PWASM_STATUS_UNIMPLEMENTED);
  pwasm_host_tick(patient);
  PWASM_EXPECT_PLUGIN_STATE(patient, PWASM_HOST_PLUGIN_DONE_PENDING);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "done: not implemented by the host");
  expect_sound();
  /* For a moment only. */
  pwasm_host_fail(host, "proxy_done", 0, PWASM_STATUS_OK);
  pwasm_host_tick(patient);
  PWASM_EXPECT_PLUGIN_STATE(patient, PWASM_HOST_PLUGIN_DELETED);
  expect_gone();
}

/* The host does not wait for what it was asked to wait for. */
static void
incomplete_lives__a_plugin_that_is_not_waited_for(void **state)
{
  PwasmHostPlugin *patient = start_patient();
  PwasmHostVm *vm = pwasm_host_plugin_vm(patient);
  uint32_t id = pwasm_host_plugin_id(patient);

  (void)state;
  pwasm_host_call(vm, "proxy_on_delete", id, 0, 0);
  pwasm_host_call(vm, "proxy_on_tick", id, 0, 0);
  PWASM_EXPECT_CALLS(host, "proxy_done", 0);
  expect_sound();
}

static void
incomplete_lives__a_plugin_that_is_deleted_before_its_streams(void **state)
{
  PwasmHostHttp *http = request("ask-plugin wait");

  (void)state;
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_delete", pwasm_host_plugin_id(plugin), 0,
                  0);
  /* The plugin's memory lives as long as its streams do. */
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  pwasm_host_http_end(http);
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
  answer("200");
}

/* The whole proxy goes down with everything open. */
static void
incomplete_lives__the_host_ends_with_everything_open(void **state)
{
  static const char *const words[] = {"ask", "ask-plugin", "ask-grpc", "wait", "scan", "watch"};

  (void)state;
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    PwasmHostHttp *http = post(words[i]);

    pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  }
  pwasm_host_tcp_send_downstream(pwasm_host_tcp_open(plugin), PWASM_STR("ask\n"), false);
  /* That nothing is left is what the end of each test checks. */
}

/* ---- connections ---- */

static void
incomplete_lives__connections(void **state)
{
  PwasmHostTcp *silent = pwasm_host_tcp_open(plugin);
  PwasmHostTcp *upstream_only = pwasm_host_tcp_open(plugin);
  PwasmHostTcp *half = pwasm_host_tcp_open(plugin);

  (void)state;
  pwasm_host_tcp_close(silent, PWASM_PEER_REMOTE);
  pwasm_host_tcp_send_upstream(upstream_only, PWASM_STR("hello"), true);
  pwasm_host_tcp_close(upstream_only, PWASM_PEER_LOCAL);
  pwasm_host_tcp_send_downstream(half, PWASM_STR("no line"), false);
  pwasm_host_tcp_send_downstream(half, PWASM_STR(""), true);
  assert_str(pwasm_host_tcp_sent_to_upstream(half), "no line");
  pwasm_host_tcp_close(half, PWASM_PEER_UNKNOWN);
  assert_int_equal(count_log("connection: 0 down, 0 up"), 1);
  assert_int_equal(count_log("connection: 0 down, 5 up"), 1);
  assert_int_equal(count_log("connection: 7 down, 0 up"), 1);
}

static void
incomplete_lives__a_request_that_begins_twice(void **state)
{
  PwasmHostHttp *http = request("wait");

  (void)state;
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_request_headers",
                  pwasm_host_http_id(http), 1, 1);
  pwasm_host_tick(plugin);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 1);
  pwasm_host_http_end(http);
  expect_gone();
}

static void
delete_waiting(PwasmHost *unused, void *id)
{
  (void)unused;
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_delete", *(uint32_t *)id, 0, 0);
}

/* The host lets a request go as little as it lives. */
static void
incomplete_lives__a_request_that_ends_while_it_is_resumed(void **state)
{
  static const char *const hostcalls[] = {"proxy_set_effective_context", "proxy_continue_stream"};

  (void)state;
  for (size_t i = 0; i < sizeof hostcalls / sizeof hostcalls[0]; i++) {
    PwasmHostHttp *http = request("wait");
    uint32_t id = pwasm_host_http_id(http);

    pwasm_host_hook(host, hostcalls[i], delete_waiting, &id);
    pwasm_host_fail(host, hostcalls[i], 1, PWASM_STATUS_INTERNAL_FAILURE);
    pwasm_host_tick(plugin);
    pwasm_host_hook(host, hostcalls[i], NULL, NULL);
    PWASM_EXPECT_NO_REPLY(http);
    PWASM_EXPECT_GAUGE(host, "guard_open", 0);
  }
  expect_gone();
}

#define IN_BOTH(function) GUARD_TEST(function), GUARD_TEST_AT_ONCE(function)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    IN_BOTH(incomplete_lives__the_client_goes_before_the_response),
    IN_BOTH(incomplete_lives__the_client_goes_in_the_middle),
    GUARD_TEST_STOP_ITERATION(incomplete_lives__the_client_goes_in_the_middle),
    IN_BOTH(incomplete_lives__nothing_but_the_log),
    IN_BOTH(incomplete_lives__created_and_deleted),
    IN_BOTH(incomplete_lives__a_response_without_a_request),
    IN_BOTH(incomplete_lives__a_response_before_the_requests_body),
    IN_BOTH(incomplete_lives__a_response_while_the_request_waits),
    IN_BOTH(incomplete_lives__trailers_without_a_body),
    IN_BOTH(incomplete_lives__a_request_that_begins_twice),
    IN_BOTH(incomplete_lives__a_request_that_ends_while_it_is_resumed),
    IN_BOTH(incomplete_lives__ends_in_any_order),
    IN_BOTH(incomplete_lives__the_log_is_the_last_word),
    IN_BOTH(incomplete_lives__a_plugin_that_takes_its_time),
    IN_BOTH(incomplete_lives__a_plugin_that_can_not_say_that_it_is_done),
    IN_BOTH(incomplete_lives__a_plugin_that_is_not_waited_for),
    IN_BOTH(incomplete_lives__a_plugin_that_is_deleted_before_its_streams),
    IN_BOTH(incomplete_lives__the_host_ends_with_everything_open),
    IN_BOTH(incomplete_lives__connections),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

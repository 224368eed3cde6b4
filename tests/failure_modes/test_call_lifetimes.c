#include "guarded.h"

/* Calls to services, and streams that end before, while or after they are answered. */

/* On which context a host answers. */
static uint32_t
plugins_own(const PwasmHostHttp *http)
{
  (void)http;
  return 0;
}

static uint32_t (*const contexts[])(const PwasmHostHttp *http) = {plugins_own, pwasm_host_http_id};

enum { NUM_CONTEXTS = sizeof contexts / sizeof contexts[0] };

static void
call_lifetimes__answered_on_either_context(void **state)
{
  (void)state;
  for (int i = 0; i < NUM_CONTEXTS; i++) {
    static const char *const words[] = {"ask", "ask-plugin"};

    for (int word = 0; word < 2; word++) {
      PwasmHostHttp *granted = request(words[word]);
      PwasmHostHttp *denied = request(words[word]);

      answer_on(pwasm_host_http_call(host, 1), "403", contexts[i](denied));
      PWASM_EXPECT_NO_REQUEST(granted);
      answer_on(pwasm_host_http_call(host, 0), "200", contexts[i](granted));
      PWASM_EXPECT_REQUEST_COMPLETE(granted);
      PWASM_EXPECT_NO_REPLY(granted);
      PWASM_EXPECT_REPLY(denied, 403);
      /* The stream's own call is answered on its behalf, wherever. */
      if (word == 0)
        PWASM_EXPECT_REQUEST_HEADER(granted, "x-asked", "yes");
      pwasm_host_http_end(granted);
      pwasm_host_http_end(denied);
    }
  }
}

/* Nothing of the request goes on before the answer, whether or not its body is reported meanwhile. */
static void
call_lifetimes__holds_the_request_until_then(void **state)
{
  PwasmHostHttp *http = post("ask");

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR("two"), false);
  PWASM_EXPECT_NO_REQUEST(http);
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("a", "b"));
  PWASM_EXPECT_NO_REQUEST(http);
  answer("200");
  PWASM_EXPECT_REQUEST_BODY(http, "onetwo");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
call_lifetimes__denies_a_request_that_was_held(void **state)
{
  PwasmHostHttp *http = post("ask");

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), true);
  answer("403");
  PWASM_EXPECT_NO_REQUEST(http);
  PWASM_EXPECT_REPLY(http, 403);
}

/* The body is still on its way when the answer is here: it is scanned to its end all the same. */
static void
call_lifetimes__answered_in_the_middle_of_a_scan(void **state)
{
  PwasmHostHttp *harmless = post("ask scan");
  PwasmHostHttp *harmful = post("ask scan");

  (void)state;
  pwasm_host_http_send_request_body(harmless, PWASM_STR("at"), false);
  pwasm_host_http_send_request_body(harmful, PWASM_STR("att"), false);
  answer("200");
  answer("200");
  pwasm_host_http_send_request_body(harmless, PWASM_STR("ease"), true);
  pwasm_host_http_send_request_body(harmful, PWASM_STR("ack"), true);
  PWASM_EXPECT_REQUEST_BODY(harmless, "atease");
  PWASM_EXPECT_REQUEST_COMPLETE(harmless);
  PWASM_EXPECT_REPLY(harmful, 403);
  PWASM_EXPECT_REQUEST_BODY(harmful, "");
}

static void
call_lifetimes__holds_the_response_until_then(void **state)
{
  PwasmHostHttp *http = request("ask-response");

  (void)state;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("body"), true);
  PWASM_EXPECT_NO_RESPONSE(http);
  answer("200");
  PWASM_EXPECT_RESPONSE_BODY(http, "body");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

/* The stream has ended: its call is cancelled, and the answer is nobody's. */
static void
call_lifetimes__answered_after_the_streams_end(void **state)
{
  (void)state;
  for (int i = 0; i < NUM_CONTEXTS; i++) {
    PwasmHostHttp *http = request("ask");
    uint32_t id = contexts[i](http);

    pwasm_host_http_end(http);
    assert_int_equal(count_log("cancelled"), i + 1);
    answer_on(pwasm_host_http_call(host, 0), "200", id);
    assert_int_equal(count_log("answered"), 0);
    PWASM_EXPECT_NO_REQUEST(http);
  }
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  expect_sound();
}

/* The plugin's call outlives the stream that it was made for. */
static void
call_lifetimes__of_the_plugin_answered_after_the_streams_end(void **state)
{
  PwasmHostHttp *http = request("ask-plugin");

  (void)state;
  pwasm_host_http_end(http);
  /* It is held until then, and no longer. */
  PWASM_EXPECT_GAUGE(host, "guard_open", 1);
  answer("200");
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 0);
  expect_sound();
}

static void
call_lifetimes__answered_after_the_plugins_end(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostHttp *http = request("ask-plugin");
  PwasmHostHttpCall *call = pwasm_host_http_call(host, 0);

  (void)state;
  pwasm_host_http_end(http);
  pwasm_host_plugin_end(plugin);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DELETED);
  pwasm_host_call(vm, "proxy_on_http_call_response", pwasm_host_plugin_id(plugin), call->id, 1);
  answer_on(call, "200", 0);
  plugin = start_named("two");
  pwasm_host_http_call_drop(call);
  expect_sound();
}

static void
call_lifetimes__answered_twice(void **state)
{
  (void)state;
  for (int i = 0; i < NUM_CONTEXTS; i++) {
    PwasmHostHttp *http = request("ask");
    PwasmHostHttpCall *call = pwasm_host_http_call(host, 0);

    pwasm_host_log_clear(host);
    answer_on(call, "200", contexts[i](http));
    answer_on(call, "403", contexts[i](http));
    PWASM_EXPECT_REQUEST_COMPLETE(http);
    PWASM_EXPECT_NO_REPLY(http);
    assert_int_equal(count_log("answered"), 1);
  }
}

static void
call_lifetimes__never_answered(void **state)
{
  PwasmHostHttp *http = request("ask");

  (void)state;
  pwasm_host_http_call_drop(pwasm_host_http_call(host, 0));
  PWASM_EXPECT_NO_REQUEST(http);
  pwasm_host_http_abort(http);
  assert_int_equal(count_log("cancelled"), 1);
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
  expect_sound();
}

/* No headers, no body, no trailers: that is how hosts say that it failed. */
static void
call_lifetimes__answered_with_nothing(void **state)
{
  PwasmHostHttp *http = request("ask");

  (void)state;
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), &(PwasmHostHttpAnswer){0});
  PWASM_EXPECT_REPLY(http, 403);
  assert_int_equal(count_log("answered"), 0);
}

static void
call_lifetimes__fails(void **state)
{
  PwasmHostHttp *http = request("ask");

  (void)state;
  pwasm_host_http_call_fail(pwasm_host_http_call(host, 0));
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "failed: 11 reset");
}

/* A host that can't say why it failed. */
static void
call_lifetimes__fails_without_a_reason(void **state)
{
  PwasmHostHttp *http = request("ask");

  (void)state;
  pwasm_host_fail(host, "proxy_get_status", 0, PWASM_STATUS_UNIMPLEMENTED);
  pwasm_host_http_call_fail(pwasm_host_http_call(host, 0));
  PWASM_EXPECT_REPLY(http, 403);
}

static void
call_lifetimes__answered_without_a_status(void **state)
{
  PwasmHostHttp *none = request("ask");
  PwasmHostHttp *text = request("ask");

  (void)state;
  pwasm_host_http_call_answer(
    pwasm_host_http_call(host, 0),
    &(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":dispatch_status", "timeout")});
  pwasm_host_http_call_answer(
    pwasm_host_http_call(host, 0),
    &(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":status", "20O")});
  PWASM_EXPECT_REPLY(none, 403);
  PWASM_EXPECT_REPLY(text, 403);
}

/* One call's answer makes another call. */
static void
call_lifetimes__asks_again_inside_an_answer(void **state)
{
  PwasmHostHttp *http = request("ask ask-again");

  (void)state;
  answer("200");
  PWASM_EXPECT_NO_REQUEST(http);
  answer("200");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_CALLS(host, "proxy_http_call", 2);
}

static void
call_lifetimes__ends_while_it_asks_again(void **state)
{
  PwasmHostHttp *http = request("ask ask-again");

  (void)state;
  answer("200");
  pwasm_host_http_end(http);
  answer("200");
  PWASM_EXPECT_NO_REQUEST(http);
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
}

static uint32_t
answer_inside(PwasmHostHttpCall *call, void *data)
{
  answer_on(call, data, 0);
  return PWASM_STATUS_OK;
}

/* The host answers before the call has a name. */
static void
call_lifetimes__answered_inside_the_call(void **state)
{
  char yes[] = "200";
  char no[] = "403";
  PwasmHostHttp *granted;
  PwasmHostHttp *denied;

  (void)state;
  pwasm_host_on_http_call(host, answer_inside, yes);
  granted = request("ask");
  pwasm_host_on_http_call(host, answer_inside, no);
  denied = request("ask");
  pwasm_host_on_http_call(host, NULL, NULL);
  PWASM_EXPECT_REQUEST_COMPLETE(granted);
  PWASM_EXPECT_NO_REPLY(granted);
  PWASM_EXPECT_NO_REQUEST(denied);
  PWASM_EXPECT_REPLY(denied, 403);
  expect_sound();
}

static uint32_t
answer_twice_inside(PwasmHostHttpCall *call, void *data)
{
  (void)data;
  answer_on(call, "200", 0);
  answer_on(call, "403", 0);
  return PWASM_STATUS_OK;
}

static void
call_lifetimes__answered_twice_inside_the_call(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_on_http_call(host, answer_twice_inside, NULL);
  http = request("ask");
  pwasm_host_on_http_call(host, NULL, NULL);
  assert_int_equal(count_log("answered"), 1);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_NO_REPLY(http);
}

static void
answer_oldest(PwasmHost *in, void *data)
{
  (void)data;
  if (pwasm_host_http_call_count(in) > 0)
    answer("200");
}

/* The answer to one stream's call comes in the middle of another stream's callback. */
static void
call_lifetimes__answered_inside_another_callback(void **state)
{
  PwasmHostHttp *waiting = request("ask");
  PwasmHostHttp *other;

  (void)state;
  pwasm_host_hook(host, "proxy_get_header_map_value", answer_oldest, NULL);
  other = request("edit");
  pwasm_host_hook(host, "proxy_get_header_map_value", NULL, NULL);
  PWASM_EXPECT_REQUEST_COMPLETE(waiting);
  PWASM_EXPECT_REQUEST_COMPLETE(other);
  /* Whose callback went on as it had begun. */
  PWASM_EXPECT_REQUEST_HEADER(other, "x-name", "one");
  PWASM_EXPECT_NO_REQUEST_HEADER(waiting, "x-name");
}

static void
end_waiting(PwasmHost *in, void *data)
{
  (void)in;
  pwasm_host_http_end(*(PwasmHostHttp **)data);
}

/* The stream ends while its answer is read. */
static void
call_lifetimes__ends_inside_its_answer(void **state)
{
  PwasmHostHttp *http = request("ask");

  (void)state;
  pwasm_host_hook(host, "proxy_get_header_map_value", end_waiting, &http);
  answer("200");
  pwasm_host_hook(host, "proxy_get_header_map_value", NULL, NULL);
  assert_true(pwasm_host_http_is_ended(http));
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 0);
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
  expect_sound();
}

static uint32_t
refuse(PwasmHostHttpCall *call, void *data)
{
  (void)call;
  (void)data;
  return PWASM_STATUS_INTERNAL_FAILURE;
}

static void
call_lifetimes__refused_by_the_host(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_on_http_call(host, refuse, NULL);
  http = request("ask");
  PWASM_EXPECT_REPLY(http, 503);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "call: internal failure");
  pwasm_host_on_http_call(host, NULL, NULL);
  http = request("ask-plugin");
  answer("200");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
call_lifetimes__to_an_unknown_cluster(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_add_cluster(host, "another");
  http = request("ask-plugin");
  PWASM_EXPECT_REPLY(http, 503);
  pwasm_host_http_end(http);
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
}

static uint32_t
close_and_refuse(PwasmHostGrpcCall *call, void *data)
{
  (void)data;
  pwasm_host_grpc_close(call, PWASM_GRPC_STATUS_UNAVAILABLE, PWASM_STR("no"));
  return PWASM_STATUS_INTERNAL_FAILURE;
}

/* Envoy's gRPC: the open fails, and yet the close has been called. The stream hears of it once. */
static void
call_lifetimes__closed_and_refused(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_on_grpc_call(host, close_and_refuse, NULL);
  http = request("ask-grpc");
  pwasm_host_on_grpc_call(host, NULL, NULL);
  assert_int_equal(count_log("grpc: "), 1);
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 1);
  http = request("ask-grpc");
  pwasm_host_grpc_receive(pwasm_host_grpc_call(host, 0), PWASM_STR("yes"));
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
call_lifetimes__of_grpc_ends_with_the_stream(void **state)
{
  PwasmHostHttp *http = request("ask-grpc");
  PwasmHostGrpcCall *call = pwasm_host_grpc_call(host, 0);

  (void)state;
  pwasm_host_http_end(http);
  assert_true(call->is_cancelled);
  pwasm_host_grpc_receive(call, PWASM_STR("yes"));
  pwasm_host_grpc_close(call, PWASM_GRPC_STATUS_OK, PWASM_STR(""));
  assert_int_equal(count_log("grpc: "), 1);
  PWASM_EXPECT_NO_REQUEST(http);
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
}

/* A host that uses a call's name again while it is unanswered. */
static void
call_lifetimes__a_name_for_two_calls(void **state)
{
  PwasmHostHttp *first = request("ask");
  PwasmHostHttp *second;

  (void)state;
  pwasm_host_set_next_http_call_id(host, pwasm_host_http_call(host, 0)->id);
  second = request("ask");
  /* The first one's answer can't come any more: it does not wait for it for ever. */
  assert_int_equal(count_log("cancelled"), 0);
  PWASM_EXPECT_REPLY(first, 403);
  answer_on(pwasm_host_http_call(host, 1), "200", 0);
  PWASM_EXPECT_REQUEST_COMPLETE(second);
  PWASM_EXPECT_NO_REQUEST(first);
}

static void
call_lifetimes__of_a_connection(void **state)
{
  PwasmHostTcp *granted = pwasm_host_tcp_open(plugin);
  PwasmHostTcp *denied = pwasm_host_tcp_open(plugin);
  PwasmHostTcp *closed = pwasm_host_tcp_open(plugin);

  (void)state;
  pwasm_host_tcp_send_downstream(granted, PWASM_STR("ask\n"), false);
  pwasm_host_tcp_send_downstream(denied, PWASM_STR("ask\n"), false);
  pwasm_host_tcp_send_downstream(closed, PWASM_STR("ask\n"), false);
  pwasm_host_tcp_send_downstream(granted, PWASM_STR("more"), false);
  assert_str(pwasm_host_tcp_sent_to_upstream(granted), "");
  pwasm_host_tcp_close(closed, PWASM_PEER_REMOTE);
  answer("200");
  answer("403");
  answer("200");
  assert_str(pwasm_host_tcp_sent_to_upstream(granted), "ask\nmore");
  assert_true(pwasm_host_tcp_is_closed(denied));
  assert_str(pwasm_host_tcp_sent_to_upstream(closed), "");
}

static void
call_lifetimes__many_at_once_in_any_order(void **state)
{
  enum { NUM = 200 };
  static PwasmHostHttp *streams[NUM];

  (void)state;
  for (int i = 0; i < NUM; i++)
    streams[i] = request(i % 3 == 0 ? "ask-plugin" : "ask");
  for (int i = 0; i < NUM; i += 4)
    pwasm_host_http_end(streams[i]);
  for (size_t left = NUM; left > 0; left--)
    answer_on(pwasm_host_http_call(host, left * 7919 % left), left % 2 == 0 ? "200" : "403", 0);
  for (int i = 0; i < NUM; i++) {
    bool is_decided =
      pwasm_host_http_reply(streams[i]) != NULL || pwasm_host_http_request(streams[i]).is_complete;

    assert_int_equal(is_decided, i % 4 != 0);
    pwasm_host_http_end(streams[i]);
  }
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
}

#define IN_BOTH(function) GUARD_TEST(function), GUARD_TEST_AT_ONCE(function)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    IN_BOTH(call_lifetimes__answered_on_either_context),
    IN_BOTH(call_lifetimes__holds_the_request_until_then),
    GUARD_TEST_STOP_ITERATION(call_lifetimes__holds_the_request_until_then),
    IN_BOTH(call_lifetimes__denies_a_request_that_was_held),
    GUARD_TEST_STOP_ITERATION(call_lifetimes__denies_a_request_that_was_held),
    IN_BOTH(call_lifetimes__answered_in_the_middle_of_a_scan),
    GUARD_TEST_STOP_ITERATION(call_lifetimes__answered_in_the_middle_of_a_scan),
    IN_BOTH(call_lifetimes__holds_the_response_until_then),
    GUARD_TEST_STOP_ITERATION(call_lifetimes__holds_the_response_until_then),
    IN_BOTH(call_lifetimes__answered_after_the_streams_end),
    IN_BOTH(call_lifetimes__of_the_plugin_answered_after_the_streams_end),
    IN_BOTH(call_lifetimes__answered_after_the_plugins_end),
    IN_BOTH(call_lifetimes__answered_twice),
    IN_BOTH(call_lifetimes__never_answered),
    IN_BOTH(call_lifetimes__answered_with_nothing),
    IN_BOTH(call_lifetimes__fails),
    IN_BOTH(call_lifetimes__fails_without_a_reason),
    IN_BOTH(call_lifetimes__answered_without_a_status),
    IN_BOTH(call_lifetimes__asks_again_inside_an_answer),
    IN_BOTH(call_lifetimes__ends_while_it_asks_again),
    IN_BOTH(call_lifetimes__answered_inside_the_call),
    IN_BOTH(call_lifetimes__answered_twice_inside_the_call),
    IN_BOTH(call_lifetimes__answered_inside_another_callback),
    IN_BOTH(call_lifetimes__ends_inside_its_answer),
    IN_BOTH(call_lifetimes__refused_by_the_host),
    IN_BOTH(call_lifetimes__to_an_unknown_cluster),
    IN_BOTH(call_lifetimes__closed_and_refused),
    IN_BOTH(call_lifetimes__of_grpc_ends_with_the_stream),
    IN_BOTH(call_lifetimes__a_name_for_two_calls),
    IN_BOTH(call_lifetimes__of_a_connection),
    IN_BOTH(call_lifetimes__many_at_once_in_any_order),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "guarded.h"

/* Local replies: in every phase, twice, from other contexts, in hosts that run the response callbacks
 * from inside the hostcall and in those that do so later. */

static void
expect_denied(PwasmHostHttp *http)
{
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "403");
  PWASM_EXPECT_RESPONSE_HEADER(http, "x-own", "yes");
  PWASM_EXPECT_RESPONSE_BODY(http, "denied");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

static void
local_replies__in_request_headers(void **state)
{
  PwasmHostHttp *http = request("deny");

  (void)state;
  PWASM_EXPECT_NO_REQUEST(http);
  expect_denied(http);
}

static void
local_replies__in_a_request_body(void **state)
{
  PwasmHostHttp *http = post("deny-body");

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  expect_denied(http);
  /* What the client had sent before it knew. */
  pwasm_host_http_send_request_body(http, PWASM_STR("two"), true);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 1);
}

static void
local_replies__in_request_trailers(void **state)
{
  PwasmHostHttp *http = post("deny-trailers");

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("a", "b"));
  expect_denied(http);
}

static void
local_replies__in_response_headers(void **state)
{
  PwasmHostHttp *http = request("deny-response");

  (void)state;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "403");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

static void
local_replies__in_a_response_body_reset_the_stream(void **state)
{
  PwasmHostHttp *http = request("deny-response-body");

  (void)state;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("one"), false);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESET);
  assert_true(pwasm_host_http_is_ended(http));
  expect_sound();
}

static void
local_replies__in_a_response_body_whose_headers_were_held(void **state)
{
  PwasmHostHttp *http = request("deny-response-body hold-response");

  (void)state;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  PWASM_EXPECT_NO_RESPONSE(http);
  pwasm_host_http_send_response_body(http, PWASM_STR("one"), false);
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "403");
}

/* The request was replied to: the response callbacks see that reply, and do not reply to it again. */
static void
local_replies__in_request_and_response(void **state)
{
  PwasmHostHttp *http = request("deny deny-response deny-response-body");

  (void)state;
  expect_denied(http);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 1);
  PWASM_EXPECT_CALLS(host, "proxy_on_response_headers", 1);
  PWASM_EXPECT_CALLS(host, "proxy_on_response_body", 1);
}

static void
local_replies__twice_in_a_callback(void **state)
{
  PwasmHostHttp *http = request("deny twice");

  (void)state;
  expect_denied(http);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 1);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "reply: the stream already has a local reply");
}

static void
local_replies__twice_in_a_response_callback(void **state)
{
  PwasmHostHttp *http = request("deny-response twice");

  (void)state;
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 1);
}

static void
local_replies__in_two_callbacks(void **state)
{
  PwasmHostHttp *http = post("deny deny-body");

  (void)state;
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_request_body", pwasm_host_http_id(http),
                  3, 1);
  expect_denied(http);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 1);
}

/* The plugin's context is the current one: the reply is to be the stream's all the same. */
static void
local_replies__from_a_tick(void **state)
{
  PwasmHostHttp *http = request("wait-deny");

  (void)state;
  PWASM_EXPECT_NO_RESPONSE(http);
  pwasm_host_tick(plugin);
  expect_denied(http);
}

/* In the callback of one stream another one is let go: what follows is about the first again. */
static void
local_replies__go_to_nobody_else(void **state)
{
  PwasmHostHttp *waiting = request("wait");
  PwasmHostHttp *edited = request("wake edit");
  PwasmHostHttp *second = request("wait");
  PwasmHostHttp *denied = request("wake deny");

  (void)state;
  PWASM_EXPECT_REQUEST_COMPLETE(waiting);
  PWASM_EXPECT_NO_REQUEST_HEADER(waiting, "x-name");
  PWASM_EXPECT_REQUEST_HEADER(edited, "x-name", "one");
  PWASM_EXPECT_REQUEST_COMPLETE(second);
  PWASM_EXPECT_NO_REPLY(second);
  expect_denied(denied);
}

static void
local_replies__from_a_tick_to_many(void **state)
{
  PwasmHostHttp *streams[10];

  (void)state;
  for (int i = 0; i < 10; i++)
    streams[i] = request(i % 2 == 0 ? "wait-deny" : "wait");
  pwasm_host_http_abort(streams[4]);
  pwasm_host_http_end(streams[5]);
  pwasm_host_tick(plugin);
  for (int i = 0; i < 10; i++) {
    if (i % 2 == 0 && i != 4)
      expect_denied(streams[i]);
    else if (i != 4 && i != 5)
      PWASM_EXPECT_REQUEST_COMPLETE(streams[i]);
  }
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 4);
}

static void
local_replies__from_an_answer_on_the_plugin(void **state)
{
  PwasmHostHttp *http = request("ask");

  (void)state;
  answer("403");
  expect_denied(http);
}

static void
local_replies__from_an_answer_on_the_stream(void **state)
{
  PwasmHostHttp *http = request("ask");

  (void)state;
  answer_on(pwasm_host_http_call(host, 0), "403", pwasm_host_http_id(http));
  expect_denied(http);
}

static void
local_replies__from_an_answer_to_the_plugins_own_call(void **state)
{
  PwasmHostHttp *http = request("ask-plugin");

  (void)state;
  answer("403");
  expect_denied(http);
}

static void
local_replies__from_an_answer_while_the_response_waits(void **state)
{
  PwasmHostHttp *http = request("ask-response");

  (void)state;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESPONSE_PAUSED);
  answer("403");
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "403");
}

/* A host that refuses the reply has not replied: another try is no second reply. */
static void
local_replies__refused_by_the_host(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_fail(host, "proxy_send_local_response", 1, PWASM_STATUS_BAD_ARGUMENT);
  http = request("deny");
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 2);
}

static void
local_replies__in_a_host_without_them(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_fail(host, "proxy_send_local_response", 0, PWASM_STATUS_UNIMPLEMENTED);
  http = request("deny");
  PWASM_EXPECT_NO_REQUEST(http);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESET);
}

/* Envoy does not survive a reply to a stream that has ended: the host must not be asked. */
static void
local_replies__after_the_end(void **state)
{
  PwasmHostHttp *http = request("late");

  (void)state;
  pwasm_host_http_end(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "reply: the stream or plugin has ended");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "late resume: the stream or plugin has ended");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "close: the stream or plugin has ended");
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 0);
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 0);
  PWASM_EXPECT_CALLS(host, "proxy_close_stream", 0);
  PWASM_EXPECT_CALLS(host, "proxy_http_call", 0);
}

/* No reply is lost, none comes twice, nothing is left behind. */
static void
local_replies__by_the_thousand(void **state)
{
  static const char *const words[] = {"deny twice", "ask", "wait-deny", "deny-response", ""};

  (void)state;
  for (int i = 0; i < 1000; i++) {
    PwasmHostHttp *http = request(words[i % 5]);

    if (i % 5 == 1)
      answer("403");
    if (i % 5 == 2)
      pwasm_host_tick(plugin);
    if (i % 5 == 3)
      pwasm_host_http_send_response_headers(http, STATUS_200, true);
    if (i % 5 == 4)
      PWASM_EXPECT_NO_REPLY(http);
    else
      PWASM_EXPECT_REPLY(http, 403);
    pwasm_host_http_free(http);
  }
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 800);
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
}

/* Each in a host that replies when the callback has returned, and in one that replies at once. */
#define IN_BOTH(function) GUARD_TEST(function), GUARD_TEST_AT_ONCE(function)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    IN_BOTH(local_replies__in_request_headers),
    IN_BOTH(local_replies__in_a_request_body),
    IN_BOTH(local_replies__in_request_trailers),
    IN_BOTH(local_replies__in_response_headers),
    IN_BOTH(local_replies__in_a_response_body_reset_the_stream),
    GUARD_TEST_STOP_ITERATION(local_replies__in_a_response_body_whose_headers_were_held),
    IN_BOTH(local_replies__in_request_and_response),
    IN_BOTH(local_replies__twice_in_a_callback),
    IN_BOTH(local_replies__twice_in_a_response_callback),
    IN_BOTH(local_replies__in_two_callbacks),
    IN_BOTH(local_replies__from_a_tick),
    IN_BOTH(local_replies__go_to_nobody_else),
    IN_BOTH(local_replies__from_a_tick_to_many),
    IN_BOTH(local_replies__from_an_answer_on_the_plugin),
    IN_BOTH(local_replies__from_an_answer_on_the_stream),
    IN_BOTH(local_replies__from_an_answer_to_the_plugins_own_call),
    IN_BOTH(local_replies__from_an_answer_while_the_response_waits),
    IN_BOTH(local_replies__refused_by_the_host),
    IN_BOTH(local_replies__in_a_host_without_them),
    IN_BOTH(local_replies__after_the_end),
    IN_BOTH(local_replies__by_the_thousand),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

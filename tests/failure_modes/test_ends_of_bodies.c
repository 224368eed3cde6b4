#include "guarded.h"

/* A body ends in one of several ways, and sizes are not what they seem: all of it is scanned, once. */

static PwasmHostHttp *
response_to(const char *words)
{
  PwasmHostHttp *http = request(words);

  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  return http;
}

/* What the plugin saw of a body, and that it did so once. */
static void
expect_seen(const char *what)
{
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, what);
  assert_int_equal(count_log("ended by"), 1);
}

/* ---- requests ---- */

static void
ends_of_bodies__no_body(void **state)
{
  PwasmHostHttp *http = request("scan");

  (void)state;
  expect_seen("request: 0 bytes, ended by headers");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
ends_of_bodies__the_body_ends_it(void **state)
{
  PwasmHostHttp *http = post("scan");

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR("two"), false);
  PWASM_EXPECT_REQUEST_BODY(http, "");
  pwasm_host_http_send_request_body(http, PWASM_STR("three"), true);
  expect_seen("request: 11 bytes, ended by body");
  PWASM_EXPECT_REQUEST_BODY(http, "onetwothree");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
ends_of_bodies__an_empty_last_piece(void **state)
{
  PwasmHostHttp *http = post("scan");

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR(""), true);
  expect_seen("request: 3 bytes, ended by body");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
ends_of_bodies__nothing_but_an_empty_piece(void **state)
{
  PwasmHostHttp *http = post("scan");

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR(""), true);
  expect_seen("request: 0 bytes, ended by body");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

/* The body callback never says that it is the end. */
static void
ends_of_bodies__trailers_end_it(void **state)
{
  PwasmHostHttp *http = post("scan");

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR("two"), false);
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("a", "b"));
  expect_seen("request: 6 bytes, ended by trailers");
  PWASM_EXPECT_REQUEST_BODY(http, "onetwo");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
ends_of_bodies__nothing_but_trailers(void **state)
{
  PwasmHostHttp *http = post("scan");

  (void)state;
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("a", "b"));
  expect_seen("request: 0 bytes, ended by trailers");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

/* Neither end comes: the client is gone. */
static void
ends_of_bodies__nothing_ends_it(void **state)
{
  PwasmHostHttp *http = post("scan");

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  pwasm_host_http_abort(http);
  assert_int_equal(count_log("ended by"), 0);
  PWASM_EXPECT_REQUEST_BODY(http, "");
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
}

/* What is harmful lies across pieces; whichever way it ends, it is found. */
static void
ends_of_bodies__harm_is_found_before_each_end(void **state)
{
  (void)state;
  for (int end = 0; end < 3; end++) {
    PwasmHostHttp *http = post("scan");

    pwasm_host_http_send_request_body(http, PWASM_STR("an at"), false);
    if (end == 0) {
      pwasm_host_http_send_request_body(http, PWASM_STR("tack"), true);
    } else {
      pwasm_host_http_send_request_body(http, PWASM_STR("tack"), false);
      if (end == 1)
        pwasm_host_http_send_request_body(http, PWASM_STR(""), true);
      else
        pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("a", "b"));
    }
    PWASM_EXPECT_REPLY(http, 403);
    PWASM_EXPECT_REQUEST_BODY(http, "");
  }
}

/* ---- sizes ---- */

/* After a pause the host reports all that is buffered, again and again. */
static void
ends_of_bodies__sizes_that_add_up(void **state)
{
  PwasmHostHttp *http = post("scan");

  (void)state;
  for (int i = 0; i < 100; i++)
    pwasm_host_http_send_request_body(http, PWASM_STR("0123456789"), i == 99);
  expect_seen("request: 1000 bytes, ended by body");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

/* What passes is reported piece by piece. */
static void
ends_of_bodies__sizes_of_pieces(void **state)
{
  PwasmHostHttp *http = post("watch");

  (void)state;
  for (int i = 0; i < 100; i++)
    pwasm_host_http_send_request_body(http, PWASM_STR("0123456789"), i == 99);
  expect_seen("request: 1000 bytes, ended by body");
  assert_int_equal(pwasm_host_http_request(http).body.len, 1000);
}

/* Envoy with HTTP/2 has told less than there was, also with the last piece. */
static void
ends_of_bodies__a_lagging_size(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostHttp *http = post("scan");
  uint32_t id = pwasm_host_http_id(http);

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("an at"), false);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_body", id, 0, 0), PWASM_ACTION_PAUSE);
  pwasm_host_http_send_request_body(http, PWASM_STR("tack"), false);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_body", id, 5, 0), PWASM_ACTION_PAUSE);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_body", id, 5, 1), PWASM_ACTION_PAUSE);
  PWASM_EXPECT_REPLY(http, 403);
}

static void
ends_of_bodies__a_size_of_more_than_there_is(void **state)
{
  PwasmHostHttp *http = post("scan");

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  assert_int_equal(pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_request_body",
                                   pwasm_host_http_id(http), UINT32_MAX, 1),
                   PWASM_ACTION_CONTINUE);
  expect_seen("request: 3 bytes, ended by body");
}

/* The end is told twice. */
static void
ends_of_bodies__two_ends(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostHttp *http = post("scan");
  uint32_t id = pwasm_host_http_id(http);

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), true);
  pwasm_host_call(vm, "proxy_on_request_body", id, 0, 1);
  pwasm_host_call(vm, "proxy_on_request_trailers", id, 1, 0);
  expect_seen("request: 3 bytes, ended by body");
  PWASM_EXPECT_NO_REPLY(http);
}

/* The host has lost the body that it had announced: what was not scanned does not pass. */
static void
ends_of_bodies__a_body_that_can_not_be_read(void **state)
{
  PwasmHostHttp *http = post("scan");

  (void)state;
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 0, PWASM_STATUS_NOT_FOUND);
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), true);
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_REQUEST_BODY(http, "");
}

static void
ends_of_bodies__a_megabyte(void **state)
{
  static char piece[16 * 1024];
  PwasmHostHttp *http = post("scan");

  (void)state;
  for (int i = 0; i < 64; i++)
    pwasm_host_http_send_request_body(http, pwasm_str(piece, sizeof piece), i == 63);
  expect_seen("request: 1048576 bytes, ended by body");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

/* ---- responses ---- */

static void
ends_of_bodies__no_body_of_a_response(void **state)
{
  PwasmHostHttp *http = request("scan-response");

  (void)state;
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "response: 0 bytes, ended by headers");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

static void
ends_of_bodies__the_body_ends_a_response(void **state)
{
  PwasmHostHttp *http = response_to("scan-response");

  (void)state;
  pwasm_host_http_send_response_body(http, PWASM_STR("one"), false);
  pwasm_host_http_send_response_body(http, PWASM_STR("two"), false);
  PWASM_EXPECT_RESPONSE_BODY(http, "");
  pwasm_host_http_send_response_body(http, PWASM_STR(""), true);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "response: 6 bytes, ended by body");
  PWASM_EXPECT_RESPONSE_BODY(http, "onetwo");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

static void
ends_of_bodies__trailers_end_a_response(void **state)
{
  PwasmHostHttp *http = response_to("scan-response");

  (void)state;
  pwasm_host_http_send_response_body(http, PWASM_STR("an at"), false);
  pwasm_host_http_send_response_body(http, PWASM_STR("tack"), false);
  pwasm_host_http_send_response_trailers(http, PWASM_HOST_HEADERS("a", "b"));
  PWASM_EXPECT_RESPONSE_BODY(http, "removed");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

static void
ends_of_bodies__pieces_of_a_response_that_passes(void **state)
{
  PwasmHostHttp *http = response_to("watch");

  (void)state;
  pwasm_host_http_send_response_body(http, PWASM_STR("one"), false);
  PWASM_EXPECT_RESPONSE_BODY(http, "one");
  pwasm_host_http_send_response_body(http, PWASM_STR("two"), false);
  pwasm_host_http_send_response_trailers(http, PWASM_HOST_HEADERS("a", "b"));
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "response: 6 bytes, ended by trailers");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

/* The answer to "may it pass" is here before the body, or in the middle of it, or after it. */
static void
ends_of_bodies__while_an_answer_is_waited_for(void **state)
{
  (void)state;
  for (int when = 0; when < 3; when++) {
    PwasmHostHttp *http = post("ask scan");

    if (when == 0)
      answer("200");
    pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
    if (when == 1)
      answer("200");
    pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("a", "b"));
    if (when == 2)
      answer("200");
    PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "request: 3 bytes, ended by trailers");
    PWASM_EXPECT_REQUEST_BODY(http, "one");
    PWASM_EXPECT_REQUEST_COMPLETE(http);
    pwasm_host_http_end(http);
  }
}

#define IN_ALL(function)                                                                           \
  GUARD_TEST(function), GUARD_TEST_AT_ONCE(function), GUARD_TEST_STOP_ITERATION(function)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    IN_ALL(ends_of_bodies__no_body),
    IN_ALL(ends_of_bodies__the_body_ends_it),
    IN_ALL(ends_of_bodies__an_empty_last_piece),
    IN_ALL(ends_of_bodies__nothing_but_an_empty_piece),
    IN_ALL(ends_of_bodies__trailers_end_it),
    IN_ALL(ends_of_bodies__nothing_but_trailers),
    IN_ALL(ends_of_bodies__nothing_ends_it),
    IN_ALL(ends_of_bodies__harm_is_found_before_each_end),
    IN_ALL(ends_of_bodies__sizes_that_add_up),
    IN_ALL(ends_of_bodies__sizes_of_pieces),
    IN_ALL(ends_of_bodies__a_lagging_size),
    IN_ALL(ends_of_bodies__a_size_of_more_than_there_is),
    IN_ALL(ends_of_bodies__two_ends),
    IN_ALL(ends_of_bodies__a_body_that_can_not_be_read),
    IN_ALL(ends_of_bodies__a_megabyte),
    IN_ALL(ends_of_bodies__no_body_of_a_response),
    IN_ALL(ends_of_bodies__the_body_ends_a_response),
    IN_ALL(ends_of_bodies__trailers_end_a_response),
    IN_ALL(ends_of_bodies__pieces_of_a_response_that_passes),
    IN_ALL(ends_of_bodies__while_an_answer_is_waited_for),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

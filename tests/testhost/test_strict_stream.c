#include "../failures.h"

/* What strict mode says of calls about streams that a host refuses, or that do nothing. */

static int
setup(void **state)
{
  (void)state;
  return set_up_noting_host((PwasmHostOptions){.strict = true});
}

static void
get_request_header(void)
{
  assert_status(get_value(PWASM_MAP_HTTP_REQUEST_HEADERS), BAD_ARGUMENT);
}

static void
get_call_header(void)
{
  assert_status(get_value(PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS), BAD_ARGUMENT);
}

static void
get_no_map(void)
{
  assert_status(get_value(8), BAD_ARGUMENT);
}

static void
get_trailers(void)
{
  char *pairs;
  uint32_t size;

  assert_ok(proxy_get_header_map_pairs(PWASM_MAP_HTTP_REQUEST_TRAILERS, &pairs, &size));
}

static void
strict__maps_have_their_time(void **state)
{
  (void)state;
  act_in_tick(get_request_header);
  expect_failure("the context has no HTTP stream", "in proxy_on_tick(1)");
  act_in_request(get_call_header);
  expect_failure("in the callback of its call only", "HTTP_CALL_RESPONSE_HEADERS");
  act_in_request(get_no_map);
  expect_failure("there is no such map", "(8, ");
  /* Envoy calls it an empty map, and OK. */
  act_in_request(get_trailers);
  expect_failure("the map is not there now", "(HTTP_REQUEST_TRAILERS) = OK");
}

static void
get_body(void)
{
  assert_ok(get_buffer(PWASM_BUFFER_HTTP_REQUEST_BODY));
}

static void
get_configuration(void)
{
  assert_status(get_buffer(PWASM_BUFFER_PLUGIN_CONFIGURATION), NOT_FOUND);
}

static void
get_no_buffer(void)
{
  assert_status(get_buffer(9), BAD_ARGUMENT);
}

static void
set_configuration(void)
{
  assert_status(proxy_set_buffer_bytes(PWASM_BUFFER_VM_CONFIGURATION, 0, 0, "a", 1), BAD_ARGUMENT);
}

static void
set_body(void)
{
  assert_status(proxy_set_buffer_bytes(PWASM_BUFFER_HTTP_RESPONSE_BODY, 0, 0, "a", 1),
                BAD_ARGUMENT);
}

static PwasmAction
insert(PwasmHttpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  (void)end_of_stream;
  assert_status(proxy_set_buffer_bytes(PWASM_BUFFER_HTTP_REQUEST_BODY, 2, 0, "a", 1), BAD_ARGUMENT);
  return PWASM_ACTION_CONTINUE;
}

static void
strict__buffers_have_their_time(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  act_in_request(get_body);
  expect_failure("the buffer is not there now", "(HTTP_REQUEST_BODY, 0, 100) = OK");
  act_in_request(get_configuration);
  expect_failure("the buffer is not there now", "(PLUGIN_CONFIGURATION, 0, 100) = NOT_FOUND");
  act_in_request(get_no_buffer);
  expect_failure("there is no such buffer", "(9, 0, 100)");
  act_in_request(set_configuration);
  expect_failure("to be read only", "VM_CONFIGURATION");
  act_in_request(set_body);
  expect_failure("the buffer is not there now", "HTTP_RESPONSE_BODY");
  script = (Script){.on_request_body = insert};
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("body"), true);
  expect_failure("not in between", "proxy_set_buffer_bytes(HTTP_REQUEST_BODY, 2, 0, \"a\")");
}

static void
wipe(void)
{
  assert_ok(proxy_set_header_map_pairs(PWASM_MAP_HTTP_REQUEST_HEADERS, "\x01\0\0\0\x05\0\0\0", 8));
}

static void
forget_path(void)
{
  static const char pairs[] = "\x01\0\0\0\x07\0\0\0\x03\0\0\0:method\0GET";

  assert_ok(proxy_set_header_map_pairs(PWASM_MAP_HTTP_REQUEST_HEADERS, pairs, sizeof pairs));
}

static void
split(void)
{
  assert_ok(proxy_add_header_map_value(PWASM_MAP_HTTP_REQUEST_HEADERS, "a", 1, "b\r\nc", 4));
}

/* `a` and, in it, the end of a line. */
static const char split_pairs[] = "\x01\0\0\0\x01\0\0\0\x04\0\0\0a\0b\r\nc";

static PwasmAction
split_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)ctx;
  (void)num_trailers;
  assert_ok(proxy_set_header_map_pairs(PWASM_MAP_HTTP_RESPONSE_TRAILERS, split_pairs,
                                       (uint32_t)sizeof split_pairs));
  return PWASM_ACTION_CONTINUE;
}

static void
reply_split(void)
{
  assert_ok(
    proxy_send_local_response(403, "", 0, "", 0, split_pairs, (uint32_t)sizeof split_pairs, -1));
}

static void
add_nameless(void)
{
  assert_ok(proxy_add_header_map_value(PWASM_MAP_HTTP_REQUEST_HEADERS, "", 0, "b", 1));
}

static void
set_all(void)
{
  static const char pairs[] =
    "\x02\0\0\0\x07\0\0\0\x03\0\0\0\x05\0\0\0\x01\0\0\0:method\0GET\0:path\0/";

  assert_ok(proxy_set_header_map_pairs(PWASM_MAP_HTTP_REQUEST_HEADERS, pairs, sizeof pairs));
}

static void
strict__headers_can_be_sent(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  act_in_request(set_all);
  assert_int_equal(num_failures, 0);
  act_in_request(wipe);
  expect_failure("can't be read as pairs", "8 bytes) = OK");
  act_in_request(forget_path);
  expect_failure("without :method and :path", "proxy_set_header_map_pairs");
  act_in_request(split);
  expect_failure("CR, LF or NUL", "proxy_add_header_map_value");
  act_in_request(add_nameless);
  expect_failure("no name", "proxy_add_header_map_value");
  act_in_request(reply_split);
  expect_failure("CR, LF or NUL", "proxy_send_local_response(403");
  script = (Script){.on_response_trailers = split_trailers};
  http = pwasm_host_http_get(start_plugin(), "/");
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_trailers(http, PWASM_HOST_HEADERS("t", "1"));
  expect_failure("CR, LF or NUL", "proxy_set_header_map_pairs(HTTP_RESPONSE_TRAILERS");
}

static void
resume_request(void)
{
  assert_ok(proxy_continue_stream(0));
}

static void
resume_response(void)
{
  assert_ok(proxy_continue_stream(1));
}

static void
resume_twice(void)
{
  resume_request();
  resume_request();
}

static void
resume_anything(void)
{
  assert_status(proxy_continue_stream(4), BAD_ARGUMENT);
}

static PwasmAction
resume_late(PwasmHttpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  (void)end_of_stream;
  resume_response();
  return PWASM_ACTION_PAUSE;
}

static void
strict__only_what_is_paused_is_resumed(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script = (Script){.on_request_body = resume_late};
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("a"), true);
  expect_failure("nothing is paused", "proxy_continue_stream(HTTP_RESPONSE) = OK");
  act_in_tick(resume_request);
  expect_failure("the context has no such stream", "in proxy_on_tick");
  act_in_request(resume_twice);
  expect_failure("resumed already", "proxy_continue_stream(HTTP_REQUEST)");
  act_in_request(resume_anything);
  expect_failure("no such stream", "proxy_continue_stream(4)");
  /* The callback may still say "pause". */
  act_in_request(resume_request);
  assert_int_equal(num_failures, 0);
}

static uint32_t paused_id;

static void
resume_the_paused(void)
{
  proxy_set_effective_context(paused_id);
  resume_request();
}

static void
strict__a_stream_that_is_gone_is_not_resumed(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http;

  (void)state;
  act = resume_the_paused;
  script.on_request_headers = pause_on_headers;
  script.on_tick = act_on_tick;
  http = pwasm_host_http_get(plugin, "/");
  paused_id = pwasm_host_http_id(http);
  pwasm_host_tick(plugin);
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  pwasm_host_http_end(http);
  pwasm_host_tick(plugin);
  assert_int_equal(num_failures, 2);
  assert_non_null(strstr(failure, "the context has no such stream"));
  num_failures = 0;
}

static uint32_t
reply(void)
{
  return proxy_send_local_response(403, "", 0, "", 0, "", 0, -1);
}

static void
reply_once(void)
{
  assert_ok(reply());
}

static void
reply_twice(void)
{
  assert_ok(reply());
  assert_ok(reply());
}

static void
reply_and_resume(void)
{
  assert_ok(reply());
  resume_request();
}

static void
close_stream(void)
{
  assert_ok(proxy_close_stream(0));
}

static PwasmAction
reply_late(PwasmHttpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  (void)end_of_stream;
  reply_once();
  return PWASM_ACTION_CONTINUE;
}

static void
strict__a_reply_reaches_the_client_once(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  act_in_request(reply_twice);
  expect_failure("replied already", "proxy_send_local_response(403");
  act_in_request(reply_and_resume);
  expect_failure("has replied to the request itself", "proxy_continue_stream");
  act_in_tick(reply_once);
  expect_failure("the reply is lost", "in proxy_on_tick");
  act_in_tick(close_stream);
  expect_failure("nothing is closed", "proxy_close_stream(HTTP_REQUEST)");
  script = (Script){.on_response_body = reply_late};
  http = pwasm_host_http_get(start_plugin(), "/");
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("a"), true);
  expect_failure("has the response's headers already", "proxy_send_local_response");
}

#define STRICT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    STRICT_TEST(strict__maps_have_their_time),
    STRICT_TEST(strict__buffers_have_their_time),
    STRICT_TEST(strict__headers_can_be_sent),
    STRICT_TEST(strict__only_what_is_paused_is_resumed),
    STRICT_TEST(strict__a_stream_that_is_gone_is_not_resumed),
    STRICT_TEST(strict__a_reply_reaches_the_client_once),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

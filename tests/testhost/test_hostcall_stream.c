#include "../failures.h"

/* Raw hostcalls about a stream and its neighbours, at their corners. */

static int
setup(void **state)
{
  (void)state;
  return set_up_noting_host((PwasmHostOptions){0});
}

static void
reply_oddly(void)
{
  assert_ok(proxy_send_local_response(403, "a\tb\x0e \x01", 6, "", 0, "", 0, 17));
}

static void
hostcall__reply_details_have_no_blanks_and_the_status_is_one(void **state)
{
  const PwasmHostReply *reply = pwasm_host_http_reply(act_in_request(reply_oddly));

  (void)state;
  assert_str(reply->details, "a_b\x0e_\x01");
  assert_false(reply->has_grpc_status);
}

static void
add_headers(void)
{
  char *value;
  uint32_t size;

  assert_ok(proxy_replace_header_map_value(0, ":path", 5, "", 0));
  assert_ok(proxy_add_header_map_value(0, ":path", 5, "/a", 2));
  assert_ok(proxy_get_header_map_value(0, ":path", 5, &value, &size));
  assert_str(pwasm_str(value, size), "/a");
}

static void
hostcall__what_is_added_to_an_empty_header_is_all_of_it(void **state)
{
  (void)state;
  PWASM_EXPECT_REQUEST_HEADER(act_in_request(add_headers), ":path", "/a");
}

static void
add_unsendable(void)
{
  assert_ok(proxy_add_header_map_value(0, "a\nb", 3, "c", 1));
  expect_failure("", "proxy_add_header_map_value");
}

static void
hostcall__names_have_no_ends_of_lines(void **state)
{
  (void)state;
  make_noting_host((PwasmHostOptions){.strict = true});
  act_in_request(add_unsendable);
}

static void
resume_response(void)
{
  assert_ok(proxy_continue_stream(1));
}

static void
hostcall__a_response_that_has_not_come_is_not_resumed(void **state)
{
  (void)state;
  act_in_request(resume_response);
  expect_failure("stream 2 has no response yet", "makes Envoy crash");
  make_noting_host((PwasmHostOptions){.profile = PWASM_HOST_PROFILE_NGX_WASM_MODULE});
  act_in_request(resume_response);
  assert_int_equal(num_failures, 0);
}

static void
reply_and_close(void)
{
  assert_ok(proxy_send_local_response(403, "", 0, "", 0, "", 0, -1));
  assert_ok(proxy_close_stream(0));
}

static PwasmAction
close_on_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(proxy_close_stream(1));
  return PWASM_ACTION_CONTINUE;
}

static void
hostcall__a_stream_is_not_replied_to_and_closed_at_once(void **state)
{
  (void)state;
  act_in_request(reply_and_close);
  expect_failure("stream 2 has a reply that is not sent yet", "makes Envoy crash");
  /* Later it may be closed. */
  make_noting_host((PwasmHostOptions){0});
  script.on_response_headers = close_on_headers;
  act_in_request(reply_oddly);
  assert_int_equal(num_failures, 0);
  make_noting_host((PwasmHostOptions){.profile = PWASM_HOST_PROFILE_APISIX});
  script.on_response_headers = NULL;
  act_in_request(reply_and_close);
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
use_held_request(void)
{
  char *bytes;
  uint32_t size;

  /* Trailers are made in the callback of the last piece only. */
  assert_status(proxy_add_header_map_value(PWASM_MAP_HTTP_REQUEST_TRAILERS, "a", 1, "b", 1),
                BAD_ARGUMENT);
  assert_status(proxy_add_header_map_value(PWASM_MAP_HTTP_RESPONSE_TRAILERS, "a", 1, "b", 1),
                BAD_ARGUMENT);
  /* Whatever is resumed, the request's headers are gone, but not a body that is held back. */
  assert_ok(proxy_continue_stream(1));
  assert_ok(proxy_get_buffer_bytes(PWASM_BUFFER_HTTP_REQUEST_BODY, 0, 9, &bytes, &size));
  assert_str(pwasm_str(bytes, size), "body");
}

static void
hostcall__a_body_that_is_held_back_stays_readable(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  script.on_request_body = pause_on_body;
  script.on_response_headers = act_on_headers;
  act = use_held_request;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("body"), true);
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  PWASM_EXPECT_CALLS(host, "proxy_get_buffer_bytes", 1);
}

static PwasmHostPlugin *other;

static void
tick_other(PwasmHost *in, void *data)
{
  (void)in;
  (void)data;
  pwasm_host_tick(other);
}

static void
log_at_the_end(PwasmContext *ctx)
{
  (void)ctx;
  assert_ok(proxy_log(PWASM_LOG_INFO, "x", 1));
}

static void
get_status_code(void)
{
  char *value;
  uint32_t size;

  assert_status(
    proxy_get_header_map_value(PWASM_MAP_HTTP_RESPONSE_HEADERS, ":status", 7, &value, &size),
    BAD_ARGUMENT);
}

static void
hostcall__an_entry_of_the_access_log_is_its_loggers(void **state)
{
  PwasmHostPlugin *logger = start_plugin();

  (void)state;
  other = start_plugin();
  script.on_plugin_log = log_at_the_end;
  script.on_tick = act_on_tick;
  act = get_status_code;
  pwasm_host_hook(host, "proxy_log", tick_other, NULL);
  pwasm_host_plugin_log(logger, &(PwasmHostLogEntry){.response_headers = STATUS_200});
  PWASM_EXPECT_CALLS(host, "proxy_get_header_map_value", 1);
}

static uint32_t metric;

static void
count_as_a(void)
{
  assert_ok(proxy_define_metric(0, "a", 1, &metric));
  assert_ok(proxy_increment_metric(metric, 1));
}

static void
count_as_b(void)
{
  assert_ok(proxy_define_metric(0, "b", 1, &metric));
  assert_ok(proxy_increment_metric(metric, 10));
}

static void
increment(void)
{
  assert_ok(proxy_increment_metric(metric, 1));
}

static void
hostcall__metrics_have_ids_of_the_vms_own(void **state)
{
  PwasmHostPlugin *first = start_plugin();
  PwasmHostPlugin *in_other_vm =
    pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = pwasm_host_vm_new(host, NULL)});
  uint32_t id_of_a;

  (void)state;
  script.on_tick = act_on_tick;
  act = count_as_a;
  pwasm_host_tick(first);
  id_of_a = metric;
  act = count_as_b;
  pwasm_host_tick(in_other_vm);
  assert_int_equal(metric, id_of_a);
  act = increment;
  pwasm_host_tick(first);
  PWASM_EXPECT_COUNTER(host, "a", 2);
  PWASM_EXPECT_COUNTER(host, "b", 10);
  pwasm_host_tick(in_other_vm);
  PWASM_EXPECT_COUNTER(host, "a", 2);
  PWASM_EXPECT_COUNTER(host, "b", 11);
}

static void
call_twice(void)
{
  static const char pairs[] = "\x03\0\0\0\x07\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0"
                              ":method\0\0:path\0\0:authority\0";
  uint32_t id;

  assert_ok(proxy_http_call("a", 1, pairs, sizeof pairs, "", 0, "", 0, 0, &id));
  assert_ok(proxy_http_call("b", 1, pairs, sizeof pairs, "", 0, "", 0, 0, &id));
}

static void
hostcall__http_calls_may_be_freed_in_any_order(void **state)
{
  (void)state;
  act_in_request(call_twice);
  pwasm_host_http_call_free(pwasm_host_http_call(host, 1));
  PWASM_EXPECT_HTTP_CALLS(host, 1);
  assert_str(pwasm_host_http_call(host, 0)->upstream, "a");
}

#define STREAM_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    STREAM_TEST(hostcall__reply_details_have_no_blanks_and_the_status_is_one),
    STREAM_TEST(hostcall__what_is_added_to_an_empty_header_is_all_of_it),
    STREAM_TEST(hostcall__names_have_no_ends_of_lines),
    STREAM_TEST(hostcall__a_response_that_has_not_come_is_not_resumed),
    STREAM_TEST(hostcall__a_stream_is_not_replied_to_and_closed_at_once),
    STREAM_TEST(hostcall__a_body_that_is_held_back_stays_readable),
    STREAM_TEST(hostcall__an_entry_of_the_access_log_is_its_loggers),
    STREAM_TEST(hostcall__metrics_have_ids_of_the_vms_own),
    STREAM_TEST(hostcall__http_calls_may_be_freed_in_any_order),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <stdlib.h>

#include "../script.h"

/* Calls that a host refuses, or that do nothing, and what strict mode says of them. */

static char failure[4096];
static int num_failures;

static void
note_failure(const char *file, int line, const char *message)
{
  (void)file;
  (void)line;
  num_failures++;
  snprintf(failure, sizeof failure, "%s", message);
}

static void
make_host(bool strict)
{
  num_failures = 0;
  failure[0] = '\0';
  host = pwasm_host_new(&(PwasmHostOptions){.strict = strict, .on_failure = note_failure});
}

static int
setup(void **state)
{
  (void)state;
  memset(&script, 0, sizeof script);
  make_host(true);
  return 0;
}

/* What was said, if something was said just once. */
static void
expect_said(const char *why, const char *call)
{
  assert_int_equal(num_failures, 1);
  if (strstr(failure, why) == NULL || strstr(failure, call) == NULL)
    fail_msg("neither \"%s\" nor \"%s\" is in:\n%s", why, call, failure);
  num_failures = 0;
}

/* What the present test does in a callback. */
static void (*act)(void);

static PwasmAction
act_on_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  act();
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
pause_on_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

static void
act_on_tick(PwasmPluginContext *ctx)
{
  (void)ctx;
  act();
}

static bool
act_on_configure(PwasmPluginContext *ctx, size_t size)
{
  (void)ctx;
  (void)size;
  act();
  return true;
}

static PwasmHostHttp *
act_in_request(void (*what)(void))
{
  act = what;
  script.on_request_headers = act_on_headers;
  return pwasm_host_http_get(start_plugin(), "/");
}

static void
act_in_tick(void (*what)(void))
{
  PwasmHostPlugin *plugin = start_plugin();

  act = what;
  script.on_tick = act_on_tick;
  pwasm_host_tick(plugin);
}

static uint32_t
get_value(uint32_t map)
{
  char *value;
  uint32_t size;

  return proxy_get_header_map_value(map, "a", 1, &value, &size);
}

static uint32_t
get_buffer(uint32_t buffer)
{
  char *bytes;
  uint32_t size;

  return proxy_get_buffer_bytes(buffer, 0, 100, &bytes, &size);
}

static void
get_response_header(void)
{
  assert_status(get_value(PWASM_MAP_HTTP_RESPONSE_HEADERS), BAD_ARGUMENT);
}

static void
strict__says_callback_call_and_reason(void **state)
{
  (void)state;
  act_in_request(get_response_header);
  expect_said("the map is not there now",
              "\n  proxy_get_header_map_value(HTTP_RESPONSE_HEADERS, \"a\") = BAD_ARGUMENT"
              "\n  in proxy_on_request_headers(2, 4, 1)");
}

static void
strict__is_off_unless_asked_for(void **state)
{
  (void)state;
  pwasm_host_free(host);
  make_host(false);
  act_in_request(get_response_header);
  assert_int_equal(num_failures, 0);
  pwasm_host_free(host);
  assert_int_equal(setenv("PWASM_HOST_STRICT", "1", 1), 0);
  make_host(false);
  assert_int_equal(unsetenv("PWASM_HOST_STRICT"), 0);
  act_in_request(get_response_header);
  assert_int_equal(num_failures, 1);
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
  expect_said("the context has no HTTP stream", "in proxy_on_tick(1)");
  act_in_request(get_call_header);
  expect_said("in the callback of its call only", "HTTP_CALL_RESPONSE_HEADERS");
  act_in_request(get_no_map);
  expect_said("there is no such map", "(8, ");
  /* Envoy calls it an empty map, and OK. */
  act_in_request(get_trailers);
  expect_said("the map is not there now", "(HTTP_REQUEST_TRAILERS) = OK");
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
  expect_said("the buffer is not there now", "(HTTP_REQUEST_BODY, 0, 100) = OK");
  act_in_request(get_configuration);
  expect_said("the buffer is not there now", "(PLUGIN_CONFIGURATION, 0, 100) = NOT_FOUND");
  act_in_request(get_no_buffer);
  expect_said("there is no such buffer", "(9, 0, 100)");
  act_in_request(set_configuration);
  expect_said("to be read only", "VM_CONFIGURATION");
  act_in_request(set_body);
  expect_said("the buffer is not there now", "HTTP_RESPONSE_BODY");
  script = (Script){.on_request_body = insert};
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("body"), true);
  expect_said("not in between", "proxy_set_buffer_bytes(HTTP_REQUEST_BODY, 2, 0, \"a\")");
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

static void
strict__headers_can_be_sent(void **state)
{
  (void)state;
  act_in_request(wipe);
  expect_said("can't be read as pairs", "8 bytes) = OK");
  act_in_request(forget_path);
  expect_said("without :method and :path", "proxy_set_header_map_pairs");
  act_in_request(split);
  expect_said("CR, LF or NUL", "proxy_add_header_map_value");
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

static void
strict__only_what_is_paused_is_resumed(void **state)
{
  (void)state;
  act_in_request(resume_response);
  expect_said("nothing is paused", "proxy_continue_stream(HTTP_RESPONSE) = OK");
  act_in_tick(resume_request);
  expect_said("the context has no such stream", "in proxy_on_tick");
  act_in_request(resume_twice);
  expect_said("resumed already", "proxy_continue_stream(HTTP_REQUEST)");
  act_in_request(resume_anything);
  expect_said("no such stream", "proxy_continue_stream(4)");
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
  expect_said("replied already", "proxy_send_local_response(403");
  act_in_request(reply_and_resume);
  expect_said("has replied to the request itself", "proxy_continue_stream");
  act_in_tick(reply_once);
  expect_said("the reply is lost", "in proxy_on_tick");
  act_in_tick(close_stream);
  expect_said("nothing is closed", "proxy_close_stream(HTTP_REQUEST)");
  script = (Script){.on_response_body = reply_late};
  http = pwasm_host_http_get(start_plugin(), "/");
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("a"), true);
  expect_said("has the response's headers already", "proxy_send_local_response");
}

static void
use_unknown_metrics(void)
{
  uint64_t value;

  assert_status(proxy_increment_metric(4, 1), NOT_FOUND);
  expect_said("there is no metric 4", "proxy_increment_metric(4, 1) = NOT_FOUND");
  assert_status(proxy_record_metric(4, 1), NOT_FOUND);
  expect_said("there is no metric 4", "proxy_record_metric(4, 1) = NOT_FOUND");
  assert_status(proxy_get_metric(4, &value), NOT_FOUND);
  expect_said("there is no metric 4", "proxy_get_metric(4) = NOT_FOUND");
  assert_status(proxy_get_metric(6, &value), BAD_ARGUMENT);
  expect_said("only counters and gauges", "proxy_get_metric(6)");
  assert_status(proxy_increment_metric(6, 1), BAD_ARGUMENT);
  expect_said("only counters and gauges", "proxy_increment_metric(6, 1)");
  assert_status(proxy_define_metric(3, "a", 1, &(uint32_t){0}), BAD_ARGUMENT);
  expect_said("no such kind", "proxy_define_metric(3, \"a\")");
}

static void
define_counter(void)
{
  uint32_t id;

  assert_ok(proxy_define_metric(0, "a", 1, &id));
  assert_status(proxy_increment_metric(id, 0), BAD_ARGUMENT);
  expect_said("only grows", ", 0) = BAD_ARGUMENT");
}

static void
define_again(void)
{
  assert_ok(proxy_define_metric(0, "a", 1, &(uint32_t){0}));
}

static void
strict__metrics_are_defined_once(void **state)
{
  (void)state;
  act_in_tick(use_unknown_metrics);
  act_in_request(define_counter);
  act_in_tick(define_again);
  assert_int_equal(num_failures, 0);
  act_in_request(define_again);
  expect_said("defined again for a stream", "proxy_define_metric(COUNTER, \"a\")");
}

static void
use_unknown_ids(void)
{
  char *bytes;
  uint32_t size;

  assert_status(proxy_enqueue_shared_queue(7, "a", 1), NOT_FOUND);
  expect_said("there is no queue 7", "proxy_enqueue_shared_queue(7, \"a\")");
  assert_status(proxy_dequeue_shared_queue(7, &bytes, &size), NOT_FOUND);
  expect_said("there is no queue 7", "proxy_dequeue_shared_queue(7)");
  assert_status(proxy_grpc_send(6, "", 0, 0), NOT_FOUND);
  expect_said("was not opened, or has ended", "proxy_grpc_send(6");
  assert_status(proxy_grpc_send(5, "", 0, 0), BAD_ARGUMENT);
  expect_said("5 is no stream", "proxy_grpc_send(5");
  assert_status(proxy_grpc_cancel(5), NOT_FOUND);
  expect_said("was not made, or has ended", "proxy_grpc_cancel(5)");
  assert_status(proxy_grpc_close(4), BAD_ARGUMENT);
  expect_said("4 is no gRPC call", "proxy_grpc_close(4)");
  assert_status(proxy_set_effective_context(99), BAD_ARGUMENT);
  expect_said("there is no context 99", "proxy_set_effective_context(99)");
  assert_status(proxy_done(), NOT_FOUND);
  expect_said("no plugin is waited for", "proxy_done()");
  assert_status(proxy_log(6, "a", 1), BAD_ARGUMENT);
  expect_said("no such level", "proxy_log(6)");
}

static void
strict__ids_and_levels_are_the_hosts(void **state)
{
  (void)state;
  act_in_tick(use_unknown_ids);
}

static void
make_bad_calls(void)
{
  uint32_t id;

  assert_status(proxy_http_call("a", 1, "", 0, "", 0, "", 0, 0, &id), BAD_ARGUMENT);
  expect_said("lack one of :method", "proxy_http_call(\"a\"");
  assert_status(proxy_grpc_call("", 0, "s", 1, "m", 1, "", 0, "", 0, 0, &id), BAD_ARGUMENT);
  expect_said("no service to call", "proxy_grpc_call");
}

static void
strict__calls_can_be_made(void **state)
{
  (void)state;
  act_in_tick(make_bad_calls);
}

static void
use_properties(void)
{
  char *bytes;
  uint32_t size;

  assert_status(proxy_get_property("request", 7, &bytes, &size), SERIALIZATION_FAILURE);
  expect_said("names no single value", "proxy_get_property(\"request\")");
  assert_ok(proxy_set_property("request\0path", 12, "/", 1));
  expect_said("read only", "proxy_set_property(\"request\\x00path\"");
  assert_ok(proxy_set_property("mine", 4, "1", 1));
  assert_int_equal(num_failures, 0);
}

static void
set_property(void)
{
  assert_status(proxy_set_property("mine", 4, "1", 1), NOT_FOUND);
}

static void
strict__attributes_are_read_only(void **state)
{
  (void)state;
  act_in_request(use_properties);
  act_in_tick(set_property);
  expect_said("only streams and connections", "in proxy_on_tick");
}

static PwasmStr kept;

static void
keep(void)
{
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &kept));
}

static void
use_kept(void)
{
  proxy_log(PWASM_LOG_INFO, kept.data, (uint32_t)kept.len);
}

static PwasmAction
use_kept_on_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  use_kept();
  return PWASM_ACTION_CONTINUE;
}

static void
strict__a_view_is_not_used_after_its_life(void **state)
{
  PwasmHostHttp *http = act_in_request(keep);

  (void)state;
  script.on_response_headers = use_kept_on_headers;
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  expect_said("is what proxy_get_header_map_value returned in proxy_on_request_headers(2, 4, 1)",
              "in proxy_on_response_headers(2, 1, 1)");
}

static void
use_at_once(void)
{
  keep();
  use_kept();
}

static void
make_and_use(void)
{
  PwasmStr copy;

  assert_ok(pwasm_str_dup(pwasm_scratch(), PWASM_STR("/another"), &copy));
  proxy_log(PWASM_LOG_INFO, copy.data, (uint32_t)copy.len);
}

static void
strict__memory_may_be_used_again(void **state)
{
  (void)state;
  for (int i = 0; i < 3; i++)
    act_in_request(use_at_once);
  act_in_request(make_and_use);
  assert_int_equal(num_failures, 0);
}

/* What a plugin may well try, to find out. */
static void
probe(void)
{
  char *bytes;
  uint32_t size;
  uint32_t number;

  assert_status(proxy_get_header_map_value(0, "none", 4, &bytes, &size), NOT_FOUND);
  assert_status(proxy_get_shared_data("none", 4, &bytes, &size, &number), NOT_FOUND);
  assert_status(proxy_resolve_shared_queue("", 0, "none", 4, &number), NOT_FOUND);
  assert_status(proxy_get_property("none", 4, &bytes, &size), NOT_FOUND);
  assert_status(proxy_call_foreign_function("none", 4, "", 0, &bytes, &size), NOT_FOUND);
  assert_status(proxy_http_call("none", 4,
                                "\x03\0\0\0\x07\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0"
                                ":method\0\0:path\0\0:authority\0\0",
                                28 + 9 + 7 + 12, "", 0, "", 0, 0, &number),
                BAD_ARGUMENT);
  assert_ok(proxy_register_shared_queue("q", 1, &number));
  assert_status(proxy_dequeue_shared_queue(number, &bytes, &size), EMPTY);
  assert_ok(proxy_set_shared_data("k", 1, "v", 1, 0));
  assert_status(proxy_set_shared_data("k", 1, "v", 1, 77), CAS_MISMATCH);
}

static void
strict__to_find_out_is_no_mistake(void **state)
{
  (void)state;
  pwasm_host_add_cluster(host, "c");
  act_in_request(probe);
  assert_int_equal(num_failures, 0);
  act = NULL;
}

static void
strict__what_the_test_orders_is_no_mistake(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  act = get_configuration;
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 0, PWASM_STATUS_NOT_FOUND);
  script.on_configure = act_on_configure;
  plugin = pwasm_host_plugin_start(host, NULL);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
  /* Nor what it calls itself. */
  get_request_header();
  assert_int_equal(num_failures, 0);
}

#define STRICT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    STRICT_TEST(strict__says_callback_call_and_reason),
    STRICT_TEST(strict__is_off_unless_asked_for),
    STRICT_TEST(strict__maps_have_their_time),
    STRICT_TEST(strict__buffers_have_their_time),
    STRICT_TEST(strict__headers_can_be_sent),
    STRICT_TEST(strict__only_what_is_paused_is_resumed),
    STRICT_TEST(strict__a_stream_that_is_gone_is_not_resumed),
    STRICT_TEST(strict__a_reply_reaches_the_client_once),
    STRICT_TEST(strict__metrics_are_defined_once),
    STRICT_TEST(strict__ids_and_levels_are_the_hosts),
    STRICT_TEST(strict__calls_can_be_made),
    STRICT_TEST(strict__attributes_are_read_only),
    STRICT_TEST(strict__a_view_is_not_used_after_its_life),
    STRICT_TEST(strict__memory_may_be_used_again),
    STRICT_TEST(strict__to_find_out_is_no_mistake),
    STRICT_TEST(strict__what_the_test_orders_is_no_mistake),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

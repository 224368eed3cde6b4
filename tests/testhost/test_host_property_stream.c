#include "found.h"

#include <pwasm/abi.h>

/* Properties that follow from a stream, where there is little of it. */

static int num_calls;

static PwasmAction
in_bare_request(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  num_calls++;
  FOUND("", "request", "query");
  FOUND("/a", "request", "url_path");
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
in_grpc_response(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  num_calls++;
  FOUND_INT64(7, "response", "grpc_status");
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
in_other_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)ctx;
  (void)num_trailers;
  num_calls++;
  /* Neither the trailers have one nor, any more, the headers. */
  FOUND("NOT_FOUND", "response", "grpc_status");
  return PWASM_ACTION_CONTINUE;
}

static void
in_log_of_grpc(PwasmContext *ctx)
{
  (void)ctx;
  num_calls++;
  FOUND_INT64(7, "response", "grpc_status");
}

static void
host_property__a_grpc_status_may_be_in_the_headers(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  num_calls = 0;
  script.on_request_headers = in_bare_request;
  script.on_response_headers = in_grpc_response;
  script.on_response_trailers = in_other_trailers;
  script.on_http_log = in_log_of_grpc;
  http = pwasm_host_http_get(start_plugin(), "/a");
  pwasm_host_http_send_response_headers(
    http, PWASM_HOST_HEADERS(":status", "200", "grpc-status", "7"), false);
  pwasm_host_http_send_response_trailers(http, PWASM_HOST_HEADERS("x", "y"));
  pwasm_host_http_end(http);
  assert_int_equal(num_calls, 4);
}

static PwasmHostHttp *held;

static PwasmAction
pause_on_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

static void
in_tick(PwasmPluginContext *ctx)
{
  (void)ctx;
  num_calls++;
  assert_ok(proxy_set_effective_context(pwasm_host_http_id(held)));
  FOUND("200", "response", "headers", ":status");
  FOUND("NOT_FOUND", "response", "trailers", "x");
}

static void
host_property__trailers_wait_for_their_callback(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  num_calls = 0;
  script.on_response_headers = pause_on_headers;
  script.on_tick = in_tick;
  held = pwasm_host_http_get(plugin, "/");
  pwasm_host_http_send_response_headers(held, STATUS_200, false);
  pwasm_host_http_send_response_trailers(held, PWASM_HOST_HEADERS("x", "y"));
  pwasm_host_tick(plugin);
  assert_int_equal(num_calls, 1);
}

static void
in_log_without_request(PwasmContext *ctx)
{
  (void)ctx;
  num_calls++;
  FOUND("NOT_FOUND", "request", "path");
  FOUND("NOT_FOUND", "request", "headers");
  FOUND("NOT_FOUND", "response", "code");
}

static void
host_property__of_a_stream_that_never_began_there_are_none(void **state)
{
  (void)state;
  num_calls = 0;
  script.on_http_log = in_log_without_request;
  pwasm_host_http_end(pwasm_host_http_open(start_plugin()));
  assert_int_equal(num_calls, 1);
}

static PwasmAction
in_empty_request(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmPairs pairs;

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  num_calls++;
  FOUND("NOT_FOUND", "request", "query");
  FOUND("NOT_FOUND", "request", "path");
  assert_ok(pwasm_property_get_map(PWASM_PATH("request", "headers"), &pairs));
  assert_int_equal(pwasm_pairs_count(&pairs), 0);
  return PWASM_ACTION_CONTINUE;
}

static void
host_property__of_no_headers_are_an_empty_map(void **state)
{
  (void)state;
  num_calls = 0;
  script.on_request_headers = in_empty_request;
  pwasm_host_http_send_request_headers(pwasm_host_http_open(start_plugin()),
                                       (PwasmHostHeaders){NULL, 0}, true);
  assert_int_equal(num_calls, 1);
}

static void
host_property__numbers_are_bytes_without_a_host(void **state)
{
  const bool yes = true;
  PwasmHostNumber number;
  PwasmStr bytes;

  (void)state;
  pwasm_host_free(host);
  host = NULL;
  bytes = pwasm__host_bool(&number, yes);
  assert_int_equal(bytes.len, sizeof yes);
  assert_memory_equal(bytes.data, &yes, sizeof yes);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(host_property__a_grpc_status_may_be_in_the_headers),
    SCRIPT_TEST(host_property__trailers_wait_for_their_callback),
    SCRIPT_TEST(host_property__of_a_stream_that_never_began_there_are_none),
    SCRIPT_TEST(host_property__of_no_headers_are_an_empty_map),
    SCRIPT_TEST(host_property__numbers_are_bytes_without_a_host),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "../unit.h"

/* The same script, native and as a module: every callback and hostcall, with its arguments, result and
 * status. The trace stands here, so whoever passes the test does the same as the other. */

static const char trace[] =
  "> proxy_on_context_create(1, 0)\n"
  "< 0\n"
  "> proxy_on_context_create(2, 1)\n"
  "< 0\n"
  "> proxy_on_request_headers(2, 4, 1)\n"
  "  proxy_get_header_map_pairs(HTTP_REQUEST_HEADERS) = OK -> 4 pairs\n"
  "  proxy_get_header_map_pairs(HTTP_REQUEST_HEADERS) = OK -> 4 pairs\n"
  "  proxy_log(info, \"request header: :method: GET\") = OK\n"
  "  proxy_log(info, \"request header: :path: /a\") = OK\n"
  "  proxy_log(info, \"request header: :authority: example.com\") = OK\n"
  "  proxy_log(info, \"request header: :scheme: http\") = OK\n"
  "  proxy_http_call(\"httpbin\", 93 bytes of headers, \"\", 0 bytes of trailers, 50000) = OK -> "
  "4\n"
  "  proxy_log(info, \"http call dispatched to httpbin\") = OK\n"
  "< 1\n"
  "> proxy_on_http_call_response(1, 4, 1, 13, 0)\n"
  "  proxy_get_header_map_value(HTTP_CALL_RESPONSE_HEADERS, \":status\") = OK -> \"200\"\n"
  "  proxy_set_effective_context(2) = OK\n"
  "  proxy_get_header_map_pairs(HTTP_CALL_RESPONSE_HEADERS) = OK -> 1 pairs\n"
  "  proxy_log(info, \"response header from httpbin: :status: 200\") = OK\n"
  "  proxy_get_buffer_bytes(HTTP_CALL_RESPONSE_BODY, 0, 13) = OK -> \"{\\\"uuid\\\": "
  "\\\"0\\\"}\"\n"
  "  proxy_log(info, \"access granted\") = OK\n"
  "  proxy_continue_stream(HTTP_REQUEST) = OK\n"
  "  proxy_set_effective_context(1) = OK\n"
  "< 0\n";

static void
http_auth_random__does_the_same_native_and_as_a_module(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(pwasm_host_plugin_start(host, NULL), "/a");

  (void)state;
  pwasm_host_http_call_answer(
    pwasm_host_http_call(host, 0),
    &(PwasmHostHttpAnswer){.headers = STATUS_200, .body = PWASM_STR("{\"uuid\": \"0\"}")});
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  assert_string_equal(pwasm_host_trace(host), trace);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    UNIT_TEST(http_auth_random__does_the_same_native_and_as_a_module),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

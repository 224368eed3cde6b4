#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/pwasm.h>
#include <pwasm/testhost.h>

static PwasmHostHttp *
open_request(PwasmHost *host)
{
  PwasmHostHttp *http = pwasm_host_http_open(pwasm_host_plugin_start(host, NULL));

  pwasm_host_http_send_request_headers(http, PWASM_HOST_HEADERS(":method", "POST", ":path", "/"),
                                       false);
  return http;
}

static void
http_body_chunk__reads_each_byte_once(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "the body comes whole");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "the body comes whole");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = open_request(host);

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("abcd"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR("xy"), false);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  pwasm_host_http_send_request_body(http, PWASM_STR(""), true);
  PWASM_EXPECT_REQUEST_BODY(http, "abcdxy");
  PWASM_EXPECT_LOG(
    host, PWASM_LOG_INFO,
    "OnHttpRequestBody called. BodySize: 6, totalRequestBodyReadSize: 4, endOfStream: false");
  PWASM_EXPECT_LOG(
    host, PWASM_LOG_INFO,
    "OnHttpRequestBody called. BodySize: 6, totalRequestBodyReadSize: 6, endOfStream: true");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "read chunk size: 4");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "read chunk size: 2");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "pattern not found");
  PWASM_EXPECT_CALLS(host, "proxy_get_buffer_bytes", 2);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_ERROR, "");
  pwasm_host_free(host);
}

static void
http_body_chunk__refuses_the_word(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "the body comes whole");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "the body comes whole");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = open_request(host);

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("a pat"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR("tern"), false);
  PWASM_EXPECT_NO_REPLY(http);
  pwasm_host_http_send_request_body(http, PWASM_STR("pattern"), false);
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_RESPONSE_BODY(http, "pattern found in chunk: 3");
  PWASM_EXPECT_RESPONSE_HEADER(http, "powered-by", "proxy-wasm-go-sdk");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "pattern found in chunk: 3");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "local 403 response sent");
  pwasm_host_free(host);
}

static void
http_body_chunk__logs_what_fails(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = open_request(host);

  (void)state;
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 1, PWASM_STATUS_NOT_FOUND);
  pwasm_host_http_send_request_body(http, PWASM_STR("pattern"), true);
  PWASM_EXPECT_REQUEST_BODY(http, "pattern");
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "failed to get request body: not found");

  http = open_request(host);
  pwasm_host_answer(host, "proxy_get_buffer_bytes", 1, PWASM_STR("abc"));
  pwasm_host_http_send_request_body(http, PWASM_STR("abcd"), true);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "read data does not match the expected size: 3 != 4");
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR,
                   "read data does not match the expected total size: 3 != 4");

  http = open_request(host);
  pwasm_host_fail(host, "proxy_send_local_response", 1, PWASM_STATUS_INTERNAL_FAILURE);
  pwasm_host_http_send_request_body(http, PWASM_STR("pattern"), true);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "failed to send local response");
  PWASM_EXPECT_REQUEST_BODY(http, "pattern");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  (void)data;
  for (int i = 0; i < 2; i++) {
    PwasmHostHttp *http = open_request(host);

    pwasm_host_http_send_request_body(http, i == 0 ? PWASM_STR("abcd") : PWASM_STR("pattern"),
                                      false);
    pwasm_host_http_send_request_body(http, PWASM_STR("xy"), true);
  }
}

static void
http_body_chunk__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(http_body_chunk__reads_each_byte_once),
    cmocka_unit_test(http_body_chunk__refuses_the_word),
    cmocka_unit_test(http_body_chunk__logs_what_fails),
    cmocka_unit_test(http_body_chunk__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

//! [test]
static void
hello_http__adds_the_header(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), true);
  PWASM_EXPECT_RESPONSE_HEADER(http, "x-hello", "world");
  pwasm_host_free(host);
}
//! [test]

static void
hello_http__logs_a_refusal(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_get(pwasm_host_plugin_start(host, NULL), "/");

  (void)state;
  pwasm_host_fail(host, "proxy_add_header_map_value", 1, PWASM_STATUS_BAD_ARGUMENT);
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), true);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  PWASM_EXPECT_NO_RESPONSE_HEADER(http, "x-hello");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "x-hello was not added");
  pwasm_host_free(host);
}

static void
hello_http__has_no_other_callback_of_a_stream(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostVm *vm = pwasm_host_plugin_vm(pwasm_host_plugin_start(host, NULL));

  (void)state;
  assert_true(pwasm_host_has_callback(vm, "proxy_on_response_headers"));
  assert_false(pwasm_host_has_callback(vm, "proxy_on_request_headers"));
  assert_false(pwasm_host_has_callback(vm, "proxy_on_response_body"));
  assert_false(pwasm_host_has_callback(vm, "proxy_on_log"));
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)data;
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), true);
}

static void
hello_http__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(hello_http__adds_the_header),
    cmocka_unit_test(hello_http__logs_a_refusal),
    cmocka_unit_test(hello_http__has_no_other_callback_of_a_stream),
    cmocka_unit_test(hello_http__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

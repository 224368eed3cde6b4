#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

static void
greet__greets_the_client(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_get(pwasm_host_plugin_start(host, NULL), "/");

  (void)state;
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), true);
  PWASM_EXPECT_RESPONSE_HEADER(http, "x-greet", "hi");
  pwasm_host_free(host);
}

static void
greet__is_skipped_where_there_are_no_connections(void **state)
{
  (void)state;
  PWASM_HOST_NEEDS("proxy_on_new_connection");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(greet__greets_the_client),
    cmocka_unit_test(greet__is_skipped_where_there_are_no_connections),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

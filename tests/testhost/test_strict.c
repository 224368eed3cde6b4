#include <stdlib.h>

#include "../failures.h"

/* When strict mode speaks, and when it does not. */

static void
make_host(bool strict)
{
  make_noting_host((PwasmHostOptions){.strict = strict});
}

static int
setup(void **state)
{
  (void)state;
  memset(&script, 0, sizeof script);
  host = NULL;
  make_host(true);
  return 0;
}

static bool
act_on_configure(PwasmPluginContext *ctx, size_t size)
{
  (void)ctx;
  (void)size;
  act();
  return true;
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
  expect_failure("the map is not there now",
                 "\n  proxy_get_header_map_value(HTTP_RESPONSE_HEADERS, \"a\") = BAD_ARGUMENT"
                 "\n  in proxy_on_request_headers(2, 4, 1)");
}

static void
strict__is_off_unless_asked_for(void **state)
{
  (void)state;
  make_host(false);
  act_in_request(get_response_header);
  assert_int_equal(num_failures, 0);
  assert_int_equal(setenv("PWASM_HOST_STRICT", "1", 1), 0);
  make_host(false);
  assert_int_equal(unsetenv("PWASM_HOST_STRICT"), 0);
  act_in_request(get_response_header);
  expect_failure("the map is not there now", "HTTP_RESPONSE_HEADERS");
}

static void
get_request_header(void)
{
  assert_status(get_value(PWASM_MAP_HTTP_REQUEST_HEADERS), BAD_ARGUMENT);
}

static void
get_configuration(void)
{
  assert_status(get_buffer(PWASM_BUFFER_PLUGIN_CONFIGURATION), NOT_FOUND);
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
  expect_failure("is what proxy_get_header_map_value returned in proxy_on_request_headers(2, 4, 1)",
                 "in proxy_on_response_headers(2, 1, 1)");
}

static void
get_other(void)
{
  PwasmStr method;

  for (int i = 0; i < 10; i++)
    assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":method"), &method));
}

/* What others get meanwhile does not come to lie there. */
static void
strict__a_view_is_not_used_after_other_views(void **state)
{
  PwasmHostHttp *http = act_in_request(keep);

  (void)state;
  for (int i = 0; i < 3; i++)
    act_in_request(get_other);
  script.on_response_headers = use_kept_on_headers;
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  expect_failure("is what proxy_get_header_map_value returned in proxy_on_request_headers(2, 4, 1)",
                 "in proxy_on_response_headers(2, 1, 1)");
}

static void
use_at_once(void)
{
  keep();
  use_kept();
}

static bool
is_where_kept_was(PwasmStr str)
{
  return (uintptr_t)str.data >= (uintptr_t)kept.data &&
         (uintptr_t)str.data + str.len <= (uintptr_t)kept.data + kept.len;
}

static PwasmAction
make_and_use(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr copy = PWASM_STR("");

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  for (int i = 0; i < 100 && !is_where_kept_was(copy); i++)
    assert_ok(pwasm_str_dup(pwasm_scratch(), PWASM_STR("/"), &copy));
  assert_true(is_where_kept_was(copy));
  proxy_log(PWASM_LOG_INFO, copy.data, (uint32_t)copy.len);
  return PWASM_ACTION_CONTINUE;
}

static void
strict__memory_may_be_used_again(void **state)
{
  PwasmHostHttp *http = NULL;

  (void)state;
  make_noting_host((PwasmHostOptions){.strict = true, .reuses_memory = true});
  for (int i = 0; i < 3; i++)
    http = act_in_request(use_at_once);
  script.on_response_headers = make_and_use;
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
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

#define STRICT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    STRICT_TEST(strict__says_callback_call_and_reason),
    STRICT_TEST(strict__is_off_unless_asked_for),
    STRICT_TEST(strict__a_view_is_not_used_after_its_life),
    STRICT_TEST(strict__a_view_is_not_used_after_other_views),
    STRICT_TEST(strict__memory_may_be_used_again),
    STRICT_TEST(strict__to_find_out_is_no_mistake),
    STRICT_TEST(strict__what_the_test_orders_is_no_mistake),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

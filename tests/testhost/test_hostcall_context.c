#include "../script.h"

#include <pwasm/abi.h>

/* On whose behalf hostcalls are. */

static uint32_t
add(uint32_t map, const char *name, const char *value)
{
  return proxy_add_header_map_value(map, name, (uint32_t)strlen(name), value,
                                    (uint32_t)strlen(value));
}

static uint32_t
get(uint32_t map, const char *name)
{
  char *value = NULL;
  uint32_t size = 0;

  return proxy_get_header_map_value(map, name, (uint32_t)strlen(name), &value, &size);
}

static PwasmHostHttp *waiting;

static void
use_effective_context(void)
{
  if (waiting == NULL)
    return;
  assert_int_equal(add(0, "x-own", "1"), PWASM_STATUS_OK);
  assert_int_equal(proxy_set_effective_context(pwasm_host_http_id(waiting)), PWASM_STATUS_OK);
  assert_int_equal(add(0, "x-other", "1"), PWASM_STATUS_OK);
  assert_int_equal(proxy_set_effective_context(987654), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(add(0, "x-other", "2"), PWASM_STATUS_OK);
  /* The VM's own id: back to the current one. */
  assert_int_equal(proxy_set_effective_context(0), PWASM_STATUS_OK);
  assert_int_equal(add(0, "x-own", "2"), PWASM_STATUS_OK);
  assert_int_equal(proxy_set_effective_context(pwasm_host_http_id(waiting)), PWASM_STATUS_OK);
  assert_int_equal(proxy_log(2, "for the other", 13), PWASM_STATUS_OK);
}

static PwasmAction
wait(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

static void
log_own(void)
{
  assert_int_equal(proxy_log(2, "for itself", 10), PWASM_STATUS_OK);
}

static void
hostcall__the_effective_context_lasts_for_one_callback(void **state)
{
  PwasmHostHttp *http;
  const PwasmHostLogLine *line;

  (void)state;
  waiting = NULL;
  script.on_request_headers = wait;
  waiting = pwasm_host_http_get(start_plugin(), "/");
  http = act_in_request(use_effective_context);
  assert_int_equal(pwasm_host_headers_count(pwasm_host_http_request(http).headers, "x-own"), 2);
  PWASM_EXPECT_NO_REQUEST_HEADER(http, "x-other");
  line = pwasm_host_log_find(host, PWASM_LOG_INFO, "for the other");
  assert_non_null(line);
  assert_int_equal(line->context_id, pwasm_host_http_id(waiting));
  http = act_in_request(log_own);
  line = pwasm_host_log_find(host, PWASM_LOG_INFO, "for itself");
  assert_non_null(line);
  assert_int_equal(line->context_id, pwasm_host_http_id(http));
}

static void
use_context_that_ends(void)
{
  assert_int_equal(proxy_set_effective_context(pwasm_host_http_id(waiting)), PWASM_STATUS_OK);
  pwasm_host_http_end(waiting);
  /* Gone: back to the current one. */
  assert_int_equal(add(0, "x-own", "1"), PWASM_STATUS_OK);
}

static void
hostcall__a_stale_effective_context_is_the_current_one(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = wait;
  waiting = pwasm_host_http_get(start_plugin(), "/");
  http = act_in_request(use_context_that_ends);
  PWASM_EXPECT_REQUEST_HEADER(http, "x-own", "1");
}

static PwasmHostHttp *nested;

static void
nest(PwasmHost *unused, void *data)
{
  (void)unused;
  (void)data;
  pwasm_host_http_send_response_metadata(nested, 1);
}

static void
log_nested(PwasmHttpContext *ctx, size_t num_elements)
{
  (void)ctx;
  (void)num_elements;
  assert_int_equal(proxy_log(2, "nested", 6), PWASM_STATUS_OK);
}

static void
log_for_other(void)
{
  assert_int_equal(proxy_set_effective_context(pwasm_host_http_id(waiting)), PWASM_STATUS_OK);
  assert_int_equal(proxy_log(2, "before", 6), PWASM_STATUS_OK);
  assert_int_equal(proxy_log(2, "after", 5), PWASM_STATUS_OK);
}

static void
hostcall__a_nested_callback_has_an_effective_context_of_its_own(void **state)
{
  (void)state;
  waiting = pwasm_host_http_get(start_plugin(), "/");
  nested = pwasm_host_http_get(start_plugin(), "/");
  pwasm_host_http_send_response_headers(nested, STATUS_200, false);
  script.on_response_metadata = log_nested;
  pwasm_host_hook(host, "proxy_log", nest, NULL);
  act_in_request(log_for_other);
  PWASM_EXPECT_CALLS(host, "proxy_on_response_metadata", 2);
  assert_int_equal(pwasm_host_log_find(host, PWASM_LOG_INFO, "nested")->context_id,
                   pwasm_host_http_id(nested));
  assert_int_equal(pwasm_host_log_find(host, PWASM_LOG_INFO, "after")->context_id,
                   pwasm_host_http_id(waiting));
}

static void
hostcall__outside_of_callbacks_is_on_nobodys_behalf(void **state)
{
  uint64_t time_ns = 0;
  char *bytes = NULL;
  uint32_t size = 0;

  (void)state;
  pwasm_host_http_get(start_plugin(), "/");
  assert_int_equal(proxy_log(2, "outside", 7), PWASM_STATUS_OK);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "outside");
  assert_int_equal(proxy_get_current_time_nanoseconds(&time_ns), PWASM_STATUS_OK);
  assert_int_equal(add(0, "a", "b"), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(get(0, "a"), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_get_buffer_bytes(0, 0, 1, &bytes, &size), PWASM_STATUS_NOT_FOUND);
  assert_int_equal(proxy_get_status(&size, &bytes, &size), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_set_effective_context(1), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_done(), PWASM_STATUS_NOT_FOUND);
  assert_int_equal(proxy_continue_stream(0), PWASM_STATUS_OK);
  assert_int_equal(proxy_close_stream(0), PWASM_STATUS_OK);
  assert_int_equal(proxy_send_local_response(200, "", 0, "", 0, "", 0, -1), PWASM_STATUS_OK);
}

static void
hostcall__without_a_host_is_unimplemented(void **state)
{
  uint64_t time_ns = 42;

  unit_teardown(state);
  assert_int_equal(proxy_get_current_time_nanoseconds(&time_ns), PWASM_STATUS_UNIMPLEMENTED);
  assert_true(time_ns == 42);
  assert_int_equal(add(0, "a", "b"), PWASM_STATUS_UNIMPLEMENTED);
  assert_int_equal(proxy_log(2, "to stderr", 9), PWASM_STATUS_UNIMPLEMENTED);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(hostcall__the_effective_context_lasts_for_one_callback),
    SCRIPT_TEST(hostcall__a_stale_effective_context_is_the_current_one),
    SCRIPT_TEST(hostcall__a_nested_callback_has_an_effective_context_of_its_own),
    SCRIPT_TEST(hostcall__outside_of_callbacks_is_on_nobodys_behalf),
    SCRIPT_TEST(hostcall__without_a_host_is_unimplemented),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

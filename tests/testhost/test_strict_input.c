#include "../failures.h"

#include "testhost/host_private.h"

/* Strict mode looks at every input of every hostcall. */

static PwasmStr kept;

static int
setup(void **state)
{
  (void)state;
  return set_up_noting_host((PwasmHostOptions){.strict = true});
}

static void
keep(void)
{
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &kept));
}

static void
expect_refusal(uint32_t status)
{
  assert_status(status, BAD_ARGUMENT);
  expect_failure("is what proxy_get_header_map_value returned", "a view lives until");
}

/* The view that is over, and an input that is none. */
#define KEPT kept.data, (uint32_t)kept.len
#define NONE "", 0

static void
use_in_header_maps(void)
{
  char *bytes;
  uint32_t size;

  expect_refusal(proxy_get_header_map_value(0, KEPT, &bytes, &size));
  expect_refusal(proxy_set_header_map_pairs(0, KEPT));
  expect_refusal(proxy_add_header_map_value(0, KEPT, NONE));
  expect_refusal(proxy_add_header_map_value(0, NONE, KEPT));
  expect_refusal(proxy_replace_header_map_value(0, KEPT, NONE));
  expect_refusal(proxy_replace_header_map_value(0, NONE, KEPT));
  expect_refusal(proxy_remove_header_map_value(0, KEPT));
}

static void
use_in_streams(void)
{
  char *bytes;
  uint32_t size;

  expect_refusal(proxy_send_local_response(200, KEPT, NONE, NONE, -1));
  expect_refusal(proxy_send_local_response(200, NONE, KEPT, NONE, -1));
  expect_refusal(proxy_send_local_response(200, NONE, NONE, KEPT, -1));
  expect_refusal(proxy_set_buffer_bytes(0, 0, 1, KEPT));
  expect_refusal(proxy_get_property(KEPT, &bytes, &size));
  expect_refusal(proxy_set_property(KEPT, NONE));
  expect_refusal(proxy_set_property(NONE, KEPT));
}

static void
use_in_services(void)
{
  char *bytes;
  uint32_t size;
  uint32_t number;

  expect_refusal(proxy_define_metric(0, KEPT, &number));
  expect_refusal(proxy_get_shared_data(KEPT, &bytes, &size, &number));
  expect_refusal(proxy_set_shared_data(KEPT, NONE, 0));
  expect_refusal(proxy_set_shared_data(NONE, KEPT, 0));
  expect_refusal(proxy_register_shared_queue(KEPT, &number));
  expect_refusal(proxy_resolve_shared_queue(KEPT, NONE, &number));
  expect_refusal(proxy_resolve_shared_queue(NONE, KEPT, &number));
  expect_refusal(proxy_enqueue_shared_queue(1, KEPT));
  expect_refusal(proxy_call_foreign_function(KEPT, NONE, &bytes, &size));
  expect_refusal(proxy_call_foreign_function(NONE, KEPT, &bytes, &size));
}

static void
use_in_calls(void)
{
  uint32_t id;

  expect_refusal(proxy_http_call(KEPT, NONE, NONE, NONE, 1, &id));
  expect_refusal(proxy_http_call(NONE, KEPT, NONE, NONE, 1, &id));
  expect_refusal(proxy_http_call(NONE, NONE, KEPT, NONE, 1, &id));
  expect_refusal(proxy_http_call(NONE, NONE, NONE, KEPT, 1, &id));
  expect_refusal(proxy_grpc_call(KEPT, NONE, NONE, NONE, NONE, 1, &id));
  expect_refusal(proxy_grpc_call(NONE, KEPT, NONE, NONE, NONE, 1, &id));
  expect_refusal(proxy_grpc_call(NONE, NONE, KEPT, NONE, NONE, 1, &id));
  expect_refusal(proxy_grpc_call(NONE, NONE, NONE, KEPT, NONE, 1, &id));
  expect_refusal(proxy_grpc_call(NONE, NONE, NONE, NONE, KEPT, 1, &id));
  expect_refusal(proxy_grpc_stream(KEPT, NONE, NONE, NONE, &id));
  expect_refusal(proxy_grpc_stream(NONE, KEPT, NONE, NONE, &id));
  expect_refusal(proxy_grpc_stream(NONE, NONE, KEPT, NONE, &id));
  expect_refusal(proxy_grpc_stream(NONE, NONE, NONE, KEPT, &id));
  expect_refusal(proxy_grpc_send(2, KEPT, 0));
}

static void
use_everywhere(void)
{
  use_in_header_maps();
  use_in_streams();
  use_in_services();
  use_in_calls();
}

/* After the request in which the first was called. */
static void
act_in_response(PwasmHostHttp *http, void (*what)(void))
{
  act = what;
  script.on_response_headers = act_on_headers;
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
}

static void
strict__looks_at_each_input(void **state)
{
  (void)state;
  act_in_response(act_in_request(keep), use_everywhere);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_send", 1);
}

static void
use_null(void)
{
  assert_status(proxy_enqueue_shared_queue(99, NULL, 5), NOT_FOUND);
}

static void
strict__null_is_no_view(void **state)
{
  (void)state;
  act_in_response(act_in_request(keep), use_null);
  expect_failure("there is no queue 99", "proxy_enqueue_shared_queue(99, (null))");
}

static void
keep_many(void)
{
  PwasmStr value;

  keep();
  for (int i = 0; i < 300; i++)
    assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &value));
}

/* There is no other way to see it: with AddressSanitizer nothing that is over can be read. */
static void
strict__forgets_old_views(void **state)
{
  (void)state;
  act_in_request(keep_many);
  assert_int_equal(host->views.num_items, 256);
  assert_int_equal(host->views.num_dead, 256);
}

static void
strict__memory_may_be_asked_for_outside(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  pwasm_host_plugin_end(plugin);
  assert_non_null(pwasm_host_allocate(pwasm_host_plugin_vm(plugin), 10));
  assert_int_equal(num_failures, 0);
}

#define STRICT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    STRICT_TEST(strict__looks_at_each_input),
    STRICT_TEST(strict__null_is_no_view),
    STRICT_TEST(strict__forgets_old_views),
    STRICT_TEST(strict__memory_may_be_asked_for_outside),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

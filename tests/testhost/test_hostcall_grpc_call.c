#include "../failures.h"

/* Raw gRPC hostcalls at their corners. */

static uint32_t id;

static int
setup(void **state)
{
  (void)state;
  memset(&script, 0, sizeof script);
  host = NULL;
  id = 0;
  make_noting_host((PwasmHostOptions){0});
  return 0;
}

static uint32_t
call(PwasmStr upstream)
{
  return proxy_grpc_call(upstream.data, (uint32_t)upstream.len, "s", 1, "m", 1, "", 0, "", 0, 1,
                         &id);
}

static void
call_by_names(void)
{
  /* A length that goes on and on is none. */
  assert_status(call(PWASM_STR("\x0a\xff\xff\xff\xff\xff\xff")), PARSE_FAILURE);
  assert_status(call(PWASM_STR("other")), PARSE_FAILURE);
  assert_ok(call(PWASM_STR("known")));
}

static void
grpc_call__goes_to_a_cluster_or_to_a_service(void **state)
{
  (void)state;
  pwasm_host_add_cluster(host, "known");
  act_in_request(call_by_names);
  PWASM_EXPECT_GRPC_CALL(pwasm_host_grpc_call(host, 0), "known", "s", "m");
  assert_int_equal(num_failures, 0);
}

static void
call_known(void)
{
  assert_ok(call(PWASM_STR("known")));
}

static void
call_and_close(void)
{
  PwasmHostGrpcCall *pending;

  call_known();
  pending = pwasm_host_grpc_call(host, 0);
  assert_false(pending->is_cancelled);
  assert_ok(proxy_grpc_close(id));
  assert_true(pending->is_cancelled);
  assert_status(proxy_grpc_cancel(id), NOT_FOUND);
}

static void
grpc_call__is_cancelled_by_closing_it(void **state)
{
  (void)state;
  pwasm_host_add_cluster(host, "known");
  act_in_tick(call_and_close);
  PWASM_EXPECT_GRPC_CALLS(host, 0);
  assert_int_equal(num_failures, 0);
}

static void
close_none(void)
{
  assert_status(proxy_grpc_close(id), NOT_FOUND);
}

static void
grpc_call__is_its_plugins_own(void **state)
{
  (void)state;
  pwasm_host_add_cluster(host, "known");
  act_in_tick(call_known);
  assert_status(proxy_grpc_close(id), NOT_FOUND);
  act_in_tick(close_none);
  PWASM_EXPECT_GRPC_CALLS(host, 1);
}

static void
call_unknown(PwasmPluginContext *ctx)
{
  assert_status(pwasm_grpc_call(PWASM_CONTEXT(ctx),
                                &(PwasmGrpcCallOptions){.upstream = PWASM_STR("unknown"),
                                                        .service = PWASM_STR("s"),
                                                        .method = PWASM_STR("m")},
                                NULL, NULL),
                INTERNAL_FAILURE);
  PWASM_EXPECT_CALLS(host, "proxy_on_grpc_close", 0);
}

/* Even in a host that does all at once. */
static void
grpc_call__to_no_cluster_is_closed_after_the_callback(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  make_noting_host((PwasmHostOptions){.acts_at_once = true});
  pwasm_host_add_cluster(host, "known");
  plugin = start_plugin();
  script.on_tick = call_unknown;
  pwasm_host_tick(plugin);
  PWASM_EXPECT_CALLS(host, "proxy_on_grpc_close", 1);
  assert_int_equal(num_failures, 0);
}

#define GRPC_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    GRPC_TEST(grpc_call__goes_to_a_cluster_or_to_a_service),
    GRPC_TEST(grpc_call__is_cancelled_by_closing_it),
    GRPC_TEST(grpc_call__is_its_plugins_own),
    GRPC_TEST(grpc_call__to_no_cluster_is_closed_after_the_callback),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

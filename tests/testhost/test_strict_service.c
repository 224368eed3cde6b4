#include "../failures.h"

/* What strict mode says of calls about metrics, queues, other services and properties. */

static int
setup(void **state)
{
  (void)state;
  return set_up_noting_host((PwasmHostOptions){.strict = true});
}

static void
use_unknown_metrics(void)
{
  uint64_t value;

  assert_status(proxy_increment_metric(4, 1), NOT_FOUND);
  expect_failure("there is no metric 4", "proxy_increment_metric(4, 1) = NOT_FOUND");
  assert_status(proxy_record_metric(4, 1), NOT_FOUND);
  expect_failure("there is no metric 4", "proxy_record_metric(4, 1) = NOT_FOUND");
  assert_status(proxy_get_metric(4, &value), NOT_FOUND);
  expect_failure("there is no metric 4", "proxy_get_metric(4) = NOT_FOUND");
  assert_status(proxy_get_metric(6, &value), BAD_ARGUMENT);
  expect_failure("there is no metric 6", "proxy_get_metric(6) = BAD_ARGUMENT");
  assert_status(proxy_increment_metric(6, 1), BAD_ARGUMENT);
  expect_failure("there is no metric 6", "proxy_increment_metric(6, 1) = BAD_ARGUMENT");
  assert_status(proxy_increment_metric(7, 1), BAD_ARGUMENT);
  expect_failure("there is no metric 7", "proxy_increment_metric(7, 1) = BAD_ARGUMENT");
  assert_status(proxy_define_metric(3, "a", 1, &(uint32_t){0}), BAD_ARGUMENT);
  expect_failure("no such kind", "proxy_define_metric(3, \"a\")");
}

static void
define_counter(void)
{
  uint32_t id;

  assert_ok(proxy_define_metric(0, "a", 1, &id));
  assert_status(proxy_increment_metric(id, 0), BAD_ARGUMENT);
  expect_failure("only grows", ", 0) = BAD_ARGUMENT");
}

static void
use_histogram(void)
{
  uint64_t value;
  uint32_t id;

  assert_ok(proxy_define_metric(2, "h", 1, &id));
  assert_status(proxy_get_metric(id, &value), BAD_ARGUMENT);
  expect_failure("only counters and gauges can be read", "proxy_get_metric(6) = BAD_ARGUMENT");
  assert_status(proxy_increment_metric(id, 1), BAD_ARGUMENT);
  expect_failure("only counters and gauges can be incremented", "proxy_increment_metric(6, 1)");
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
  act_in_tick(use_histogram);
  act_in_request(define_counter);
  act_in_tick(define_again);
  assert_int_equal(num_failures, 0);
  act_in_request(define_again);
  expect_failure("defined again for a stream", "proxy_define_metric(COUNTER, \"a\")");
}

static void
use_unknown_ids(void)
{
  char *bytes;
  uint32_t size;

  assert_status(proxy_enqueue_shared_queue(7, "a", 1), NOT_FOUND);
  expect_failure("there is no queue 7", "proxy_enqueue_shared_queue(7, \"a\")");
  assert_status(proxy_dequeue_shared_queue(7, &bytes, &size), NOT_FOUND);
  expect_failure("there is no queue 7", "proxy_dequeue_shared_queue(7)");
  assert_status(proxy_grpc_send(6, "", 0, 0), NOT_FOUND);
  expect_failure("was not opened, or has ended", "proxy_grpc_send(6");
  assert_status(proxy_grpc_send(5, "", 0, 0), BAD_ARGUMENT);
  expect_failure("5 is no stream", "proxy_grpc_send(5");
  assert_status(proxy_grpc_cancel(5), NOT_FOUND);
  expect_failure("was not made, or has ended", "proxy_grpc_cancel(5)");
  assert_status(proxy_grpc_close(4), BAD_ARGUMENT);
  expect_failure("4 is no gRPC call", "proxy_grpc_close(4)");
  assert_status(proxy_set_effective_context(99), BAD_ARGUMENT);
  expect_failure("there is no context 99", "proxy_set_effective_context(99)");
  assert_status(proxy_done(), NOT_FOUND);
  expect_failure("no plugin is waited for", "proxy_done()");
  assert_status(proxy_log(6, "a", 1), BAD_ARGUMENT);
  expect_failure("no such level", "proxy_log(6)");
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
  expect_failure("lack one of :method", "proxy_http_call(\"a\"");
  assert_status(proxy_http_call("a", 1,
                                "\x03\0\0\0\x07\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0"
                                ":method\0\0:path\0\0:authority\0\0",
                                28 + 9 + 7 + 12, "", 0, "", 0, (uint32_t)INT32_MAX + 1, &id),
                BAD_ARGUMENT);
  expect_failure("the timeout is taken for a negative one", "2147483648");
  assert_status(proxy_grpc_call("", 0, "s", 1, "m", 1, "", 0, "", 0, 0, &id), BAD_ARGUMENT);
  expect_failure("no service to call", "proxy_grpc_call");
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
  expect_failure("names no single value", "proxy_get_property(\"request\")");
  assert_ok(proxy_set_property("request\0path", 12, "/", 1));
  expect_failure("read only", "proxy_set_property(\"request\\x00path\"");
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
  expect_failure("only streams and connections", "in proxy_on_tick");
}

#define STRICT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    STRICT_TEST(strict__metrics_are_defined_once),
    STRICT_TEST(strict__ids_and_levels_are_the_hosts),
    STRICT_TEST(strict__calls_can_be_made),
    STRICT_TEST(strict__attributes_are_read_only),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

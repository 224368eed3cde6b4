#include "../script.h"

#include <pwasm/abi.h>

static void
run_in_tick(void (*function)(PwasmPluginContext *ctx), PwasmHostVm *vm)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = vm});

  script.on_tick = function;
  pwasm_host_tick(plugin);
}

static uint32_t
define(uint32_t type, const char *name)
{
  uint32_t id = 0;

  assert_int_equal(proxy_define_metric(type, name, (uint32_t)strlen(name), &id), PWASM_STATUS_OK);
  return id;
}

static void
define_all(PwasmPluginContext *ctx)
{
  uint32_t id = 42;

  (void)ctx;
  assert_int_equal(define(PWASM_HOST_METRIC_COUNTER, "c"), 4);
  assert_int_equal(define(PWASM_HOST_METRIC_GAUGE, "g"), 5);
  assert_int_equal(define(PWASM_HOST_METRIC_HISTOGRAM, "h"), 6);
  /* The same name again, and another: a new id each time. */
  assert_int_equal(define(PWASM_HOST_METRIC_COUNTER, "c"), 8);
  assert_int_equal(define(PWASM_HOST_METRIC_COUNTER, "d"), 12);
  assert_int_equal(define(PWASM_HOST_METRIC_HISTOGRAM, "c"), 10);
  assert_int_equal(proxy_define_metric(3, "x", 1, &id), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(id, 42);
}

static void
host_metric__ids_have_envoys_shapes(void **state)
{
  (void)state;
  run_in_tick(define_all, NULL);
}

static void
use(PwasmPluginContext *ctx)
{
  uint32_t counter = define(PWASM_HOST_METRIC_COUNTER, "c");
  uint32_t gauge = define(PWASM_HOST_METRIC_GAUGE, "g");
  uint32_t histogram = define(PWASM_HOST_METRIC_HISTOGRAM, "h");
  uint64_t value = 42;

  (void)ctx;
  assert_int_equal(proxy_increment_metric(counter, 0), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_increment_metric(counter, -1), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_increment_metric(counter, 2), PWASM_STATUS_OK);
  assert_int_equal(proxy_record_metric(counter, 3), PWASM_STATUS_OK);
  assert_int_equal(proxy_increment_metric(gauge, -1), PWASM_STATUS_OK);
  assert_int_equal(proxy_increment_metric(histogram, 1), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_get_metric(histogram, &value), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_get_metric(7, &value), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_get_metric(counter + 400, &value), PWASM_STATUS_NOT_FOUND);
  assert_int_equal(proxy_increment_metric(gauge + 400, 1), PWASM_STATUS_NOT_FOUND);
  assert_int_equal(proxy_record_metric(histogram + 400, 1), PWASM_STATUS_NOT_FOUND);
  assert_int_equal(value, 42);
  assert_int_equal(proxy_get_metric(gauge, &value), PWASM_STATUS_OK);
  assert_true(value == UINT64_MAX);
}

static void
host_metric__statuses_are_envoys(void **state)
{
  (void)state;
  run_in_tick(use, NULL);
  PWASM_EXPECT_COUNTER(host, "c", 5);
  PWASM_EXPECT_GAUGE(host, "g", UINT64_MAX);
}

static void
add_one(PwasmPluginContext *ctx)
{
  uint32_t id = define(PWASM_HOST_METRIC_COUNTER, "shared");

  (void)ctx;
  assert_int_equal(id, 4);
  assert_int_equal(proxy_increment_metric(id, 1), PWASM_STATUS_OK);
}

static void
host_metric__vms_share_values_but_not_ids(void **state)
{
  (void)state;
  run_in_tick(add_one, pwasm_host_vm_new(host, NULL));
  run_in_tick(add_one, pwasm_host_vm_new(host, NULL));
  PWASM_EXPECT_COUNTER(host, "shared", 2);
}

static unsigned num_failures;

static void
count_failure(const char *file, int line, const char *message)
{
  (void)file;
  (void)line;
  (void)message;
  num_failures++;
}

static void
host_metric__expectations_can_fail(void **state)
{
  (void)state;
  pwasm_host_free(host);
  host = pwasm_host_new(&(PwasmHostOptions){.on_failure = count_failure});
  num_failures = 0;
  run_in_tick(add_one, NULL);
  PWASM_EXPECT_COUNTER(host, "shared", 1);
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_COUNTER(host, "shared", 2);
  PWASM_EXPECT_COUNTER(host, "other", 0);
  PWASM_EXPECT_GAUGE(host, "shared", 1);
  assert_int_equal(num_failures, 3);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(host_metric__ids_have_envoys_shapes),
    SCRIPT_TEST(host_metric__statuses_are_envoys),
    SCRIPT_TEST(host_metric__vms_share_values_but_not_ids),
    SCRIPT_TEST(host_metric__expectations_can_fail),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

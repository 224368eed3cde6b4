#include "../script.h"

static PwasmHostPlugin *
run_in_tick(void (*function)(PwasmPluginContext *ctx))
{
  PwasmHostPlugin *plugin = start_plugin();

  script.on_tick = function;
  pwasm_host_tick(plugin);
  return plugin;
}

static void
count(PwasmPluginContext *ctx)
{
  PwasmCounter counter;
  uint64_t value;

  (void)ctx;
  assert_ok(pwasm_counter_define(PWASM_STR("hits"), &counter));
  assert_ok(pwasm_counter_increment(counter, 1));
  assert_ok(pwasm_counter_increment(counter, 41));
  assert_ok(pwasm_counter_get(counter, &value));
  assert_int_equal(value, 42);
}

static void
metric__counter_counts(void **state)
{
  (void)state;
  run_in_tick(count);
  PWASM_EXPECT_COUNTER(host, "hits", 42);
}

static void
count_extremes(PwasmPluginContext *ctx)
{
  PwasmCounter counter;

  (void)ctx;
  assert_ok(pwasm_counter_define(PWASM_STR("hits"), &counter));
  assert_ok(pwasm_counter_increment(counter, 0));
  assert_status(pwasm_counter_increment(counter, (uint64_t)INT64_MAX + 1), BAD_ARGUMENT);
  assert_status(pwasm_counter_increment(counter, UINT64_MAX), BAD_ARGUMENT);
  PWASM_EXPECT_CALLS(host, "proxy_increment_metric", 0);
  assert_ok(pwasm_counter_increment(counter, INT64_MAX));
  PWASM_EXPECT_CALLS(host, "proxy_increment_metric", 1);
}

static void
metric__counter_spares_the_host_what_it_refuses(void **state)
{
  (void)state;
  run_in_tick(count_extremes);
  PWASM_EXPECT_COUNTER(host, "hits", INT64_MAX);
}

static void
gauge(PwasmPluginContext *ctx)
{
  PwasmGauge gauge;
  uint64_t value;

  (void)ctx;
  assert_ok(pwasm_gauge_define(PWASM_STR("open"), &gauge));
  assert_ok(pwasm_gauge_add(gauge, 5));
  assert_ok(pwasm_gauge_add(gauge, -2));
  assert_ok(pwasm_gauge_get(gauge, &value));
  assert_int_equal(value, 3);
  assert_ok(pwasm_gauge_set(gauge, UINT64_MAX));
  assert_ok(pwasm_gauge_get(gauge, &value));
  assert_true(value == UINT64_MAX);
  assert_ok(pwasm_gauge_add(gauge, 0));
  assert_ok(pwasm_gauge_add(gauge, 11));
}

static void
metric__gauge_goes_up_and_down(void **state)
{
  (void)state;
  run_in_tick(gauge);
  PWASM_EXPECT_GAUGE(host, "open", 10);
}

static void
record(PwasmPluginContext *ctx)
{
  PwasmHistogram histogram;

  (void)ctx;
  assert_ok(pwasm_histogram_define(PWASM_STR("size_bytes"), &histogram));
  assert_ok(pwasm_histogram_record(histogram, 0));
  assert_ok(pwasm_histogram_record(histogram, UINT64_MAX));
}

static void
metric__histogram_records(void **state)
{
  const PwasmHostMetric *metric;

  (void)state;
  run_in_tick(record);
  metric = pwasm_host_metric_find(host, PWASM_HOST_METRIC_HISTOGRAM, "size_bytes");
  assert_non_null(metric);
  assert_int_equal(metric->num_samples, 2);
  assert_true(metric->samples[0] == 0 && metric->samples[1] == UINT64_MAX);
  assert_null(pwasm_host_metric_find(host, PWASM_HOST_METRIC_COUNTER, "size_bytes"));
}

static void
be_refused(PwasmPluginContext *ctx)
{
  PwasmCounter counter = {.id = 77};
  PwasmGauge gauge = {.id = 88};
  PwasmHistogram histogram = {.id = 98};
  PwasmStr huge = pwasm_str("a", (size_t)UINT32_MAX + 1);
  uint64_t value = 99;

  (void)ctx;
  pwasm_host_fail(host, "proxy_define_metric", 0, PWASM_STATUS_UNIMPLEMENTED);
  assert_status(pwasm_counter_define(PWASM_STR("a"), &counter), UNIMPLEMENTED);
  assert_int_equal(counter.id, 77);
  assert_status(pwasm_counter_define(huge, &counter), TOO_LARGE);
  assert_status(pwasm_gauge_define(huge, &gauge), TOO_LARGE);
  assert_status(pwasm_histogram_define(huge, &histogram), TOO_LARGE);
  assert_status(pwasm_counter_get((PwasmCounter){.id = 400}, &value), NOT_FOUND);
  assert_status(pwasm_counter_increment((PwasmCounter){.id = 400}, 1), NOT_FOUND);
  assert_status(pwasm_gauge_get((PwasmGauge){.id = 401}, &value), NOT_FOUND);
  assert_status(pwasm_gauge_set((PwasmGauge){.id = 401}, 1), NOT_FOUND);
  assert_status(pwasm_gauge_add(gauge, 1), NOT_FOUND);
  assert_status(pwasm_histogram_record(histogram, 1), NOT_FOUND);
  assert_int_equal(value, 99);
}

static void
metric__failures_change_nothing(void **state)
{
  (void)state;
  run_in_tick(be_refused);
}

static PwasmCounter kept;

static void
define_kept(PwasmPluginContext *ctx)
{
  (void)ctx;
  assert_ok(pwasm_counter_define(PWASM_STR("kept"), &kept));
}

static void
increment_kept(PwasmPluginContext *ctx)
{
  (void)ctx;
  assert_ok(pwasm_counter_increment(kept, 1));
}

static void
metric__is_defined_once(void **state)
{
  PwasmHostPlugin *plugin = run_in_tick(define_kept);

  (void)state;
  script.on_tick = increment_kept;
  for (int i = 0; i < 1000; i++)
    pwasm_host_tick(plugin);
  PWASM_EXPECT_COUNTER(host, "kept", 1000);
  PWASM_EXPECT_CALLS(host, "proxy_define_metric", 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(metric__counter_counts),
    SCRIPT_TEST(metric__counter_spares_the_host_what_it_refuses),
    SCRIPT_TEST(metric__gauge_goes_up_and_down),
    SCRIPT_TEST(metric__histogram_records),
    SCRIPT_TEST(metric__failures_change_nothing),
    SCRIPT_TEST(metric__is_defined_once),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

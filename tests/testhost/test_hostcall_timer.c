#include "../script.h"

#include <pwasm/abi.h>

#define MS 1000000u

static char order[64];

static void
note(PwasmPluginContext *ctx)
{
  uint64_t now_ns;
  char text[32];

  assert_ok(pwasm_time_get(&now_ns));
  snprintf(text, sizeof text, "%u@%u ", pwasm_context_id(&ctx->base),
           (unsigned)((now_ns - PWASM_HOST_START_TIME_NS) / MS));
  strcat(order, text);
}

static uint32_t period_ms;

static bool
set_period(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)ctx;
  (void)configuration_size;
  assert_int_equal(proxy_set_tick_period_milliseconds(period_ms), PWASM_STATUS_OK);
  return true;
}

static PwasmHostPlugin *
start_with_period(uint32_t ms)
{
  period_ms = ms;
  script.on_configure = set_period;
  script.on_tick = note;
  return start_plugin();
}

static void
host_timer__ticks_come_in_order(void **state)
{
  PwasmHostVm *other_vm = pwasm_host_vm_new(host, &(PwasmHostVmOptions){.next_context_id = 5});

  (void)state;
  order[0] = '\0';
  period_ms = 30;
  script.on_configure = set_period;
  script.on_tick = note;
  pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = other_vm});
  start_with_period(20);
  pwasm_host_advance(host, 65 * MS);
  assert_string_equal(order, "6@20 5@30 6@40 5@60 6@60 ");
  assert_true(pwasm_host_time_get(host) == PWASM_HOST_START_TIME_NS + 65 * MS);
}

static void
host_timer__overdue_tick_comes_once(void **state)
{
  (void)state;
  order[0] = '\0';
  start_with_period(10);
  pwasm_host_time_advance(host, 95 * MS);
  assert_string_equal(order, "");
  pwasm_host_advance(host, 0);
  assert_string_equal(order, "1@95 ");
  pwasm_host_advance(host, 10 * MS);
  assert_string_equal(order, "1@95 1@105 ");
}

static void
host_timer__explicit_tick_starts_the_period_anew(void **state)
{
  PwasmHostPlugin *plugin = start_with_period(10);

  (void)state;
  order[0] = '\0';
  pwasm_host_advance(host, 6 * MS);
  pwasm_host_tick(plugin);
  pwasm_host_advance(host, 9 * MS);
  assert_string_equal(order, "1@6 ");
  pwasm_host_advance(host, 1 * MS);
  assert_string_equal(order, "1@6 1@16 ");
}

static bool
set_and_refuse(PwasmPluginContext *ctx, size_t configuration_size)
{
  set_period(ctx, configuration_size);
  return false;
}

static void
host_timer__refused_plugin_does_not_tick(void **state)
{
  (void)state;
  order[0] = '\0';
  period_ms = 1;
  script.on_configure = set_and_refuse;
  script.on_tick = note;
  pwasm_host_plugin_start(host, NULL);
  pwasm_host_advance(host, 10 * MS);
  assert_string_equal(order, "");
}

static bool
set_and_refuse_vm(PwasmVmContext *ctx, size_t configuration_size)
{
  (void)ctx;
  (void)configuration_size;
  assert_int_equal(proxy_set_tick_period_milliseconds(1), PWASM_STATUS_OK);
  return false;
}

static void
host_timer__plugin_of_a_refused_vm_does_not_tick(void **state)
{
  (void)state;
  order[0] = '\0';
  script.on_vm_start = set_and_refuse_vm;
  script.on_tick = note;
  pwasm_host_plugin_start(host, NULL);
  pwasm_host_advance(host, 10 * MS);
  assert_string_equal(order, "");
}

static void
host_timer__nobody_has_a_timer_outside(void **state)
{
  (void)state;
  assert_int_equal(proxy_set_tick_period_milliseconds(1), PWASM_STATUS_BAD_ARGUMENT);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(host_timer__ticks_come_in_order),
    SCRIPT_TEST(host_timer__overdue_tick_comes_once),
    SCRIPT_TEST(host_timer__explicit_tick_starts_the_period_anew),
    SCRIPT_TEST(host_timer__refused_plugin_does_not_tick),
    SCRIPT_TEST(host_timer__plugin_of_a_refused_vm_does_not_tick),
    SCRIPT_TEST(host_timer__nobody_has_a_timer_outside),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "../script.h"

#define MS 1000000u

static unsigned ticks;
static PwasmPluginContext *ticking;
static uint32_t next_period_ms;

static void
count(PwasmPluginContext *ctx)
{
  ticks++;
  ticking = ctx;
}

static bool
every_100_ms(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)configuration_size;
  assert_ok(pwasm_timer_set_period(ctx, 100));
  return true;
}

static PwasmHostPlugin *
start_timer(void)
{
  ticks = 0;
  script.on_configure = every_100_ms;
  script.on_tick = count;
  return start_plugin();
}

static void
timer__ticks_after_each_period(void **state)
{
  PwasmHostPlugin *plugin = start_timer();

  (void)state;
  assert_int_equal(pwasm_host_tick_period(plugin), 100);
  pwasm_host_advance(host, 99 * MS);
  assert_int_equal(ticks, 0);
  pwasm_host_advance(host, 1 * MS);
  assert_int_equal(ticks, 1);
  assert_int_equal(pwasm_context_id(&ticking->base), pwasm_host_plugin_id(plugin));
  pwasm_host_advance(host, 1050 * MS);
  assert_int_equal(ticks, 11);
  pwasm_host_advance(host, 50 * MS);
  assert_int_equal(ticks, 12);
  /* Within the plugin's own callback there is no need to say whom it is about. */
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 0);
}

static void
set_next_period(PwasmPluginContext *ctx)
{
  ticks++;
  assert_ok(pwasm_timer_set_period(ctx, next_period_ms));
}

static void
timer__period_may_change_in_a_tick(void **state)
{
  (void)state;
  start_timer();
  script.on_tick = set_next_period;
  next_period_ms = 30;
  pwasm_host_advance(host, 190 * MS);
  assert_int_equal(ticks, 4);
  next_period_ms = 0;
  pwasm_host_advance(host, 1000 * MS);
  assert_int_equal(ticks, 5);
}

static PwasmAction
set_from_stream(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr path;

  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_timer_set_period(pwasm_http_context_plugin(ctx), next_period_ms));
  /* What follows is about the stream again. */
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path));
  assert_str(path, "/here");
  return PWASM_ACTION_CONTINUE;
}

static void
timer__can_be_set_from_a_stream(void **state)
{
  PwasmHostPlugin *other = start_plugin();
  PwasmHostPlugin *plugin = start_timer();

  (void)state;
  script.on_request_headers = set_from_stream;
  next_period_ms = 7;
  pwasm_host_http_get(plugin, "/here");
  assert_int_equal(pwasm_host_tick_period(plugin), 7);
  assert_int_equal(pwasm_host_tick_period(other), 0);
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 2);
}

static void
set_other(PwasmPluginContext *ctx)
{
  ticks++;
  if (ctx != ticking)
    assert_ok(pwasm_timer_set_period(ticking, 500));
}

static void
timer__can_be_set_for_another_plugin(void **state)
{
  PwasmHostPlugin *first = start_timer();
  PwasmHostPlugin *second;

  (void)state;
  pwasm_host_tick(first);
  script.on_configure = NULL;
  second = start_plugin();
  script.on_tick = set_other;
  pwasm_host_tick(second);
  assert_int_equal(pwasm_host_tick_period(first), 500);
  assert_int_equal(pwasm_host_tick_period(second), 0);
}

static void
set_in_vain(PwasmPluginContext *ctx)
{
  assert_status(pwasm_timer_set_period(ctx, 1), UNIMPLEMENTED);
}

static void
timer__failures_are_passed_on(void **state)
{
  PwasmHostPlugin *plugin = start_timer();

  (void)state;
  pwasm_host_tick(plugin);
  pwasm_context_ref(&ticking->base);
  assert_status(pwasm_timer_set_period(ticking, 1), BAD_ARGUMENT);
  pwasm_host_fail(host, "proxy_set_tick_period_milliseconds", 1, PWASM_STATUS_UNIMPLEMENTED);
  script.on_tick = set_in_vain;
  pwasm_host_tick(plugin);
  pwasm_host_plugin_end(plugin);
  assert_status(pwasm_timer_set_period(ticking, 1), CLOSED);
  pwasm_context_unref(&ticking->base);
}

static void
timer__ends_with_its_plugin(void **state)
{
  PwasmHostPlugin *plugin = start_timer();

  (void)state;
  pwasm_host_plugin_end(plugin);
  pwasm_host_advance(host, 1000 * MS);
  assert_int_equal(ticks, 0);
}

static void
timer__needs_no_memory(void **state)
{
  PwasmHostPlugin *plugin = start_timer();
  PwasmVmMemory before;
  PwasmVmMemory after;

  (void)state;
  pwasm_host_vm_memory(pwasm_host_plugin_vm(plugin), &before);
  for (int i = 0; i < 10000; i++)
    pwasm_host_tick(plugin);
  pwasm_host_vm_memory(pwasm_host_plugin_vm(plugin), &after);
  assert_int_equal(ticks, 10000);
  assert_int_equal(after.in_use, before.in_use);
  assert_int_equal(after.reserved, before.reserved);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(timer__ticks_after_each_period),  SCRIPT_TEST(timer__period_may_change_in_a_tick),
    SCRIPT_TEST(timer__can_be_set_from_a_stream), SCRIPT_TEST(timer__can_be_set_for_another_plugin),
    SCRIPT_TEST(timer__failures_are_passed_on),   SCRIPT_TEST(timer__ends_with_its_plugin),
    SCRIPT_TEST(timer__needs_no_memory),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A plugin with a timer: logs when it starts and with each tick. */

#include <pwasm/pwasm.h>

#define TICK_PERIOD_MS 1000

typedef struct HelloPlugin {
  PwasmPluginContext base;
  uint64_t random; /* never 0 */
} HelloPlugin;

static bool
hello_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStatus status = pwasm_timer_set_period(ctx, TICK_PERIOD_MS);

  (void)configuration_size;
  /* As the example of the Go SDK says, so that the two can be compared. */
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("OnPluginStart from Go!"));
  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_CRITICAL, "failed to set tick period: %s", pwasm_status_text(status));
  return status == PWASM_STATUS_OK;
}

/* Marsaglia's xorshift: good enough to look at, not for secrets. */
static uint64_t
next_random(HelloPlugin *self, uint64_t seed)
{
  uint64_t x = self->random == 0 ? seed | 1 : self->random;

  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return self->random = x;
}

static void
hello_on_tick(PwasmPluginContext *ctx)
{
  uint64_t now_ns = 0;

  pwasm_ignore(pwasm_time_get(&now_ns));
  pwasm_logf(PWASM_LOG_INFO, "It's %llu: random value: %llu", (unsigned long long)now_ns,
             (unsigned long long)next_random(PWASM_SELF(HelloPlugin, ctx), now_ns));
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("OnTick called"));
}

static const PwasmPluginContextClass hello_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(HelloPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, hello_on_configure),
  PWASM_ON(on_tick, hello_on_tick),
};

PWASM_PLUGIN(.plugin_class = &hello_plugin_class, .http_class = &pwasm_http_context_class);

/* Calls of a plugin, not of a stream: a service is asked ten times a second, at random for a path
 * that it has and for one that fails. */

#include <pwasm/pwasm.h>

#define TICK_PERIOD_MS 100

typedef struct CallingPlugin {
  PwasmPluginContext base;
  uint64_t chance; /* the state of the random numbers */
  unsigned num_answers;
} CallingPlugin;

/* SplitMix64, in which the time of each tick is mixed. */
static bool
toss_coin(CallingPlugin *self)
{
  uint64_t now = 0;
  uint64_t mixed;

  pwasm_ignore(pwasm_time_get(&now));
  self->chance += now + 0x9e3779b97f4a7c15u;
  mixed = self->chance;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return (mixed >> 63) == 0;
}

static void
log_all(PwasmMap map, PwasmStr prefix)
{
  PwasmPairs pairs;
  PwasmPair pair;

  /* Without trailers there may be no map. */
  if (pwasm_header_get_all(map, &pairs) != PWASM_STATUS_OK)
    return;
  while (pwasm_pairs_next(&pairs, &pair))
    PWASM_LOG_JOIN(PWASM_LOG_INFO, prefix, pair.name, PWASM_STR(": "), pair.value);
}

static void
calling_on_answer(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  CallingPlugin *self = PWASM_SELF(CallingPlugin, PWASM_SELF(PwasmPluginContext, owner));

  (void)data;
  if (result->outcome == PWASM_CALL_CANCELLED)
    return;
  self->num_answers++;
  pwasm_logf(PWASM_LOG_INFO, "called %u for contextID=%u", self->num_answers,
             (unsigned)pwasm_context_id(owner));
  log_all(PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS,
          PWASM_STR("response header for the dispatched call: "));
  log_all(PWASM_MAP_HTTP_CALL_RESPONSE_TRAILERS,
          PWASM_STR("response trailer for the dispatched call: "));
}

//! [tick]
static void
calling_on_tick(PwasmPluginContext *ctx)
{
  const PwasmPair accept = {PWASM_STR("accept"), PWASM_STR("*/*")};
  PwasmStatus status = pwasm_http_call(
    PWASM_CONTEXT(ctx),
    &(PwasmHttpCallOptions){
      .upstream = PWASM_STR("web_service"),
      .method = PWASM_STR("GET"),
      .path = toss_coin(PWASM_SELF(CallingPlugin, ctx)) ? PWASM_STR("/ok") : PWASM_STR("/fail"),
      .authority = PWASM_STR("some_authority"),
      .headers = &accept,
      .num_headers = 1,
      .timeout_ms = 5000,
    },
    calling_on_answer, NULL);

  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_CRITICAL, "dispatch httpcall failed: %s", pwasm_status_text(status));
}
//! [tick]

static bool
calling_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStatus status = pwasm_timer_set_period(ctx, TICK_PERIOD_MS);

  (void)configuration_size;
  if (status != PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_CRITICAL, "failed to set tick period: %s", pwasm_status_text(status));
    return false;
  }
  pwasm_logf(PWASM_LOG_INFO, "set tick period milliseconds: %d", TICK_PERIOD_MS);
  PWASM_SELF(CallingPlugin, ctx)->num_answers = 0;
  return true;
}

static const PwasmPluginContextClass calling_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(CallingPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, calling_on_configure),
  PWASM_ON(on_tick, calling_on_tick),
};

PWASM_PLUGIN(.plugin_class = &calling_plugin_class, .http_class = &pwasm_http_context_class);

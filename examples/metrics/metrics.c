/* Metrics: counts requests by the value of a header. */

#include <pwasm/pwasm.h>

/* Clients choose the values, and each takes memory, here and in the host, until the end. */
#define MAX_VALUES 100

typedef struct ValueCounter {
  struct ValueCounter *next;
  PwasmStr value;
  PwasmCounter counter;
} ValueCounter;

typedef struct MetricsPlugin {
  PwasmPluginContext base;
  ValueCounter *counters;
  size_t num_counters;
} MetricsPlugin;

typedef struct MetricsHttp {
  PwasmHttpContext base;
} MetricsHttp;

static ValueCounter *
find_counter(MetricsPlugin *self, PwasmStr value)
{
  ValueCounter *counter = self->counters;

  while (counter != NULL && !pwasm_str_equal(counter->value, value))
    counter = counter->next;
  return counter;
}

/* The value and the reporter are labels: Envoy finds them in the name with its stats_tags. */
static PwasmStatus
define_counter(PwasmStr value, PwasmCounter *ret_counter)
{
  const PwasmStr parts[] = {PWASM_STR("custom_header_value_counts_value="), value,
                            PWASM_STR("_reporter=wasmgosdk")};
  PwasmStr name;
  PwasmStatus status = pwasm_str_join(pwasm_scratch(), parts, 3, &name);

  return status == PWASM_STATUS_OK ? pwasm_counter_define(name, ret_counter) : status;
}

static PwasmStatus
add_counter(MetricsPlugin *self, PwasmStr value, ValueCounter **ret_counter)
{
  PwasmArena *arena = pwasm_context_arena(&self->base.base);
  PwasmArenaMark mark;
  PwasmCounter defined;
  ValueCounter *counter;
  PwasmStatus status = define_counter(value, &defined);

  if (status != PWASM_STATUS_OK)
    return status;
  /* After the hostcall, from inside which another request may come and put its counter into the arena. */
  mark = pwasm_arena_mark(arena);
  counter = PWASM_ARENA_NEW(arena, ValueCounter);
  status =
    counter == NULL ? PWASM_STATUS_OUT_OF_MEMORY : pwasm_str_dup(arena, value, &counter->value);
  if (status != PWASM_STATUS_OK) {
    pwasm_arena_rewind(arena, mark);
    return status;
  }
  counter->counter = defined;
  counter->next = self->counters;
  self->counters = counter;
  self->num_counters++;
  *ret_counter = counter;
  return PWASM_STATUS_OK;
}

static void
log_not_counted(const char *why)
{
  PWASM_LOG_JOIN(PWASM_LOG_WARN, PWASM_STR("a request was not counted: "),
                 pwasm_str_from_cstr(why));
}

static void
count_value(MetricsPlugin *self, PwasmStr value)
{
  ValueCounter *counter = find_counter(self, value);
  PwasmStatus status = PWASM_STATUS_OK;

  if (counter == NULL && self->num_counters == MAX_VALUES) {
    log_not_counted("there are too many values");
    return;
  }
  if (counter == NULL)
    status = add_counter(self, value, &counter);
  if (status == PWASM_STATUS_OK)
    status = pwasm_counter_increment(counter->counter, 1);
  if (status != PWASM_STATUS_OK)
    log_not_counted(pwasm_status_text(status));
}

static PwasmAction
metrics_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  MetricsPlugin *plugin = PWASM_SELF(MetricsPlugin, pwasm_http_context_plugin(ctx));
  PwasmStr value;

  (void)num_headers;
  (void)end_of_stream;
  if (pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("my-custom-header"), &value) !=
      PWASM_STATUS_OK)
    return PWASM_ACTION_CONTINUE;
  count_value(plugin, value);
  return PWASM_ACTION_CONTINUE;
}

static const PwasmHttpContextClass metrics_http_class = {
  PWASM_HTTP_SUBCLASS(MetricsHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, metrics_on_request_headers),
};

static const PwasmPluginContextClass metrics_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(MetricsPlugin, pwasm_plugin_context_class),
};

PWASM_PLUGIN(.plugin_class = &metrics_plugin_class, .http_class = &metrics_http_class);

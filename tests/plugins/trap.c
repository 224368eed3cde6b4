/* Fails on purpose, where the configuration or a request says so: for tests of what Envoy makes of it.
 *
 * The plugin's configuration is words: a name first, which responses get as the header x-plugin; then any of
 * configure:trap, configure:refuse, tick:trap, new-connection:trap, downstream-data:trap. The VM's configuration is
 * start:trap or start:refuse. With a number, as in configure:refuse-3, only the third plugin that is configured does so.
 *
 * A request with the header x-trap traps in the callback that it names: request-headers, request-body,
 * response-headers, response-body, log, done, call. One with x-pause is paused. */

#include <pwasm/pwasm.h>

#define TICK_PERIOD_MS 50
#define CALL_TIMEOUT_MS 5000
#define MAX_TRIES 100

typedef struct TrapVm {
  PwasmVmContext base;
} TrapVm;

typedef struct TrapPlugin {
  PwasmPluginContext base;
  PwasmStr configuration; /* in the arena */
} TrapPlugin;

typedef struct TrapHttp {
  PwasmHttpContext base;
  PwasmStr place; /* in the arena */
} TrapHttp;

typedef struct TrapTcp {
  PwasmTcpContext base;
} TrapTcp;

static void
trap_if(bool is_here)
{
  if (is_here)
    PWASM_PANIC("on purpose");
}

static PwasmStatus
add_one(PwasmStr present, PwasmArena *scratch, PwasmStr *ret_value, void *data)
{
  uint64_t *count = data;

  *count = 0;
  if (pwasm_str_is_present(present)) {
    PwasmStatus status = pwasm_str_to_uint64(present, count);

    if (status != PWASM_STATUS_OK)
      return status;
  }
  return pwasm_str_format(scratch, ret_value, "%llu", (unsigned long long)++*count);
}

/* Whether an order is given, and its number, if it has one, is the present one. */
static bool
is_ordered(PwasmStr configuration, PwasmStr order, uint64_t number)
{
  size_t start = pwasm_str_find(configuration, order);
  PwasmStr rest;
  uint64_t wanted;

  if (start == SIZE_MAX)
    return false;
  rest = pwasm_str_slice(configuration, start + order.len, SIZE_MAX);
  if (!pwasm_str_starts_with(rest, PWASM_STR("-")))
    return true;
  rest = pwasm_str_slice(rest, 1, pwasm_str_find(rest, PWASM_STR(" ")) - 1);
  return pwasm_str_to_uint64(rest, &wanted) == PWASM_STATUS_OK && wanted == number;
}

static bool
trap_on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  PwasmStr configuration = {0};

  (void)ctx;
  (void)configuration_size;
  if (pwasm_vm_configuration_get(&configuration) != PWASM_STATUS_OK)
    return true;
  trap_if(is_ordered(configuration, PWASM_STR("start:trap"), 0));
  return !is_ordered(configuration, PWASM_STR("start:refuse"), 0);
}

static bool
trap_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  TrapPlugin *self = PWASM_SELF(TrapPlugin, ctx);
  PwasmStr configuration;
  uint64_t number = 0;

  (void)configuration_size;
  if (pwasm_plugin_configuration_get(&configuration) != PWASM_STATUS_OK ||
      pwasm_str_dup(pwasm_context_arena(PWASM_CONTEXT(ctx)), configuration, &self->configuration) !=
        PWASM_STATUS_OK ||
      pwasm_shared_data_update(PWASM_STR("trap.configured"), add_one, &number, MAX_TRIES) !=
        PWASM_STATUS_OK ||
      pwasm_timer_set_period(ctx, TICK_PERIOD_MS) != PWASM_STATUS_OK)
    return false;
  pwasm_logf(PWASM_LOG_INFO, "configured %llu: %.*s", (unsigned long long)number,
             PWASM_STR_ARG(self->configuration));
  trap_if(is_ordered(self->configuration, PWASM_STR("configure:trap"), number));
  return !is_ordered(self->configuration, PWASM_STR("configure:refuse"), number);
}

static bool
plugin_is_ordered(PwasmPluginContext *ctx, PwasmStr order)
{
  return is_ordered(PWASM_SELF(TrapPlugin, ctx)->configuration, order, 0);
}

static void
trap_on_tick(PwasmPluginContext *ctx)
{
  trap_if(plugin_is_ordered(ctx, PWASM_STR("tick:trap")));
}

static bool
is_here(PwasmHttpContext *ctx, PwasmStr place)
{
  return pwasm_str_equal(PWASM_SELF(TrapHttp, ctx)->place, place);
}

static void
on_answer(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)data;
  trap_if(result->outcome != PWASM_CALL_CANCELLED);
}

static PwasmAction
trap_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  TrapHttp *self = PWASM_SELF(TrapHttp, ctx);
  PwasmContext *context = PWASM_CONTEXT(ctx);
  PwasmHttpCallOptions options = {
    .upstream = PWASM_STR("upstream"),
    .method = PWASM_STR("GET"),
    .path = PWASM_STR("/"),
    .authority = PWASM_STR("trap"),
    .timeout_ms = CALL_TIMEOUT_MS,
  };
  PwasmStr value;

  (void)num_headers;
  (void)end_of_stream;
  if (pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x-trap"), &value) ==
      PWASM_STATUS_OK)
    pwasm_ignore(pwasm_str_dup(pwasm_context_arena(context), value, &self->place));
  trap_if(is_here(ctx, PWASM_STR("request-headers")));
  if (is_here(ctx, PWASM_STR("call")))
    return pwasm_http_call(context, &options, on_answer, NULL) == PWASM_STATUS_OK
             ? PWASM_ACTION_PAUSE
             : PWASM_ACTION_CONTINUE;
  return pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x-pause"), &value) ==
             PWASM_STATUS_OK
           ? PWASM_ACTION_PAUSE
           : PWASM_ACTION_CONTINUE;
}

static PwasmAction
trap_on_request_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)body_size;
  (void)end_of_stream;
  trap_if(is_here(ctx, PWASM_STR("request-body")));
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
trap_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  TrapPlugin *plugin = PWASM_SELF(TrapPlugin, pwasm_http_context_plugin(ctx));
  PwasmStr name = pwasm_str_slice(plugin->configuration, 0,
                                  pwasm_str_find(plugin->configuration, PWASM_STR(" ")));

  (void)num_headers;
  (void)end_of_stream;
  trap_if(is_here(ctx, PWASM_STR("response-headers")));
  pwasm_ignore(pwasm_header_add(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("x-plugin"), name));
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
trap_on_response_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)body_size;
  (void)end_of_stream;
  trap_if(is_here(ctx, PWASM_STR("response-body")));
  return PWASM_ACTION_CONTINUE;
}

static void
trap_on_log(PwasmContext *ctx)
{
  trap_if(is_here(PWASM_SELF(PwasmHttpContext, ctx), PWASM_STR("log")));
}

static bool
trap_on_done(PwasmContext *ctx)
{
  trap_if(is_here(PWASM_SELF(PwasmHttpContext, ctx), PWASM_STR("done")));
  return true;
}

static PwasmAction
trap_on_new_connection(PwasmTcpContext *ctx)
{
  trap_if(plugin_is_ordered(pwasm_tcp_context_plugin(ctx), PWASM_STR("new-connection:trap")));
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
trap_on_downstream_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  (void)data_size;
  (void)end_of_stream;
  trap_if(plugin_is_ordered(pwasm_tcp_context_plugin(ctx), PWASM_STR("downstream-data:trap")));
  return PWASM_ACTION_CONTINUE;
}

static const PwasmVmContextClass trap_vm_class = {
  PWASM_VM_SUBCLASS(TrapVm, pwasm_vm_context_class),
  PWASM_ON(on_vm_start, trap_on_vm_start),
};

static const PwasmPluginContextClass trap_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(TrapPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, trap_on_configure),
  PWASM_ON(on_tick, trap_on_tick),
};

static const PwasmHttpContextClass trap_http_class = {
  PWASM_HTTP_SUBCLASS(TrapHttp, pwasm_http_context_class),
  PWASM_ON_BASE(on_log, trap_on_log),
  PWASM_ON_BASE(on_done, trap_on_done),
  PWASM_ON(on_request_headers, trap_on_request_headers),
  PWASM_ON(on_request_body, trap_on_request_body),
  PWASM_ON(on_response_headers, trap_on_response_headers),
  PWASM_ON(on_response_body, trap_on_response_body),
};

static const PwasmTcpContextClass trap_tcp_class = {
  PWASM_TCP_SUBCLASS(TrapTcp, pwasm_tcp_context_class),
  PWASM_ON(on_new_connection, trap_on_new_connection),
  PWASM_ON(on_downstream_data, trap_on_downstream_data),
};

PWASM_PLUGIN(.vm_class = &trap_vm_class, .plugin_class = &trap_plugin_class,
             .http_class = &trap_http_class, .tcp_class = &trap_tcp_class);

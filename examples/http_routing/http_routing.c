/* Canary releases: about every other request goes to another route, because the plugin changes its
 * host name. A configuration of one byte takes the place of chance. */

#include <pwasm/pwasm.h>

typedef struct RoutingPlugin {
  PwasmPluginContext base;
  uint64_t chance;       /* the state of the random numbers */
  uint8_t dice_override; /* 0: none */
} RoutingPlugin;

typedef struct RoutingHttp {
  PwasmHttpContext base;
} RoutingHttp;

/* SplitMix64, in which the time of each request is mixed. */
static uint32_t
throw_dice(RoutingPlugin *plugin)
{
  uint64_t now = 0;
  uint64_t mixed;

  pwasm_ignore(pwasm_time_get(&now));
  plugin->chance += now + 0x9e3779b97f4a7c15u;
  mixed = plugin->chance;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return (uint32_t)(mixed >> 32);
}

/* The request has no host name that the routes could be looked up with. */
static PwasmAction
refuse(PwasmHttpContext *ctx)
{
  return pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 503}) == PWASM_STATUS_OK
           ? PWASM_ACTION_PAUSE
           : PWASM_ACTION_CONTINUE;
}

static PwasmAction
routing_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  RoutingPlugin *plugin = PWASM_SELF(RoutingPlugin, pwasm_http_context_plugin(ctx));
  uint32_t value = plugin->dice_override != 0 ? plugin->dice_override : throw_dice(plugin);
  PwasmStr authority;
  PwasmStr canary;
  PwasmStatus status;

  (void)num_headers;
  (void)end_of_stream;
  pwasm_logf(PWASM_LOG_INFO, "value: %u\n", (unsigned)value);
  if (value % 2 != 0)
    return PWASM_ACTION_CONTINUE;
  if (pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":authority"), &authority) !=
      PWASM_STATUS_OK) {
    pwasm_log(PWASM_LOG_CRITICAL, PWASM_STR("failed to get request header: ':authority'"));
    return refuse(ctx);
  }
  status = pwasm_str_join(pwasm_scratch(), (const PwasmStr[]){authority, PWASM_STR("-canary")}, 2,
                          &canary);
  if (status == PWASM_STATUS_OK)
    status = pwasm_header_replace(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":authority"), canary);
  if (status != PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_CRITICAL, "failed to set request header: ':authority': %s",
               pwasm_status_text(status));
    return refuse(ctx);
  }
  return PWASM_ACTION_CONTINUE;
}

static bool
routing_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  RoutingPlugin *self = PWASM_SELF(RoutingPlugin, ctx);
  PwasmStr configuration;
  PwasmStatus status = pwasm_plugin_configuration_get(&configuration);

  (void)configuration_size;
  if (status != PWASM_STATUS_OK && status != PWASM_STATUS_NOT_FOUND) {
    pwasm_logf(PWASM_LOG_CRITICAL, "error reading plugin configuration: %s",
               pwasm_status_text(status));
    return false;
  }
  self->dice_override = 0;
  if (status == PWASM_STATUS_OK && configuration.len > 0)
    self->dice_override = (uint8_t)configuration.data[0];
  return true;
}

static const PwasmPluginContextClass routing_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(RoutingPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, routing_on_configure),
};

static const PwasmHttpContextClass routing_http_class = {
  PWASM_HTTP_SUBCLASS(RoutingHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, routing_on_request_headers),
};

PWASM_PLUGIN(.plugin_class = &routing_plugin_class, .http_class = &routing_http_class);

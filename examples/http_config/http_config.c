/* Configuration: a plugin keeps it, its streams add it to responses. */

#include <pwasm/pwasm.h>

typedef struct ConfigPlugin {
  PwasmPluginContext base;
  PwasmStr configuration;
} ConfigPlugin;

typedef struct ConfigHttp {
  PwasmHttpContext base;
} ConfigHttp;

static bool
config_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  ConfigPlugin *self = PWASM_SELF(ConfigPlugin, ctx);
  PwasmStr configuration;
  PwasmStatus status = pwasm_plugin_configuration_get(&configuration);

  (void)configuration_size;
  /* The host's bytes are gone when the callback returns: the plugin's arena keeps them. */
  if (status == PWASM_STATUS_OK)
    status = pwasm_str_dup(pwasm_context_arena(&ctx->base), configuration, &self->configuration);
  if (status == PWASM_STATUS_OK || status == PWASM_STATUS_NOT_FOUND)
    return true;
  PWASM_LOG_JOIN(PWASM_LOG_CRITICAL, PWASM_STR("error reading plugin configuration: "),
                 pwasm_str_from_cstr(pwasm_status_text(status)));
  return false;
}

static PwasmAction
config_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  const ConfigPlugin *plugin = PWASM_SELF(ConfigPlugin, pwasm_http_context_plugin(ctx));

  (void)num_headers;
  (void)end_of_stream;
  if (plugin->configuration.len > 0 &&
      pwasm_header_add(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("custom-header"),
                       plugin->configuration) != PWASM_STATUS_OK)
    pwasm_log(PWASM_LOG_WARN, PWASM_STR("custom-header was not added"));
  return PWASM_ACTION_CONTINUE;
}

static const PwasmHttpContextClass config_http_class = {
  PWASM_HTTP_SUBCLASS(ConfigHttp, pwasm_http_context_class),
  PWASM_ON(on_response_headers, config_on_response_headers),
};

static const PwasmPluginContextClass config_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(ConfigPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, config_on_configure),
};

PWASM_PLUGIN(.plugin_class = &config_plugin_class, .http_class = &config_http_class);

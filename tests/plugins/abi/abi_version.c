/* What differs between the versions of Proxy-Wasm; made into a module for each of them. */

#include <pwasm/pwasm.h>

#define PERIOD_MS 20

typedef struct VersionVm {
  PwasmVmContext base;
} VersionVm;

typedef struct VersionPlugin {
  PwasmPluginContext base;
  /* The last ones. */
  PwasmHttpContext *paused_request;
  PwasmHttpContext *paused_response;
} VersionPlugin;

typedef struct VersionHttp {
  PwasmHttpContext base;
} VersionHttp;

static bool
log_configuration(PwasmStr which, PwasmStatus status, PwasmStr configuration)
{
  PWASM_LOG_JOIN(PWASM_LOG_INFO, which, PWASM_STR(": "),
                 pwasm_str_from_cstr(pwasm_status_name(status)), PWASM_STR(" "), configuration);
  return status == PWASM_STATUS_OK;
}

static bool
version_on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  PwasmStr configuration = {0};
  PwasmStatus status = pwasm_vm_configuration_get(&configuration);

  (void)ctx;
  (void)configuration_size;
  return log_configuration(PWASM_STR("vm"), status, configuration);
}

static bool
version_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStr configuration = {0};
  PwasmStatus status = pwasm_plugin_configuration_get(&configuration);

  (void)configuration_size;
  return log_configuration(PWASM_STR("plugin"), status, configuration) &&
         pwasm_timer_set_period(ctx, PERIOD_MS) == PWASM_STATUS_OK;
}

static void
keep(PwasmHttpContext *ctx, PwasmHttpContext **ret_paused)
{
  pwasm_context_unref(*ret_paused == NULL ? NULL : PWASM_CONTEXT(*ret_paused));
  pwasm_context_ref(PWASM_CONTEXT(ctx));
  *ret_paused = ctx;
}

static void
resume_kept(PwasmHttpContext **paused, PwasmStatus (*resume)(PwasmHttpContext *ctx))
{
  PwasmHttpContext *ctx = *paused;

  if (ctx == NULL)
    return;
  *paused = NULL;
  if (resume(ctx) != PWASM_STATUS_OK)
    pwasm_log(PWASM_LOG_ERROR, PWASM_STR("not resumed"));
  pwasm_context_unref(PWASM_CONTEXT(ctx));
}

static void
version_on_tick(PwasmPluginContext *ctx)
{
  VersionPlugin *self = PWASM_SELF(VersionPlugin, ctx);

  resume_kept(&self->paused_request, pwasm_http_context_resume_request);
  resume_kept(&self->paused_response, pwasm_http_context_resume_response);
}

static void
log_header(PwasmStr name)
{
  PwasmStr value = {0};
  PwasmStatus status = pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, name, &value);

  PWASM_LOG_JOIN(PWASM_LOG_INFO, name, PWASM_STR(": "),
                 pwasm_str_from_cstr(pwasm_status_name(status)), PWASM_STR(" "), value);
}

static PwasmAction
reply(PwasmHttpContext *ctx)
{
  PwasmStatus status = pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 403});

  if (status == PWASM_STATUS_OK)
    status = pwasm_http_context_resume_request(ctx);
  pwasm_logf(PWASM_LOG_INFO, "resumed after a reply: %s", pwasm_status_name(status));
  return PWASM_ACTION_PAUSE;
}

static PwasmAction
version_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  VersionPlugin *plugin = PWASM_SELF(VersionPlugin, pwasm_http_context_plugin(ctx));
  PwasmStr unused;

  (void)num_headers;
  if (pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x-reply"), &unused) ==
      PWASM_STATUS_OK)
    return reply(ctx);
  pwasm_logf(PWASM_LOG_INFO, "end of request: %d", end_of_stream);
  log_header(PWASM_STR("x-full"));
  log_header(PWASM_STR("x-empty"));
  log_header(PWASM_STR("x-missing"));
  keep(ctx, &plugin->paused_request);
  return PWASM_ACTION_PAUSE;
}

static PwasmAction
version_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  VersionPlugin *plugin = PWASM_SELF(VersionPlugin, pwasm_http_context_plugin(ctx));

  (void)num_headers;
  if (pwasm_http_context_is_replied(ctx))
    return PWASM_ACTION_CONTINUE;
  pwasm_logf(PWASM_LOG_INFO, "end of response: %d", end_of_stream);
  if (pwasm_header_add(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("x-resumed"), PWASM_STR("yes")) !=
      PWASM_STATUS_OK)
    pwasm_log(PWASM_LOG_ERROR, PWASM_STR("no header added"));
  keep(ctx, &plugin->paused_response);
  return PWASM_ACTION_PAUSE;
}

static const PwasmVmContextClass version_vm_class = {
  PWASM_VM_SUBCLASS(VersionVm, pwasm_vm_context_class),
  PWASM_ON(on_vm_start, version_on_vm_start),
};

static const PwasmPluginContextClass version_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(VersionPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, version_on_configure),
  PWASM_ON(on_tick, version_on_tick),
};

static const PwasmHttpContextClass version_http_class = {
  PWASM_HTTP_SUBCLASS(VersionHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, version_on_request_headers),
  PWASM_ON(on_response_headers, version_on_response_headers),
};

PWASM_PLUGIN(.vm_class = &version_vm_class, .plugin_class = &version_plugin_class,
             .http_class = &version_http_class);

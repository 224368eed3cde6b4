/* Postponed requests: each waits for the plugin's next tick. */

#include <pwasm/pwasm.h>

#define TICK_PERIOD_MS 1000

typedef struct PostponeHttp {
  PwasmHttpContext base;
  struct PostponeHttp *next;
  struct PostponeHttp **link; /* what points at this one; NULL: it does not wait */
} PostponeHttp;

typedef struct PostponePlugin {
  PwasmPluginContext base;
  PostponeHttp *first; /* of those that wait */
  PostponeHttp **end;  /* where the next one goes */
} PostponePlugin;

static void
postpone_init(PwasmContext *ctx)
{
  PostponePlugin *self = (PostponePlugin *)ctx;

  self->end = &self->first;
}

static bool
postpone_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStatus status = pwasm_timer_set_period(ctx, TICK_PERIOD_MS);

  (void)configuration_size;
  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_CRITICAL, "failed to set tick period: %s", pwasm_status_text(status));
  return status == PWASM_STATUS_OK;
}

static void
leave(PostponePlugin *plugin, PostponeHttp *self)
{
  if (self->link == NULL)
    return;
  *self->link = self->next;
  if (self->next != NULL)
    self->next->link = self->link;
  else
    plugin->end = self->link;
  self->next = NULL;
  self->link = NULL;
}

/* At the end, and only there: a host may say twice that a request begins. */
static void
wait_in(PostponePlugin *plugin, PostponeHttp *self)
{
  leave(plugin, self);
  self->link = plugin->end;
  *plugin->end = self;
  plugin->end = &self->next;
}

/* A request that could not go on must not hang. */
static void
resume(PwasmHttpContext *ctx)
{
  if (pwasm_http_context_resume_request(ctx) == PWASM_STATUS_OK)
    return;
  pwasm_logf(PWASM_LOG_ERROR, "failed to resume request with contextID=%u",
             pwasm_context_id(&ctx->base));
  pwasm_ignore(pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 503}));
}

static void
postpone_on_tick(PwasmPluginContext *ctx)
{
  PostponePlugin *self = PWASM_SELF(PostponePlugin, ctx);

  while (self->first != NULL) {
    PostponeHttp *http = self->first;

    leave(self, http);
    /* Held: the client may go away while its request is resumed. */
    pwasm_context_ref(&http->base.base);
    pwasm_logf(PWASM_LOG_INFO, "resume request with contextID=%u",
               pwasm_context_id(&http->base.base));
    resume(&http->base);
    pwasm_context_unref(&http->base.base);
  }
}

static PwasmAction
postpone_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  pwasm_logf(PWASM_LOG_INFO, "postpone request with contextID=%u", pwasm_context_id(&ctx->base));
  wait_in(PWASM_SELF(PostponePlugin, pwasm_http_context_plugin(ctx)),
          PWASM_SELF(PostponeHttp, ctx));
  return pwasm_http_context_hold_request(ctx);
}

/* The client may go away while its request waits. */
static void
postpone_finalize(PwasmContext *ctx)
{
  PostponeHttp *self = (PostponeHttp *)ctx;

  leave(PWASM_SELF(PostponePlugin, pwasm_http_context_plugin(&self->base)), self);
}

static const PwasmHttpContextClass postpone_http_class = {
  PWASM_HTTP_SUBCLASS(PostponeHttp, pwasm_http_context_class),
  .base.finalize = postpone_finalize,
  PWASM_ON(on_request_headers, postpone_on_request_headers),
};

static const PwasmPluginContextClass postpone_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(PostponePlugin, pwasm_plugin_context_class),
  .base.init = postpone_init,
  PWASM_ON(on_configure, postpone_on_configure),
  PWASM_ON(on_tick, postpone_on_tick),
};

PWASM_PLUGIN(.plugin_class = &postpone_plugin_class, .http_class = &postpone_http_class);

/* A plugin that uses memory in every way there is. Whatever it can't do it logs as an error. */

#include <pwasm/pwasm.h>

typedef struct EndurancePlugin {
  PwasmPluginContext base;
  PwasmStr configuration; /* in the plugin's arena */
} EndurancePlugin;

typedef struct EnduranceHttp {
  PwasmHttpContext base;
  PwasmStr path; /* in the stream's arena */
} EnduranceHttp;

typedef struct EnduranceTcp {
  PwasmTcpContext base;
} EnduranceTcp;

static bool
went_well(PwasmStatus status)
{
  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_ERROR, "endurance: %s", pwasm_status_text(status));
  return status == PWASM_STATUS_OK;
}

static void
expect(bool condition, const char *what)
{
  if (!condition)
    pwasm_logf(PWASM_LOG_ERROR, "endurance: not so: %s", what);
}

/* ---- the plugin ---- */

static bool
endurance_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  EndurancePlugin *self = PWASM_SELF(EndurancePlugin, ctx);
  PwasmStr configuration;

  /* A plugin that is configured again begins anew. */
  pwasm_arena_reset(pwasm_context_arena(&ctx->base));
  self->configuration = (PwasmStr){0};
  if (!went_well(pwasm_timer_set_period(ctx, 1)) ||
      !went_well(pwasm_plugin_configuration_get(&configuration)) ||
      !went_well(
        pwasm_str_dup(pwasm_context_arena(&ctx->base), configuration, &self->configuration)))
    return false;
  expect(self->configuration.len == configuration_size,
         "the configuration is of the size announced");
  return true;
}

/* What a service does: reads what all know, looks at the time, writes a text. */
static void
endurance_on_tick(PwasmPluginContext *ctx)
{
  const EndurancePlugin *self = PWASM_SELF(EndurancePlugin, ctx);
  PwasmStr value;
  PwasmStr text;
  uint32_t cas;
  uint64_t now_ns;

  if (went_well(pwasm_shared_data_get(PWASM_STR("known"), &value, &cas)))
    expect(value.len > 0, "what all know is something");
  if (went_well(pwasm_time_get(&now_ns)))
    went_well(pwasm_str_format(pwasm_scratch(), &text, "%llu: %zu", (unsigned long long)now_ns,
                               self->configuration.len));
}

/* ---- HTTP ---- */

static PwasmAction
endurance_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  EnduranceHttp *self = PWASM_SELF(EnduranceHttp, ctx);
  PwasmArena *arena = pwasm_context_arena(&ctx->base);
  PwasmPairs pairs;
  PwasmStr path;

  (void)end_of_stream;
  if (went_well(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path)))
    went_well(pwasm_str_dup(arena, path, &self->path));
  if (went_well(pwasm_header_get_all(PWASM_MAP_HTTP_REQUEST_HEADERS, &pairs)))
    expect(pwasm_pairs_count(&pairs) == num_headers, "there are as many headers as announced");
  expect(pwasm_arena_alloc(arena, pwasm_context_id(&ctx->base) * 37 % 5000) != NULL,
         "the arena has room");
  went_well(pwasm_header_add(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x-path"), self->path));
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
read_chunk(PwasmBuffer buffer, size_t size)
{
  PwasmStr bytes;

  if (went_well(pwasm_buffer_get(buffer, 0, size, &bytes)))
    expect(bytes.len == size, "a chunk is of the size announced");
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
endurance_on_response_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)ctx;
  (void)end_of_stream;
  return read_chunk(PWASM_BUFFER_HTTP_RESPONSE_BODY, body_size);
}

/* What a stream is told at its beginning is still so at its end, whatever came meanwhile. */
static void
endurance_on_log(PwasmContext *ctx)
{
  EnduranceHttp *self = PWASM_SELF(EnduranceHttp, PWASM_SELF(PwasmHttpContext, ctx));
  const EndurancePlugin *plugin =
    PWASM_SELF(EndurancePlugin, pwasm_http_context_plugin(&self->base));

  expect(pwasm_str_equal(self->path, PWASM_STR("/path")), "the path is what it was");
  if (plugin->configuration.len > 0)
    expect(plugin->configuration.data[plugin->configuration.len - 1] == 'c',
           "the configuration is what it was");
}

/* ---- TCP ---- */

static PwasmAction
endurance_on_downstream_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  (void)ctx;
  (void)end_of_stream;
  return read_chunk(PWASM_BUFFER_DOWNSTREAM_DATA, data_size);
}

static const PwasmHttpContextClass endurance_http_class = {
  PWASM_HTTP_SUBCLASS(EnduranceHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, endurance_on_request_headers),
  PWASM_ON(on_response_body, endurance_on_response_body),
  PWASM_ON_BASE(on_log, endurance_on_log),
};

static const PwasmTcpContextClass endurance_tcp_class = {
  PWASM_TCP_SUBCLASS(EnduranceTcp, pwasm_tcp_context_class),
  PWASM_ON(on_downstream_data, endurance_on_downstream_data),
};

static const PwasmPluginContextClass endurance_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(EndurancePlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, endurance_on_configure),
  PWASM_ON(on_tick, endurance_on_tick),
};

PWASM_PLUGIN(.plugin_class = &endurance_plugin_class, .http_class = &endurance_http_class,
             .tcp_class = &endurance_tcp_class);

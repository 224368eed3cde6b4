/* What Envoy alone has: names are resolved, sizes of maps and buffers are asked for. A request says in
 * its path what it wants; the reply's body tells how it went. */

#include <pwasm/envoy.h>
#include <pwasm/pwasm.h>

typedef struct EnvoyOnlyPlugin {
  PwasmPluginContext base;
  PwasmHttpContext *waiting; /* a request that waits for another one; held */
} EnvoyOnlyPlugin;

typedef struct EnvoyOnlyHttp {
  PwasmHttpContext base;
  bool tells_body_size;
} EnvoyOnlyHttp;

static void
reply(PwasmHttpContext *ctx, PwasmStr body)
{
  PwasmStatus status =
    pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 200, .body = body});

  if (status != PWASM_STATUS_OK)
    PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("no reply: "),
                   pwasm_str_from_cstr(pwasm_status_text(status)));
}

/* [resolve] */
static void
on_resolved(PwasmContext *owner, const PwasmEnvoyDnsResult *result, void *data)
{
  PwasmEnvoyDnsAddresses addresses = result->addresses;
  PwasmEnvoyDnsAddress address;

  (void)data;
  while (pwasm_envoy_dns_address_next(&addresses, &address))
    pwasm_logf(PWASM_LOG_INFO, "%.*s for %u s", PWASM_STR_ARG(address.ip), address.ttl_s);
  if (result->outcome != PWASM_CALL_CANCELLED)
    reply(PWASM_SELF(PwasmHttpContext, owner),
          result->outcome == PWASM_CALL_ANSWERED ? PWASM_STR("answered") : PWASM_STR("failed"));
}

static PwasmAction
resolve(PwasmHttpContext *ctx, PwasmStr name)
{
  PwasmStatus status = pwasm_envoy_dns_resolve(PWASM_CONTEXT(ctx), name, on_resolved, NULL);

  if (status == PWASM_STATUS_OK)
    return PWASM_ACTION_PAUSE;
  reply(ctx, pwasm_str_from_cstr(pwasm_status_text(status)));
  return PWASM_ACTION_PAUSE;
}
/* [resolve] */

static void
reply_with_sizes(PwasmHttpContext *ctx, PwasmStatus status, size_t size, size_t expected)
{
  PwasmStr text = PWASM_STR("no memory");

  pwasm_ignore(pwasm_str_format(pwasm_scratch(), &text, "%s: %zu, as it should be: %zu",
                                pwasm_status_text(status), size, expected));
  reply(ctx, text);
}

static PwasmAction
tell_map_size(PwasmHttpContext *ctx)
{
  size_t size = 0;
  size_t sum = 0;
  PwasmPairs pairs;
  PwasmPair pair;
  PwasmStatus status = pwasm_header_map_get_size(PWASM_MAP_HTTP_REQUEST_HEADERS, &size);

  if (pwasm_header_get_all(PWASM_MAP_HTTP_REQUEST_HEADERS, &pairs) == PWASM_STATUS_OK) {
    while (pwasm_pairs_next(&pairs, &pair))
      sum += pair.name.len + pair.value.len;
  }
  reply_with_sizes(ctx, status, size, sum);
  return PWASM_ACTION_PAUSE;
}

/* What can't be asked for. */
static PwasmAction
tell_failures(PwasmHttpContext *ctx)
{
  PwasmStr text = PWASM_STR("no memory");
  size_t size = 0;
  PwasmStatus of_map = pwasm_header_map_get_size(PWASM_MAP_HTTP_RESPONSE_HEADERS, &size);
  PwasmStatus of_buffer = pwasm_buffer_get_size(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, &size);
  PwasmStatus of_body = pwasm_buffer_get_size(PWASM_BUFFER_HTTP_RESPONSE_BODY, &size);

  pwasm_ignore(pwasm_str_format(pwasm_scratch(), &text, "%u %u %u %zu", (unsigned)of_map,
                                (unsigned)of_buffer, (unsigned)of_body, size));
  reply(ctx, text);
  return PWASM_ACTION_PAUSE;
}

static PwasmAction
wait(PwasmHttpContext *ctx)
{
  EnvoyOnlyPlugin *plugin = PWASM_SELF(EnvoyOnlyPlugin, pwasm_http_context_plugin(ctx));

  pwasm_context_ref(PWASM_CONTEXT(ctx));
  plugin->waiting = ctx;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("waiting"));
  return PWASM_ACTION_PAUSE;
}

/* A reply to the one that waits is refused: this one would hang. */
static PwasmAction
end_waiting(PwasmHttpContext *ctx)
{
  EnvoyOnlyPlugin *plugin = PWASM_SELF(EnvoyOnlyPlugin, pwasm_http_context_plugin(ctx));

  if (plugin->waiting == NULL)
    return PWASM_ACTION_CONTINUE;
  reply(plugin->waiting, PWASM_STR("ended by another"));
  pwasm_ignore(pwasm_http_context_resume_request(plugin->waiting));
  pwasm_context_unref(PWASM_CONTEXT(plugin->waiting));
  plugin->waiting = NULL;
  return PWASM_ACTION_CONTINUE;
}

/* Envoy would crash of the reply: it does not get it. */
static PwasmAction
close_and_reply(PwasmHttpContext *ctx)
{
  pwasm_ignore(pwasm_http_context_close(ctx));
  reply(ctx, PWASM_STR("closed"));
  return PWASM_ACTION_PAUSE;
}

static PwasmAction
envoy_only_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  EnvoyOnlyHttp *self = PWASM_SELF(EnvoyOnlyHttp, ctx);
  const PwasmStr resolve_path = PWASM_STR("/resolve/");
  PwasmStr path;

  (void)num_headers;
  (void)end_of_stream;
  if (pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path) !=
      PWASM_STATUS_OK)
    return PWASM_ACTION_CONTINUE;
  if (pwasm_str_starts_with(path, resolve_path))
    return resolve(ctx, pwasm_str_slice(path, resolve_path.len, SIZE_MAX));
  if (pwasm_str_equal(path, PWASM_STR("/map")))
    return tell_map_size(ctx);
  if (pwasm_str_equal(path, PWASM_STR("/failures")))
    return tell_failures(ctx);
  if (pwasm_str_equal(path, PWASM_STR("/wait")))
    return wait(ctx);
  if (pwasm_str_equal(path, PWASM_STR("/end")))
    return end_waiting(ctx);
  if (pwasm_str_equal(path, PWASM_STR("/close")))
    return close_and_reply(ctx);
  self->tells_body_size = pwasm_str_equal(path, PWASM_STR("/body"));
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
envoy_only_on_request_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  size_t size = 0;
  PwasmStatus status;

  if (!PWASM_SELF(EnvoyOnlyHttp, ctx)->tells_body_size)
    return PWASM_ACTION_CONTINUE;
  status = pwasm_buffer_get_size(PWASM_BUFFER_HTTP_REQUEST_BODY, &size);
  if (end_of_stream)
    reply_with_sizes(ctx, status, size, body_size);
  return PWASM_ACTION_PAUSE;
}

static const PwasmPluginContextClass envoy_only_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(EnvoyOnlyPlugin, pwasm_plugin_context_class),
};

static const PwasmHttpContextClass envoy_only_http_class = {
  PWASM_HTTP_SUBCLASS(EnvoyOnlyHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, envoy_only_on_request_headers),
  PWASM_ON(on_request_body, envoy_only_on_request_body),
};

PWASM_PLUGIN(.plugin_class = &envoy_only_plugin_class, .http_class = &envoy_only_http_class);

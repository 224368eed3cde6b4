/* A list that a gRPC service keeps up to date: the plugin watches it over a stream that stays open,
 * refuses requests to the paths on it, and tells the service of them. */

#include <pwasm/pwasm.h>

#include "path_list.h"

/* How long until the next stream is opened, and how long the last one may take to end. */
#define TICK_PERIOD_MS 500

/* In each tick: what the service does not read is kept by the host. */
#define MAX_REPORTS 10

/* Of a longer one the end is of no use: no such path can be blocked. */
#define MAX_MESSAGE_SIZE 1024

typedef struct WatchPlugin {
  PwasmPluginContext base;
  PwasmGrpcStream stream;
  bool is_watching; /* the stream is open */
  bool is_awaited;  /* its end: then the plugin's follows */
  unsigned num_reports;
  PathList blocked;
} WatchPlugin;

typedef struct WatchHttp {
  PwasmHttpContext base;
} WatchHttp;

static void
log_metadata(PwasmMap map, PwasmStr prefix)
{
  PwasmPairs pairs;
  PwasmPair pair;

  if (pwasm_header_get_all(map, &pairs) != PWASM_STATUS_OK)
    return;
  while (pwasm_pairs_next(&pairs, &pair))
    PWASM_LOG_JOIN(PWASM_LOG_INFO, prefix, pair.name, PWASM_STR(": "), pair.value);
}

static void
watch_on_initial_metadata(PwasmContext *owner, PwasmGrpcStream stream, size_t num_metadata,
                          void *data)
{
  WatchPlugin *self = data;

  (void)owner;
  (void)stream;
  log_metadata(PWASM_MAP_GRPC_CALL_INITIAL_METADATA, PWASM_STR("initial metadata: "));
  /* The service begins anew; until it could be reached, the list of the last stream was good. */
  if (num_metadata > 0)
    self->blocked.num_entries = 0;
}

/* "+/path" or "-/path". */
static bool
obey(WatchPlugin *self, PwasmStr message)
{
  PwasmStr path = pwasm_str_slice(message, 1, SIZE_MAX);

  if (pwasm_str_starts_with(message, PWASM_STR("+")))
    return path_list_add(&self->blocked, path);
  path_list_remove(&self->blocked, path);
  return pwasm_str_starts_with(message, PWASM_STR("-"));
}

static void
watch_on_message(PwasmContext *owner, PwasmGrpcStream stream, size_t message_size, void *data)
{
  PwasmStr message;
  PwasmStatus status =
    pwasm_buffer_get(PWASM_BUFFER_GRPC_CALL_MESSAGE, 0, MAX_MESSAGE_SIZE, &message);

  (void)owner;
  (void)stream;
  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_ERROR, "a message of %zu bytes is lost: %s", message_size,
               pwasm_status_text(status));
  else if (obey(data, message))
    PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("message: "), message);
  else
    PWASM_LOG_JOIN(PWASM_LOG_WARN, PWASM_STR("message ignored: "), message);
}

static void
watch_on_trailing_metadata(PwasmContext *owner, PwasmGrpcStream stream, size_t num_metadata,
                           void *data)
{
  (void)owner;
  (void)stream;
  (void)num_metadata;
  (void)data;
  log_metadata(PWASM_MAP_GRPC_CALL_TRAILING_METADATA, PWASM_STR("trailing metadata: "));
}

/* The next tick opens another stream, unless the plugin ends. */
static void
watch_on_close(PwasmContext *owner, PwasmGrpcStream stream, uint32_t grpc_status, void *data)
{
  WatchPlugin *self = data;

  (void)stream;
  self->is_watching = false;
  pwasm_logf(PWASM_LOG_INFO, "the stream has ended with status %u", (unsigned)grpc_status);
  /* Closed: the host did not wait. */
  if (self->is_awaited && !pwasm_context_is_closed(owner))
    pwasm_ignore(pwasm_plugin_context_done(&self->base));
}

//! [stream]
static const PwasmGrpcStreamHandlers watch_handlers = {
  .on_initial_metadata = watch_on_initial_metadata,
  .on_message = watch_on_message,
  .on_trailing_metadata = watch_on_trailing_metadata,
  .on_close = watch_on_close,
};

static void
watch(WatchPlugin *self)
{
  const PwasmPair metadata = {PWASM_STR("x-watcher"), PWASM_STR("pwasm")};
  PwasmStatus status;

  /* Set before: it may end already while it is opened. */
  self->is_watching = true;
  status = pwasm_grpc_stream_open(PWASM_CONTEXT(&self->base),
                                  &(PwasmGrpcStreamOptions){
                                    .upstream = PWASM_STR("blocklist"),
                                    .service = PWASM_STR("pwasm.example.Blocklist"),
                                    .method = PWASM_STR("Watch"),
                                    .metadata = &metadata,
                                    .num_metadata = 1,
                                  },
                                  &watch_handlers, self, &self->stream);
  if (status == PWASM_STATUS_OK)
    return;
  self->is_watching = false;
  pwasm_logf(PWASM_LOG_WARN, "the list can't be watched: %s", pwasm_status_text(status));
}
//! [stream]

/* The stream waits for the first tick: a configuration may be tried only, in a VM of its own. */
static bool
watch_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStatus status = pwasm_timer_set_period(ctx, TICK_PERIOD_MS);

  (void)configuration_size;
  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_CRITICAL, "failed to set tick period: %s", pwasm_status_text(status));
  return status == PWASM_STATUS_OK;
}

static void
watch_on_tick(PwasmPluginContext *ctx)
{
  WatchPlugin *self = PWASM_SELF(WatchPlugin, ctx);

  self->num_reports = 0;
  if (self->is_awaited)
    pwasm_ignore(pwasm_grpc_stream_cancel(self->stream));
  else if (!self->is_watching)
    watch(self);
}

//! [done]
/* Says goodbye, and waits for what the service has to say yet. */
static bool
watch_on_done(PwasmContext *ctx)
{
  WatchPlugin *self = PWASM_SELF(WatchPlugin, PWASM_SELF(PwasmPluginContext, ctx));

  /* It may have ended while it was closed. */
  self->is_awaited = pwasm_grpc_stream_close(self->stream) == PWASM_STATUS_OK && self->is_watching;
  return !self->is_awaited;
}
//! [done]

static void
report(WatchPlugin *self, PwasmStr path)
{
  PwasmStatus status;

  if (self->num_reports == MAX_REPORTS)
    return;
  self->num_reports++;
  status = pwasm_grpc_stream_send(self->stream, path, false);
  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_WARN, "nobody is told: %s", pwasm_status_text(status));
}

static PwasmAction
watch_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  WatchPlugin *plugin = PWASM_SELF(WatchPlugin, pwasm_http_context_plugin(ctx));
  PwasmStr path;

  (void)num_headers;
  (void)end_of_stream;
  if (pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path) !=
      PWASM_STATUS_OK)
    return PWASM_ACTION_CONTINUE;
  path = pwasm_str_slice(path, 0, pwasm_str_find(path, PWASM_STR("?")));
  if (!path_list_contains(&plugin->blocked, path))
    return PWASM_ACTION_CONTINUE;
  report(plugin, path);
  return pwasm_http_context_reply(
           ctx, &(PwasmHttpReply){.status_code = 403, .body = PWASM_STR("blocked\n")}) ==
             PWASM_STATUS_OK
           ? PWASM_ACTION_PAUSE
           : PWASM_ACTION_CONTINUE;
}

static const PwasmPluginContextClass watch_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(WatchPlugin, pwasm_plugin_context_class),
  PWASM_ON_BASE(on_done, watch_on_done),
  PWASM_ON(on_configure, watch_on_configure),
  PWASM_ON(on_tick, watch_on_tick),
};

static const PwasmHttpContextClass watch_http_class = {
  PWASM_HTTP_SUBCLASS(WatchHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, watch_on_request_headers),
};

PWASM_PLUGIN(.plugin_class = &watch_plugin_class, .http_class = &watch_http_class);

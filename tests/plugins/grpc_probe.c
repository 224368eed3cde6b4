/* Makes the gRPC call or stream that a request asks for by its headers, logs all that happens to it,
 * and does what the service's messages say: "send TEXT", "last TEXT", "close", "cancel". Calls of the
 * stream are told in the reply too. */

#include <pwasm/pwasm.h>

typedef struct ProbeHttp {
  PwasmHttpContext base;
} ProbeHttp;

#define HEADER(name) header(PWASM_STR(name))

static PwasmStr
header(PwasmStr name)
{
  PwasmStr value;

  return pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, name, &value) == PWASM_STATUS_OK
           ? value
           : PWASM_STR("");
}

static uint32_t
number(PwasmStr text)
{
  uint64_t value;

  return pwasm_str_to_uint64(text, &value) == PWASM_STATUS_OK ? (uint32_t)value : 0;
}

static char
nibble(char digit)
{
  return (char)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* The name of a cluster as it is, or hexadecimal digits for what can't be in a header. */
static PwasmStr
upstream(void)
{
  PwasmStr hex = HEADER("x-upstream-hex");
  char *bytes = pwasm_arena_alloc(pwasm_scratch(), hex.len / 2);

  if (hex.len == 0 || bytes == NULL)
    return HEADER("x-upstream");
  for (size_t i = 0; i < hex.len / 2; i++)
    bytes[i] = (char)(nibble(hex.data[2 * i]) << 4 | nibble(hex.data[2 * i + 1]));
  return pwasm_str(bytes, hex.len / 2);
}

static void
reply(PwasmContext *owner, bool owner_is_stream, PwasmStr text)
{
  PwasmHttpContext *ctx;

  if (!owner_is_stream || pwasm_context_is_closed(owner))
    return;
  ctx = PWASM_SELF(PwasmHttpContext, owner);
  if (pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 200, .body = text}) !=
      PWASM_STATUS_OK)
    pwasm_log(PWASM_LOG_ERROR, PWASM_STR("no reply"));
}

/* An end as one line: how, with which status, and what the service says to it. */
static void
tell_end(PwasmContext *owner, const char *what, uint32_t grpc_status, PwasmStr answer,
         bool owner_is_stream)
{
  uint32_t code = 0;
  PwasmStr message = PWASM_STR("");
  PwasmStr text;

  if (!pwasm_context_is_closed(owner) && pwasm_call_status_get(&code, &message) != PWASM_STATUS_OK)
    pwasm_log(PWASM_LOG_ERROR, PWASM_STR("no status"));
  if (pwasm_str_format(pwasm_scratch(), &text, "%s %u [%.*s] [%.*s]", what, (unsigned)grpc_status,
                       PWASM_STR_ARG(message), PWASM_STR_ARG(answer)) != PWASM_STATUS_OK)
    return;
  pwasm_log(PWASM_LOG_INFO, text);
  reply(owner, owner_is_stream, text);
}

static PwasmStr
message(void)
{
  PwasmStr bytes;

  return pwasm_buffer_get(PWASM_BUFFER_GRPC_CALL_MESSAGE, 0, SIZE_MAX, &bytes) == PWASM_STATUS_OK
           ? bytes
           : PWASM_STR("no message");
}

static void
on_done(PwasmContext *owner, const PwasmGrpcCallResult *result, void *data)
{
  static const char *const outcomes[] = {"answered", "failed", "cancelled"};

  tell_end(owner, outcomes[result->outcome], result->grpc_status,
           result->outcome == PWASM_CALL_ANSWERED ? message() : PWASM_STR(""), data != NULL);
}

static void
log_pairs(PwasmMap map, PwasmStr prefix)
{
  PwasmPairs pairs;
  PwasmPair pair;

  if (pwasm_header_get_all(map, &pairs) != PWASM_STATUS_OK) {
    PWASM_LOG_JOIN(PWASM_LOG_INFO, prefix, PWASM_STR("unreadable"));
    return;
  }
  while (pwasm_pairs_next(&pairs, &pair))
    PWASM_LOG_JOIN(PWASM_LOG_INFO, prefix, pair.name, PWASM_STR(": "), pair.value);
}

static void
on_initial_metadata(PwasmContext *owner, PwasmGrpcStream stream, size_t num_metadata, void *data)
{
  (void)owner;
  (void)stream;
  (void)num_metadata;
  (void)data;
  log_pairs(PWASM_MAP_GRPC_CALL_INITIAL_METADATA, PWASM_STR("initial "));
}

static void
on_trailing_metadata(PwasmContext *owner, PwasmGrpcStream stream, size_t num_metadata, void *data)
{
  (void)owner;
  (void)stream;
  (void)num_metadata;
  (void)data;
  log_pairs(PWASM_MAP_GRPC_CALL_TRAILING_METADATA, PWASM_STR("trailing "));
}

static void
obey(PwasmGrpcStream stream, PwasmStr command)
{
  PwasmStr text = pwasm_str_slice(command, 5, SIZE_MAX);
  PwasmStatus status;

  if (pwasm_str_starts_with(command, PWASM_STR("send")))
    status = pwasm_grpc_stream_send(stream, text, false);
  else if (pwasm_str_starts_with(command, PWASM_STR("last")))
    status = pwasm_grpc_stream_send(stream, text, true);
  else if (pwasm_str_equal(command, PWASM_STR("close")))
    status = pwasm_grpc_stream_close(stream);
  else if (pwasm_str_equal(command, PWASM_STR("cancel")))
    status = pwasm_grpc_stream_cancel(stream);
  else
    return;
  pwasm_logf(PWASM_LOG_INFO, "%.*s: %s", PWASM_STR_ARG(command), pwasm_status_text(status));
}

static void
on_message(PwasmContext *owner, PwasmGrpcStream stream, size_t message_size, void *data)
{
  PwasmStr text = message();

  (void)owner;
  (void)message_size;
  (void)data;
  PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("message "), text);
  obey(stream, text);
}

static void
on_close(PwasmContext *owner, PwasmGrpcStream stream, uint32_t grpc_status, void *data)
{
  obey(stream, PWASM_STR("send late"));
  tell_end(owner, "closed", grpc_status, PWASM_STR(""), data != NULL);
}

static const PwasmGrpcStreamHandlers handlers = {on_initial_metadata, on_message,
                                                 on_trailing_metadata, on_close};

static PwasmStatus
open_stream(PwasmContext *owner, const PwasmGrpcStreamOptions *options, void *data)
{
  PwasmStr first = HEADER("x-message");
  PwasmGrpcStream stream;
  PwasmStatus status = pwasm_grpc_stream_open(owner, options, &handlers, data, &stream);

  if (status == PWASM_STATUS_OK && first.len > 0)
    obey(stream, first);
  return status;
}

static PwasmAction
probe_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  static char of_stream;
  const PwasmPair metadata = {PWASM_STR("x-from"), PWASM_STR("probe")};
  PwasmPluginContext *plugin = pwasm_http_context_plugin(ctx);
  PwasmContext *owner = PWASM_CONTEXT(ctx);
  void *data = &of_stream;
  const PwasmGrpcStreamOptions options = {.upstream = upstream(),
                                          .service = PWASM_STR("test.Probe"),
                                          .method = HEADER("x-method"),
                                          .metadata = &metadata,
                                          .num_metadata = 1};
  PwasmStatus status;

  (void)num_headers;
  (void)end_of_stream;
  if (pwasm_str_equal(HEADER("x-owner"), PWASM_STR("plugin"))) {
    owner = PWASM_CONTEXT(plugin);
    data = NULL;
  } else if (pwasm_str_equal(HEADER("x-owner"), PWASM_STR("vm"))) {
    owner = PWASM_CONTEXT(pwasm_plugin_context_vm(plugin));
    data = NULL;
  }
  if (pwasm_str_equal(HEADER("x-open"), PWASM_STR("stream")))
    status = open_stream(owner, &options, data);
  else
    status = pwasm_grpc_call(owner,
                             &(PwasmGrpcCallOptions){.upstream = options.upstream,
                                                     .service = options.service,
                                                     .method = options.method,
                                                     .metadata = options.metadata,
                                                     .num_metadata = options.num_metadata,
                                                     .message = HEADER("x-message"),
                                                     .timeout_ms = number(HEADER("x-timeout"))},
                             on_done, data);
  pwasm_logf(PWASM_LOG_INFO, "open: %s", pwasm_status_text(status));
  if (status != PWASM_STATUS_OK)
    reply(PWASM_CONTEXT(ctx), true, pwasm_str_from_cstr(pwasm_status_text(status)));
  return status != PWASM_STATUS_OK || data != NULL ? PWASM_ACTION_PAUSE : PWASM_ACTION_CONTINUE;
}

static const PwasmHttpContextClass probe_http_class = {
  PWASM_HTTP_SUBCLASS(ProbeHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, probe_on_request_headers),
};

PWASM_PLUGIN(.http_class = &probe_http_class);

/* Shared queues, the sending end: sends headers, or hashes of data, to the receivers' queues. */

#include <pwasm/pwasm.h>

#include "fnv1a_128.h"

#define RECEIVER_VM_ID PWASM_STR("receiver")

typedef enum SenderKind {
  SENDER_OTHER,
  SENDER_HTTP,
  SENDER_TCP,
} SenderKind;

typedef struct SenderPlugin {
  PwasmPluginContext base;
  SenderKind kind;
} SenderPlugin;

/* A receiver's queue, if the receiver has started. */
typedef struct Target {
  PwasmSharedQueue queue;
  PwasmStatus status;
} Target;

typedef struct SenderHttp {
  PwasmHttpContext base;
  Target request_headers;
  Target response_headers;
} SenderHttp;

typedef struct SenderTcp {
  PwasmTcpContext base;
  Target data_hashes;
} SenderTcp;

/* With each stream anew: the receivers may start later than this plugin. */
static void
resolve(PwasmStr name, Target *ret_target)
{
  ret_target->status = pwasm_shared_queue_resolve(RECEIVER_VM_ID, name, &ret_target->queue);
  if (ret_target->status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_CRITICAL, "error resolving queue id: %s",
               pwasm_status_text(ret_target->status));
}

static bool
enqueue(const Target *target, PwasmStr value)
{
  PwasmStatus status = target->status;

  if (status == PWASM_STATUS_OK)
    status = pwasm_shared_queue_enqueue(target->queue, value);
  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_CRITICAL, "error queueing: %s", pwasm_status_text(status));
  return status == PWASM_STATUS_OK;
}

/* Sends each header of a map; `before` is what the lines in the log begin with. */
static void
enqueue_headers(PwasmMap map, const Target *target, PwasmStr before)
{
  PwasmPairs headers;
  PwasmPair header;
  PwasmStr message;

  if (pwasm_header_get_all(map, &headers) != PWASM_STATUS_OK) {
    pwasm_log(PWASM_LOG_CRITICAL, PWASM_STR("no headers"));
    return;
  }
  while (pwasm_pairs_next(&headers, &header)) {
    const PwasmStr parts[] = {PWASM_STR("{\"key\": \""), header.name, PWASM_STR("\",\"value\": \""),
                              header.value, PWASM_STR("\"}")};

    if (pwasm_str_join(pwasm_scratch(), parts, sizeof parts / sizeof parts[0], &message) ==
          PWASM_STATUS_OK &&
        enqueue(target, message))
      PWASM_LOG_JOIN(PWASM_LOG_INFO, before, PWASM_STR("enqueued data: "), message);
  }
}

static void
sender_http_init(PwasmContext *ctx)
{
  SenderHttp *self = (SenderHttp *)ctx;

  resolve(PWASM_STR("http_request_headers"), &self->request_headers);
  resolve(PWASM_STR("http_response_headers"), &self->response_headers);
}

static PwasmAction
sender_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  enqueue_headers(PWASM_MAP_HTTP_REQUEST_HEADERS, &PWASM_SELF(SenderHttp, ctx)->request_headers,
                  PWASM_STR(""));
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
sender_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr before = PWASM_STR("");

  (void)num_headers;
  (void)end_of_stream;
  pwasm_ignore(
    pwasm_str_format(pwasm_scratch(), &before, "(contextID=%u) ", pwasm_context_id(&ctx->base)));
  enqueue_headers(PWASM_MAP_HTTP_RESPONSE_HEADERS, &PWASM_SELF(SenderHttp, ctx)->response_headers,
                  before);
  return PWASM_ACTION_CONTINUE;
}

static void
sender_tcp_init(PwasmContext *ctx)
{
  SenderTcp *self = (SenderTcp *)ctx;

  resolve(PWASM_STR("tcp_data_hashes"), &self->data_hashes);
}

static PwasmAction
sender_on_upstream_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  PwasmStr data;
  PwasmStr digits;
  Fnv1a128 hash;

  (void)end_of_stream;
  if (data_size == 0 ||
      pwasm_buffer_get(PWASM_BUFFER_UPSTREAM_DATA, 0, data_size, &data) != PWASM_STATUS_OK)
    return PWASM_ACTION_CONTINUE;
  fnv1a_128(data, &hash);
  digits = pwasm_str(hash.digits, sizeof hash.digits);
  if (enqueue(&PWASM_SELF(SenderTcp, ctx)->data_hashes, digits))
    pwasm_logf(PWASM_LOG_INFO, "(contextID=%u) enqueued data: %.*s", pwasm_context_id(&ctx->base),
               PWASM_STR_ARG(digits));
  return PWASM_ACTION_CONTINUE;
}

static bool
sender_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  SenderPlugin *self = PWASM_SELF(SenderPlugin, ctx);
  PwasmStr kind;

  (void)configuration_size;
  if (pwasm_plugin_configuration_get(&kind) != PWASM_STATUS_OK)
    kind = PWASM_STR("");
  self->kind = pwasm_str_equal(kind, PWASM_STR("http"))  ? SENDER_HTTP
               : pwasm_str_equal(kind, PWASM_STR("tcp")) ? SENDER_TCP
                                                         : SENDER_OTHER;
  if (self->kind == SENDER_OTHER) {
    pwasm_log(PWASM_LOG_CRITICAL, PWASM_STR("the configuration must be http or tcp"));
    return false;
  }
  pwasm_logf(PWASM_LOG_INFO, "contextID=%u is configured for %.*s", pwasm_context_id(&ctx->base),
             PWASM_STR_ARG(kind));
  return true;
}

static const PwasmHttpContextClass sender_http_class = {
  PWASM_HTTP_SUBCLASS(SenderHttp, pwasm_http_context_class),
  .base.init = sender_http_init,
  PWASM_ON(on_request_headers, sender_on_request_headers),
  PWASM_ON(on_response_headers, sender_on_response_headers),
};

static const PwasmTcpContextClass sender_tcp_class = {
  PWASM_TCP_SUBCLASS(SenderTcp, pwasm_tcp_context_class),
  .base.init = sender_tcp_init,
  PWASM_ON(on_upstream_data, sender_on_upstream_data),
};

//! [choose]
static const PwasmHttpContextClass *
sender_create_http_context(PwasmPluginContext *ctx)
{
  return PWASM_SELF(SenderPlugin, ctx)->kind == SENDER_HTTP ? &sender_http_class : NULL;
}

static const PwasmTcpContextClass *
sender_create_tcp_context(PwasmPluginContext *ctx)
{
  return PWASM_SELF(SenderPlugin, ctx)->kind == SENDER_TCP ? &sender_tcp_class : NULL;
}

static const PwasmPluginContextClass sender_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(SenderPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, sender_on_configure),
  PWASM_ON(create_http_context, sender_create_http_context),
  PWASM_ON(create_tcp_context, sender_create_tcp_context),
};
//! [choose]

PWASM_PLUGIN(.plugin_class = &sender_plugin_class);

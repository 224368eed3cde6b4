/* Authorization by a gRPC service: each gRPC request waits until the service "grpcbin" has answered,
 * and is let through or refused by the status that it answers with. */

#include <pwasm/pwasm.h>

static const PwasmPair powered_by = {PWASM_STR_INIT("powered-by"), PWASM_STR_INIT("proxy-wasm")};

typedef struct AuthHttp {
  PwasmHttpContext base;
} AuthHttp;

static bool
reply(PwasmHttpContext *ctx, uint32_t status_code, const PwasmGrpcStatus *grpc_status,
      PwasmStr body)
{
  PwasmStatus status = pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = status_code,
                                                                       .headers = &powered_by,
                                                                       .num_headers = 1,
                                                                       .body = body,
                                                                       .grpc_status = grpc_status});

  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_ERROR, "failed to reply: %s", pwasm_status_text(status));
  return status == PWASM_STATUS_OK;
}

/* To a gRPC client: the body becomes the message of the status. */
static bool
refuse(PwasmHttpContext *ctx)
{
  const PwasmGrpcStatus aborted = PWASM_GRPC_STATUS_ABORTED;

  return reply(ctx, 200, &aborted, PWASM_STR("Aborted by Proxy-Wasm!"));
}

static bool
resume(PwasmHttpContext *ctx)
{
  PwasmStatus status = pwasm_http_context_resume_request(ctx);

  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_ERROR, "failed to resume: %s", pwasm_status_text(status));
  return status == PWASM_STATUS_OK;
}

//! [call]
static void
auth_on_answer(PwasmContext *owner, const PwasmGrpcCallResult *result, void *data)
{
  PwasmHttpContext *ctx = PWASM_SELF(PwasmHttpContext, owner);

  (void)data;
  /* Nobody waits any more. */
  if (result->outcome == PWASM_CALL_CANCELLED)
    return;
  /* What can't be done is done the other way: a request must not hang. */
  if (result->grpc_status % 2 == 0) {
    pwasm_log(PWASM_LOG_INFO, PWASM_STR("Access granted."));
    if (!resume(ctx))
      refuse(ctx);
  } else {
    pwasm_log(PWASM_LOG_INFO, PWASM_STR("Access forbidden."));
    if (!refuse(ctx))
      resume(ctx);
  }
}

static PwasmStatus
ask(PwasmHttpContext *ctx)
{
  return pwasm_grpc_call(PWASM_CONTEXT(ctx),
                         &(PwasmGrpcCallOptions){
                           .upstream = PWASM_STR("grpcbin"),
                           .service = PWASM_STR("grpcbin.GRPCBin"),
                           .method = PWASM_STR("RandomError"),
                           .timeout_ms = 1000,
                         },
                         auth_on_answer, NULL);
}
//! [call]

static bool
header_starts_with(PwasmStr name, PwasmStr prefix)
{
  PwasmStr value;

  return pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, name, &value) == PWASM_STATUS_OK &&
         pwasm_str_starts_with(value, prefix);
}

static PwasmAction
auth_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStatus status;

  (void)num_headers;
  (void)end_of_stream;
  if (!header_starts_with(PWASM_STR("content-type"), PWASM_STR("application/grpc")))
    return reply(ctx, 503, NULL, PWASM_STR("Service accessible only to gRPC clients.\n"))
             ? PWASM_ACTION_PAUSE
             : PWASM_ACTION_CONTINUE;
  /* What tools like grpcurl ask first. */
  if (header_starts_with(PWASM_STR(":path"), PWASM_STR("/grpc.reflection")))
    return PWASM_ACTION_CONTINUE;
  status = ask(ctx);
  if (status == PWASM_STATUS_OK)
    return pwasm_http_context_hold_request(ctx);
  pwasm_logf(PWASM_LOG_ERROR, "failed to ask grpcbin: %s", pwasm_status_text(status));
  return refuse(ctx) ? PWASM_ACTION_PAUSE : PWASM_ACTION_CONTINUE;
}

static PwasmAction
auth_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStatus status =
    pwasm_header_replace(PWASM_MAP_HTTP_RESPONSE_HEADERS, powered_by.name, powered_by.value);

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_ERROR, "failed to set a header: %s", pwasm_status_text(status));
  return PWASM_ACTION_CONTINUE;
}

static const PwasmHttpContextClass auth_http_class = {
  PWASM_HTTP_SUBCLASS(AuthHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, auth_on_request_headers),
  PWASM_ON(on_response_headers, auth_on_response_headers),
};

PWASM_PLUGIN(.http_class = &auth_http_class);

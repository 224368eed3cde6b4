/* Authorization by another service: each request waits until the service "httpbin" has answered, and
 * is let through or refused by what the answer's hash happens to be. */

#include <pwasm/pwasm.h>

typedef struct AuthHttp {
  PwasmHttpContext base;
} AuthHttp;

/* A request that could not go on must not hang. */
static void
resume(PwasmHttpContext *ctx)
{
  PwasmStatus status = pwasm_http_context_resume_request(ctx);

  if (status == PWASM_STATUS_OK)
    return;
  pwasm_logf(PWASM_LOG_ERROR, "failed to resume the request: %s", pwasm_status_text(status));
  pwasm_ignore(pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 503}));
}

static void
refuse(PwasmHttpContext *ctx)
{
  const PwasmPair powered_by = {PWASM_STR("powered-by"), PWASM_STR("proxy-wasm-go-sdk!!")};
  PwasmStatus status = pwasm_http_context_reply(ctx, &(PwasmHttpReply){
                                                       .status_code = 403,
                                                       .headers = &powered_by,
                                                       .num_headers = 1,
                                                       .body = PWASM_STR("access forbidden"),
                                                     });

  if (status == PWASM_STATUS_OK)
    return;
  pwasm_logf(PWASM_LOG_ERROR, "failed to send local response: %s", pwasm_status_text(status));
  resume(ctx);
}

static void
log_headers(PwasmMap map, PwasmStr prefix)
{
  PwasmPairs headers;
  PwasmPair header;
  PwasmStatus status = pwasm_header_get_all(map, &headers);

  if (status != PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_CRITICAL, "failed to get headers: %s", pwasm_status_text(status));
    return;
  }
  while (pwasm_pairs_next(&headers, &header))
    PWASM_LOG_JOIN(PWASM_LOG_INFO, prefix, header.name, PWASM_STR(": "), header.value);
}

static uint32_t
fnv_1a(PwasmStr bytes)
{
  uint32_t hash = 2166136261u;

  for (size_t i = 0; i < bytes.len; i++)
    hash = (hash ^ (unsigned char)bytes.data[i]) * 16777619u;
  return hash;
}

//! [call]
static void
auth_on_answer(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  PwasmHttpContext *ctx = PWASM_SELF(PwasmHttpContext, owner);
  PwasmStr body;
  PwasmStatus status;

  (void)data;
  /* Nobody waits any more. */
  if (result->outcome == PWASM_CALL_CANCELLED)
    return;
  log_headers(PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS, PWASM_STR("response header from httpbin: "));
  status = pwasm_buffer_get(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, 0, result->body_size, &body);
  if (status != PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_CRITICAL, "failed to get response body: %s", pwasm_status_text(status));
    resume(ctx);
    return;
  }
  if (fnv_1a(body) % 2 == 0) {
    pwasm_log(PWASM_LOG_INFO, PWASM_STR("access granted"));
    resume(ctx);
    return;
  }
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("access forbidden"));
  refuse(ctx);
}

/* The request's own headers, sent to the service: not its body, so not its length either, or the
 * service would wait for one. */
static PwasmStatus
ask(PwasmHttpContext *ctx, PwasmPairs headers)
{
  PwasmHttpCallOptions options = {.upstream = PWASM_STR("httpbin"), .timeout_ms = 50000};
  PwasmPair *copies =
    PWASM_ARENA_NEW_ARRAY(pwasm_scratch(), PwasmPair, pwasm_pairs_count(&headers));

  if (copies == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  for (PwasmPair header; pwasm_pairs_next(&headers, &header);) {
    if (pwasm_str_equal(header.name, PWASM_STR(":method")))
      options.method = header.value;
    else if (pwasm_str_equal(header.name, PWASM_STR(":path")))
      options.path = header.value;
    else if (pwasm_str_equal(header.name, PWASM_STR(":authority")))
      options.authority = header.value;
    else if (!pwasm_str_equal(header.name, PWASM_STR("content-length")))
      copies[options.num_headers++] = header;
  }
  options.headers = copies;
  return pwasm_http_call(PWASM_CONTEXT(ctx), &options, auth_on_answer, NULL);
}

static PwasmAction
auth_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmPairs headers;
  PwasmStatus status = pwasm_header_get_all(PWASM_MAP_HTTP_REQUEST_HEADERS, &headers);

  (void)num_headers;
  (void)end_of_stream;
  if (status != PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_CRITICAL, "failed to get request headers: %s", pwasm_status_text(status));
    return PWASM_ACTION_CONTINUE;
  }
  log_headers(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("request header: "));
  status = ask(ctx, headers);
  if (status != PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_CRITICAL, "dipatch httpcall failed: %s", pwasm_status_text(status));
    return PWASM_ACTION_CONTINUE;
  }
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("http call dispatched to httpbin"));
  return pwasm_http_context_hold_request(ctx);
}
//! [call]

static const PwasmHttpContextClass auth_http_class = {
  PWASM_HTTP_SUBCLASS(AuthHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, auth_on_request_headers),
};

PWASM_PLUGIN(.http_class = &auth_http_class);

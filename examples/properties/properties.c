/* Properties: which header a request must have is in the metadata of its route. */

#include <pwasm/pwasm.h>

typedef struct PropertiesHttp {
  PwasmHttpContext base;
} PropertiesHttp;

static PwasmAction
refuse(PwasmHttpContext *ctx)
{
  static const PwasmGrpcStatus grpc_status = PWASM_GRPC_STATUS_UNAUTHENTICATED;
  PwasmStatus status = pwasm_http_context_reply(
    ctx, &(PwasmHttpReply){.status_code = 401, .grpc_status = &grpc_status});

  /* Whatever became of the reply, the request does not go on; nor does it hang. */
  if (status != PWASM_STATUS_OK) {
    PWASM_LOG_JOIN(PWASM_LOG_CRITICAL, PWASM_STR("failed to send a local reply: "),
                   pwasm_str_from_cstr(pwasm_status_text(status)));
    pwasm_ignore(pwasm_http_context_close(ctx));
  }
  return PWASM_ACTION_PAUSE;
}

static PwasmAction
properties_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr name;
  PwasmStr value;
  PwasmStatus status;

  (void)num_headers;
  (void)end_of_stream;
  status = pwasm_property_get_string(
    PWASM_PATH("xds", "route_metadata", "filter_metadata", "envoy.filters.http.wasm", "auth"),
    &name);
  if (status == PWASM_STATUS_NOT_FOUND) {
    pwasm_log(PWASM_LOG_INFO, PWASM_STR("no auth header for route"));
    return PWASM_ACTION_CONTINUE;
  }
  if (status != PWASM_STATUS_OK) {
    PWASM_LOG_JOIN(PWASM_LOG_CRITICAL, PWASM_STR("failed to read properties: "),
                   pwasm_str_from_cstr(pwasm_status_text(status)));
    return refuse(ctx);
  }
  PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("auth header is \""), name, PWASM_STR("\""));
  if (pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, name, &value) != PWASM_STATUS_OK)
    return refuse(ctx);
  return PWASM_ACTION_CONTINUE;
}

static void
properties_on_log(PwasmContext *ctx)
{
  PwasmDigits digits;

  PWASM_LOG_JOIN(PWASM_LOG_INFO, pwasm_str_from_uint64(pwasm_context_id(ctx), &digits),
                 PWASM_STR(" finished"));
}

static const PwasmHttpContextClass properties_http_class = {
  PWASM_HTTP_SUBCLASS(PropertiesHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, properties_on_request_headers),
  PWASM_ON_BASE(on_log, properties_on_log),
};

PWASM_PLUGIN(.http_class = &properties_http_class);

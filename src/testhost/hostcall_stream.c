#include "http_private.h"

#include <stdlib.h>

/* Of the ABI. */
enum {
  STREAM_HTTP_REQUEST = 0,
  STREAM_HTTP_RESPONSE = 1,
  STREAM_DOWNSTREAM = 2,
  STREAM_UPSTREAM = 3,
};

static PwasmHostHttp *
http_of(const PwasmHostcallFrame *frame)
{
  return frame->context == NULL ? NULL : frame->context->http;
}

/* Envoy 1.40 does not survive what resets or replies to a stream that it is logging or deleting: it
 * logs the stream again, and so on until the process crashes. Whether it survives. */
static bool
survives(const PwasmHostcallFrame *frame, const char *function)
{
  const PwasmHostHttp *http = http_of(frame);

  if (http == NULL || !http->is_ended)
    return true;
  pwasm__host_failure(frame->host, function, 0,
                      "stream %u has ended: in on_log and on_done this call makes Envoy crash",
                      http->context.id);
  return false;
}

/* Whatever is resumed, Envoy takes the request from the plugin. */
static void
hide_request(PwasmHostHttp *http)
{
  http->request.is_headers_readable = false;
  http->request.is_body_readable = false;
  http->request.is_trailers_readable = false;
}

uint32_t
proxy_continue_stream(uint32_t stream_type)
{
  PwasmHostcallFrame frame;
  PwasmHostHttp *http;
  PwasmHostActionKind kind = stream_type == STREAM_HTTP_REQUEST ? PWASM_HOST_ACT_RESUME_REQUEST
                                                                : PWASM_HOST_ACT_RESUME_RESPONSE;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_continue_stream))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u", stream_type);
  if (stream_type > STREAM_UPSTREAM)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  if (stream_type == STREAM_UPSTREAM)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_UNIMPLEMENTED);
  pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
  http = http_of(&frame);
  /* Where there is nothing to resume Envoy says OK too. */
  if (frame.context != NULL && frame.context->tcp != NULL && stream_type == STREAM_DOWNSTREAM)
    pwasm__host_defer(frame.host, (PwasmHostAction){.kind = PWASM_HOST_ACT_RESUME_DOWNSTREAM,
                                                    .tcp = frame.context->tcp});
  if (http != NULL && stream_type != STREAM_DOWNSTREAM) {
    hide_request(http);
    pwasm__host_defer(frame.host, (PwasmHostAction){.kind = kind, .http = http});
  }
  return PWASM_STATUS_OK;
}

uint32_t
proxy_close_stream(uint32_t stream_type)
{
  PwasmHostcallFrame frame;
  PwasmHostHttp *http;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_close_stream))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u", stream_type);
  if (stream_type > STREAM_UPSTREAM)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
  http = http_of(&frame);
  /* Whichever side is named, Envoy closes the client's connection. */
  if (frame.context != NULL && frame.context->tcp != NULL && stream_type >= STREAM_DOWNSTREAM)
    pwasm__host_defer(
      frame.host, (PwasmHostAction){.kind = PWASM_HOST_ACT_CLOSE_TCP, .tcp = frame.context->tcp});
  if (http != NULL && stream_type <= STREAM_HTTP_RESPONSE && survives(&frame, __func__))
    pwasm__host_defer(frame.host, (PwasmHostAction){.kind = PWASM_HOST_ACT_CLOSE, .http = http});
  return PWASM_STATUS_OK;
}

static void
note_reply(PwasmHostHttp *http, uint32_t status_code, PwasmStr details, PwasmStr body,
           PwasmStr headers, int32_t grpc_status)
{
  PwasmHostReply *reply = &http->reply;
  char *to;

  http->has_reply = true;
  pwasm__host_map_add_wire(&http->reply_headers, headers);
  reply->status_code = status_code;
  reply->body = pwasm__host_str_dup(body);
  reply->headers = pwasm__host_map_headers(&http->reply_headers);
  reply->details = pwasm__host_str_dup(details);
  to = (char *)(uintptr_t)reply->details.data;
  for (size_t i = 0; i < details.len; i++) {
    if (to[i] == ' ' || (to[i] >= '\t' && to[i] <= '\r'))
      to[i] = '_';
  }
  /* Envoy takes any other number for none. */
  reply->has_grpc_status =
    grpc_status >= PWASM_GRPC_STATUS_OK && grpc_status <= PWASM_GRPC_STATUS_UNAUTHENTICATED;
  reply->grpc_status = reply->has_grpc_status ? (uint32_t)grpc_status : 0;
}

uint32_t
proxy_send_local_response(uint32_t status_code, const char *details, uint32_t details_size,
                          const char *body, uint32_t body_size, const char *headers,
                          uint32_t headers_size, int32_t grpc_status)
{
  PwasmHostcallFrame frame;
  PwasmHostHttp *http;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_send_local_response))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u, %s, %s, %u bytes of headers, %d", status_code,
                           PWASM_QUOTE(details, details_size), PWASM_QUOTE(body, body_size),
                           headers_size, grpc_status);
  pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
  if (frame.context == NULL)
    return PWASM_STATUS_OK;
  frame.context->vm->stops_iteration = frame.host->depth > 0;
  http = http_of(&frame);
  /* On behalf of a plugin it is lost without a word; so is a second one. */
  if (http != NULL && survives(&frame, __func__) && !http->has_reply && http->is_created) {
    note_reply(http, status_code, pwasm_str(details, details_size), pwasm_str(body, body_size),
               pwasm_str(headers, headers_size), grpc_status);
    pwasm__host_defer(frame.host, (PwasmHostAction){.kind = PWASM_HOST_ACT_REPLY, .http = http});
  }
  return PWASM_STATUS_OK;
}

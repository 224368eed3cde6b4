#include "http_private.h"
#include "tcp_private.h"

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

  if (!http->is_ended)
    return true;
  pwasm__host_failure(frame->host, function, 0,
                      "stream %u has ended: in on_log and on_done this call makes Envoy crash",
                      http->context.id);
  return false;
}

/* Nor does Envoy survive that a response is resumed that has not come. */
static void
check_response_has_come(const PwasmHostcallFrame *frame, const PwasmHostHttp *http)
{
  if (!http->response.is_begun && !http->is_ended && !pwasm__is_ngx(frame->host))
    pwasm__host_failure(frame->host, "proxy_continue_stream", 0,
                        "stream %u has no response yet: resuming it makes Envoy crash",
                        http->context.id);
}

/* Nor that a stream is reset in the callback that has replied to it. (Other hosts can't reset streams.) */
static void
check_no_reply_waits(const PwasmHostcallFrame *frame, const PwasmHostHttp *http)
{
  if (http->has_reply && !http->is_replied)
    pwasm__host_failure(frame->host, "proxy_close_stream", 0,
                        "stream %u has a reply that is not sent yet: closing it makes Envoy crash",
                        http->context.id);
}

/* Why there is nothing to resume; NULL if there is. A callback that has not returned may pause yet. */
static const char *
cannot_resume(const PwasmHostcallFrame *frame, uint32_t stream_type)
{
  const PwasmHostHttp *http = http_of(frame);
  const PwasmHostTcp *tcp = frame->context == NULL ? NULL : frame->context->tcp;
  const PwasmHostHalf *half;

  if (tcp != NULL && stream_type == STREAM_DOWNSTREAM)
    return tcp->is_closed ? "the connection is closed"
           : tcp->downstream.is_paused || tcp->downstream.in_callback
             ? NULL
             : "nothing is paused on the connection";
  if (http == NULL || stream_type > STREAM_HTTP_RESPONSE)
    return "the context has no such stream: nothing is resumed";
  if (http->is_ended)
    return "the stream has ended";
  if (stream_type == STREAM_HTTP_REQUEST && http->has_reply)
    return "the plugin has replied to the request itself";
  half = stream_type == STREAM_HTTP_REQUEST ? &http->request : &http->response;
  if (half->is_resumed)
    return "it is resumed already";
  return half->in_callback || half->flow == PWASM_HOST_FLOW_HELD ||
             half->flow == PWASM_HOST_FLOW_STOPPED
           ? NULL
           : "nothing is paused";
}

/* Why there is nothing to close; NULL if there is. */
static const char *
cannot_close(const PwasmHostcallFrame *frame, uint32_t stream_type)
{
  const PwasmHostTcp *tcp = frame->context == NULL ? NULL : frame->context->tcp;

  if (stream_type >= STREAM_DOWNSTREAM && tcp != NULL)
    return tcp->is_closed ? "the connection is closed" : NULL;
  return stream_type <= STREAM_HTTP_RESPONSE && http_of(frame) != NULL
           ? NULL
           : "the context has no such stream: nothing is closed";
}

/* Why a reply does not reach the client; NULL if it does. */
static const char *
cannot_reply(const PwasmHostcallFrame *frame, PwasmStr headers)
{
  const PwasmHostHttp *http = http_of(frame);
  PwasmHostMap map = {0};
  bool is_sendable;

  if (http == NULL)
    return "the context has no HTTP stream: the reply is lost";
  if (http->is_ended)
    return NULL; /* worse, and said below */
  if (http->has_reply)
    return "the plugin has replied already";
  if (pwasm__is_apisix(frame->host) && http->response.is_begun)
    return "apisix takes replies to requests only: nothing comes of it";
  if (http->response.is_headers_forwarded)
    return "the client has the response's headers already: the stream is reset";
  pwasm__host_map_add_wire(&map, headers);
  is_sendable = pwasm__host_map_is_sendable(&map);
  pwasm__host_map_free(&map);
  return is_sendable ? NULL : PWASM_HOST_UNSENDABLE;
}

/* Ends the hostcall, before anything comes of it. */
static void
end_with(PwasmHostcallFrame *frame, const char *problem)
{
  if (problem != NULL)
    pwasm__hostcall_refuse(frame, PWASM_STATUS_OK, "%s", problem);
  else
    pwasm__hostcall_end(frame, PWASM_STATUS_OK);
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
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s", PWASM_STREAM_NAME(stream_type));
  if (stream_type > STREAM_UPSTREAM)
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_BAD_ARGUMENT, "there is no such stream");
  if (pwasm__is_ngx(frame.host) && stream_type > STREAM_HTTP_RESPONSE)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_INTERNAL_FAILURE);
  if (stream_type == STREAM_UPSTREAM)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_UNIMPLEMENTED);
  end_with(&frame, cannot_resume(&frame, stream_type));
  http = http_of(&frame);
  /* Where there is nothing to resume Envoy says OK too. */
  if (frame.context != NULL && frame.context->tcp != NULL && stream_type == STREAM_DOWNSTREAM)
    pwasm__host_defer(frame.host, (PwasmHostAction){.kind = PWASM_HOST_ACT_RESUME_DOWNSTREAM,
                                                    .tcp = frame.context->tcp});
  if (http != NULL && stream_type != STREAM_DOWNSTREAM) {
    if (stream_type == STREAM_HTTP_RESPONSE)
      check_response_has_come(&frame, http);
    hide_request(http);
    (stream_type == STREAM_HTTP_REQUEST ? &http->request : &http->response)->is_resumed = true;
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
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s", PWASM_STREAM_NAME(stream_type));
  if (stream_type > STREAM_UPSTREAM)
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_BAD_ARGUMENT, "there is no such stream");
  end_with(&frame, cannot_close(&frame, stream_type));
  http = http_of(&frame);
  if (http != NULL && stream_type <= STREAM_HTTP_RESPONSE)
    check_no_reply_waits(&frame, http);
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
  if (!pwasm__hostcall_takes(&frame, details, details_size) ||
      !pwasm__hostcall_takes(&frame, body, body_size) ||
      !pwasm__hostcall_takes(&frame, headers, headers_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u, %s, %s, %u bytes of headers, %d", status_code,
                           PWASM_QUOTE(details, details_size), PWASM_QUOTE(body, body_size),
                           headers_size, grpc_status);
  http = http_of(&frame);
  if (http != NULL && http->has_reply && pwasm__is_ngx(frame.host))
    return pwasm__hostcall_trap(&frame, "the plugin has replied already");
  end_with(&frame, cannot_reply(&frame, pwasm_str(headers, headers_size)));
  if (frame.context == NULL)
    return PWASM_STATUS_OK;
  if (pwasm__is_apisix(frame.host) && http != NULL && http->response.is_begun)
    return PWASM_STATUS_OK;
  frame.context->vm->stops_iteration = frame.host->depth > 0;
  /* On behalf of a plugin it is lost without a word; so is a second one. */
  if (http != NULL && survives(&frame, __func__) && !http->has_reply && http->is_created) {
    note_reply(http, status_code, pwasm_str(details, details_size), pwasm_str(body, body_size),
               pwasm_str(headers, headers_size), grpc_status);
    pwasm__host_defer(frame.host, (PwasmHostAction){.kind = PWASM_HOST_ACT_REPLY, .http = http});
  }
  return PWASM_STATUS_OK;
}

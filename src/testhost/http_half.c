#include "http_private.h"

/* What hosts make of a callback's answer, in Envoy's words. */
enum {
  CONTINUE = 0,
  STOP_ITERATION = 1,
  CONTINUE_AND_END_STREAM = 2, /* from headers; as CONTINUE */
  MAX_HEADERS_ANSWER = 4,
  STOP_AND_WATERMARK = 2, /* from a body */
};

static const PwasmHostTraits *
traits_of(const PwasmHostHalf *half)
{
  return half->http->host->traits;
}

static bool
told_of_end(const PwasmHostHalf *half, bool end_of_stream)
{
  switch (traits_of(half)->end_flag) {
  case PWASM_HOST_END_IS_FALSE:
    return false;
  case PWASM_HOST_END_IS_TRUE:
    return true;
  default:
    return end_of_stream;
  }
}

/* What a host for nginx makes of an answer. ngx_wasm_module can't hold back the headers of a response, and
 * its body once. wasm-nginx-module holds back a request that waits for an HTTP call, whatever the answer,
 * and nothing else. */
static uint32_t
heed(const PwasmHostHalf *half, bool is_headers, uint32_t answer)
{
  const PwasmHostHttp *http = half->http;
  bool is_request = half == &http->request;

  if (pwasm__is_apisix(http->host))
    return is_request && pwasm__host_waits_for_call(&http->context) ? STOP_ITERATION : CONTINUE;
  if (pwasm__is_ngx(http->host) && !is_request && (is_headers || half->is_buffering))
    return CONTINUE;
  return answer;
}

static uint32_t
call(PwasmHostHalf *half, PwasmHostCallback callback, size_t a, bool b, bool *ret_stopped)
{
  PwasmHostHttp *http = half->http;
  uint32_t answer;

  *ret_stopped = false;
  half->answer = PWASM_ACTION_CONTINUE;
  if (!http->is_created || http->is_ended || http->is_failed)
    return CONTINUE;
  half->in_callback = true;
  answer =
    pwasm__host_enter(http->context.vm, callback, http->context.id, (uint32_t)a, b, ret_stopped);
  half->in_callback = false;
  if (http->context.vm->has_trapped) {
    answer = STOP_ITERATION;
    *ret_stopped = true;
    pwasm__http_fail(http);
  }
  half->answer = (PwasmAction)answer;
  return heed(half, callback == half->callbacks->headers, answer);
}

/* Passes on all that is held back. */
static void
forward(PwasmHostHalf *half)
{
  half->flow = PWASM_HOST_FLOW_PASSES;
  half->is_buffering = false;
  half->is_limited = false;
  half->is_headers_readable = false;
  half->is_body_readable = false;
  half->is_headers_forwarded = true;
  if (!half->http->host->forgets_bodies)
    pwasm__host_bytes_append(&half->forwarded, pwasm__host_bytes_str(&half->body));
  half->body.len = 0;
  if (half->has_trailers && half->is_trailers_reported) {
    half->is_trailers_readable = false;
    half->is_trailers_forwarded = true;
  }
  half->is_complete = half->has_ended && half->unread.len == 0 &&
                      (!half->has_trailers || half->is_trailers_forwarded);
}

void
pwasm__half_headers(PwasmHostHalf *half, PwasmHostHeaders headers, bool end_of_stream)
{
  uint32_t answer;
  bool is_stopped;

  half->is_begun = true;
  half->has_ended = end_of_stream;
  pwasm__host_map_add_all(&half->sent, headers);
  pwasm__host_map_add_all(&half->headers, headers);
  half->is_headers_readable = true;
  answer = call(half, half->callbacks->headers,
                traits_of(half)->hides_num_headers ? 0 : half->headers.num_pairs,
                told_of_end(half, end_of_stream), &is_stopped);
  if (half->flow == PWASM_HOST_FLOW_ABORTED)
    return;
  if (!is_stopped && (answer == CONTINUE || answer == CONTINUE_AND_END_STREAM))
    forward(half);
  else if (!is_stopped && answer == STOP_ITERATION &&
           (half->http->context.plugin->allow_on_headers_stop_iteration ||
            traits_of(half)->stops_iteration))
    half->flow = PWASM_HOST_FLOW_HELD;
  else
    half->flow = PWASM_HOST_FLOW_STOPPED;
}

/* Whether there is more of a body than the host buffers. */
static bool
is_over_limit(const PwasmHostHalf *half)
{
  size_t limit = half->http->host->buffer_limit;

  return limit != 0 && half->body.len > limit && !traits_of(half)->collects_requests;
}

static void
end_over_limit(PwasmHostHalf *half)
{
  if (half == &half->http->request)
    pwasm__http_send_host_reply(half->http, 413, PWASM_STR("Payload Too Large"));
  else
    pwasm__http_send_host_reply(half->http, 500, PWASM_STR("Internal Server Error"));
}

/* Reports what is in `body`. */
static void
report_body(PwasmHostHalf *half)
{
  /* Envoy buffers what is added to what is held back before it asks the plugin, whose answer and reply are
   * too late then. A stream that is reset is not reported at all. */
  bool is_over = half->is_limited && is_over_limit(half);
  uint32_t answer;
  bool is_stopped;

  if (is_over && half == &half->http->response && half->is_headers_forwarded) {
    end_over_limit(half);
    return;
  }
  half->is_body_readable = true;
  answer = call(half, half->callbacks->body, half->body.len, half->has_ended && !half->has_trailers,
                &is_stopped);
  if (half->flow == PWASM_HOST_FLOW_ABORTED)
    return;
  /* Trailers that the plugin has made itself are not reported to it. */
  half->is_trailers_reported = half->is_trailers_reported || half->is_trailers_readable;
  half->is_limited = !is_stopped && answer == STOP_ITERATION;
  if (is_over || (half->is_limited && is_over_limit(half))) {
    end_over_limit(half);
    return;
  }
  if (!is_stopped && answer == CONTINUE) {
    forward(half);
    return;
  }
  half->flow = PWASM_HOST_FLOW_HELD;
  half->is_buffering = !is_stopped && answer <= STOP_AND_WATERMARK;
  /* Any other answer says that the plugin has taken the bytes. */
  if (!half->is_buffering) {
    half->body.len = 0;
    half->is_body_readable = false;
  }
}

/* Whether the host waits for more of a body before it reports any. */
static bool
is_collected(const PwasmHostHalf *half)
{
  return traits_of(half)->collects_requests && half == &half->http->request && !half->has_ended;
}

/* Reports what has come, together with what is held back. */
static void
report_unread(PwasmHostHalf *half)
{
  pwasm__host_bytes_append(&half->body, pwasm__host_bytes_str(&half->unread));
  half->unread.len = 0;
  /* A host that collects has no callback for a body that is none. */
  if (half->body.len == 0 && traits_of(half)->collects_requests && half == &half->http->request)
    forward(half);
  else
    report_body(half);
}

void
pwasm__half_body(PwasmHostHalf *half, PwasmStr bytes, bool end_of_stream)
{
  if (half->flow == PWASM_HOST_FLOW_ABORTED)
    return;
  half->has_ended = end_of_stream;
  half->num_bytes_sent += bytes.len;
  if (half->flow == PWASM_HOST_FLOW_STOPPED || is_collected(half)) {
    pwasm__host_bytes_append(&half->unread, bytes);
    return;
  }
  pwasm__host_bytes_append(&half->unread, bytes);
  report_unread(half);
}

static void
report_trailers(PwasmHostHalf *half)
{
  uint32_t answer;
  bool is_stopped;

  half->is_trailers_reported = true;
  half->is_trailers_readable = true;
  answer = call(half, half->callbacks->trailers, half->trailers.num_pairs, false, &is_stopped);
  if (half->flow == PWASM_HOST_FLOW_ABORTED)
    return;
  if (!is_stopped && answer == CONTINUE)
    forward(half);
  else
    half->flow = PWASM_HOST_FLOW_HELD;
}

/* In a host that has no callback for them: the body ends, and they go with it. */
static void
end_with_trailers(PwasmHostHalf *half, PwasmHostHeaders trailers)
{
  pwasm__half_body(half, PWASM_STR(""), true);
  if (half->flow == PWASM_HOST_FLOW_ABORTED)
    return;
  half->has_trailers = true;
  half->is_trailers_reported = true;
  pwasm__host_map_add_all(&half->trailers, trailers);
  if (half->flow == PWASM_HOST_FLOW_PASSES)
    forward(half);
}

void
pwasm__half_trailers(PwasmHostHalf *half, PwasmHostHeaders trailers)
{
  if (traits_of(half)->lacks[half->callbacks->trailers]) {
    end_with_trailers(half, trailers);
    return;
  }
  half->has_ended = true;
  half->has_trailers = true;
  pwasm__host_map_add_all(&half->trailers, trailers);
  if (half->flow != PWASM_HOST_FLOW_STOPPED)
    report_trailers(half);
}

void
pwasm__half_metadata(PwasmHostHalf *half, size_t num_elements)
{
  bool is_stopped;

  call(half, half->callbacks->metadata, num_elements, false, &is_stopped);
}

void
pwasm__half_resume(PwasmHostHalf *half)
{
  PwasmHostFlow flow = half->flow;

  half->is_resumed = false;
  if (flow != PWASM_HOST_FLOW_HELD && flow != PWASM_HOST_FLOW_STOPPED)
    return;
  forward(half);
  if (flow == PWASM_HOST_FLOW_HELD)
    return;
  /* What came meanwhile is reported now, as one piece. */
  if (half->unread.len > 0 && !is_collected(half))
    report_unread(half);
  if (half->has_trailers && !half->is_trailers_reported && half->flow != PWASM_HOST_FLOW_ABORTED)
    report_trailers(half);
}

void
pwasm__half_abort(PwasmHostHalf *half)
{
  half->flow = PWASM_HOST_FLOW_ABORTED;
  half->is_headers_readable = false;
  half->is_body_readable = false;
  half->is_trailers_readable = false;
  half->is_buffering = false;
  half->body.len = 0;
  half->unread.len = 0;
}

void
pwasm__half_free(PwasmHostHalf *half)
{
  pwasm__host_map_free(&half->sent);
  pwasm__host_map_free(&half->headers);
  pwasm__host_map_free(&half->trailers);
  pwasm__host_bytes_free(&half->body);
  pwasm__host_bytes_free(&half->unread);
  pwasm__host_bytes_free(&half->forwarded);
}

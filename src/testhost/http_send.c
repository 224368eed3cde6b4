#include "http_private.h"

/* Whether something may arrive at a half now; if not, the test has it wrong. */
static bool
may_send(PwasmHostHalf *half, const char *function, bool is_headers)
{
  PwasmHost *host = half->http->host;
  const char *problem = half->http->is_ended           ? "the stream has ended"
                        : half->has_ended              ? "nothing can follow the end of the stream"
                        : half->is_begun && is_headers ? "the headers were sent already"
                        : !half->is_begun && !is_headers ? "the headers were not sent yet"
                                                         : NULL;

  /* After a reply or a reset the other side may not have noticed yet. */
  if (half->flow == PWASM_HOST_FLOW_ABORTED || half->http->is_replied)
    return false;
  if (problem != NULL)
    pwasm__host_failure(host, function, 0, "%s", problem);
  return problem == NULL;
}

/* What the plugin has just answered; what was deferred makes further callbacks. */
static PwasmAction
settled_answer(PwasmHostHalf *half)
{
  PwasmAction answer = half->answer;

  pwasm__host_settle(half->http->host);
  return answer;
}

static PwasmAction
send_headers(PwasmHostHalf *half, const char *function, PwasmHostHeaders headers,
             bool end_of_stream)
{
  if (!may_send(half, function, true))
    return PWASM_ACTION_CONTINUE;
  pwasm__half_headers(half, headers, end_of_stream);
  return settled_answer(half);
}

static PwasmAction
send_body(PwasmHostHalf *half, const char *function, PwasmStr bytes, bool end_of_stream)
{
  if (!may_send(half, function, false))
    return PWASM_ACTION_CONTINUE;
  pwasm__half_body(half, bytes, end_of_stream);
  return settled_answer(half);
}

static PwasmAction
send_trailers(PwasmHostHalf *half, const char *function, PwasmHostHeaders trailers)
{
  if (!may_send(half, function, false))
    return PWASM_ACTION_CONTINUE;
  pwasm__half_trailers(half, trailers);
  return settled_answer(half);
}

static void
send_metadata(PwasmHostHalf *half, const char *function, size_t num_elements)
{
  if (may_send(half, function, false)) {
    pwasm__half_metadata(half, num_elements);
    pwasm__host_settle(half->http->host);
  }
}

PwasmAction
pwasm_host_http_send_request_headers(PwasmHostHttp *http, PwasmHostHeaders headers,
                                     bool end_of_stream)
{
  if (!http->is_ended)
    pwasm__http_create(http);
  return send_headers(&http->request, __func__, headers, end_of_stream);
}

PwasmAction
pwasm_host_http_send_request_body(PwasmHostHttp *http, PwasmStr bytes, bool end_of_stream)
{
  return send_body(&http->request, __func__, bytes, end_of_stream);
}

PwasmAction
pwasm_host_http_send_request_trailers(PwasmHostHttp *http, PwasmHostHeaders trailers)
{
  return send_trailers(&http->request, __func__, trailers);
}

void
pwasm_host_http_send_request_metadata(PwasmHostHttp *http, size_t num_elements)
{
  send_metadata(&http->request, __func__, num_elements);
}

PwasmAction
pwasm_host_http_send_response_headers(PwasmHostHttp *http, PwasmHostHeaders headers,
                                      bool end_of_stream)
{
  return send_headers(&http->response, __func__, headers, end_of_stream);
}

PwasmAction
pwasm_host_http_send_response_body(PwasmHostHttp *http, PwasmStr bytes, bool end_of_stream)
{
  return send_body(&http->response, __func__, bytes, end_of_stream);
}

PwasmAction
pwasm_host_http_send_response_trailers(PwasmHostHttp *http, PwasmHostHeaders trailers)
{
  return send_trailers(&http->response, __func__, trailers);
}

void
pwasm_host_http_send_response_metadata(PwasmHostHttp *http, size_t num_elements)
{
  send_metadata(&http->response, __func__, num_elements);
}

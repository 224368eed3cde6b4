#include "http_private.h"

PwasmHostHttpState
pwasm_host_http_state(const PwasmHostHttp *http)
{
  PwasmHostFlow request = http->request.flow;
  PwasmHostFlow response = http->response.flow;

  if (http->is_reset)
    return PWASM_HOST_HTTP_RESET;
  if (response == PWASM_HOST_FLOW_HELD || response == PWASM_HOST_FLOW_STOPPED)
    return PWASM_HOST_HTTP_RESPONSE_PAUSED;
  if (http->is_replied)
    return PWASM_HOST_HTTP_REPLIED;
  if (request == PWASM_HOST_FLOW_HELD || request == PWASM_HOST_FLOW_STOPPED)
    return PWASM_HOST_HTTP_REQUEST_PAUSED;
  return PWASM_HOST_HTTP_RUNNING;
}

bool
pwasm_host_http_is_ended(const PwasmHostHttp *http)
{
  return http->is_ended;
}

static PwasmHostMessage
message_of(const PwasmHostHalf *half)
{
  PwasmHostMessage message = {0};

  message.has_headers = half->is_headers_forwarded;
  message.has_trailers = half->is_trailers_forwarded;
  message.is_complete = half->is_complete;
  if (message.has_headers)
    message.headers = pwasm__host_map_headers(&half->headers);
  message.body = pwasm__host_bytes_str(&half->forwarded);
  if (message.has_trailers)
    message.trailers = pwasm__host_map_headers(&half->trailers);
  return message;
}

PwasmHostMessage
pwasm_host_http_request(const PwasmHostHttp *http)
{
  return message_of(&http->request);
}

PwasmHostMessage
pwasm_host_http_response(const PwasmHostHttp *http)
{
  return message_of(&http->response);
}

const PwasmHostReply *
pwasm_host_http_reply(const PwasmHostHttp *http)
{
  return http->has_reply ? &http->reply : NULL;
}

#include "http_private.h"

static void
reply_for_upstream(PwasmHostHttp *http)
{
  if (pwasm__is_ngx(http->host) || pwasm__is_apisix(http->host))
    pwasm__http_send_host_reply(http, 502, PWASM_STR("502 Bad Gateway"));
  else
    pwasm__http_send_host_reply(
      http, 503,
      PWASM_STR("upstream connect error or disconnect/reset before headers. reset reason: "
                "connection termination"));
}

void
pwasm_host_http_reset_upstream(PwasmHostHttp *http)
{
  if (http->is_ended || http->is_replied || http->response.has_ended)
    return;
  if (!http->request.is_headers_forwarded) {
    PWASM__HOST_MISUSE(http->host, "the upstream has not got the request of stream %u",
                       http->context.id);
    return;
  }
  if (http->response.is_begun)
    pwasm__http_close(http);
  else
    reply_for_upstream(http);
  pwasm__host_settle(http->host);
}

#include "http_private.h"

#include <stdio.h>
#include <string.h>

#define GRPC_CONTENT_TYPE PWASM_STR("application/grpc")

static bool
is_grpc(const PwasmHostHttp *http)
{
  return pwasm_str_starts_with(
    pwasm__host_map_get(&http->request.headers, PWASM_STR("content-type")), GRPC_CONTENT_TYPE);
}

static bool
is_head(const PwasmHostHttp *http)
{
  return pwasm_str_equal(pwasm__host_map_get(&http->request.headers, PWASM_STR(":method")),
                         PWASM_STR("HEAD"));
}

static void
set_number(PwasmHostMap *map, PwasmStr name, size_t number)
{
  char text[24];
  int len = snprintf(text, sizeof text, "%zu", number);

  pwasm__host_map_replace(map, name, pwasm_str(text, (size_t)len));
}

/* The gRPC status that Envoy answers with where the plugin gives none. */
static uint32_t
grpc_from_http(uint32_t status_code)
{
  switch (status_code) {
  case 400:
    return PWASM_GRPC_STATUS_INTERNAL;
  case 401:
    return PWASM_GRPC_STATUS_UNAUTHENTICATED;
  case 403:
    return PWASM_GRPC_STATUS_PERMISSION_DENIED;
  case 404:
    return PWASM_GRPC_STATUS_UNIMPLEMENTED;
  case 429:
  case 502:
  case 503:
  case 504:
    return PWASM_GRPC_STATUS_UNAVAILABLE;
  default:
    return PWASM_GRPC_STATUS_UNKNOWN;
  }
}

/* What the host puts behind the body of a plugin's reply. */
static const char *
end_of_body(const PwasmHostHttp *http, const PwasmHostReply *reply)
{
  return pwasm__is_ngx(http->host) && reply == &http->reply ? "\n" : "";
}

static PwasmHostBytes
make_body(const PwasmHostHttp *http, const PwasmHostReply *reply)
{
  PwasmHostBytes body = {0};

  pwasm__host_bytes_append(&body, reply->body);
  pwasm__host_bytes_append(&body, pwasm_str_from_cstr(end_of_body(http, reply)));
  return body;
}

/* The headers of the response that Envoy makes of a reply; whether a body follows. */
static bool
make_headers(const PwasmHostHttp *http, const PwasmHostReply *reply, PwasmHostMap *map)
{
  set_number(map, PWASM_STR(":status"), reply->status_code);
  pwasm__host_map_add_all(map, reply->headers);
  if (is_grpc(http)) {
    set_number(map, PWASM_STR(":status"), 200);
    pwasm__host_map_replace(map, PWASM_STR("content-type"), GRPC_CONTENT_TYPE);
    set_number(map, PWASM_STR("grpc-status"),
               reply->has_grpc_status ? reply->grpc_status : grpc_from_http(reply->status_code));
    if (reply->body.len > 0)
      pwasm__host_map_replace(map, PWASM_STR("grpc-message"), reply->body);
    return false;
  }
  if (reply->body.len == 0) {
    pwasm__host_map_remove(map, PWASM_STR("content-length"));
    pwasm__host_map_remove(map, PWASM_STR("content-type"));
    return false;
  }
  set_number(map, PWASM_STR("content-length"), reply->body.len + strlen(end_of_body(http, reply)));
  if (!pwasm_str_is_present(pwasm__host_map_get(map, PWASM_STR("content-type"))))
    pwasm__host_map_add(map, PWASM_STR("content-type"), PWASM_STR("text/plain"));
  return !is_head(http);
}

/* To the client, past the plugin. */
static void
send_directly(PwasmHostHalf *response, const PwasmHostMap *headers, const PwasmHostBytes *body)
{
  pwasm__half_abort(response);
  pwasm__host_map_clear(&response->headers);
  pwasm__host_map_add_all(&response->headers, pwasm__host_map_headers(headers));
  response->is_headers_forwarded = true;
  pwasm__host_bytes_append(&response->forwarded, pwasm__host_bytes_str(body));
  response->is_complete = true;
}

static void
send_reply(PwasmHostHttp *http, const PwasmHostReply *reply)
{
  PwasmHostHalf *response = &http->response;
  PwasmHostMap headers = {0};
  PwasmHostBytes body = {0};

  if (http->is_ended || http->is_replied)
    return;
  if (response->is_headers_forwarded) {
    pwasm__trace(http->host, "- stream %u is reset: a reply after the response's headers",
                 http->context.id);
    pwasm__http_close(http);
    return;
  }
  http->is_replied = true;
  pwasm__half_abort(&http->request);
  if (make_headers(http, reply, &headers))
    body = make_body(http, reply);
  if (response->is_begun) {
    send_directly(response, &headers, &body);
  } else {
    pwasm__half_headers(response, pwasm__host_map_headers(&headers), body.len == 0);
    if (body.len > 0)
      pwasm__half_body(response, pwasm__host_bytes_str(&body), true);
  }
  pwasm__host_map_free(&headers);
  pwasm__host_bytes_free(&body);
}

void
pwasm__http_send_reply(PwasmHostHttp *http)
{
  send_reply(http, &http->reply);
}

void
pwasm__http_send_host_reply(PwasmHostHttp *http, uint32_t status_code, PwasmStr body)
{
  PwasmHostReply reply = {.status_code = status_code, .body = body};

  if (http->is_replied)
    pwasm__http_close(http);
  else
    send_reply(http, &reply);
}

#include <pwasm/buffer.h>

#include "http_private.h"
#include "tcp_private.h"

/* The body that the plugin can get at now; NULL when it can't. */
static PwasmHostBytes *
body_of(const PwasmHostcallFrame *frame, uint32_t buffer)
{
  PwasmHostHttp *http = frame->context == NULL ? NULL : frame->context->http;
  PwasmHostHalf *half;

  if (buffer == PWASM_BUFFER_DOWNSTREAM_DATA || buffer == PWASM_BUFFER_UPSTREAM_DATA)
    return frame->context == NULL ? NULL : pwasm__host_tcp_data(frame->context->tcp, buffer);
  if (http == NULL || buffer > PWASM_BUFFER_HTTP_RESPONSE_BODY)
    return NULL;
  half = buffer == PWASM_BUFFER_HTTP_REQUEST_BODY ? &http->request : &http->response;
  return half->is_body_readable || half->is_buffering ? &half->body : NULL;
}

/* What a buffer holds; missing when Envoy says NOT_FOUND. A body or data out of their time are empty,
 * like a configuration that was not given. */
static PwasmStr
contents_of(const PwasmHostcallFrame *frame, uint32_t buffer)
{
  const PwasmHostContext *context = frame->context;
  const PwasmHostBytes *body = body_of(frame, buffer);

  if (context == NULL)
    return pwasm_str(NULL, 0);
  if (body != NULL)
    return pwasm__host_bytes_str(body);
  if (buffer == PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY || buffer == PWASM_BUFFER_GRPC_CALL_MESSAGE)
    return pwasm__host_answer_buffer(frame, buffer);
  switch (buffer) {
  case PWASM_BUFFER_VM_CONFIGURATION:
    return context->vm->configuration;
  case PWASM_BUFFER_PLUGIN_CONFIGURATION:
    if (context->plugin != NULL && context->plugin->configuration_readable)
      return context->plugin->configuration;
    return pwasm_str(NULL, 0);
  case PWASM_BUFFER_FOREIGN_FUNCTION_ARGUMENTS:
    return pwasm__host_foreign_arguments(frame);
  default:
    return PWASM_STR("");
  }
}

#define NOT_NOW                                                                                    \
  "the buffer is not there now: only in its callback, and while the plugin holds it back"

/* Of an answer a plugin may find out what there is. */
static bool
may_be_absent(const PwasmHostcallFrame *frame, uint32_t buffer)
{
  return (buffer == PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY ||
          buffer == PWASM_BUFFER_GRPC_CALL_MESSAGE) &&
         pwasm__host_answer_is_there(frame);
}

/* nginx keeps a large body of a request in a file, of which ngx_wasm_module has nothing. */
static bool
is_in_file(const PwasmHostcallFrame *frame, uint32_t buffer)
{
  const PwasmHostBytes *body = body_of(frame, buffer);
  size_t limit = frame->host->buffer_limit;

  return pwasm__is_ngx(frame->host) && buffer == PWASM_BUFFER_HTTP_REQUEST_BODY && body != NULL &&
         limit > 0 && body->len > limit;
}

/* ngx_wasm_module tells of a body without bytes, and of a request's that is not there yet, that it is not found;
 * in other wrong phases it traps. */
static bool
is_not_found_in_ngx(const PwasmHostcallFrame *frame, uint32_t buffer)
{
  const PwasmHostBytes *body = body_of(frame, buffer);

  if (!pwasm__is_ngx(frame->host) || frame->context == NULL || frame->context->http == NULL)
    return false;
  return body != NULL ? body->len == 0 : buffer == PWASM_BUFFER_HTTP_REQUEST_BODY;
}

static bool
apisix_has(uint32_t buffer)
{
  return buffer <= PWASM_BUFFER_HTTP_RESPONSE_BODY ||
         buffer == PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY ||
         buffer == PWASM_BUFFER_PLUGIN_CONFIGURATION;
}

uint32_t
proxy_get_buffer_bytes(uint32_t buffer, uint32_t start, uint32_t max_size, char **ret_bytes,
                       uint32_t *ret_size)
{
  PwasmHostcallFrame frame;
  PwasmStr contents;

  if (!PWASM_HOSTCALL_BEGIN_BYTES(&frame, proxy_get_buffer_bytes, ret_bytes, ret_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %u, %u", PWASM_BUFFER_NAME(buffer), start, max_size);
  if (buffer > PWASM_BUFFER_FOREIGN_FUNCTION_ARGUMENTS)
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_BAD_ARGUMENT, "there is no such buffer");
  contents = contents_of(&frame, buffer);
  if (pwasm__is_apisix(frame.host) && !apisix_has(buffer))
    return pwasm__hostcall_end(&frame, PWASM_STATUS_UNIMPLEMENTED);
  if (pwasm__is_apisix(frame.host) && contents.len == 0)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_NOT_FOUND);
  if (is_in_file(&frame, buffer))
    return pwasm__hostcall_end(&frame, PWASM_STATUS_NOT_FOUND);
  if (is_not_found_in_ngx(&frame, buffer)) {
    if (body_of(&frame, buffer) == NULL)
      pwasm__strict_failure(&frame, PWASM_STATUS_NOT_FOUND, NOT_NOW);
    return pwasm__hostcall_end(&frame, PWASM_STATUS_NOT_FOUND);
  }
  if (pwasm__is_ngx(frame.host))
    start = 0;
  if (!pwasm_str_is_present(contents) && may_be_absent(&frame, buffer))
    return pwasm__hostcall_end(&frame, PWASM_STATUS_NOT_FOUND);
  if (!pwasm_str_is_present(contents))
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_NOT_FOUND, NOT_NOW);
  if (buffer <= PWASM_BUFFER_UPSTREAM_DATA && body_of(&frame, buffer) == NULL) {
    *ret_bytes = NULL;
    *ret_size = 0;
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_OK, NOT_NOW);
  }
  contents = pwasm_str_slice(contents, start, max_size);
  PWASM_HOSTCALL_RESULTS(&frame, "%s", PWASM_QUOTE(contents.data, contents.len));
  return pwasm__hostcall_end(&frame,
                             pwasm__guest_return(frame.context->vm, contents, ret_bytes, ret_size));
}

uint32_t
proxy_get_buffer_status(uint32_t buffer, uint32_t *ret_size, uint32_t *ret_flags)
{
  PwasmHostcallFrame frame;
  PwasmStr contents;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_get_buffer_status))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u", buffer);
  if (buffer > PWASM_BUFFER_FOREIGN_FUNCTION_ARGUMENTS)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  contents = contents_of(&frame, buffer);
  if (!pwasm_str_is_present(contents))
    return pwasm__hostcall_end(&frame, PWASM_STATUS_NOT_FOUND);
  *ret_size = (uint32_t)contents.len;
  /* Nobody has ever defined any. */
  *ret_flags = 0;
  PWASM_HOSTCALL_RESULTS(&frame, "%u", *ret_size);
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

static uint32_t
change(PwasmHostcallFrame *frame, PwasmHostBytes *body, uint32_t start, uint32_t size,
       PwasmStr bytes)
{
  if (start > 0 && start < body->len && pwasm__is_ngx(frame->host)) {
    /* What followed is lost. */
    body->len = start;
    pwasm__host_bytes_append(body, bytes);
    return pwasm__hostcall_end(frame, PWASM_STATUS_OK);
  }
  if (start > 0 && start < body->len)
    return pwasm__hostcall_refuse(frame, PWASM_STATUS_BAD_ARGUMENT,
                                  "bytes can be put before, behind, or in the place of the first "
                                  "ones, not in between");
  if (start == 0) {
    pwasm__host_bytes_drain(body, size);
    pwasm__host_bytes_prepend(body, bytes);
  } else {
    pwasm__host_bytes_append(body, bytes);
  }
  return pwasm__hostcall_end(frame, PWASM_STATUS_OK);
}

uint32_t
proxy_set_buffer_bytes(uint32_t buffer, uint32_t start, uint32_t size, const char *bytes,
                       uint32_t bytes_size)
{
  PwasmHostcallFrame frame;
  PwasmHostBytes *body;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_set_buffer_bytes))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, bytes, bytes_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %u, %u, %s", PWASM_BUFFER_NAME(buffer), start, size,
                           PWASM_QUOTE(bytes, bytes_size));
  if (buffer > PWASM_BUFFER_FOREIGN_FUNCTION_ARGUMENTS)
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_BAD_ARGUMENT, "there is no such buffer");
  body = body_of(&frame, buffer);
  if (body != NULL)
    return change(&frame, body, start, size, pwasm_str(bytes, bytes_size));
  if (frame.context != NULL && buffer <= PWASM_BUFFER_UPSTREAM_DATA)
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_BAD_ARGUMENT, NOT_NOW);
  return pwasm__hostcall_refuse(&frame,
                                pwasm_str_is_present(contents_of(&frame, buffer))
                                  ? PWASM_STATUS_BAD_ARGUMENT
                                  : PWASM_STATUS_NOT_FOUND,
                                "the buffer is there to be read only");
}

/* Bodies: appends to, prepends to or replaces the body of a request or a response, as the request's
 * headers say. Configured with `echo`, it is an upstream that answers with the request's body. */

#include <pwasm/pwasm.h>

#define APPENDED "[this is appended body]"
#define PREPENDED "[this is prepended body]"
#define REPLACED "[this is replaced body]"

typedef enum Operation { OPERATION_REPLACE, OPERATION_APPEND, OPERATION_PREPEND } Operation;

typedef struct BodyPlugin {
  PwasmPluginContext base;
  bool is_echo;
} BodyPlugin;

/* Changes bodies. */
typedef struct SetBodyHttp {
  PwasmHttpContext base;
  Operation operation;
  bool changes_response;
  bool holds_body; /* waits for the rest of it */
} SetBodyHttp;

/* Answers with the request's body. */
typedef struct EchoHttp {
  PwasmHttpContext base;
  bool holds_body;
} EchoHttp;

static bool
header_is(PwasmStr name, PwasmStr expected)
{
  PwasmStr value;

  return pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, name, &value) == PWASM_STATUS_OK &&
         pwasm_str_equal(value, expected);
}

/* Without a reply the request goes on: paused, it would hang. */
static PwasmAction
reply(PwasmHttpContext *ctx, uint32_t status_code, PwasmStr body)
{
  PwasmStatus status =
    pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = status_code, .body = body});

  if (status == PWASM_STATUS_OK)
    return PWASM_ACTION_PAUSE;
  pwasm_logf(PWASM_LOG_ERROR, "failed to send a local reply: %s", pwasm_status_text(status));
  return PWASM_ACTION_CONTINUE;
}

/* A body of another size than announced would be taken for a broken message. */
static void
remove_content_length(PwasmMap map)
{
  PwasmStatus status = pwasm_header_remove(map, PWASM_STR("content-length"));

  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_ERROR, "failed to remove content-length: %s", pwasm_status_text(status));
}

static void
change_body(PwasmBuffer buffer, Operation operation, const char *which)
{
  static const char *const names[] = {
    [OPERATION_REPLACE] = "replace",
    [OPERATION_APPEND] = "append",
    [OPERATION_PREPEND] = "prepend",
  };
  PwasmStr body;
  PwasmStatus status = pwasm_buffer_get(buffer, 0, SIZE_MAX, &body);

  if (status != PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_ERROR, "failed to get %s body: %s", which, pwasm_status_text(status));
    return;
  }
  pwasm_logf(PWASM_LOG_INFO, "original %s body: %.*s", which, PWASM_STR_ARG(body));
  switch (operation) {
  case OPERATION_APPEND:
    status = pwasm_buffer_append(buffer, PWASM_STR(APPENDED));
    break;
  case OPERATION_PREPEND:
    status = pwasm_buffer_prepend(buffer, PWASM_STR(PREPENDED));
    break;
  default:
    status = pwasm_buffer_replace(buffer, PWASM_STR(REPLACED));
    break;
  }
  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_ERROR, "failed to %s %s body: %s", names[operation], which,
               pwasm_status_text(status));
}

static PwasmAction
set_body_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  SetBodyHttp *self = PWASM_SELF(SetBodyHttp, ctx);
  PwasmStr content_length;

  (void)num_headers;
  (void)end_of_stream;
  if (pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("content-length"),
                       &content_length) != PWASM_STATUS_OK)
    return reply(ctx, 400, PWASM_STR("content must be provided"));
  /* Not before: the host hands the plugin's own reply to its callbacks for responses. */
  self->changes_response = header_is(PWASM_STR("buffer-replace-at"), PWASM_STR("response"));
  remove_content_length(PWASM_MAP_HTTP_REQUEST_HEADERS);
  if (header_is(PWASM_STR("buffer-operation"), PWASM_STR("append")))
    self->operation = OPERATION_APPEND;
  else if (header_is(PWASM_STR("buffer-operation"), PWASM_STR("prepend")))
    self->operation = OPERATION_PREPEND;
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
set_body_on_request_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  SetBodyHttp *self = PWASM_SELF(SetBodyHttp, ctx);

  (void)body_size;
  if (self->changes_response)
    return PWASM_ACTION_CONTINUE;
  /* Until the whole body is here. */
  self->holds_body = !end_of_stream;
  if (self->holds_body)
    return PWASM_ACTION_PAUSE;
  change_body(PWASM_BUFFER_HTTP_REQUEST_BODY, self->operation, "request");
  return PWASM_ACTION_CONTINUE;
}

/* Of a body that trailers follow no part is the last one. */
static PwasmAction
set_body_on_request_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)num_trailers;
  if (!PWASM_SELF(SetBodyHttp, ctx)->holds_body)
    return PWASM_ACTION_CONTINUE;
  return set_body_on_request_body(ctx, 0, true);
}

static PwasmAction
set_body_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  SetBodyHttp *self = PWASM_SELF(SetBodyHttp, ctx);

  (void)num_headers;
  (void)end_of_stream;
  if (self->changes_response)
    remove_content_length(PWASM_MAP_HTTP_RESPONSE_HEADERS);
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
set_body_on_response_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  SetBodyHttp *self = PWASM_SELF(SetBodyHttp, ctx);

  (void)body_size;
  if (!self->changes_response)
    return PWASM_ACTION_CONTINUE;
  self->holds_body = !end_of_stream;
  if (self->holds_body)
    return PWASM_ACTION_PAUSE;
  change_body(PWASM_BUFFER_HTTP_RESPONSE_BODY, self->operation, "response");
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
set_body_on_response_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)num_trailers;
  if (!PWASM_SELF(SetBodyHttp, ctx)->holds_body)
    return PWASM_ACTION_CONTINUE;
  return set_body_on_response_body(ctx, 0, true);
}

static PwasmAction
echo_on_request_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  EchoHttp *self = PWASM_SELF(EchoHttp, ctx);
  PwasmStr body;
  PwasmStatus status;

  (void)body_size;
  self->holds_body = !end_of_stream;
  if (self->holds_body)
    return PWASM_ACTION_PAUSE;
  status = pwasm_buffer_get(PWASM_BUFFER_HTTP_REQUEST_BODY, 0, SIZE_MAX, &body);
  if (status != PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_ERROR, "failed to get request body: %s", pwasm_status_text(status));
    return PWASM_ACTION_CONTINUE;
  }
  return reply(ctx, 200, body);
}

static PwasmAction
echo_on_request_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)num_trailers;
  if (!PWASM_SELF(EchoHttp, ctx)->holds_body)
    return PWASM_ACTION_CONTINUE;
  return echo_on_request_body(ctx, 0, true);
}

static const PwasmHttpContextClass set_body_http_class = {
  PWASM_HTTP_SUBCLASS(SetBodyHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, set_body_on_request_headers),
  PWASM_ON(on_request_body, set_body_on_request_body),
  PWASM_ON(on_request_trailers, set_body_on_request_trailers),
  PWASM_ON(on_response_headers, set_body_on_response_headers),
  PWASM_ON(on_response_body, set_body_on_response_body),
  PWASM_ON(on_response_trailers, set_body_on_response_trailers),
};

static const PwasmHttpContextClass echo_http_class = {
  PWASM_HTTP_SUBCLASS(EchoHttp, pwasm_http_context_class),
  PWASM_ON(on_request_body, echo_on_request_body),
  PWASM_ON(on_request_trailers, echo_on_request_trailers),
};

static bool
body_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  BodyPlugin *self = PWASM_SELF(BodyPlugin, ctx);
  PwasmStr configuration;

  (void)configuration_size;
  self->is_echo = pwasm_plugin_configuration_get(&configuration) == PWASM_STATUS_OK &&
                  pwasm_str_equal(configuration, PWASM_STR("echo"));
  return true;
}

//! [choose]
static const PwasmHttpContextClass *
body_create_http_context(PwasmPluginContext *ctx)
{
  return PWASM_SELF(BodyPlugin, ctx)->is_echo ? &echo_http_class : &set_body_http_class;
}

static const PwasmPluginContextClass body_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(BodyPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, body_on_configure),
  PWASM_ON(create_http_context, body_create_http_context),
};

PWASM_PLUGIN(.plugin_class = &body_plugin_class);
//! [choose]

/* Validation: lets requests pass whose body is JSON and has the members that the configuration
 * wants. */

#include <pwasm/pwasm.h>

#include "../json/json.h"

typedef struct ValidationPlugin {
  PwasmPluginContext base;
  PwasmStr *required_keys; /* in the plugin's arena, as their texts are */
  size_t num_required_keys;
} ValidationPlugin;

typedef struct ValidationHttp {
  PwasmHttpContext base;
} ValidationHttp;

/* A text as C would write it, to keep a log line in one piece. */
static PwasmStr
quote(PwasmStr text)
{
  static const char hex[] = "0123456789abcdef";
  static const char letters[] = "\"\\nrt"; /* behind the backslash, of those looked for below */
  char *quoted = pwasm_arena_alloc(pwasm_scratch(), 4 * text.len + 2);
  char *to = quoted;

  if (quoted == NULL)
    return PWASM_STR("\"…\"");
  *to++ = '"';
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.data[i];
    size_t escape = pwasm_str_find(PWASM_STR("\"\\\n\r\t"), pwasm_str(&text.data[i], 1));

    if (escape != SIZE_MAX) {
      *to++ = '\\';
      *to++ = letters[escape];
    } else if (c < 0x20 || c == 0x7f) {
      *to++ = '\\';
      *to++ = 'x';
      *to++ = hex[c >> 4];
      *to++ = hex[c & 0xf];
    } else {
      *to++ = text.data[i];
    }
  }
  *to++ = '"';
  return pwasm_str(quoted, (size_t)(to - quoted));
}

static bool
refuse_configuration(PwasmStr reason, PwasmStr detail)
{
  PWASM_LOG_JOIN(PWASM_LOG_CRITICAL, PWASM_STR("error parsing plugin configuration: "), reason,
                 detail);
  return false;
}

/* Reads `{"requiredKeys": ["…", …]}`; without that member no key is required. */
static bool
validation_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  ValidationPlugin *self = PWASM_SELF(ValidationPlugin, ctx);
  PwasmArena *arena = pwasm_context_arena(&ctx->base);
  PwasmStr configuration;
  Json json;
  const JsonToken *keys;
  PwasmStatus status;

  if (configuration_size == 0)
    return true;
  status = pwasm_plugin_configuration_get(&configuration);
  if (status != PWASM_STATUS_OK)
    return refuse_configuration(pwasm_str_from_cstr(pwasm_status_text(status)), PWASM_STR(""));
  if (json_parse(pwasm_scratch(), configuration, &json) != PWASM_STATUS_OK)
    return refuse_configuration(PWASM_STR("the plugin configuration is not a valid json: "),
                                quote(configuration));
  keys = json_member(&json, json.tokens, PWASM_STR("requiredKeys"));
  if (keys == NULL)
    return true;
  self->num_required_keys = 0;
  if (!json_is_array(keys))
    return refuse_configuration(PWASM_STR("requiredKeys is no array"), PWASM_STR(""));
  self->required_keys = PWASM_ARENA_NEW_ARRAY(arena, PwasmStr, json_array_size(keys));
  if (self->required_keys == NULL)
    return refuse_configuration(PWASM_STR("out of memory"), PWASM_STR(""));
  for (size_t i = 0; i < json_array_size(keys); i++) {
    if (json_string(&json, arena, json_element(&json, keys, i), &self->required_keys[i]) !=
        PWASM_STATUS_OK)
      return refuse_configuration(PWASM_STR("a required key is no string"), PWASM_STR(""));
  }
  self->num_required_keys = json_array_size(keys);
  return true;
}

static PwasmAction
refuse(PwasmHttpContext *ctx, PwasmStr body)
{
  PwasmStatus status =
    pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 403, .body = body});

  /* Whatever became of the reply, the request does not go on; nor does it hang. */
  if (status != PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_ERROR, "failed to send a local reply: %s", pwasm_status_text(status));
    pwasm_ignore(pwasm_http_context_close(ctx));
  }
  return PWASM_ACTION_PAUSE;
}

static PwasmAction
validation_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr content_type;

  (void)num_headers;
  (void)end_of_stream;
  if (pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("content-type"), &content_type) !=
        PWASM_STATUS_OK ||
      !pwasm_str_equal(content_type, PWASM_STR("application/json")))
    return refuse(ctx, PWASM_STR("content-type must be provided"));
  return PWASM_ACTION_CONTINUE;
}

static bool
is_valid(const ValidationPlugin *plugin, PwasmStr body)
{
  Json json;

  if (json_parse(pwasm_scratch(), body, &json) != PWASM_STATUS_OK) {
    PWASM_LOG_JOIN(PWASM_LOG_ERROR, PWASM_STR("body is not a valid json: "), quote(body));
    return false;
  }
  for (size_t i = 0; i < plugin->num_required_keys; i++) {
    PwasmStr key = plugin->required_keys[i];

    if (json_member(&json, json.tokens, key) == NULL) {
      PWASM_LOG_JOIN(PWASM_LOG_ERROR, PWASM_STR("required key ("), key, PWASM_STR(") is missing: "),
                     body);
      return false;
    }
  }
  return true;
}

static PwasmAction
validate_body(PwasmHttpContext *ctx)
{
  const ValidationPlugin *plugin = PWASM_SELF(ValidationPlugin, pwasm_http_context_plugin(ctx));
  PwasmStr body;
  PwasmStatus status = pwasm_buffer_get(PWASM_BUFFER_HTTP_REQUEST_BODY, 0, SIZE_MAX, &body);

  if (status != PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_ERROR, "failed to get request body: %s", pwasm_status_text(status));
    return refuse(ctx, PWASM_STR("invalid payload"));
  }
  return is_valid(plugin, body) ? PWASM_ACTION_CONTINUE : refuse(ctx, PWASM_STR("invalid payload"));
}

static PwasmAction
validation_on_request_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)body_size;
  return end_of_stream ? validate_body(ctx) : PWASM_ACTION_PAUSE;
}

/* With trailers no part of the body is the last one. */
static PwasmAction
validation_on_request_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)num_trailers;
  return validate_body(ctx);
}

static const PwasmHttpContextClass validation_http_class = {
  PWASM_HTTP_SUBCLASS(ValidationHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, validation_on_request_headers),
  PWASM_ON(on_request_body, validation_on_request_body),
  PWASM_ON(on_request_trailers, validation_on_request_trailers),
};

static const PwasmPluginContextClass validation_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(ValidationPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, validation_on_configure),
};

PWASM_PLUGIN(.plugin_class = &validation_plugin_class, .http_class = &validation_http_class);

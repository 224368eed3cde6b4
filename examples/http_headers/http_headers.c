/* Headers: reads, sets and logs them; what it adds to responses comes from the configuration. */

#include <pwasm/pwasm.h>

#define JSMN_STATIC
#define JSMN_PARENT_LINKS
#include <jsmn.h>

typedef struct HeadersPlugin {
  PwasmPluginContext base;
  PwasmPair header; /* from the configuration; its name is missing when there is none */
} HeadersPlugin;

typedef struct HeadersHttp {
  PwasmHttpContext base;
} HeadersHttp;

/* An object of two strings needs five tokens; whoever has more in it may. */
#define MAX_TOKENS 32

static PwasmStr
text_of(PwasmStr json, const jsmntok_t *token)
{
  return pwasm_str(json.data + token->start, (size_t)(token->end - token->start));
}

/* Reads `{"header": "…", "value": "…"}`, of which neither may be blank. Escapes are left as they are;
 * ../json/json.c would resolve them. */
static bool
parse_configuration(PwasmStr json, PwasmPair *ret_header)
{
  jsmntok_t tokens[MAX_TOKENS];
  jsmn_parser parser;
  int num_tokens;

  jsmn_init(&parser);
  num_tokens = jsmn_parse(&parser, json.data, json.len, tokens, MAX_TOKENS);
  /* The object, and names and values in pairs. */
  if (num_tokens % 2 != 1 || tokens[0].type != JSMN_OBJECT)
    return false;
  for (int i = 1; i < num_tokens; i += 2) {
    PwasmStr name = text_of(json, &tokens[i]);
    PwasmStr value = pwasm_str_trim(text_of(json, &tokens[i + 1]));

    /* A name is in the object, not behind it: jsmn goes on there. */
    if (tokens[i].parent != 0 || tokens[i + 1].parent != i || tokens[i + 1].type != JSMN_STRING)
      return false;
    if (pwasm_str_equal(name, PWASM_STR("header")))
      ret_header->name = value;
    else if (pwasm_str_equal(name, PWASM_STR("value")))
      ret_header->value = value;
  }
  return ret_header->name.len > 0 && ret_header->value.len > 0;
}

/* How a line about a header looks: what is before its name, and before its value. */
typedef struct LineFormat {
  PwasmStr before;
  PwasmStr between;
} LineFormat;

static const LineFormat configured = {PWASM_STR_INIT("header from config: "),
                                      PWASM_STR_INIT(" = ")};
static const LineFormat added = {PWASM_STR_INIT("adding header: "), PWASM_STR_INIT("=")};
static const LineFormat requested = {PWASM_STR_INIT("request header --> "), PWASM_STR_INIT(": ")};
static const LineFormat responded = {PWASM_STR_INIT("response header <-- "), PWASM_STR_INIT(": ")};

static void
log_header(const LineFormat *format, const PwasmPair *header)
{
  PWASM_LOG_JOIN(PWASM_LOG_INFO, format->before, header->name, format->between, header->value);
}

static bool
headers_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  HeadersPlugin *self = PWASM_SELF(HeadersPlugin, ctx);
  PwasmStr configuration;

  pwasm_log(PWASM_LOG_DEBUG, PWASM_STR("loading plugin config"));
  if (configuration_size == 0)
    return true;
  if (pwasm_plugin_configuration_get(&configuration) != PWASM_STATUS_OK ||
      pwasm_str_dup(pwasm_context_arena(&ctx->base), configuration, &configuration) !=
        PWASM_STATUS_OK ||
      !parse_configuration(configuration, &self->header)) {
    pwasm_log(PWASM_LOG_CRITICAL,
              PWASM_STR("invalid configuration format; expected "
                        "{\"header\": \"<header name>\", \"value\": \"<header value>\"}"));
    return false;
  }
  log_header(&configured, &self->header);
  return true;
}

static void
log_headers(PwasmMap map, const LineFormat *format)
{
  PwasmPairs headers;
  PwasmPair header;

  if (pwasm_header_get_all(map, &headers) != PWASM_STATUS_OK) {
    pwasm_log(PWASM_LOG_CRITICAL, PWASM_STR("no headers"));
    return;
  }
  while (pwasm_pairs_next(&headers, &header))
    log_header(format, &header);
}

static PwasmAction
headers_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  if (pwasm_header_replace(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("test"), PWASM_STR("best")) !=
      PWASM_STATUS_OK)
    pwasm_log(PWASM_LOG_CRITICAL, PWASM_STR("failed to set request header: test"));
  log_headers(PWASM_MAP_HTTP_REQUEST_HEADERS, &requested);
  return PWASM_ACTION_CONTINUE;
}

static void
add_response_header(const PwasmPair *header)
{
  if (pwasm_header_add(PWASM_MAP_HTTP_RESPONSE_HEADERS, header->name, header->value) !=
      PWASM_STATUS_OK)
    pwasm_log(PWASM_LOG_CRITICAL, PWASM_STR("no headers"));
}

static const PwasmPair constant_header = {
  PWASM_STR_INIT("x-proxy-wasm-go-sdk-example"),
  PWASM_STR_INIT("http_headers"),
};

static PwasmAction
headers_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  const PwasmPair *header = &PWASM_SELF(HeadersPlugin, pwasm_http_context_plugin(ctx))->header;

  (void)num_headers;
  (void)end_of_stream;
  log_header(&added, header);
  add_response_header(&constant_header);
  if (pwasm_str_is_present(header->name))
    add_response_header(header);
  log_headers(PWASM_MAP_HTTP_RESPONSE_HEADERS, &responded);
  return PWASM_ACTION_CONTINUE;
}

static void
headers_on_log(PwasmContext *ctx)
{
  PwasmDigits digits;

  PWASM_LOG_JOIN(PWASM_LOG_INFO, pwasm_str_from_uint64(pwasm_context_id(ctx), &digits),
                 PWASM_STR(" finished"));
}

//! [class]
static const PwasmHttpContextClass headers_http_class = {
  PWASM_HTTP_SUBCLASS(HeadersHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, headers_on_request_headers),
  PWASM_ON(on_response_headers, headers_on_response_headers),
  PWASM_ON_BASE(on_log, headers_on_log),
};

static const PwasmPluginContextClass headers_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(HeadersPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, headers_on_configure),
};

PWASM_PLUGIN(.plugin_class = &headers_plugin_class, .http_class = &headers_http_class);
//! [class]

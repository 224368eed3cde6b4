/* Dynamic metadata: answers with what a Lua filter before this one has left there. */

#include <pwasm/envoy.h>
#include <pwasm/pwasm.h>

typedef struct MetadataHttp {
  PwasmHttpContext base;
} MetadataHttp;

/* The bytes of a character that begins with this one; 0 for none that may begin one. */
static size_t
character_size(unsigned char first)
{
  if (first < 0x80)
    return 1;
  if (first >= 0xc2 && first <= 0xdf)
    return 2;
  if (first >= 0xe0 && first <= 0xef)
    return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* A header may hold any bytes: what is no UTF-8 is not passed on as text. */
static bool
is_utf8(PwasmStr text)
{
  const unsigned char *bytes = (const unsigned char *)text.data;

  for (size_t i = 0; i < text.len;) {
    size_t size = character_size(bytes[i]);

    if (size == 0 || size > text.len - i)
      return false;
    /* Longer than it need be, half of a pair, or past the last one. */
    if ((bytes[i] == 0xe0 && bytes[i + 1] < 0xa0) || (bytes[i] == 0xed && bytes[i + 1] > 0x9f) ||
        (bytes[i] == 0xf0 && bytes[i + 1] < 0x90) || (bytes[i] == 0xf4 && bytes[i + 1] > 0x8f))
      return false;
    for (size_t k = 1; k < size; k++) {
      if ((bytes[i + k] & 0xc0) != 0x80)
        return false;
    }
    i += size;
  }
  return true;
}

static PwasmStatus
reply(PwasmHttpContext *ctx, PwasmStr value)
{
  const PwasmPair headers[] = {
    {PWASM_STR_INIT("Powered-By"), PWASM_STR_INIT("proxy-wasm")},
    {PWASM_STR_INIT("uppercased-metadata"), value},
  };
  const PwasmStr parts[] = {
    PWASM_STR_INIT("Custom response with Envoy metadata: \""),
    value,
    PWASM_STR_INIT("\"\n"),
  };
  PwasmStr body;
  PwasmStatus status =
    pwasm_str_join(pwasm_scratch(), parts, sizeof parts / sizeof parts[0], &body);

  if (status != PWASM_STATUS_OK)
    return status;
  return pwasm_http_context_reply(
    ctx, &(PwasmHttpReply){.status_code = 200,
                           .body = body,
                           .headers = headers,
                           .num_headers = sizeof headers / sizeof headers[0]});
}

static PwasmAction
metadata_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr value;
  PwasmStatus status;

  (void)num_headers;
  (void)end_of_stream;
  if (pwasm_envoy_metadata_get(PWASM_STR("envoy.filters.http.lua"),
                               PWASM_STR("uppercased-custom-metadata"),
                               &value) != PWASM_STATUS_OK ||
      !is_utf8(value))
    return PWASM_ACTION_CONTINUE;
  status = reply(ctx, value);
  if (status == PWASM_STATUS_OK)
    return PWASM_ACTION_PAUSE;
  PWASM_LOG_JOIN(PWASM_LOG_WARN, PWASM_STR("failed to send a local reply: "),
                 pwasm_str_from_cstr(pwasm_status_text(status)));
  return PWASM_ACTION_CONTINUE;
}

static const PwasmHttpContextClass metadata_http_class = {
  PWASM_HTTP_SUBCLASS(MetadataHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, metadata_on_request_headers),
};

PWASM_PLUGIN(.http_class = &metadata_http_class);

/* Looks at a request's body piece by piece while the host holds it back: only the new bytes are
 * fetched each time. A piece with the word "pattern" in it ends the request. */

#include <string.h>

#include <pwasm/pwasm.h>

typedef struct ChunkHttp {
  PwasmHttpContext base;
  size_t num_read;
  unsigned num_chunks;
} ChunkHttp;

static bool
contains(PwasmStr text, PwasmStr word)
{
  for (size_t i = 0; i + word.len <= text.len; i++) {
    if (memcmp(text.data + i, word.data, word.len) == 0)
      return true;
  }
  return false;
}

static void
refuse(ChunkHttp *self)
{
  const PwasmPair powered_by = {PWASM_STR("powered-by"), PWASM_STR("proxy-wasm-go-sdk")};
  PwasmStr text;
  PwasmStatus status =
    pwasm_str_format(pwasm_scratch(), &text, "pattern found in chunk: %u", self->num_chunks);

  if (status == PWASM_STATUS_OK) {
    pwasm_log(PWASM_LOG_INFO, text);
    status = pwasm_http_context_reply(
      &self->base, &(PwasmHttpReply){
                     .status_code = 403, .headers = &powered_by, .num_headers = 1, .body = text});
  }
  if (status == PWASM_STATUS_OK) {
    pwasm_log(PWASM_LOG_INFO, PWASM_STR("local 403 response sent"));
    return;
  }
  pwasm_logf(PWASM_LOG_CRITICAL, "failed to send local response: %s", pwasm_status_text(status));
  pwasm_ignore(pwasm_http_context_resume_request(&self->base));
}

static PwasmAction
chunk_on_request_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  ChunkHttp *self = PWASM_SELF(ChunkHttp, ctx);

  pwasm_logf(PWASM_LOG_INFO,
             "OnHttpRequestBody called. BodySize: %zu, totalRequestBodyReadSize: %zu, "
             "endOfStream: %s",
             body_size, self->num_read, end_of_stream ? "true" : "false");
  if (body_size > self->num_read) {
    size_t size = body_size - self->num_read;
    PwasmStr chunk;
    PwasmStatus status =
      pwasm_buffer_get(PWASM_BUFFER_HTTP_REQUEST_BODY, self->num_read, size, &chunk);

    self->num_chunks++;
    if (status != PWASM_STATUS_OK) {
      pwasm_logf(PWASM_LOG_CRITICAL, "failed to get request body: %s", pwasm_status_text(status));
      return PWASM_ACTION_CONTINUE;
    }
    pwasm_logf(PWASM_LOG_INFO, "read chunk size: %zu", chunk.len);
    if (chunk.len != size)
      pwasm_logf(PWASM_LOG_ERROR, "read data does not match the expected size: %zu != %zu",
                 chunk.len, size);
    self->num_read += chunk.len;
    if (contains(chunk, PWASM_STR("pattern"))) {
      refuse(self);
      return PWASM_ACTION_PAUSE;
    }
  }
  if (!end_of_stream)
    return PWASM_ACTION_PAUSE;
  if (self->num_read != body_size)
    pwasm_logf(PWASM_LOG_ERROR, "read data does not match the expected total size: %zu != %zu",
               self->num_read, body_size);
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("pattern not found"));
  return PWASM_ACTION_CONTINUE;
}

static const PwasmHttpContextClass chunk_http_class = {
  PWASM_HTTP_SUBCLASS(ChunkHttp, pwasm_http_context_class),
  PWASM_ON(on_request_body, chunk_on_request_body),
};

PWASM_PLUGIN(.http_class = &chunk_http_class);

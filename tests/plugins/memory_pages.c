/* Collects the request's body, writes it back doubled-up in memory along the way, and tells how large
 * the module's memory is. What it does with a body is what costs memory: chunks are fetched one by one
 * into the stream's arena, then joined in scratch. */

#include <string.h>

#include <pwasm/pwasm.h>

typedef struct Chunk {
  struct Chunk *next;
  PwasmStr bytes;
} Chunk;

typedef struct PagesHttp {
  PwasmHttpContext base;
  Chunk *first;
  Chunk **last;
  size_t size;
} PagesHttp;

static void
pages_init(PwasmContext *ctx)
{
  PagesHttp *self = PWASM_SELF(PagesHttp, PWASM_SELF(PwasmHttpContext, ctx));

  self->last = &self->first;
}

static PwasmStatus
keep_new_bytes(PagesHttp *self)
{
  PwasmArena *arena = pwasm_context_arena(PWASM_CONTEXT(&self->base));
  Chunk *chunk = PWASM_ARENA_NEW(arena, Chunk);
  PwasmStr bytes;
  PwasmStatus status =
    pwasm_buffer_get(PWASM_BUFFER_HTTP_REQUEST_BODY, self->size, SIZE_MAX, &bytes);

  if (status == PWASM_STATUS_OK)
    status =
      chunk == NULL ? PWASM_STATUS_OUT_OF_MEMORY : pwasm_str_dup(arena, bytes, &chunk->bytes);
  if (status != PWASM_STATUS_OK)
    return status;
  *self->last = chunk;
  self->last = &chunk->next;
  self->size += bytes.len;
  return PWASM_STATUS_OK;
}

static PwasmStatus
write_back(PagesHttp *self)
{
  char *joined = pwasm_arena_alloc(pwasm_scratch(), self->size);
  size_t len = 0;

  if (joined == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  for (const Chunk *chunk = self->first; chunk != NULL; chunk = chunk->next) {
    memcpy(joined + len, chunk->bytes.data, chunk->bytes.len);
    len += chunk->bytes.len;
  }
  return pwasm_buffer_replace(PWASM_BUFFER_HTTP_REQUEST_BODY, pwasm_str(joined, len));
}

static PwasmAction
pages_on_request_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  PagesHttp *self = PWASM_SELF(PagesHttp, ctx);
  PwasmStatus status = PWASM_STATUS_OK;

  /* With HTTP/1.1 the end comes with nothing new. */
  if (body_size > self->size)
    status = keep_new_bytes(self);
  if (status == PWASM_STATUS_OK && !end_of_stream)
    return PWASM_ACTION_PAUSE;
  if (status == PWASM_STATUS_OK)
    status = write_back(self);
  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_ERROR, "failed: %s", pwasm_status_text(status));
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
pages_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr text;

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  if (pwasm_str_format(pwasm_scratch(), &text, "%zu", (size_t)__builtin_wasm_memory_size(0)) !=
        PWASM_STATUS_OK ||
      pwasm_header_replace(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("x-memory-pages"), text) !=
        PWASM_STATUS_OK)
    pwasm_log(PWASM_LOG_ERROR, PWASM_STR("failed to tell the pages"));
  return PWASM_ACTION_CONTINUE;
}

static const PwasmHttpContextClass pages_http_class = {
  PWASM_HTTP_SUBCLASS(PagesHttp, pwasm_http_context_class),
  .base.init = pages_init,
  PWASM_ON(on_request_body, pages_on_request_body),
  PWASM_ON(on_response_headers, pages_on_response_headers),
};

PWASM_PLUGIN(.http_class = &pages_http_class);

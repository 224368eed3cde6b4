#include "context_private.h"

static uint32_t
call_data(PwasmContext *ctx, size_t slot, uint32_t size, uint32_t end_of_stream)
{
  PwasmAction (*function)(PwasmHttpContext *, size_t, bool);

  PWASM__LOAD_SLOT(function, ctx, slot);
  return (uint32_t)function((PwasmHttpContext *)ctx, size, end_of_stream != 0);
}

uint32_t
pwasm__http_headers(uint32_t id, size_t slot, uint32_t num_headers, uint32_t end_of_stream)
{
  return pwasm__callback(id, PWASM_CONTEXT_KIND_HTTP, call_data, slot, num_headers, end_of_stream);
}

/* What the plugin has answered, unless it holds the message back. */
static uint32_t
answer_of(const PwasmContext *ctx, size_t slot, uint32_t answer)
{
  const PwasmHttpContext *http = (const PwasmHttpContext *)ctx;
  bool is_request = slot < offsetof(PwasmHttpContextClass, on_response_headers);

  return (is_request ? http->request_hold : http->response_hold) == NULL ? answer
                                                                         : PWASM_ACTION_PAUSE;
}

static uint32_t
call_body(PwasmContext *ctx, size_t slot, uint32_t size, uint32_t end_of_stream)
{
  return answer_of(ctx, slot, call_data(ctx, slot, size, end_of_stream));
}

uint32_t
pwasm__http_body(uint32_t id, size_t slot, uint32_t size, uint32_t end_of_stream)
{
  return pwasm__callback(id, PWASM_CONTEXT_KIND_HTTP, call_body, slot, size, end_of_stream);
}

static uint32_t
call_trailers(PwasmContext *ctx, size_t slot, uint32_t num_trailers, uint32_t unused)
{
  PwasmAction (*function)(PwasmHttpContext *, size_t);

  (void)unused;
  PWASM__LOAD_SLOT(function, ctx, slot);
  return answer_of(ctx, slot, (uint32_t)function((PwasmHttpContext *)ctx, num_trailers));
}

uint32_t
pwasm__http_trailers(uint32_t id, size_t slot, uint32_t num_trailers)
{
  return pwasm__callback(id, PWASM_CONTEXT_KIND_HTTP, call_trailers, slot, num_trailers, 0);
}

static uint32_t
call_metadata(PwasmContext *ctx, size_t slot, uint32_t num_elements, uint32_t unused)
{
  void (*function)(PwasmHttpContext *, size_t);

  (void)unused;
  PWASM__LOAD_SLOT(function, ctx, slot);
  function((PwasmHttpContext *)ctx, num_elements);
  return 0;
}

void
pwasm__http_metadata(uint32_t id, size_t slot, uint32_t num_elements)
{
  pwasm__callback(id, PWASM_CONTEXT_KIND_HTTP, call_metadata, slot, num_elements, 0);
}

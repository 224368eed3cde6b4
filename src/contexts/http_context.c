#include "context_private.h"

static PwasmAction
default_on_data(PwasmHttpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  (void)end_of_stream;
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
default_on_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)ctx;
  (void)num_trailers;
  return PWASM_ACTION_CONTINUE;
}

static void
default_on_metadata(PwasmHttpContext *ctx, size_t num_elements)
{
  (void)ctx;
  (void)num_elements;
}

const PwasmHttpContextClass pwasm_http_context_class = {
  PWASM__SUBCLASS_ROOT(PwasmHttpContext),
  PWASM__DEFAULT(on_request_headers, default_on_data),
  PWASM__DEFAULT(on_request_body, default_on_data),
  PWASM__DEFAULT(on_request_trailers, default_on_trailers),
  PWASM__DEFAULT(on_request_metadata, default_on_metadata),
  PWASM__DEFAULT(on_response_headers, default_on_data),
  PWASM__DEFAULT(on_response_body, default_on_data),
  PWASM__DEFAULT(on_response_trailers, default_on_trailers),
  PWASM__DEFAULT(on_response_metadata, default_on_metadata),
};

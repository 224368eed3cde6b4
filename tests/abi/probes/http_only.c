/* Overrides all that a plugin for HTTP can, so that all of it is exported, and nothing of TCP. */
#include <pwasm/pwasm.h>

typedef struct Probe {
  PwasmHttpContext base;
} Probe;

static PwasmAction
probe_on_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
probe_on_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)ctx;
  (void)body_size;
  (void)end_of_stream;
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
probe_on_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)ctx;
  (void)num_trailers;
  return PWASM_ACTION_CONTINUE;
}

static void
probe_on_metadata(PwasmHttpContext *ctx, size_t num_elements)
{
  (void)ctx;
  (void)num_elements;
}

static bool
probe_on_done(PwasmContext *ctx)
{
  (void)ctx;
  return true;
}

static void
probe_on_log(PwasmContext *ctx)
{
  (void)ctx;
}

static const PwasmHttpContextClass probe_class = {
  PWASM_HTTP_SUBCLASS(Probe, pwasm_http_context_class),
  PWASM_ON_BASE(on_done, probe_on_done),
  PWASM_ON_BASE(on_log, probe_on_log),
  PWASM_ON(on_request_headers, probe_on_headers),
  PWASM_ON(on_request_body, probe_on_body),
  PWASM_ON(on_request_trailers, probe_on_trailers),
  PWASM_ON(on_request_metadata, probe_on_metadata),
  PWASM_ON(on_response_headers, probe_on_headers),
  PWASM_ON(on_response_body, probe_on_body),
  PWASM_ON(on_response_trailers, probe_on_trailers),
  PWASM_ON(on_response_metadata, probe_on_metadata),
};

PWASM_PLUGIN(.http_class = &probe_class);

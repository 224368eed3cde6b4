// expect: error: .*pwasm_set_this_slot_with_PWASM_ON
#include <pwasm/pwasm.h>

typedef struct Hello {
  PwasmHttpContext base;
} Hello;

static PwasmAction
hello_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return PWASM_ACTION_CONTINUE;
}

static const PwasmHttpContextClass hello_class = {
  PWASM_HTTP_SUBCLASS(Hello, pwasm_http_context_class),
#ifdef CORRECT
  PWASM_ON(on_request_headers, hello_on_request_headers),
#else
  .on_request_headers = hello_on_request_headers,
#endif
};

PWASM_PLUGIN(.http_class = &hello_class);

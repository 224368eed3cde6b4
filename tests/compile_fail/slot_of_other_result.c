// expect: error: .*incompatible.*pointer type
#include <pwasm/pwasm.h>

typedef struct Hello {
  PwasmHttpContext base;
} Hello;

#ifdef CORRECT
typedef PwasmAction Result;
#else
typedef int Result;
#endif

static Result
hello_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return PWASM_ACTION_CONTINUE;
}

static const PwasmHttpContextClass hello_class = {
  PWASM_HTTP_SUBCLASS(Hello, pwasm_http_context_class),
  PWASM_ON(on_request_headers, hello_on_request_headers),
};

PWASM_PLUGIN(.http_class = &hello_class);

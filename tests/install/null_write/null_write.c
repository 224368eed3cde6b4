#include <pwasm/pwasm.h>

typedef struct Greet {
  PwasmHttpContext base;
} Greet;

static PwasmAction
greet_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  static int *volatile null;

  *null = 1;
  pwasm_ignore(
    pwasm_header_add(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("x-greet"), PWASM_STR("hi")));
  return PWASM_CHAIN_UP(pwasm_http_context_class, on_response_headers, ctx, num_headers,
                        end_of_stream);
}

static const PwasmHttpContextClass greet_class = {
  PWASM_HTTP_SUBCLASS(Greet, pwasm_http_context_class),
  PWASM_ON(on_response_headers, greet_on_response_headers),
};

PWASM_PLUGIN(.http_class = &greet_class);

//! [hello]
#include <pwasm/pwasm.h>

typedef struct HelloHttp {
  PwasmHttpContext base;
  uint32_t responses;
} HelloHttp;

static PwasmAction
hello_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  HelloHttp *self = PWASM_SELF(HelloHttp, ctx);
  self->responses++;

  if (pwasm_header_add(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("x-hello"), PWASM_STR("world")) !=
      PWASM_STATUS_OK)
    pwasm_log(PWASM_LOG_WARN, PWASM_STR("x-hello was not added"));

  return PWASM_CHAIN_UP(pwasm_http_context_class, on_response_headers, ctx, num_headers,
                        end_of_stream);
}

static const PwasmHttpContextClass hello_http_class = {
  PWASM_HTTP_SUBCLASS(HelloHttp, pwasm_http_context_class),
  PWASM_ON(on_response_headers, hello_on_response_headers),
};

PWASM_PLUGIN(.http_class = &hello_http_class);
//! [hello]

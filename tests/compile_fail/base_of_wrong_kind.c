// expect: base of Hello must be the struct of its base class, pwasm_http_context_class
#include <pwasm/pwasm.h>

typedef struct Hello {
#ifdef CORRECT
  PwasmHttpContext base;
#else
  PwasmTcpContext base;
#endif
  uint32_t responses;
} Hello;

static const PwasmHttpContextClass hello_class = {
  PWASM_HTTP_SUBCLASS(Hello, pwasm_http_context_class),
};

PWASM_PLUGIN(.http_class = &hello_class);

// expect: base must be the first member of Hello
#include <pwasm/pwasm.h>

typedef struct Hello {
#ifdef CORRECT
  PwasmHttpContext base;
  uint32_t responses;
#else
  uint32_t responses;
  PwasmHttpContext base;
#endif
} Hello;

static const PwasmHttpContextClass hello_class = {
  PWASM_HTTP_SUBCLASS(Hello, pwasm_http_context_class),
};

PWASM_PLUGIN(.http_class = &hello_class);

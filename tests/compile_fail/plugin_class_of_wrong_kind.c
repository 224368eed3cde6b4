// expect: error: .*incompatible.*pointer type
#include <pwasm/pwasm.h>

typedef struct Hello {
  PwasmHttpContext base;
} Hello;

static const PwasmHttpContextClass hello_class = {
  PWASM_HTTP_SUBCLASS(Hello, pwasm_http_context_class),
};

#ifdef CORRECT
PWASM_PLUGIN(.http_class = &hello_class);
#else
PWASM_PLUGIN(.tcp_class = &hello_class);
#endif

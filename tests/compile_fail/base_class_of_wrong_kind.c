// expect: error: .*(not compatible with any association|not compatible with any generic association)
#include <pwasm/pwasm.h>

#ifdef CORRECT
#define BASE_CLASS pwasm_http_context_class
typedef PwasmHttpContext Base;
#else
#define BASE_CLASS pwasm_tcp_context_class
typedef PwasmTcpContext Base;
#endif

typedef struct Hello {
  Base base;
} Hello;

static const PwasmHttpContextClass hello_class = {
  PWASM_HTTP_SUBCLASS(Hello, BASE_CLASS),
};

PWASM_PLUGIN(.http_class = &hello_class);

// expect: error: .*PwasmPluginContext.* not compatible with any (generic )?association
#include <pwasm/pwasm.h>

typedef struct Hello {
  PwasmHttpContext base;
  uint32_t responses;
} Hello;

uint32_t hello_responses(PwasmHttpContext *ctx, PwasmPluginContext *plugin);

uint32_t
hello_responses(PwasmHttpContext *ctx, PwasmPluginContext *plugin)
{
  (void)ctx;
  (void)plugin;
#ifdef CORRECT
  return PWASM_SELF(Hello, ctx)->responses;
#else
  return PWASM_SELF(Hello, plugin)->responses;
#endif
}

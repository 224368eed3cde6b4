// expect: error: .*no member named .*on_downstream_data
#include <pwasm/pwasm.h>

PwasmAction chain_up(PwasmHttpContext *ctx);

PwasmAction
chain_up(PwasmHttpContext *ctx)
{
#ifdef CORRECT
  return PWASM_CHAIN_UP(pwasm_http_context_class, on_request_body, ctx, 0, false);
#else
  return PWASM_CHAIN_UP(pwasm_http_context_class, on_downstream_data, ctx, 0, false);
#endif
}

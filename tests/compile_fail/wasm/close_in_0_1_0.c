// expect: 'pwasm_http_context_close' is unavailable: Proxy-Wasm 0.1.0 does not have it
#ifndef CORRECT
#define PWASM_ABI_VERSION 0x000100
#endif
#include <pwasm/pwasm.h>

PwasmStatus close_stream(PwasmHttpContext *ctx);

PwasmStatus
close_stream(PwasmHttpContext *ctx)
{
  return pwasm_http_context_close(ctx);
}

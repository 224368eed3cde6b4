// expect: 'pwasm_tcp_context_resume_upstream' is unavailable: Proxy-Wasm 0.1.0 does not have it
#ifndef CORRECT
#define PWASM_ABI_VERSION 0x000100
#endif
#include <pwasm/pwasm.h>

PwasmStatus resume_upstream(PwasmTcpContext *ctx);

PwasmStatus
resume_upstream(PwasmTcpContext *ctx)
{
  return pwasm_tcp_context_resume_upstream(ctx);
}

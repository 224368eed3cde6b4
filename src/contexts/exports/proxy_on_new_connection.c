#include "../context_private.h"

const PwasmExport pwasm_export_on_new_connection = {0};

static uint32_t
call(PwasmContext *ctx, size_t slot, uint32_t a, uint32_t b)
{
  PwasmTcpContext *tcp = (PwasmTcpContext *)ctx;

  (void)slot;
  (void)a;
  (void)b;
  return (uint32_t)PWASM__CALL_SLOT(PwasmTcpContextClass, on_new_connection, tcp);
}

uint32_t
proxy_on_new_connection(uint32_t context_id)
{
  return pwasm__callback(context_id, PWASM_CONTEXT_KIND_TCP, call, 0, 0, 0);
}

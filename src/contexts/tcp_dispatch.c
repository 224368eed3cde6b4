#include "context_private.h"

static uint32_t
call_data(PwasmContext *ctx, size_t slot, uint32_t size, uint32_t end_of_stream)
{
  PwasmAction (*function)(PwasmTcpContext *, size_t, bool);

  PWASM__LOAD_SLOT(function, ctx, slot);
  return (uint32_t)function((PwasmTcpContext *)ctx, size, end_of_stream != 0);
}

uint32_t
pwasm__tcp_data(uint32_t id, size_t slot, uint32_t size, uint32_t end_of_stream)
{
  return pwasm__callback(id, PWASM_CONTEXT_KIND_TCP, call_data, slot, size, end_of_stream);
}

static uint32_t
call_close(PwasmContext *ctx, size_t slot, uint32_t peer, uint32_t unused)
{
  void (*function)(PwasmTcpContext *, PwasmPeer);

  (void)unused;
  PWASM__LOAD_SLOT(function, ctx, slot);
  function((PwasmTcpContext *)ctx, (PwasmPeer)peer);
  return 0;
}

void
pwasm__tcp_close(uint32_t id, size_t slot, uint32_t peer)
{
  pwasm__callback(id, PWASM_CONTEXT_KIND_TCP, call_close, slot, peer, 0);
}

#include "../context_private.h"

const PwasmExport pwasm_export_on_downstream_close = {0};

void
proxy_on_downstream_connection_close(uint32_t context_id, uint32_t peer)
{
  pwasm__tcp_close(context_id, offsetof(PwasmTcpContextClass, on_downstream_close.fn), peer);
}

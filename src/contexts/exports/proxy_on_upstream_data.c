#include "../context_private.h"

const PwasmExport pwasm_export_on_upstream_data = {0};

uint32_t
proxy_on_upstream_data(uint32_t context_id, uint32_t data_size, uint32_t end_of_stream)
{
  return pwasm__tcp_data(context_id, offsetof(PwasmTcpContextClass, on_upstream_data.fn), data_size,
                         end_of_stream);
}

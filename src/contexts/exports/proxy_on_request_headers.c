#include "../context_private.h"

const PwasmExport pwasm_export_on_request_headers = {0};

uint32_t
proxy_on_request_headers(uint32_t context_id, uint32_t num_headers, uint32_t end_of_stream)
{
  return pwasm__http_headers(context_id, offsetof(PwasmHttpContextClass, on_request_headers.fn),
                             num_headers, end_of_stream);
}

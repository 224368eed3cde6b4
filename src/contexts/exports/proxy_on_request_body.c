#include "../context_private.h"

const PwasmExport pwasm_export_on_request_body = {0};

uint32_t
proxy_on_request_body(uint32_t context_id, uint32_t body_size, uint32_t end_of_stream)
{
  return pwasm__http_body(context_id, offsetof(PwasmHttpContextClass, on_request_body.fn),
                          body_size, end_of_stream);
}

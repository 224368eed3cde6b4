#include "../context_private.h"

const PwasmExport pwasm_export_on_response_trailers = {0};

uint32_t
proxy_on_response_trailers(uint32_t context_id, uint32_t num_trailers)
{
  return pwasm__http_trailers(context_id, offsetof(PwasmHttpContextClass, on_response_trailers.fn),
                              num_trailers);
}

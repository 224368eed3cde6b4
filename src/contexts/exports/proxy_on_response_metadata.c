#include "../context_private.h"

const PwasmExport pwasm_export_on_response_metadata = {0};

/* Hosts ignore the result: metadata can't be paused. */
uint32_t
proxy_on_response_metadata(uint32_t context_id, uint32_t num_elements)
{
  pwasm__http_metadata(context_id, offsetof(PwasmHttpContextClass, on_response_metadata.fn),
                       num_elements);
  return PWASM_ACTION_CONTINUE;
}

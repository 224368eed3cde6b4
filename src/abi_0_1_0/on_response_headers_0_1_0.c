#include "../contexts/context_private.h"
#include "abi_0_1_0_private.h"

const PwasmExport pwasm_export_on_response_headers_0_1_0 = {0};

/* 0.1.0 does not say whether the stream ends with its headers. */
uint32_t
pwasm__on_response_headers_0_1_0(uint32_t context_id, uint32_t num_headers)
{
  return pwasm__http_headers(context_id, offsetof(PwasmHttpContextClass, on_response_headers.fn),
                             num_headers, false);
}

#ifndef PWASM_RESULT_PRIVATE_H
#define PWASM_RESULT_PRIVATE_H

#include <pwasm/status.h>
#include <pwasm/str.h>

/* What became of a hostcall that returns bytes. An empty result, for which hosts return NULL, becomes
 * an empty view that is not missing; a refusal of the SDK's own allocator, whatever the host made of
 * it, becomes OUT_OF_MEMORY. `ret_bytes` is untouched on failure. */
PwasmStatus pwasm__result(uint32_t status, const char *bytes, uint32_t size, PwasmStr *ret_bytes);

#endif

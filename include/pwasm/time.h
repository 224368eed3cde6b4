#ifndef PWASM_TIME_H
#define PWASM_TIME_H

/** @file
 *  @brief The host's clock.
 */

#include <pwasm/status.h>

PWASM_BEGIN_DECLS

/** The wall-clock time.
 *
 *  @param[out] ret_time_ns  nanoseconds since 1970-01-01 UTC; untouched on failure
 *  @retval PWASM_STATUS_OK             read
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host has no clock (wasm-nginx-module)
 *  @hostcall{proxy_get_current_time_nanoseconds}
 */
PWASM_NODISCARD PwasmStatus pwasm_time_get(uint64_t *ret_time_ns);

PWASM_END_DECLS

#endif

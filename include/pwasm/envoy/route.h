#ifndef PWASM_ENVOY_ROUTE_H
#define PWASM_ENVOY_ROUTE_H

/** @file
 *  @brief Choosing the route anew, in Envoy.
 *
 *  Envoy chooses the route of a request before the plugin sees its headers. Whoever changes `:path`,
 *  `:authority` or another header that routes match has Envoy choose again. Envoy before 1.33 does so
 *  by itself whenever a request header is changed, and has no function for it: there the answer is
 *  @ref PWASM_STATUS_NOT_FOUND, which is as good as success.
 */

#include <pwasm/status.h>

PWASM_BEGIN_DECLS

/** Forgets the route of the current request: Envoy chooses it anew, by the headers as they are then.
 *
 *  For the request's own callbacks. Once the response is there Envoy reports success, and a bug of its own in
 *  its log. In a plugin's callback, such as a tick or the answer of a call, it does
 *  nothing, and still reports success.
 *
 *  @retval PWASM_STATUS_OK         forgotten
 *  @retval PWASM_STATUS_NOT_FOUND  this host, or this version of Envoy, does not have the function
 *  @hostcall{proxy_call_foreign_function}
 */
PWASM_NODISCARD PwasmStatus pwasm_envoy_route_cache_clear(void);

PWASM_END_DECLS

#endif

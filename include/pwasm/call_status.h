#ifndef PWASM_CALL_STATUS_H
#define PWASM_CALL_STATUS_H

/** @file
 *  @brief What became of the last HTTP or gRPC call.
 */

#include <pwasm/status.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** How a call to another service ended. */
typedef enum PwasmCallOutcome {
  PWASM_CALL_ANSWERED, /**< the service has answered, whatever it said */
  PWASM_CALL_FAILED,   /**< there is no answer; pwasm_call_status_get() may say why */
  PWASM_CALL_CANCELLED /**< whose call it is was deleted by the host before there was an answer */
} PwasmCallOutcome;

/** Reads why a call has failed, or a gRPC stream was closed: in the function that is told so.
 *
 *  Of a call that was answered there is nothing to tell. ngx_wasm_module traps on this call.
 *
 *  @param[out] ret_code     for gRPC its status, for HTTP the host's; untouched on failure
 *  @param[out] ret_message  the reason, may be empty; untouched on failure
 *  @lifetime{ret_message, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK             read
 *  @retval PWASM_STATUS_BAD_ARGUMENT   the host has not just told of a call, or it was cancelled
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host can't say
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 *  @hostcall{proxy_get_status}
 */
PWASM_NODISCARD PwasmStatus pwasm_call_status_get(uint32_t *ret_code, PwasmStr *ret_message);

PWASM_END_DECLS

#endif

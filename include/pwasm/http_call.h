#ifndef PWASM_HTTP_CALL_H
#define PWASM_HTTP_CALL_H

/** @file
 *  @brief HTTP calls to other services, answered later by a function of the plugin's.
 *
 *  A stream that waits for an answer is paused meanwhile, and resumed or replied to when it is there:
 *
 *  @snippet http_auth_random/http_auth_random.c call
 */

#include <pwasm/call_status.h>
#include <pwasm/context.h>
#include <pwasm/pairs.h>

PWASM_BEGIN_DECLS

/** A request. What is left out is not sent, but the first four must be there. */
typedef struct PwasmHttpCallOptions {
  PwasmStr upstream;         /**< to whom: the name of a cluster (ngx_wasm_module: host and port) */
  PwasmStr method;           /**< `:method` */
  PwasmStr path;             /**< `:path` */
  PwasmStr authority;        /**< `:authority` */
  const PwasmPair *headers;  /**< more headers, `num_headers` of them; a `:method`, `:path` or
                                  `:authority` among them is passed over, so that the headers of a
                                  request can be sent as they are */
  size_t num_headers;        /**< elements of `headers` */
  PwasmStr body;             /**< the body */
  const PwasmPair *trailers; /**< `num_trailers` of them */
  size_t num_trailers;       /**< elements of `trailers` */
  uint32_t timeout_ms; /**< how long to wait, in milliseconds, at most `INT32_MAX`; 0: for ever.
                            Envoy answers a call that takes longer by itself, with 504 */
} PwasmHttpCallOptions;

/** How a call ended. */
typedef struct PwasmHttpCallResult {
  PwasmCallOutcome outcome; /**< all else is 0 unless it is @ref PWASM_CALL_ANSWERED */
  uint32_t status_code; /**< of HTTP, from `:status`; 0 when the host has none that can be read */
  size_t num_headers;   /**< of @ref PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS */
  size_t body_size;     /**< of @ref PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, in bytes */
  size_t num_trailers;  /**< of @ref PWASM_MAP_HTTP_CALL_RESPONSE_TRAILERS */
} PwasmHttpCallResult;

/** A function that is called when a call ends.
 *
 *  It runs as a callback of @p owner: that is whom pwasm functions are about, whatever context the
 *  host answered on. When the call is cancelled @p owner is closed but valid: it can be read, and
 *  calls about it return @ref PWASM_STATUS_CLOSED.
 *
 *  The answer's headers, body and trailers are readable in this function only, with
 *  pwasm_header_get(), pwasm_header_get_all() and pwasm_buffer_get().
 *
 *  @param owner   whose call it is; valid in this function, and as long as it is otherwise
 *  @param result  borrowed for the call
 *  @param data    what pwasm_http_call() got
 */
typedef void PwasmHttpCallFn(PwasmContext *owner, const PwasmHttpCallResult *result, void *data);

/** Sends a request to another service.
 *
 *  Whenever the result is OK, @p done is called once: when the service answers, when the call fails,
 *  or when the host deletes @p owner first. With some hosts that is before this function returns.
 *  When it is not OK, @p done is not called.
 *
 *  A call that is cancelled is not taken back from the host; its answer is ignored.
 *
 *  @param owner    whose call it is: `PWASM_CONTEXT(ctx)` of a VM, plugin or stream, any, not only the
 *                  current one; held until the call ends
 *  @param options  borrowed for the call
 *  @param done     called when the call ends; NULL when nobody wants to know
 *  @param data     what @p done gets; borrowed, must live until then
 *  @retval PWASM_STATUS_OK                under way
 *  @retval PWASM_STATUS_BAD_ARGUMENT      upstream, method, path or authority is missing or empty, or
 *                                         the timeout too long: the log has which, and the host was
 *                                         not asked; or the host knows no such upstream, or has lost
 *                                         @p owner
 *  @retval PWASM_STATUS_TOO_LARGE         headers or trailers: see pwasm_header_set_all(); or 4 GiB
 *  @retval PWASM_STATUS_CLOSED            @p owner is gone
 *  @retval PWASM_STATUS_OUT_OF_MEMORY     the memory is at its limit
 *  @retval PWASM_STATUS_INTERNAL_FAILURE  the host could not begin the call
 *  @hostcall{proxy_http_call}
 */
PWASM_NODISCARD PwasmStatus pwasm_http_call(PwasmContext *owner,
                                            const PwasmHttpCallOptions *options,
                                            PwasmHttpCallFn *done, void *data);

/** @cond private */
extern const PwasmExport pwasm_export_on_http_call_response;
/** @endcond */

PWASM_END_DECLS

#endif

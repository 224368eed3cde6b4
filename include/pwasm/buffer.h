#ifndef PWASM_BUFFER_H
#define PWASM_BUFFER_H

/** @file
 *  @brief Bodies, data and configurations: what the host holds as a run of bytes.
 *
 *  Hosts agree on four changes only: put before, put after, replace all, remove all. Whoever
 *  changes the size of a body removes the `content-length` header in the headers callback.
 */

#include <pwasm/abi.h>
#include <pwasm/header_map.h>
#include <pwasm/status.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** Which bytes. */
typedef enum PwasmBuffer {
  PWASM_BUFFER_HTTP_REQUEST_BODY = 0,         /**< in `on_request_body`, and while paused there */
  PWASM_BUFFER_HTTP_RESPONSE_BODY = 1,        /**< in `on_response_body`, and while paused there */
  PWASM_BUFFER_DOWNSTREAM_DATA = 2,           /**< in `on_downstream_data` */
  PWASM_BUFFER_UPSTREAM_DATA = 3,             /**< in `on_upstream_data` */
  PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY = 4,   /**< when an HTTP call is answered; read only */
  PWASM_BUFFER_GRPC_CALL_MESSAGE = 5,         /**< when a gRPC message arrives; read only */
  PWASM_BUFFER_VM_CONFIGURATION = 6,          /**< see pwasm_vm_configuration_get() */
  PWASM_BUFFER_PLUGIN_CONFIGURATION = 7,      /**< see pwasm_plugin_configuration_get() */
  PWASM_BUFFER_FOREIGN_FUNCTION_ARGUMENTS = 8 /**< in `on_foreign_function`; read only */
} PwasmBuffer;

/** Reads a part of a buffer.
 *
 *  While a body is paused its callback reports all that is buffered; asking from where one stopped
 *  (@p start) fetches the new bytes only. ngx_wasm_module ignores @p start.
 *
 *  @param      buffer     which buffer
 *  @param      start      offset of the first byte
 *  @param      max_size   bytes, at most; `SIZE_MAX` for all that follow
 *  @param[out] ret_bytes  what is there, which may be less, or nothing; untouched on failure
 *  @lifetime{ret_bytes, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK             read; Envoy says so too, with no bytes, of a body that is not
 *                                      there now
 *  @retval PWASM_STATUS_NOT_FOUND      the buffer is not there now
 *  @retval PWASM_STATUS_BAD_ARGUMENT   no such buffer
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE      @p start is 4 GiB or more
 *  @hostcall{proxy_get_buffer_bytes}
 */
PWASM_NODISCARD PwasmStatus pwasm_buffer_get(PwasmBuffer buffer, size_t start, size_t max_size,
                                             PwasmStr *ret_bytes);

/** Reads how large a buffer is.
 *
 *  Callbacks tell the size of what they are about; this is for other times and other buffers. Only
 *  Envoy has the call behind it: a module that uses it does not load in the hosts for nginx.
 *
 *  @param      buffer    which buffer
 *  @param[out] ret_size  its size in bytes; untouched on failure
 *  @retval PWASM_STATUS_OK            read; 0 also of a body that is not there now
 *  @retval PWASM_STATUS_NOT_FOUND     the buffer is not there now
 *  @retval PWASM_STATUS_BAD_ARGUMENT  no such buffer
 *  @hostcall{proxy_get_buffer_status}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_buffer_get_size(PwasmBuffer buffer, size_t *ret_size)
{
  uint32_t size = 0;
  uint32_t flags = 0;
  uint32_t status = proxy_get_buffer_status((uint32_t)buffer, &size, &flags);

  if (status == PWASM_STATUS_OK)
    *ret_size = size;
  return (PwasmStatus)status;
}

/** @cond private: hosts take a start past the end for "append" and a size past it for "all" */
#define PWASM__BUFFER_END 0x7fffffffu

static inline PwasmStatus
pwasm__buffer_set(PwasmBuffer buffer, uint32_t start, uint32_t size, PwasmStr bytes)
{
  if (!pwasm__fits(bytes.len, 0))
    return PWASM_STATUS_TOO_LARGE;
  return (PwasmStatus)proxy_set_buffer_bytes((uint32_t)buffer, start, size, bytes.data,
                                             (uint32_t)bytes.len);
}
/** @endcond */

/** Puts bytes before those of a buffer.
 *
 *  @param buffer  which buffer
 *  @param bytes   borrowed for the call
 *  @retval PWASM_STATUS_OK            done
 *  @retval PWASM_STATUS_NOT_FOUND     the buffer is not there now
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the buffer is read only, or (Envoy) not there now
 *  @retval PWASM_STATUS_TOO_LARGE     @p bytes has 4 GiB or more
 *  @hostcall{proxy_set_buffer_bytes}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_buffer_prepend(PwasmBuffer buffer, PwasmStr bytes)
{
  return pwasm__buffer_set(buffer, 0, 0, bytes);
}

/** Puts bytes after those of a buffer.
 *
 *  @param buffer  which buffer
 *  @param bytes   borrowed for the call
 *  @retval PWASM_STATUS_OK            done
 *  @retval PWASM_STATUS_NOT_FOUND     the buffer is not there now
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the buffer is read only, or (Envoy) not there now
 *  @retval PWASM_STATUS_TOO_LARGE     @p bytes has 4 GiB or more
 *  @hostcall{proxy_set_buffer_bytes}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_buffer_append(PwasmBuffer buffer, PwasmStr bytes)
{
  return pwasm__buffer_set(buffer, PWASM__BUFFER_END, 0, bytes);
}

/** Puts bytes in the place of all those of a buffer.
 *
 *  @param buffer  which buffer
 *  @param bytes   borrowed for the call
 *  @retval PWASM_STATUS_OK            done
 *  @retval PWASM_STATUS_NOT_FOUND     the buffer is not there now
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the buffer is read only, or (Envoy) not there now
 *  @retval PWASM_STATUS_TOO_LARGE     @p bytes has 4 GiB or more
 *  @hostcall{proxy_set_buffer_bytes}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_buffer_replace(PwasmBuffer buffer, PwasmStr bytes)
{
  return pwasm__buffer_set(buffer, 0, PWASM__BUFFER_END, bytes);
}

/** Removes all bytes of a buffer.
 *
 *  @param buffer  which buffer
 *  @retval PWASM_STATUS_OK            done
 *  @retval PWASM_STATUS_NOT_FOUND     the buffer is not there now
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the buffer is read only, or (Envoy) not there now
 *  @hostcall{proxy_set_buffer_bytes}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_buffer_clear(PwasmBuffer buffer)
{
  return pwasm__buffer_set(buffer, 0, PWASM__BUFFER_END, pwasm_str("", 0));
}

PWASM_END_DECLS

#endif

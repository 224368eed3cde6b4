#ifndef PWASM_GRPC_CALL_H
#define PWASM_GRPC_CALL_H

/** @file
 *  @brief gRPC calls to other services: one message and one answer, or streams of both. Only Envoy
 *  has them.
 *
 *  Messages are bytes, of whatever encoding the service wants: pwasm does not know protobuf.
 */

#include <pwasm/call_status.h>
#include <pwasm/context.h>
#include <pwasm/http_context.h>
#include <pwasm/pairs.h>

PWASM_BEGIN_DECLS

/** A call with one message. What is left out is not sent, but the first three must be there. */
typedef struct PwasmGrpcCallOptions {
  PwasmStr upstream;         /**< to whom: the name of a cluster, or a serialized
                                  `envoy.config.core.v3.GrpcService`, in which `envoy_grpc` or
                                  `google_grpc` comes first, as serializers write it */
  PwasmStr service;          /**< with its package: `helloworld.Greeter` */
  PwasmStr method;           /**< `SayHello` */
  const PwasmPair *metadata; /**< `num_metadata` of them */
  size_t num_metadata;       /**< elements of `metadata` */
  PwasmStr message;          /**< the message, serialized; may be empty */
  uint32_t timeout_ms; /**< how long to wait, in milliseconds, at most `INT32_MAX`, which is what
                            0 stands for. The service is told too. When it is over the call fails:
                            the service says @ref PWASM_GRPC_STATUS_DEADLINE_EXCEEDED, or Envoy
                            @ref PWASM_GRPC_STATUS_UNAVAILABLE (@ref PWASM_GRPC_STATUS_INTERNAL if
                            the service has begun to answer) */
} PwasmGrpcCallOptions;

/** How a call ended. */
typedef struct PwasmGrpcCallResult {
  PwasmCallOutcome outcome; /**< how */
  uint32_t grpc_status;     /**< a @ref PwasmGrpcStatus, or what else the service sent: 0 when
                                 answered, the service's or the host's when failed,
                                 @ref PWASM_GRPC_STATUS_CANCELLED when cancelled */
  size_t message_size; /**< of @ref PWASM_BUFFER_GRPC_CALL_MESSAGE, in bytes; 0 unless answered */
} PwasmGrpcCallResult;

/** A function that is called when a call ends.
 *
 *  It runs as a callback of @p owner, like a @ref PwasmHttpCallFn. The answer is readable in this
 *  function only, with pwasm_buffer_get(). When the call has failed, pwasm_call_status_get() has the
 *  message that goes with the status.
 *
 *  @param owner   whose call it is; closed when the call is cancelled
 *  @param result  borrowed for the call
 *  @param data    what pwasm_grpc_call() got
 */
typedef void PwasmGrpcCallFn(PwasmContext *owner, const PwasmGrpcCallResult *result, void *data);

/** Sends one message to another service, which answers with one.
 *
 *  Whenever the result is OK, @p done is called once: when the service answers, when the call fails,
 *  or when the host deletes @p owner first; then the host is told to give up the call. With some
 *  failures that is before this function returns. When it is not OK, @p done is not called.
 *
 *  ngx_wasm_module traps on this call.
 *
 *  @param owner    whose call it is: `PWASM_CONTEXT(ctx)` of a VM, plugin or stream, any, not only the
 *                  current one; held until the call ends
 *  @param options  borrowed for the call
 *  @param done     called when the call ends; NULL when nobody wants to know
 *  @param data     what @p done gets; borrowed, must live until then
 *  @retval PWASM_STATUS_OK                under way, or over already
 *  @retval PWASM_STATUS_BAD_ARGUMENT      upstream, service or method is missing or empty, or the
 *                                         timeout too long: the log has which, and the host was not
 *                                         asked; or the host can't make a client
 *  @retval PWASM_STATUS_PARSE_FAILURE     the upstream begins like a `GrpcService` but is none
 *  @retval PWASM_STATUS_TOO_LARGE         metadata: see pwasm_header_set_all(); or 4 GiB
 *  @retval PWASM_STATUS_CLOSED            @p owner is gone
 *  @retval PWASM_STATUS_OUT_OF_MEMORY     the memory is at its limit
 *  @retval PWASM_STATUS_INTERNAL_FAILURE  the host could not begin the call: there is no such cluster,
 *                                         or no endpoint in it
 *  @retval PWASM_STATUS_UNIMPLEMENTED     the host has no gRPC
 *  @hostcall{proxy_grpc_call}
 */
PWASM_NODISCARD PwasmStatus pwasm_grpc_call(PwasmContext *owner,
                                            const PwasmGrpcCallOptions *options,
                                            PwasmGrpcCallFn *done, void *data);

/** A stream of messages in both directions. A name, not a pointer: when the stream is closed it names
 *  nothing any more, and never another stream. */
typedef struct PwasmGrpcStream {
  uint64_t id; /**< opaque; 0 for none */
} PwasmGrpcStream;

/** What a stream is opened with. The first three must be there. */
typedef struct PwasmGrpcStreamOptions {
  PwasmStr upstream;         /**< as in @ref PwasmGrpcCallOptions */
  PwasmStr service;          /**< with its package */
  PwasmStr method;           /**< its name */
  const PwasmPair *metadata; /**< `num_metadata` of them */
  size_t num_metadata;       /**< elements of `metadata` */
} PwasmGrpcStreamOptions;

/** What happens to a stream. Each runs as a callback of the stream's owner; each may be NULL.
 *
 *  All get the owner, the stream, what it is about, and what pwasm_grpc_stream_open() got as data.
 *  Any of them but `on_close` may send, half-close or cancel. In time they are: nothing before the stream
 *  is open, then `on_initial_metadata`, messages and `on_trailing_metadata` as the service sends them, any of
 *  which may be left out, then `on_close`. */
typedef struct PwasmGrpcStreamHandlers {
  /** The service's headers; @ref PWASM_MAP_GRPC_CALL_INITIAL_METADATA is readable. Envoy calls it with no
   *  pairs when the service fails at once: then all it sends is trailing metadata. */
  void (*on_initial_metadata)(PwasmContext *owner, PwasmGrpcStream stream, size_t num_metadata,
                              void *data);
  /** A message; @ref PWASM_BUFFER_GRPC_CALL_MESSAGE is readable. */
  void (*on_message)(PwasmContext *owner, PwasmGrpcStream stream, size_t message_size, void *data);
  /** The service's trailers; @ref PWASM_MAP_GRPC_CALL_TRAILING_METADATA is readable. */
  void (*on_trailing_metadata)(PwasmContext *owner, PwasmGrpcStream stream, size_t num_metadata,
                               void *data);
  /** The end, once and last: a @ref PwasmGrpcStatus or what else the service sent. It is
   *  @ref PWASM_GRPC_STATUS_CANCELLED also after pwasm_grpc_stream_cancel(), and when the host has deleted
   *  the owner, which is closed then. Otherwise pwasm_call_status_get() has the message that goes with the
   *  status. */
  void (*on_close)(PwasmContext *owner, PwasmGrpcStream stream, uint32_t grpc_status, void *data);
} PwasmGrpcStreamHandlers;

/** Opens a stream.
 *
 *  Whenever the result is OK, `on_close` is called once: with some failures before this function
 *  returns. When it is not OK, it is not called.
 *
 *  When the host deletes @p owner, the stream is cancelled. ngx_wasm_module traps on this call.
 *
 *  @param      owner       whose stream it is, as for pwasm_grpc_call(); held until the stream ends
 *  @param      options     borrowed for the call
 *  @param      handlers    what to do when; borrowed, must live until `on_close`, best `static const`
 *  @param      data        what they get; borrowed, must live until `on_close`
 *  @param[out] ret_stream  the stream, which may be closed already; untouched on failure
 *  @retval PWASM_STATUS_OK                open, or closed already
 *  @retval PWASM_STATUS_BAD_ARGUMENT      upstream, service or method is missing or empty: the log has
 *                                         which; or the host can't make a client
 *  @retval PWASM_STATUS_PARSE_FAILURE     the upstream begins like a `GrpcService` but is none
 *  @retval PWASM_STATUS_TOO_LARGE         metadata: see pwasm_header_set_all(); or 4 GiB
 *  @retval PWASM_STATUS_CLOSED            @p owner is gone
 *  @retval PWASM_STATUS_OUT_OF_MEMORY     the memory is at its limit
 *  @retval PWASM_STATUS_INTERNAL_FAILURE  the host could not open it: there is no such cluster, or no
 *                                         endpoint in it
 *  @retval PWASM_STATUS_UNIMPLEMENTED     the host has no gRPC
 *  @hostcall{proxy_grpc_stream}
 */
PWASM_NODISCARD PwasmStatus pwasm_grpc_stream_open(PwasmContext *owner,
                                                   const PwasmGrpcStreamOptions *options,
                                                   const PwasmGrpcStreamHandlers *handlers,
                                                   void *data, PwasmGrpcStream *ret_stream);

/** @cond private: out of line, with scalars, because wasm32 passes structs through memory */
PwasmStatus pwasm__grpc_stream_send(uint64_t id, const char *message, size_t message_len,
                                    bool end_of_stream);
PwasmStatus pwasm__grpc_stream_close(uint64_t id);
PwasmStatus pwasm__grpc_stream_cancel(uint64_t id);
/** @endcond */

/** Sends a message.
 *
 *  @param stream         the stream
 *  @param message        the message, serialized; may be empty; borrowed for the call
 *  @param end_of_stream  whether it is the last; the service may still send
 *  @retval PWASM_STATUS_OK            sent
 *  @retval PWASM_STATUS_CLOSED        the stream is closed, or its last message was sent; the host was
 *                                     not asked
 *  @retval PWASM_STATUS_TOO_LARGE     4 GiB
 *  @retval PWASM_STATUS_NOT_FOUND     the host does not know the stream: it belongs to the VM, and was
 *                                     opened on behalf of another plugin
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the host has lost the stream's owner
 *  @hostcall{proxy_grpc_send}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_grpc_stream_send(PwasmGrpcStream stream, PwasmStr message, bool end_of_stream)
{
  return pwasm__grpc_stream_send(stream.id, message.data, message.len, end_of_stream);
}

/** Half-closes a stream without a message: the plugin sends no more. The service may still send.
 *
 *  @param stream  the stream
 *  @retval PWASM_STATUS_OK            half-closed
 *  @retval PWASM_STATUS_CLOSED        the stream is closed, or half-closed; the host was not asked
 *  @retval PWASM_STATUS_NOT_FOUND     the host does not know the stream: see pwasm_grpc_stream_send()
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the host has lost the stream's owner
 *  @hostcall{proxy_grpc_close}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_grpc_stream_close(PwasmGrpcStream stream)
{
  return pwasm__grpc_stream_close(stream.id);
}

/** Resets a stream. Its `on_close` is called, with @ref PWASM_GRPC_STATUS_CANCELLED, before this returns.
 *
 *  @param stream  the stream
 *  @retval PWASM_STATUS_OK            over
 *  @retval PWASM_STATUS_CLOSED        it was closed before
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the host has lost the stream's owner
 *  @hostcall{proxy_grpc_cancel}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_grpc_stream_cancel(PwasmGrpcStream stream)
{
  return pwasm__grpc_stream_cancel(stream.id);
}

/** @cond private */
extern const PwasmExport pwasm_export_on_grpc_receive_initial_metadata;
extern const PwasmExport pwasm_export_on_grpc_receive;
extern const PwasmExport pwasm_export_on_grpc_receive_trailing_metadata;
extern const PwasmExport pwasm_export_on_grpc_close;
/** @endcond */

PWASM_END_DECLS

#endif

#ifndef PWASM_HTTP_CONTEXT_H
#define PWASM_HTTP_CONTEXT_H

/** @file
 *  @brief The context of an HTTP stream: a request and its response.
 */

#include <pwasm/action.h>
#include <pwasm/context.h>
#include <pwasm/pairs.h>

PWASM_BEGIN_DECLS

/** The context of an HTTP stream. */
struct PwasmHttpContext {
  PwasmContext base; /**< the base class */
  bool replied;      /**< private: a local reply was sent */
  bool closing;      /**< private: the host was told to reset it */
  /** private: the callbacks that hold the request back; NULL: none */
  const PwasmExport *const *request_hold;
  const PwasmExport *const *response_hold; /**< private: the same of the response */
};

/** The class of an HTTP context.
 *
 *  Every slot is optional, its default lets everything pass, and it may be chained up. After a
 *  callback has answered @ref PWASM_ACTION_CONTINUE, Envoy no longer lets the plugin read or change
 *  what the callback was about.
 *
 *  A response callback may come without any request callback before it (a reply of the host's own),
 *  and a local reply of the plugin runs through its own response callbacks.
 */
struct PwasmHttpContextClass {
  PwasmContextClass base; /**< the base class */

  /** The request's headers are here. Readable: @ref PWASM_MAP_HTTP_REQUEST_HEADERS.
   *
   *  `end_of_stream`: the request has no body, and no body callback will come. Some hosts never set
   *  it, some pass 0 for `num_headers`.
   */
  PWASM_SLOT(PwasmAction, on_request_headers,
             (PwasmHttpContext * ctx, size_t num_headers, bool end_of_stream));

  /** Bytes of the request's body are here. Readable: @ref PWASM_BUFFER_HTTP_REQUEST_BODY.
   *
   *  `body_size`: all that is buffered, which after a pause includes what was reported before.
   *  `end_of_stream` never comes if trailers follow.
   */
  PWASM_SLOT(PwasmAction, on_request_body,
             (PwasmHttpContext * ctx, size_t body_size, bool end_of_stream));

  /** The request's trailers are here, so its body is whole. Readable: @ref
   *  PWASM_MAP_HTTP_REQUEST_TRAILERS, and the body if it was held back. */
  PWASM_SLOT(PwasmAction, on_request_trailers, (PwasmHttpContext * ctx, size_t num_trailers));

  /** HTTP/2 METADATA of the request (Envoy). */
  PWASM_SLOT(void, on_request_metadata, (PwasmHttpContext * ctx, size_t num_elements));

  /** The response's headers are here. Readable: @ref PWASM_MAP_HTTP_RESPONSE_HEADERS. */
  PWASM_SLOT(PwasmAction, on_response_headers,
             (PwasmHttpContext * ctx, size_t num_headers, bool end_of_stream));

  /** Bytes of the response's body are here. Readable: @ref PWASM_BUFFER_HTTP_RESPONSE_BODY. */
  PWASM_SLOT(PwasmAction, on_response_body,
             (PwasmHttpContext * ctx, size_t body_size, bool end_of_stream));

  /** The response's trailers are here. Readable: @ref PWASM_MAP_HTTP_RESPONSE_TRAILERS. */
  PWASM_SLOT(PwasmAction, on_response_trailers, (PwasmHttpContext * ctx, size_t num_trailers));

  /** HTTP/2 METADATA of the response (Envoy). */
  PWASM_SLOT(void, on_response_metadata, (PwasmHttpContext * ctx, size_t num_elements));
};

/** The base class of HTTP contexts. */
extern const PwasmHttpContextClass pwasm_http_context_class;
PWASM_DECLARE_CLASS(pwasm_http_context_class, PwasmHttpContext);

/** Begins the table of a subclass of an HTTP context: names the struct and the base class.
 *
 *  The compiler refuses a @p T whose first member is not a `base` of the base class's struct.
 */
#define PWASM_HTTP_SUBCLASS(T, class_object) PWASM__SUBCLASS(T, PwasmHttpContextClass, class_object)

/** The plugin that a stream belongs to.
 *
 *  @param ctx  the stream
 *  @return its plugin's context
 *  @lifetime{the result, as long as @p ctx}
 */
static inline PwasmPluginContext *
pwasm_http_context_plugin(PwasmHttpContext *ctx)
{
  return (PwasmPluginContext *)ctx->base.parent;
}

/** A status of gRPC, as in its specification. */
typedef enum PwasmGrpcStatus {
  PWASM_GRPC_STATUS_OK = 0,                  /**< success */
  PWASM_GRPC_STATUS_CANCELLED = 1,           /**< cancelled, usually by the caller */
  PWASM_GRPC_STATUS_UNKNOWN = 2,             /**< an error of another kind */
  PWASM_GRPC_STATUS_INVALID_ARGUMENT = 3,    /**< wrong whatever the state */
  PWASM_GRPC_STATUS_DEADLINE_EXCEEDED = 4,   /**< too late */
  PWASM_GRPC_STATUS_NOT_FOUND = 5,           /**< no such entity */
  PWASM_GRPC_STATUS_ALREADY_EXISTS = 6,      /**< there is one already */
  PWASM_GRPC_STATUS_PERMISSION_DENIED = 7,   /**< known, but not allowed */
  PWASM_GRPC_STATUS_RESOURCE_EXHAUSTED = 8,  /**< out of quota or space */
  PWASM_GRPC_STATUS_FAILED_PRECONDITION = 9, /**< not in this state */
  PWASM_GRPC_STATUS_ABORTED = 10,            /**< lost a race */
  PWASM_GRPC_STATUS_OUT_OF_RANGE = 11,       /**< past the valid range */
  PWASM_GRPC_STATUS_UNIMPLEMENTED = 12,      /**< no such method */
  PWASM_GRPC_STATUS_INTERNAL = 13,           /**< an invariant is broken */
  PWASM_GRPC_STATUS_UNAVAILABLE = 14,        /**< for now: try again */
  PWASM_GRPC_STATUS_DATA_LOSS = 15,          /**< data is lost or corrupt */
  PWASM_GRPC_STATUS_UNAUTHENTICATED = 16     /**< no valid credentials */
} PwasmGrpcStatus;

/** A reply that the host sends in place of the upstream's. What is left out is not sent. Headers must not
 *  have CR, LF or NUL in them: see header_map.h. */
typedef struct PwasmHttpReply {
  uint32_t status_code;               /**< of HTTP, 200 to 599 */
  PwasmStr body;                      /**< borrowed for the call */
  const PwasmPair *headers;           /**< borrowed for the call; `num_headers` of them */
  size_t num_headers;                 /**< elements of `headers` */
  const PwasmGrpcStatus *grpc_status; /**< NULL: none; matters for gRPC requests only */
  PwasmStr details;                   /**< for the host's access log (`%RESPONSE_CODE_DETAILS%`) */
} PwasmHttpReply;

/** Answers the request here and now.
 *
 *  The host sends the reply when the callback has returned; whatever the callback returns then, the
 *  request goes no further (return @ref PWASM_ACTION_PAUSE). The reply runs through the plugin's own
 *  response callbacks. Once the response's headers are on their way it is too late: Envoy resets the
 *  stream then.
 *
 *  From a stream's callback only that stream can be replied to: Envoy takes any reply for the end of the
 *  current callback's iteration, so the current stream would hang. Callbacks of plugins, and functions
 *  that are called when a call ends, reply to any stream.
 *
 *  @param ctx    the stream; see above
 *  @param reply  borrowed for the call
 *  @retval PWASM_STATUS_OK               the host has it
 *  @retval PWASM_STATUS_ALREADY_REPLIED  the stream has had one; nothing is sent
 *  @retval PWASM_STATUS_CLOSED           the stream is gone, or pwasm_http_context_close() was called
 *  @retval PWASM_STATUS_BAD_ARGUMENT     the status code is not one of HTTP, or it is the callback of
 *                                        another stream, or the host has lost the stream
 *  @retval PWASM_STATUS_TOO_LARGE        the headers: see pwasm_header_set_all(); or 4 GiB
 *  @retval PWASM_STATUS_OUT_OF_MEMORY    the memory is at its limit
 *  @hostcall{proxy_send_local_response}
 */
PWASM_NODISCARD PwasmStatus pwasm_http_context_reply(PwasmHttpContext *ctx,
                                                     const PwasmHttpReply *reply);

/** Whether a local reply was sent for a stream with pwasm_http_context_reply().
 *
 *  Lets a response callback tell the plugin's own reply from the upstream's.
 *
 *  @param ctx  the stream
 *  @return true once it was sent
 */
static inline bool
pwasm_http_context_is_replied(const PwasmHttpContext *ctx)
{
  return ctx->replied;
}

/** Holds a request back until pwasm_http_context_resume_request(), whatever the host's options.
 *
 *  For requests that wait for an answer: `return pwasm_http_context_hold_request(ctx);` in
 *  `on_request_headers`. With @ref PWASM_ACTION_PAUSE alone, Envoy's option
 *  `allow_on_headers_stop_iteration` lets the body come, and the body's callback, or its absence, lets it go on
 *  **together with the headers, before the answer is there**. While it is held, what the callbacks of the body
 *  and the trailers answer does not matter, overridden or not: nothing goes on. (They come as ever.) So a
 *  plugin that calls this exports them.
 *
 *  @param ctx  the stream whose callback this is
 *  @return @ref PWASM_ACTION_PAUSE, for the callback to return
 */
PWASM_NODISCARD PwasmAction pwasm_http_context_hold_request(PwasmHttpContext *ctx);

/** Holds a response back until pwasm_http_context_resume_response().
 *
 *  As pwasm_http_context_hold_request(), in `on_response_headers`.
 *
 *  @param ctx  the stream whose callback this is
 *  @return @ref PWASM_ACTION_PAUSE, for the callback to return
 */
PWASM_NODISCARD PwasmAction pwasm_http_context_hold_response(PwasmHttpContext *ctx);

/** Lets a request go on that a callback has paused.
 *
 *  For when a callback has answered @ref PWASM_ACTION_PAUSE, and returned. Within that callback answer
 *  @ref PWASM_ACTION_CONTINUE instead: Envoy resumes before it looks at the answer, so what is paused then stays
 *  so, or is cut off. Neither does Envoy let the plugin read or change the request after it.
 *
 *  @param ctx  the stream; any, not only the current one
 *  @retval PWASM_STATUS_OK               resumed, or it was not paused
 *  @retval PWASM_STATUS_CLOSED           the stream is gone, or pwasm_http_context_close() was called
 *  @retval PWASM_STATUS_BAD_ARGUMENT     the host has lost the stream
 *  @retval PWASM_STATUS_ALREADY_REPLIED  the stream has a local reply: its request goes nowhere
 *  @hostcall{proxy_continue_stream}
 */
PWASM_NODISCARD PwasmStatus pwasm_http_context_resume_request(PwasmHttpContext *ctx);

/** Lets a response go on that a callback has paused.
 *
 *  As pwasm_http_context_resume_request(). Only for a response that is there and paused: **Envoy 1.40 crashes** if
 *  there is none yet, and if the callback of its headers calls this and answers @ref PWASM_ACTION_CONTINUE, it
 *  crashes or sends the headers twice.
 *
 *  @param ctx  the stream; any, not only the current one
 *  @retval PWASM_STATUS_OK            resumed, or it was not paused
 *  @retval PWASM_STATUS_CLOSED        the stream is gone, or pwasm_http_context_close() was called
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the host has lost the stream
 *  @hostcall{proxy_continue_stream}
 */
PWASM_NODISCARD PwasmStatus pwasm_http_context_resume_response(PwasmHttpContext *ctx);

/** Resets a stream: the client gets no (further) response.
 *
 *  The host resets it when the callback has returned; until then nothing else can be done to it. Not in the
 *  callback that has replied to the stream: **Envoy 1.40 crashes** of that, or sends no reply.
 *
 *  @param ctx  the stream; any, not only the current one
 *  @retval PWASM_STATUS_OK             the host will reset it
 *  @retval PWASM_STATUS_CLOSED         the stream is gone, or this was called before
 *  @retval PWASM_STATUS_BAD_ARGUMENT   the host has lost the stream
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host can't (some trap instead: ngx_wasm_module)
 *  @hostcall{proxy_close_stream}
 */
PWASM_NODISCARD PWASM_SINCE_0_2_0 PwasmStatus pwasm_http_context_close(PwasmHttpContext *ctx);

/** @cond private */
extern const PwasmExport pwasm_export_on_request_headers;
extern const PwasmExport pwasm_export_on_request_body;
extern const PwasmExport pwasm_export_on_request_trailers;
extern const PwasmExport pwasm_export_on_request_metadata;
extern const PwasmExport pwasm_export_on_response_headers;
extern const PwasmExport pwasm_export_on_response_body;
extern const PwasmExport pwasm_export_on_response_trailers;
extern const PwasmExport pwasm_export_on_response_metadata;
/** @endcond */

PWASM_END_DECLS

#endif

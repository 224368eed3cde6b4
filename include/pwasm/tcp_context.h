#ifndef PWASM_TCP_CONTEXT_H
#define PWASM_TCP_CONTEXT_H

/** @file
 *  @brief The context of a TCP connection, downstream (the client) and upstream.
 */

#include <pwasm/action.h>
#include <pwasm/context.h>

PWASM_BEGIN_DECLS

/** The context of a TCP connection. */
struct PwasmTcpContext {
  PwasmContext base; /**< the base class */
};

/** The class of a TCP context.
 *
 *  Every slot is optional, its default lets everything pass, and it may be chained up.
 */
struct PwasmTcpContextClass {
  PwasmContextClass base; /**< the base class */

  /** A client has connected. */
  PWASM_SLOT(PwasmAction, on_new_connection, (PwasmTcpContext * ctx));

  /** Bytes from the client are here. Readable: @ref PWASM_BUFFER_DOWNSTREAM_DATA.
   *
   *  `data_size`: all that is buffered, which after a pause includes what was reported before.
   */
  PWASM_SLOT(PwasmAction, on_downstream_data,
             (PwasmTcpContext * ctx, size_t data_size, bool end_of_stream));

  /** The client's connection is closed. */
  PWASM_SLOT(void, on_downstream_close, (PwasmTcpContext * ctx, PwasmPeer peer));

  /** Bytes from the upstream are here. Readable: @ref PWASM_BUFFER_UPSTREAM_DATA. */
  PWASM_SLOT(PwasmAction, on_upstream_data,
             (PwasmTcpContext * ctx, size_t data_size, bool end_of_stream));

  /** The upstream's connection is closed. */
  PWASM_SLOT(void, on_upstream_close, (PwasmTcpContext * ctx, PwasmPeer peer));
};

/** The base class of TCP contexts. */
extern const PwasmTcpContextClass pwasm_tcp_context_class;
PWASM_DECLARE_CLASS(pwasm_tcp_context_class, PwasmTcpContext);

/** Begins the table of a subclass of a TCP context: names the struct and the base class.
 *
 *  The compiler refuses a @p T whose first member is not a `base` of the base class's struct.
 */
#define PWASM_TCP_SUBCLASS(T, class_object) PWASM__SUBCLASS(T, PwasmTcpContextClass, class_object)

/** The plugin that a connection belongs to.
 *
 *  @param ctx  the connection
 *  @return its plugin's context
 *  @lifetime{the result, as long as @p ctx}
 */
static inline PwasmPluginContext *
pwasm_tcp_context_plugin(PwasmTcpContext *ctx)
{
  return (PwasmPluginContext *)ctx->base.parent;
}

/** Lets the client's bytes go on that a callback has paused.
 *
 *  The host passes on what is buffered and does not report it again.
 *
 *  @param ctx  the connection; any, not only the current one
 *  @retval PWASM_STATUS_OK            resumed, or it was not paused
 *  @retval PWASM_STATUS_CLOSED        the connection is gone
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the host has lost the connection
 *  @hostcall{proxy_continue_stream}
 */
PWASM_NODISCARD PWASM_SINCE_0_2_0 PwasmStatus
pwasm_tcp_context_resume_downstream(PwasmTcpContext *ctx);

/** Lets the upstream's bytes go on that a callback has paused.
 *
 *  Envoy can't: there they go on with the next bytes for which the callback answers
 *  @ref PWASM_ACTION_CONTINUE.
 *
 *  @param ctx  the connection; any, not only the current one
 *  @retval PWASM_STATUS_OK             resumed, or it was not paused
 *  @retval PWASM_STATUS_CLOSED         the connection is gone
 *  @retval PWASM_STATUS_BAD_ARGUMENT   the host has lost the connection
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host can't: Envoy
 *  @hostcall{proxy_continue_stream}
 */
PWASM_NODISCARD PWASM_SINCE_0_2_0 PwasmStatus
pwasm_tcp_context_resume_upstream(PwasmTcpContext *ctx);

/** Closes the client's connection, when what is on its way to the client has been sent.
 *
 *  @param ctx  the connection; any, not only the current one
 *  @retval PWASM_STATUS_OK             the host will close it
 *  @retval PWASM_STATUS_CLOSED         the connection is gone
 *  @retval PWASM_STATUS_BAD_ARGUMENT   the host has lost the connection
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host can't
 *  @hostcall{proxy_close_stream}
 */
PWASM_NODISCARD PWASM_SINCE_0_2_0 PwasmStatus
pwasm_tcp_context_close_downstream(PwasmTcpContext *ctx);

/** Closes the upstream's connection. Envoy closes the client's, which ends both.
 *
 *  @param ctx  the connection; any, not only the current one
 *  @retval PWASM_STATUS_OK             the host will close it
 *  @retval PWASM_STATUS_CLOSED         the connection is gone
 *  @retval PWASM_STATUS_BAD_ARGUMENT   the host has lost the connection
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host can't
 *  @hostcall{proxy_close_stream}
 */
PWASM_NODISCARD PWASM_SINCE_0_2_0 PwasmStatus
pwasm_tcp_context_close_upstream(PwasmTcpContext *ctx);

/** @cond private */
extern const PwasmExport pwasm_export_on_new_connection;
extern const PwasmExport pwasm_export_on_downstream_data;
extern const PwasmExport pwasm_export_on_downstream_close;
extern const PwasmExport pwasm_export_on_upstream_data;
extern const PwasmExport pwasm_export_on_upstream_close;
/** @endcond */

PWASM_END_DECLS

#endif

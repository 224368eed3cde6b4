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

/** @cond private */
extern const PwasmExport pwasm_export_on_new_connection;
extern const PwasmExport pwasm_export_on_downstream_data;
extern const PwasmExport pwasm_export_on_downstream_close;
extern const PwasmExport pwasm_export_on_upstream_data;
extern const PwasmExport pwasm_export_on_upstream_close;
/** @endcond */

PWASM_END_DECLS

#endif

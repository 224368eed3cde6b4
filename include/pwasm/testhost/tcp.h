#ifndef PWASM_TESTHOST_TCP_H
#define PWASM_TESTHOST_TCP_H

/** @file
 *  @brief TCP connections of a test host: the test plays the client and the upstream.
 *
 *  As in Envoy, what the plugin pauses is buffered: its callback is called again, with all of it,
 *  when more arrives. A resume passes the client's bytes on without another callback; the upstream's
 *  can't be resumed.
 */

#include <pwasm/action.h>
#include <pwasm/testhost/plugin.h>

PWASM_BEGIN_DECLS

/** A connection. */
typedef struct PwasmHostTcp PwasmHostTcp;

/** A client connects: the plugin gets a new context and `on_new_connection`.
 *
 *  @param plugin  the plugin, which must be running
 *  @return the connection; pwasm_host_free() frees it
 */
PwasmHostTcp *pwasm_host_tcp_open(PwasmHostPlugin *plugin);

/** The id of a connection's context.
 *
 *  @param tcp  the connection
 *  @return the id
 */
uint32_t pwasm_host_tcp_id(const PwasmHostTcp *tcp);

/** The client sends bytes.
 *
 *  @param tcp            the connection, which must be open
 *  @param bytes          copied; may be empty
 *  @param end_of_stream  whether the client sends no more
 *  @return what the plugin answered; CONTINUE when it was not called
 */
PwasmAction pwasm_host_tcp_send_downstream(PwasmHostTcp *tcp, PwasmStr bytes, bool end_of_stream);

/** The upstream sends bytes.
 *
 *  @param tcp            the connection, which must be open
 *  @param bytes          copied; may be empty
 *  @param end_of_stream  whether the upstream sends no more; as in Envoy the plugin then gets
 *                        `on_upstream_close`, with @ref PWASM_PEER_UNKNOWN
 *  @return what the plugin answered to the bytes; CONTINUE when it was not called
 */
PwasmAction pwasm_host_tcp_send_upstream(PwasmHostTcp *tcp, PwasmStr bytes, bool end_of_stream);

/** Closes the client's connection: `on_downstream_close`, then `on_done`, `on_log`, and its context is
 *  deleted. What was recorded stays.
 *
 *  @param tcp   the connection; one that is closed is ignored
 *  @param peer  who closes: @ref PWASM_PEER_REMOTE is the client, @ref PWASM_PEER_LOCAL the proxy
 */
void pwasm_host_tcp_close(PwasmHostTcp *tcp, PwasmPeer peer);

/** Closes a connection, if it is open, and forgets what was recorded. Only a test with very many
 *  connections needs this; pwasm_host_free() does it for all.
 *
 *  @param tcp  the connection; NULL is ignored
 */
void pwasm_host_tcp_free(PwasmHostTcp *tcp);

/** Whether a connection is closed: its context was deleted.
 *
 *  @param tcp  the connection
 *  @return true once it is
 */
bool pwasm_host_tcp_is_closed(const PwasmHostTcp *tcp);

/** Who closed a connection, as its plugin was told.
 *
 *  @param tcp  the connection
 *  @return the peer; @ref PWASM_PEER_UNKNOWN while it is open
 */
PwasmPeer pwasm_host_tcp_closed_by(const PwasmHostTcp *tcp);

/** Whether the plugin holds the client's bytes back.
 *
 *  @param tcp  the connection
 *  @return true while it does
 */
bool pwasm_host_tcp_is_downstream_paused(const PwasmHostTcp *tcp);

/** Whether the plugin holds the upstream's bytes back.
 *
 *  @param tcp  the connection
 *  @return true while it does
 */
bool pwasm_host_tcp_is_upstream_paused(const PwasmHostTcp *tcp);

/** What the upstream has got of the client's bytes.
 *
 *  @param tcp  the connection
 *  @return all so far
 *  @lifetime{the result, until something is sent on the connection}
 */
PwasmStr pwasm_host_tcp_sent_to_upstream(const PwasmHostTcp *tcp);

/** What the client has got of the upstream's bytes.
 *
 *  @param tcp  the connection
 *  @return all so far
 *  @lifetime{the result, until something is sent on the connection}
 */
PwasmStr pwasm_host_tcp_sent_to_client(const PwasmHostTcp *tcp);

/** The upstream got exactly these bytes so far; a C string. */
#define PWASM_EXPECT_TCP_TO_UPSTREAM(tcp, bytes)                                                   \
  pwasm__expect_tcp(__FILE__, __LINE__, (tcp), true, (bytes))

/** The client got exactly these bytes so far; a C string. */
#define PWASM_EXPECT_TCP_TO_CLIENT(tcp, bytes)                                                     \
  pwasm__expect_tcp(__FILE__, __LINE__, (tcp), false, (bytes))

/** @cond private */
void pwasm__expect_tcp(const char *file, int line, const PwasmHostTcp *tcp, bool to_upstream,
                       const char *bytes);
/** @endcond */

PWASM_END_DECLS

#endif

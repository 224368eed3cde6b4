#include "tcp_private.h"

#include <stdlib.h>

#include <pwasm/buffer.h>

static uint32_t
enter(PwasmHostTcp *tcp, PwasmHostCallback callback, uint32_t a, uint32_t b)
{
  uint32_t answer = pwasm__host_enter(tcp->context.vm, callback, tcp->context.id, a, b, NULL);

  if (tcp->context.vm->has_trapped && !tcp->is_closed)
    pwasm__host_defer(tcp->host, (PwasmHostAction){.kind = PWASM_HOST_ACT_CLOSE_TCP, .tcp = tcp});
  return answer;
}

PwasmHostTcp *
pwasm_host_tcp_open(PwasmHostPlugin *plugin)
{
  PwasmHost *host = plugin->vm->host;
  PwasmHostTcp *tcp = pwasm__host_alloc(sizeof *tcp);

  tcp->host = host;
  tcp->next = host->connections;
  tcp->link = &host->connections;
  if (tcp->next != NULL)
    tcp->next->link = &tcp->next;
  host->connections = tcp;
  tcp->context.plugin = plugin;
  tcp->context.tcp = tcp;
  pwasm__host_context_add(&tcp->context, plugin->vm);
  plugin->num_open_streams++;
  if (plugin->state != PWASM_HOST_PLUGIN_RUNNING)
    PWASM__HOST_MISUSE(host, "the plugin is not running, it is %s",
                       pwasm__plugin_state_name(plugin->state));
  enter(tcp, PWASM_HOST_CALLBACK_on_context_create, plugin->context.id, 0);
  tcp->downstream.in_callback = true;
  /* Until the first bytes for which it answers "continue". */
  tcp->downstream.is_paused =
    enter(tcp, PWASM_HOST_CALLBACK_on_new_connection, 0, 0) != PWASM_ACTION_CONTINUE;
  tcp->downstream.in_callback = false;
  pwasm__host_settle(host);
  return tcp;
}

static void
forward(const PwasmHost *host, PwasmHostTcpFlow *flow)
{
  flow->is_paused = false;
  flow->is_readable = false;
  if (!host->forgets_bodies)
    pwasm__host_bytes_append(&flow->forwarded, pwasm__host_bytes_str(&flow->data));
  flow->data.len = 0;
}

static PwasmAction
report(PwasmHostTcp *tcp, PwasmHostTcpFlow *flow, PwasmHostCallback callback, PwasmStr bytes,
       bool end_of_stream)
{
  uint32_t answer;

  pwasm__host_bytes_append(&flow->data, bytes);
  flow->has_ended = end_of_stream;
  flow->is_readable = true;
  flow->in_callback = true;
  answer = enter(tcp, callback, (uint32_t)flow->data.len, end_of_stream);
  flow->in_callback = false;
  if (tcp->is_closed)
    return (PwasmAction)answer;
  flow->is_paused = answer != PWASM_ACTION_CONTINUE;
  if (!flow->is_paused)
    forward(tcp->host, flow);
  return (PwasmAction)answer;
}

/* Whether something may arrive now; if not, the test has it wrong. */
static bool
may_send(PwasmHostTcp *tcp, const PwasmHostTcpFlow *flow, const char *function)
{
  const char *problem = tcp->is_closed    ? "the connection is closed"
                        : flow->has_ended ? "nothing can follow the end of the stream"
                                          : NULL;

  if (problem != NULL)
    pwasm__host_failure(tcp->host, function, 0, "%s", problem);
  return problem == NULL;
}

PwasmAction
pwasm_host_tcp_send_downstream(PwasmHostTcp *tcp, PwasmStr bytes, bool end_of_stream)
{
  PwasmAction answer;

  if (!may_send(tcp, &tcp->downstream, __func__))
    return PWASM_ACTION_CONTINUE;
  answer =
    report(tcp, &tcp->downstream, PWASM_HOST_CALLBACK_on_downstream_data, bytes, end_of_stream);
  pwasm__host_settle(tcp->host);
  return answer;
}

PwasmAction
pwasm_host_tcp_send_upstream(PwasmHostTcp *tcp, PwasmStr bytes, bool end_of_stream)
{
  PwasmAction answer;

  if (!may_send(tcp, &tcp->upstream, __func__))
    return PWASM_ACTION_CONTINUE;
  answer = report(tcp, &tcp->upstream, PWASM_HOST_CALLBACK_on_upstream_data, bytes, end_of_stream);
  if (end_of_stream && !tcp->is_closed)
    enter(tcp, PWASM_HOST_CALLBACK_on_upstream_connection_close, PWASM_PEER_UNKNOWN, 0);
  pwasm__host_settle(tcp->host);
  return answer;
}

static void
hide(PwasmHostTcpFlow *flow)
{
  flow->is_readable = false;
  flow->is_paused = false;
  flow->data.len = 0;
}

void
pwasm_host_tcp_close(PwasmHostTcp *tcp, PwasmPeer peer)
{
  if (tcp->is_closed)
    return;
  tcp->is_closed = true;
  tcp->closed_by = peer;
  enter(tcp, PWASM_HOST_CALLBACK_on_downstream_connection_close, peer, 0);
  /* What it answers does not matter: the connection is gone. */
  enter(tcp, PWASM_HOST_CALLBACK_on_done, 0, 0);
  enter(tcp, PWASM_HOST_CALLBACK_on_log, 0, 0);
  enter(tcp, PWASM_HOST_CALLBACK_on_delete, 0, 0);
  pwasm__host_context_remove(&tcp->context);
  hide(&tcp->downstream);
  hide(&tcp->upstream);
  pwasm__host_plugin_stream_ended(tcp->context.plugin);
  pwasm__host_settle(tcp->host);
}

void
pwasm__host_tcp_end_all(PwasmHost *host)
{
  for (PwasmHostTcp *tcp = host->connections; tcp != NULL; tcp = tcp->next)
    pwasm_host_tcp_close(tcp, PWASM_PEER_LOCAL);
}

void
pwasm__host_tcp_resume_downstream(PwasmHostTcp *tcp)
{
  if (!tcp->is_closed && tcp->downstream.is_paused)
    forward(tcp->host, &tcp->downstream);
}

bool
pwasm__host_tcp_in_callback(const PwasmHostTcp *tcp)
{
  return tcp->downstream.in_callback || tcp->upstream.in_callback;
}

PwasmHostBytes *
pwasm__host_tcp_data(PwasmHostTcp *tcp, uint32_t buffer)
{
  PwasmHostTcpFlow *flow;

  if (tcp == NULL)
    return NULL;
  flow = buffer == PWASM_BUFFER_DOWNSTREAM_DATA ? &tcp->downstream : &tcp->upstream;
  return flow->is_readable ? &flow->data : NULL;
}

void
pwasm_host_tcp_free(PwasmHostTcp *tcp)
{
  if (tcp == NULL)
    return;
  if (tcp->host->depth == 0)
    pwasm_host_tcp_close(tcp, PWASM_PEER_LOCAL);
  *tcp->link = tcp->next;
  if (tcp->next != NULL)
    tcp->next->link = tcp->link;
  pwasm__host_bytes_free(&tcp->downstream.data);
  pwasm__host_bytes_free(&tcp->downstream.forwarded);
  pwasm__host_bytes_free(&tcp->upstream.data);
  pwasm__host_bytes_free(&tcp->upstream.forwarded);
  pwasm__host_properties_free(&tcp->context.properties);
  pwasm__host_properties_free(&tcp->context.filter_state);
  free(tcp);
}

uint32_t
pwasm_host_tcp_id(const PwasmHostTcp *tcp)
{
  return tcp->context.id;
}

bool
pwasm_host_tcp_is_closed(const PwasmHostTcp *tcp)
{
  return tcp->is_closed;
}

PwasmPeer
pwasm_host_tcp_closed_by(const PwasmHostTcp *tcp)
{
  return tcp->closed_by;
}

bool
pwasm_host_tcp_is_downstream_paused(const PwasmHostTcp *tcp)
{
  return tcp->downstream.is_paused;
}

bool
pwasm_host_tcp_is_upstream_paused(const PwasmHostTcp *tcp)
{
  return tcp->upstream.is_paused;
}

PwasmStr
pwasm_host_tcp_sent_to_upstream(const PwasmHostTcp *tcp)
{
  return pwasm__host_bytes_str(&tcp->downstream.forwarded);
}

PwasmStr
pwasm_host_tcp_sent_to_client(const PwasmHostTcp *tcp)
{
  return pwasm__host_bytes_str(&tcp->upstream.forwarded);
}

#include "http_private.h"
#include "tcp_private.h"

#include <string.h>

static void
act(const PwasmHostAction *action)
{
  switch (action->kind) {
  case PWASM_HOST_ACT_REPLY:
    pwasm__http_send_reply(action->http);
    break;
  case PWASM_HOST_ACT_RESUME_REQUEST:
    pwasm__half_resume(&action->http->request);
    break;
  case PWASM_HOST_ACT_RESUME_RESPONSE:
    pwasm__half_resume(&action->http->response);
    break;
  case PWASM_HOST_ACT_CLOSE:
    pwasm__http_close(action->http);
    break;
  case PWASM_HOST_ACT_RESUME_DOWNSTREAM:
    pwasm__host_tcp_resume_downstream(action->tcp);
    break;
  case PWASM_HOST_ACT_CLOSE_TCP:
    pwasm_host_tcp_close(action->tcp, PWASM_PEER_LOCAL);
    break;
  case PWASM_HOST_ACT_DELETE_PLUGIN:
    pwasm__host_plugin_delete(action->plugin);
    break;
  case PWASM_HOST_ACT_CLOSE_GRPC:
    pwasm_host_grpc_close(action->grpc, PWASM_GRPC_STATUS_UNAVAILABLE,
                          PWASM_STR("Cluster not available"));
    break;
  }
}

/* What a callback has not answered yet can't go on, in whatever host. */
static bool
can_act_at_once(const PwasmHostAction *action)
{
  switch (action->kind) {
  case PWASM_HOST_ACT_RESUME_REQUEST:
    return !action->http->request.in_callback;
  case PWASM_HOST_ACT_RESUME_RESPONSE:
    return !action->http->response.in_callback;
  case PWASM_HOST_ACT_RESUME_DOWNSTREAM:
  case PWASM_HOST_ACT_CLOSE_TCP:
    return !pwasm__host_tcp_in_callback(action->tcp);
  case PWASM_HOST_ACT_DELETE_PLUGIN:
  case PWASM_HOST_ACT_CLOSE_GRPC:
    return false;
  default:
    return true;
  }
}

void
pwasm__host_defer(PwasmHost *host, PwasmHostAction action)
{
  if (host->depth == 0 || (host->acts_at_once && can_act_at_once(&action))) {
    act(&action);
    return;
  }
  host->actions = pwasm__host_grow(host->actions, host->num_actions + 1, sizeof host->actions[0],
                                   &host->actions_capacity);
  host->actions[host->num_actions++] = action;
}

void
pwasm__host_settle(PwasmHost *host)
{
  /* Each may make callbacks, which may ask for more. */
  while (host->depth == 0 && host->num_actions > 0) {
    PwasmHostAction action = host->actions[0];

    host->num_actions--;
    memmove(host->actions, host->actions + 1, host->num_actions * sizeof host->actions[0]);
    act(&action);
  }
}

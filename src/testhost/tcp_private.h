#ifndef PWASM_TESTHOST_TCP_PRIVATE_H
#define PWASM_TESTHOST_TCP_PRIVATE_H

/* TCP connections. */

#include "host_private.h"

/* One direction. */
typedef struct PwasmHostTcpFlow {
  PwasmHostBytes data;      /* what the plugin may read: a chunk, or all that it holds back */
  PwasmHostBytes forwarded; /* on the far side */
  bool is_readable;
  bool is_paused;
  bool in_callback;
  bool has_ended; /* the sender sends no more */
} PwasmHostTcpFlow;

struct PwasmHostTcp {
  PwasmHostTcp *next;
  PwasmHostTcp **link; /* what points at this one */
  PwasmHost *host;
  PwasmHostContext context;
  PwasmHostTcpFlow downstream;
  PwasmHostTcpFlow upstream;
  PwasmPeer closed_by;
  bool is_closed;
};

/* The bytes that the plugin can get at now; NULL when it can't, and for no connection. */
PwasmHostBytes *pwasm__host_tcp_data(PwasmHostTcp *tcp, uint32_t buffer);
/* What was deferred. */
void pwasm__host_tcp_resume_downstream(PwasmHostTcp *tcp);
bool pwasm__host_tcp_in_callback(const PwasmHostTcp *tcp);
void pwasm__host_tcp_end_all(PwasmHost *host);

#endif

#ifndef PWASM_TESTHOST_CALLS_PRIVATE_H
#define PWASM_TESTHOST_CALLS_PRIVATE_H

/* What the host knows of the calls that plugins make to other services. */

#include <pwasm/testhost/envoy_dns.h>
#include <pwasm/testhost/grpc_call.h>
#include <pwasm/testhost/http_call.h>

#include "hostcall_private.h"
#include "map_private.h"

typedef struct PwasmHostHttpCallRecord {
  PwasmHostHttpCall call; /* first: the test has a pointer to it */
  struct PwasmHostHttpCallRecord *next;
  PwasmHost *host;
  PwasmHostPlugin *plugin;
  PwasmHostMap headers;
  PwasmHostMap trailers;
  uint64_t deadline_ns; /* when its timeout runs out; 0: never */
  bool is_pending;
} PwasmHostHttpCallRecord;

typedef struct PwasmHostGrpcCallRecord {
  PwasmHostGrpcCall call; /* first: the test has a pointer to it */
  struct PwasmHostGrpcCallRecord *next;
  PwasmHost *host;
  PwasmHostPlugin *plugin;
  PwasmHostMap metadata;
  uint64_t deadline_ns; /* when its timeout runs out; 0: never */
  bool is_pending;
  bool is_known;  /* hostcalls can name it: a stream that was closed, until the plugin cancels it */
  bool has_begun; /* something has arrived */
} PwasmHostGrpcCallRecord;

/* What of an answer the plugin can read now, inside its callback. */
typedef struct PwasmHostAnswerView {
  const PwasmHostPlugin *plugin;
  uint32_t context_id;         /* on whose behalf the call was made */
  const PwasmHostMap *maps[8]; /* by the ABI's numbers; NULL for what is not there */
  PwasmStr buffers[9];         /* likewise; missing */
} PwasmHostAnswerView;

typedef struct PwasmHostCalls {
  PwasmHostHttpCallRecord *http; /* oldest first */
  uint32_t num_http;             /* made so far, for the next id */
  PwasmHostHttpCallFn *on_http;
  void *on_http_data;
  PwasmHostGrpcCallRecord *grpc; /* oldest first */
  uint32_t num_grpc_calls;       /* made so far, for the next id */
  uint32_t num_grpc_streams;
  PwasmHostGrpcCallFn *on_grpc;
  void *on_grpc_data;
  struct PwasmHostEnvoyDnsRecord *dns; /* oldest first */
  uint32_t num_dns;                    /* asked so far, for the next token */
  PwasmHostEnvoyDnsFn *on_dns;
  void *on_dns_data;
  PwasmHostMap clusters; /* their names; empty: all are there */
  const PwasmHostAnswerView *view;
  /* What proxy_get_status() tells. */
  uint32_t status_code;
  PwasmStr status_message;
  /* The third and fourth argument of proxy_on_http_call_response, which alone has so many. */
  uint32_t more_arguments[2];
} PwasmHostCalls;

/* When a timeout that begins now runs out; 0 for none. */
uint64_t pwasm__host_deadline(const PwasmHost *host, uint32_t timeout_ms);

/* Whether a call to that cluster can be made. */
bool pwasm__host_has_cluster(const PwasmHost *host, PwasmStr name);

/* Whether a call on behalf of the context has not been answered yet. */
bool pwasm__host_waits_for_call(const struct PwasmHostContext *context);

/* Whether who makes the hostcall is told of an answer just now. */
bool pwasm__host_answer_is_there(const PwasmHostcallFrame *frame);
/* What the present answer has for who makes the hostcall; NULL and missing if nothing. */
const PwasmHostMap *pwasm__host_answer_map(const PwasmHostcallFrame *frame, uint32_t map);
PwasmStr pwasm__host_answer_buffer(const PwasmHostcallFrame *frame, uint32_t buffer);

void pwasm__host_calls_free(PwasmHost *host);
void pwasm__host_grpc_calls_free(PwasmHost *host);
void pwasm__host_envoy_dns_free(PwasmHost *host);

#endif

/* A plugin that uses all that HTTP plugins can, as the headers of each request say. tests/e2e/test_stress.py
 * sends them, and knows what must come of each.
 *
 *   x-id                  any text; names the request
 *   x-do-request-body     what becomes of the request's body: a BodyChange by its name
 *   x-do-response-body    and of the response's
 *   x-do-set-all          request, response or both: replace the whole header map by itself and x-set-all
 *   x-do-reply            a place: reply 418 there
 *   x-do-call             a place: pause there, make a call, go on when it is answered
 *   x-do-callee           the cluster that is called
 *
 * Places: request-headers, request-end, response-headers, response-end, and for replies also call. The ends are where a
 * body is whole. What should not happen is counted by the metric stress.unexpected and logged as a warning. */

#ifndef STRESS_H
#define STRESS_H

#include <pwasm/pwasm.h>

/* For tests that nothing changes while a stream lives, and that memory is given back. */
typedef struct StressPlugin {
  PwasmPluginContext base;
  PwasmStr configuration; /* in the arena */
  PwasmStr generation;    /* the first word of it */
  uint32_t num_ticks;
  PwasmSharedQueue queue;
} StressPlugin;

typedef enum Place {
  NOWHERE,
  AT_REQUEST_HEADERS,
  AT_REQUEST_END,
  AT_RESPONSE_HEADERS,
  AT_RESPONSE_END,
  AT_CALL,
  NUM_PLACES
} Place;

typedef enum BodyChange {
  BODY_LEAVE,
  BODY_APPEND, /* this and the next three hold the body back until it is whole */
  BODY_PREPEND,
  BODY_REPLACE,
  BODY_CLEAR,
  BODY_XOR,           /* each byte, as it passes */
  BODY_PREPEND_EARLY, /* before the first bytes, as they pass */
  NUM_BODY_CHANGES
} BodyChange;

/* A request or a response. */
typedef struct Half {
  BodyChange change;
  size_t buffered; /* what the host holds back, bytes */
  size_t size;     /* what was seen, bytes */
  uint32_t sum;    /* a checksum of that */
  bool begun;
  bool ended;
} Half;

typedef struct StressStream {
  PwasmHttpContext base;
  PwasmStr id; /* in the arena, as are the others; missing until the request's headers are here */
  PwasmStr callee;
  PwasmStr seen_headers; /* of the request: number and checksum */
  PwasmStr call_outcome;
  Half request;
  Half response;
  Place reply_at;
  Place call_at;
  Place called_at; /* where the call in flight has paused; NOWHERE when there is none */
  bool set_all_response;
  uint32_t num_unexpected;
} StressStream;

/* What the VM counts, for all its plugins. */
typedef struct StressVm {
  PwasmVmContext base;
  uint64_t number; /* tells VMs apart */
  PwasmGauge streams_live;
  PwasmGauge plugins_live;
  PwasmGauge shared_logs; /* what the VMs count together, in shared data */
  PwasmCounter streams;
  PwasmCounter logs;
  PwasmCounter cleanups;
  PwasmCounter unexpected;
  PwasmCounter calls;
  PwasmCounter call_answers;
  PwasmCounter call_failures;
  PwasmCounter call_cancels;
  PwasmCounter enqueued;
  PwasmCounter dequeued;
  PwasmCounter ticks;
  PwasmHistogram body_size;
} StressVm;

extern const PwasmHttpContextClass stress_stream_class;

StressVm *stress_vm(PwasmContext *ctx);
StressPlugin *stress_plugin(StressStream *self);

/* ---- stress_check.c ---- */

/* Whether a status is OK; otherwise it is counted and logged. */
bool stress_ok(PwasmContext *ctx, PwasmStatus status, const char *what);
/* The same for other facts. */
bool stress_true(PwasmContext *ctx, bool is_true, const char *what);
void stress_count(PwasmContext *ctx, PwasmCounter counter);

/* An update of shared data: one more. */
PwasmSharedDataUpdateFn stress_add_one;

/* Adler-32, as zlib has it; begins with 1. */
uint32_t stress_sum(uint32_t sum, PwasmStr bytes);

/* ---- stress_headers.c ---- */

/* Takes the orders from the request's headers, and what else is kept of them. */
void stress_read_orders(StressStream *self);
/* "NUMBER-SUM" of the headers x-r-…, in the given arena. */
PwasmStr stress_digest_headers(StressStream *self, PwasmMap map, PwasmArena *arena);
void stress_change_headers(StressStream *self, PwasmMap map);
void stress_set_all_headers(StressStream *self, PwasmMap map);
void stress_change_trailers(StressStream *self, PwasmMap map);
/* What the client reads: see the function. */
void stress_report(StressStream *self);

/* ---- stress_body.c ---- */

/* Bytes have come; true when the body may pass on. */
bool stress_body_comes(StressStream *self, Half *half, PwasmBuffer buffer, size_t body_size,
                       bool end_of_stream);
/* The body is whole and still held back: makes the changes that wait for this. */
void stress_body_ends(StressStream *self, Half *half, PwasmBuffer buffer);
bool stress_body_is_held(const Half *half);

/* ---- stress_call.c ---- */

/* The stream is at a place: replies or calls if it is ordered so. True when the stream has to wait. */
bool stress_arrive(StressStream *self, Place place);
void stress_reply(StressStream *self, Place place);
/* A call in the background, which belongs to the plugin. */
void stress_call_of_plugin(StressPlugin *self);

#endif

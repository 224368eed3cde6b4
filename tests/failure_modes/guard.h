#ifndef PWASM_TESTS_GUARD_H
#define PWASM_TESTS_GUARD_H

/* A plugin like those in use: it asks services about requests, scans bodies, rewrites headers, keeps
 * requests waiting, counts. What it does to a request are the words in the request's header `x-guard`.
 * It says in the log what it saw, so that a test looks at nothing but what its host has. */

#include <pwasm/pwasm.h>

/* The words, and what they ask for. */
#define GUARD_ORDER_LIST(X)                                                                        \
  X(ASK, "ask")                               /* the request waits for a service's answer */       \
  X(ASK_AGAIN, "ask-again")                   /* with "ask": and then for another one */           \
  X(ASK_PLUGIN, "ask-plugin")                 /* the call is the plugin's, not the stream's */     \
  X(ASK_GRPC, "ask-grpc")                     /* by gRPC */                                        \
  X(ASK_RESPONSE, "ask-response")             /* the response waits for an answer */               \
  X(WAIT, "wait")                             /* the request waits for the next tick */            \
  X(WAKE, "wake")                             /* lets a request go that waits */                   \
  X(WAIT_DENY, "wait-deny")                   /* and is denied then */                             \
  X(SCAN, "scan")                             /* the body waits until it is whole and harmless */  \
  X(SCAN_RESPONSE, "scan-response")           /* the response's too */                             \
  X(HOLD_RESPONSE, "hold-response")           /* with it: so do the response's headers */          \
  X(WATCH, "watch")                           /* bodies are looked at while they go by */          \
  X(DENY, "deny")                             /* replies when the headers are here */              \
  X(DENY_BODY, "deny-body")                   /* … a piece of the body */                          \
  X(DENY_TRAILERS, "deny-trailers")           /* … the trailers */                                 \
  X(DENY_RESPONSE, "deny-response")           /* … the response's headers */                       \
  X(DENY_RESPONSE_BODY, "deny-response-body") /* … a piece of its body */                          \
  X(TWICE, "twice")                           /* replies once more in the same callback */         \
  X(CLOSE, "close")                           /* resets the stream */                              \
  X(EDIT, "edit")                             /* adds, replaces and removes in every map */        \
  X(SHOW, "show")                             /* logs every pair of every map */                   \
  X(SET_ALL, "set-all")                       /* writes the request's headers back as a whole */   \
  X(TOO_MANY, "too-many")                     /* … with more pairs than hosts take */              \
  X(TOO_LARGE, "too-large")                   /* … with more bytes than hosts take */              \
  X(RESUME, "resume")                         /* resumes what is not paused */                     \
  X(TELL, "tell")                             /* puts the path into the plugin's queue */          \
  X(LATE, "late")                             /* when the stream has ended, acts on it still */

enum {
#define GUARD_ORDER_NUMBER(name, word) GUARD_NUMBER_##name,
  GUARD_ORDER_LIST(GUARD_ORDER_NUMBER)
#undef GUARD_ORDER_NUMBER
};

enum {
#define GUARD_ORDER(name, word) GUARD_##name = 1 << GUARD_NUMBER_##name,
  GUARD_ORDER_LIST(GUARD_ORDER)
#undef GUARD_ORDER
};

typedef struct GuardHttp GuardHttp;

typedef struct GuardPlugin {
  PwasmPluginContext base;
  PwasmArena configuration; /* an arena of its own, to be replaced as a whole */
  PwasmStr name;            /* the first line of the configuration; empty for none */
  bool has_metrics;
  bool has_queue;
  bool is_ending; /* the host waits for it */
  PwasmCounter requests;
  PwasmGauge open; /* streams that are not finalized */
  PwasmHistogram body_size;
  PwasmSharedQueue queue;
  GuardHttp *waiting; /* for the next tick */
} GuardPlugin;

/* Of a body. */
typedef struct GuardBody {
  size_t size; /* of what was scanned or watched */
  bool is_begun;
  bool has_ended;
} GuardBody;

struct GuardHttp {
  PwasmHttpContext base;
  GuardHttp *next;  /* in `waiting` */
  GuardHttp **link; /* what points at this one; NULL: it does not wait */
  uint32_t orders;
  PwasmStr name; /* what the configuration said when the request came */
  GuardBody request;
  GuardBody response;
  bool is_request_held;  /* until an answer or a tick comes */
  bool is_response_held; /* until an answer comes */
  uint8_t num_asked;
};

extern const PwasmHttpContextClass guard_http_class;
extern const PwasmTcpContextClass guard_tcp_class;

/* Logs what did not work; whether it did. */
bool guard_went_well(PwasmStatus status, const char *what);

/* The plugin of a stream. */
GuardPlugin *guard_plugin_of(GuardHttp *self);

/* Sends the reply; if that can't be, the stream does not hang either. */
void guard_deny(GuardHttp *self, uint32_t status_code);

/* What was waited for is here: the request goes on or not. */
void guard_decide(GuardHttp *self, bool is_granted);

/* Asks the services that the orders name; whether the request has to wait for them. */
bool guard_ask(GuardHttp *self);
bool guard_ask_about_response(GuardHttp *self);

/* Does to a map what the orders say. */
void guard_touch(GuardHttp *self, PwasmMap map);

/* The stream waits for the plugin's next tick, or does so no more. */
void guard_wait(GuardHttp *self);
void guard_leave(GuardHttp *self);

#endif

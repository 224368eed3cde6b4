#ifndef PWASM_TESTHOST_HTTP_PRIVATE_H
#define PWASM_TESTHOST_HTTP_PRIVATE_H

/* HTTP streams: two halves that work alike, and what may happen to both. */

#include "host_private.h"
#include "map_private.h"

/* What the plugin lets through. */
typedef enum PwasmHostFlow {
  PWASM_HOST_FLOW_PASSES,
  /* Held back, but what follows is still reported: Envoy's StopIteration. */
  PWASM_HOST_FLOW_HELD,
  /* Held back, and what follows is not reported either: Envoy's StopAllIteration. */
  PWASM_HOST_FLOW_STOPPED,
  /* Over: what follows is thrown away. */
  PWASM_HOST_FLOW_ABORTED,
} PwasmHostFlow;

/* The callbacks of a half. */
typedef struct PwasmHostHalfCallbacks {
  PwasmHostCallback headers;
  PwasmHostCallback body;
  PwasmHostCallback trailers;
  PwasmHostCallback metadata;
} PwasmHostHalfCallbacks;

typedef struct PwasmHostHalf {
  PwasmHostHttp *http;
  const PwasmHostHalfCallbacks *callbacks;
  PwasmHostFlow flow;
  PwasmHostMap sent; /* the headers as they came */
  PwasmHostMap headers;
  PwasmHostMap trailers;
  PwasmHostBytes body;      /* what the plugin may read: a chunk, or all that it holds back */
  PwasmHostBytes unread;    /* came while STOPPED, and not yet reported */
  PwasmHostBytes forwarded; /* the body on the far side */
  size_t num_bytes_sent;    /* of the body, as it came */
  bool is_begun;            /* the headers have come */
  bool has_ended;           /* all of it has come */
  bool has_trailers;        /* trailers have come, or the plugin has made some */
  bool is_trailers_reported;
  bool is_buffering; /* the body's callback paused: `body` grows */
  bool is_limited;   /* and not beyond the host's limit */
  bool in_callback;
  bool is_resumed;    /* the plugin has asked for it, and nothing has come of it yet */
  PwasmAction answer; /* of the last callback */
  /* What the plugin can get at now. */
  bool is_headers_readable;
  bool is_body_readable;
  bool is_trailers_readable;
  /* What the far side has. */
  bool is_headers_forwarded;
  bool is_trailers_forwarded;
  bool is_complete;
} PwasmHostHalf;

struct PwasmHostHttp {
  PwasmHostHttp *next;
  PwasmHostHttp **link; /* what points at this one */
  PwasmHost *host;
  PwasmHostContext context;
  PwasmHostHalf request;
  PwasmHostHalf response;
  bool is_created; /* the plugin knows of it */
  bool is_logging; /* in `on_log`, where maps are those of the access log */
  bool is_reset;
  bool is_replied; /* the client has the local reply */
  bool is_ended;
  bool has_reply; /* the plugin has asked for one */
  bool is_failed; /* the VM has trapped: the host has replied in place of the plugin */
  PwasmHostMap reply_headers;
  PwasmHostReply reply;
  uint64_t start_time_ns;
};

/* What arrives at a half. */
void pwasm__half_headers(PwasmHostHalf *half, PwasmHostHeaders headers, bool end_of_stream);
void pwasm__half_body(PwasmHostHalf *half, PwasmStr bytes, bool end_of_stream);
void pwasm__half_trailers(PwasmHostHalf *half, PwasmHostHeaders trailers);
void pwasm__half_metadata(PwasmHostHalf *half, size_t num_elements);
/* Lets go on what is held back. */
void pwasm__half_resume(PwasmHostHalf *half);
/* Throws away what is held back and all that follows. */
void pwasm__half_abort(PwasmHostHalf *half);
void pwasm__half_free(PwasmHostHalf *half);

/* Creates the stream's context in the plugin, once. */
void pwasm__http_create(PwasmHostHttp *http);
/* What was deferred. */
void pwasm__http_send_reply(PwasmHostHttp *http);
/* A local reply that is the host's own. */
void pwasm__http_send_host_reply(PwasmHostHttp *http, uint32_t status_code, PwasmStr body);
void pwasm__http_close(PwasmHostHttp *http);
/* Ends a stream whose VM has trapped. */
void pwasm__http_fail(PwasmHostHttp *http);

#endif

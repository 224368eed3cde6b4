/* Several calls at once: a response waits until ten of them are answered. */

#include <pwasm/pwasm.h>

#define NUM_CALLS 10

typedef struct DispatchHttp {
  PwasmHttpContext base;
  uint32_t num_pending; /* one more while they are made */
} DispatchHttp;

static void
add_total(void)
{
  if (pwasm_header_add(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("total-dispatched"),
                       PWASM_STR("10")) != PWASM_STATUS_OK)
    pwasm_log(PWASM_LOG_ERROR, PWASM_STR("failed to add total-dispatched"));
}

//! [several]
static void
dispatch_on_answer(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  PwasmHttpContext *ctx = PWASM_SELF(PwasmHttpContext, owner);
  DispatchHttp *self = PWASM_SELF(DispatchHttp, ctx);

  (void)data;
  if (result->outcome == PWASM_CALL_CANCELLED)
    return;
  if (--self->num_pending > 0) {
    pwasm_logf(PWASM_LOG_INFO, "pending dispatched requests: %u", (unsigned)self->num_pending);
    return;
  }
  add_total();
  if (pwasm_http_context_resume_response(ctx) != PWASM_STATUS_OK) {
    pwasm_log(PWASM_LOG_ERROR, PWASM_STR("failed to resume the response"));
    pwasm_ignore(pwasm_http_context_close(ctx));
    return;
  }
  pwasm_logf(PWASM_LOG_INFO, "response resumed after processed %d dispatched request", NUM_CALLS);
}

static PwasmAction
dispatch_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  DispatchHttp *self = PWASM_SELF(DispatchHttp, ctx);
  int num_made = 0;

  (void)num_headers;
  (void)end_of_stream;
  /* A host may answer at once: the first of them is not the last. */
  self->num_pending++;
  for (int i = 0; i < NUM_CALLS; i++) {
    PwasmStatus status;

    self->num_pending++;
    status = pwasm_http_call(PWASM_CONTEXT(ctx),
                             &(PwasmHttpCallOptions){
                               .upstream = PWASM_STR("httpbin"),
                               .method = PWASM_STR("GET"),
                               .path = PWASM_STR("/"),
                               .authority = PWASM_STR("httpbin"),
                               .timeout_ms = 50000,
                             },
                             dispatch_on_answer, NULL);
    if (status != PWASM_STATUS_OK) {
      self->num_pending--;
      pwasm_logf(PWASM_LOG_CRITICAL, "dispatch httpcall failed: %s", pwasm_status_text(status));
    } else {
      num_made++;
    }
  }
  if (--self->num_pending > 0)
    return pwasm_http_context_hold_response(ctx);
  if (num_made > 0)
    add_total();
  return PWASM_ACTION_CONTINUE;
}
//! [several]

static const PwasmHttpContextClass dispatch_http_class = {
  PWASM_HTTP_SUBCLASS(DispatchHttp, pwasm_http_context_class),
  PWASM_ON(on_response_headers, dispatch_on_response_headers),
};

PWASM_PLUGIN(.http_class = &dispatch_http_class);

#include "stress.h"

#define REPLY_STATUS 418
#define CALL_TIMEOUT_MS 20000

static const char *const place_names[NUM_PLACES] = {
  "nowhere", "request-headers", "request-end", "response-headers", "response-end", "call",
};

void
stress_reply(StressStream *self, Place place)
{
  PwasmPair headers[] = {
    {PWASM_STR("x-replied"), pwasm_str_from_cstr(place_names[place])},
    {PWASM_STR("x-replied"), PWASM_STR("\xfe\xff")},
    {PWASM_STR("x-empty"), PWASM_STR("")},
  };
  PwasmHttpReply reply = {
    .status_code = REPLY_STATUS,
    .body = PWASM_STR("[reply]"),
    .headers = headers,
    .num_headers = sizeof headers / sizeof headers[0],
    .details = PWASM_STR("stress reply"),
  };
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);

  stress_ok(ctx, pwasm_http_context_reply(&self->base, &reply), "reply");
  stress_true(ctx, pwasm_http_context_reply(&self->base, &reply) == PWASM_STATUS_ALREADY_REPLIED,
              "only one reply");
}

static void
note_outcome(StressStream *self, const PwasmHttpCallResult *result)
{
  static const char *const names[] = {"answered", "failed", "cancelled"};
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);

  stress_ok(ctx,
            pwasm_str_format(pwasm_context_arena(ctx), &self->call_outcome, "%s %u",
                             names[result->outcome], (unsigned)result->status_code),
            "format an outcome");
}

/* The upstream server sends back what the call sent: the stream's id. */
static void
check_answer(PwasmContext *ctx, const PwasmHttpCallResult *result, PwasmStr expected)
{
  PwasmPairs pairs;
  PwasmStr body;

  if (!stress_ok(ctx, pwasm_header_get_all(PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS, &pairs),
                 "headers of an answer"))
    return;
  stress_true(ctx, pwasm_pairs_count(&pairs) == result->num_headers,
              "as many headers as announced");
  if (result->status_code != 200)
    return;
  if (stress_ok(ctx,
                pwasm_buffer_get(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, 0, result->body_size, &body),
                "the body of an answer"))
    stress_true(ctx, pwasm_str_equal(body, expected), "the body that was sent");
}

static void
count_outcome(PwasmContext *ctx, const PwasmHttpCallResult *result)
{
  StressVm *vm = stress_vm(ctx);
  PwasmCounter counters[] = {vm->call_answers, vm->call_failures, vm->call_cancels};

  stress_count(ctx, counters[result->outcome]);
}

static void
go_on(StressStream *self, Place place)
{
  PwasmHttpContext *http = &self->base;
  bool is_request = place == AT_REQUEST_HEADERS || place == AT_REQUEST_END;

  if (self->reply_at == AT_CALL) {
    stress_reply(self, AT_CALL);
    return;
  }
  if (place == AT_REQUEST_END)
    stress_body_ends(self, &self->request, PWASM_BUFFER_HTTP_REQUEST_BODY);
  if (place == AT_RESPONSE_END)
    stress_body_ends(self, &self->response, PWASM_BUFFER_HTTP_RESPONSE_BODY);
  if (place == AT_RESPONSE_HEADERS)
    stress_report(self);
  stress_ok(PWASM_CONTEXT(http),
            is_request ? pwasm_http_context_resume_request(http)
                       : pwasm_http_context_resume_response(http),
            "resume");
}

static void
on_answer(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  StressStream *self = PWASM_SELF(StressStream, PWASM_SELF(PwasmHttpContext, owner));
  Place place = self->called_at;

  stress_true(owner, data == self, "the data of a call");
  stress_true(owner, place != NOWHERE, "a call that was made, and answered once");
  self->called_at = NOWHERE;
  count_outcome(owner, result);
  note_outcome(self, result);
  if (result->outcome == PWASM_CALL_CANCELLED)
    return;
  if (result->outcome == PWASM_CALL_ANSWERED)
    check_answer(owner, result, self->id);
  go_on(self, place);
}

static PwasmStatus
call(PwasmContext *owner, PwasmStr upstream, PwasmStr body, PwasmHttpCallFn *done, void *data)
{
  PwasmPair header = {PWASM_STR("x-call"), PWASM_STR("\x80")};
  PwasmPair trailer = {PWASM_STR("x-trailer"), PWASM_STR("yes")};
  PwasmHttpCallOptions options = {
    .upstream = upstream,
    .method = PWASM_STR("POST"),
    .path = PWASM_STR("/call"),
    .authority = PWASM_STR("stress"),
    .headers = &header,
    .num_headers = 1,
    .body = body,
    .trailers = &trailer,
    .num_trailers = 1,
    .timeout_ms = CALL_TIMEOUT_MS,
  };

  return pwasm_http_call(owner, &options, done, data);
}

bool
stress_arrive(StressStream *self, Place place)
{
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);
  PwasmStatus status;

  if (self->reply_at == place) {
    stress_reply(self, place);
    return true;
  }
  if (self->call_at != place)
    return false;
  /* Before the call: a host may answer at once. */
  self->called_at = place;
  status = call(ctx, self->callee, self->id, on_answer, self);
  if (status == PWASM_STATUS_OK) {
    stress_count(ctx, stress_vm(ctx)->calls);
    return true;
  }
  self->called_at = NOWHERE;
  stress_true(ctx, status == PWASM_STATUS_INTERNAL_FAILURE, "a call");
  self->call_outcome = PWASM_STR("not begun");
  return false;
}

static void
on_answer_to_plugin(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)data;
  count_outcome(owner, result);
  if (result->outcome == PWASM_CALL_ANSWERED)
    check_answer(owner, result, PWASM_STR("from a tick"));
}

void
stress_call_of_plugin(StressPlugin *self)
{
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);

  if (stress_ok(
        ctx, call(ctx, PWASM_STR("upstream"), PWASM_STR("from a tick"), on_answer_to_plugin, NULL),
        "call in a tick"))
    stress_count(ctx, stress_vm(ctx)->calls);
}

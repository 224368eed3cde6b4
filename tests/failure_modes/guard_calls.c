#include "guard.h"

/* What guard asks of other services, and what it does with the answers. */

GuardPlugin *
guard_plugin_of(GuardHttp *self)
{
  return PWASM_SELF(GuardPlugin, pwasm_http_context_plugin(&self->base));
}

/* The last resort: whatever happened, a stream does not hang. */
static void
give_up(GuardHttp *self)
{
  guard_went_well(pwasm_http_context_close(&self->base), "close");
}

void
guard_deny(GuardHttp *self, uint32_t status_code)
{
  const PwasmPair reason = {PWASM_STR("x-guard-reason"), self->name};
  const PwasmHttpReply plain = {.status_code = status_code, .body = PWASM_STR("denied")};
  PwasmHttpReply reply = plain;
  PwasmStatus status;

  self->is_request_held = false;
  self->is_response_held = false;
  reply.headers = &reason;
  reply.num_headers = 1;
  status = pwasm_http_context_reply(&self->base, &reply);
  /* Without memory for the header, or if the host was only out of order for a moment. */
  if (status != PWASM_STATUS_OK && status != PWASM_STATUS_ALREADY_REPLIED &&
      status != PWASM_STATUS_CLOSED)
    status = pwasm_http_context_reply(&self->base, &plain);
  if (!guard_went_well(status, "reply") && status != PWASM_STATUS_ALREADY_REPLIED)
    give_up(self);
}

static void
let_request_go(GuardHttp *self)
{
  self->is_request_held = false;
  /* What is scanned goes on when it is whole, and not before. */
  if ((self->orders & GUARD_SCAN) != 0 && self->request.is_begun && !self->request.has_ended)
    return;
  if (!guard_went_well(pwasm_http_context_resume_request(&self->base), "resume"))
    guard_deny(self, 503);
}

void
guard_decide(GuardHttp *self, bool is_granted)
{
  if (pwasm_context_is_closed(PWASM_CONTEXT(&self->base)))
    return;
  /* Held: whoever decides need not be it, and the host may end it meanwhile. */
  pwasm_context_ref(PWASM_CONTEXT(&self->base));
  if (is_granted)
    let_request_go(self);
  else
    guard_deny(self, 403);
  pwasm_context_unref(PWASM_CONTEXT(&self->base));
}

/* What a service says of a request: 200 is yes. */
static bool
is_yes(const PwasmHttpCallResult *result)
{
  PwasmStr status;
  PwasmStr message;
  uint32_t code;

  if (result->outcome == PWASM_CALL_ANSWERED) {
    PWASM_LOG(PWASM_LOG_INFO, "answered: %u, %zu headers, %zu bytes, %zu trailers",
              result->status_code, result->num_headers, result->body_size, result->num_trailers);
    return result->status_code == 200 &&
           guard_went_well(
             pwasm_header_get(PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS, PWASM_STR(":status"), &status),
             "answer");
  }
  if (pwasm_call_status_get(&code, &message) == PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_INFO, "failed: %u %.*s", code, PWASM_STR_ARG(message));
  return false;
}

static bool
call_service(PwasmContext *owner, PwasmHttpCallFn *done, GuardHttp *self)
{
  const PwasmHttpCallOptions options = {
    .upstream = PWASM_STR("auth"),
    .method = PWASM_STR("POST"),
    .path = PWASM_STR("/check"),
    .authority = PWASM_STR("auth.example.com"),
    .body = self->name,
    .timeout_ms = 1000,
  };

  return guard_went_well(pwasm_http_call(owner, &options, done, self), "call");
}

static void
on_answer(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  GuardHttp *self = PWASM_SELF(GuardHttp, PWASM_SELF(PwasmHttpContext, owner));

  (void)data;
  if (result->outcome == PWASM_CALL_CANCELLED) {
    pwasm_log(PWASM_LOG_INFO, PWASM_STR("cancelled"));
    return;
  }
  if (is_yes(result) && (self->orders & GUARD_ASK_AGAIN) != 0 && self->num_asked++ == 0) {
    /* From inside this one. */
    if (!call_service(owner, on_answer, self))
      guard_deny(self, 503);
    return;
  }
  /* The request's headers, not those of whom the host has called. */
  if (result->status_code == 200)
    guard_went_well(
      pwasm_header_add(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x-asked"), PWASM_STR("yes")),
      "mark");
  guard_decide(self, result->status_code == 200);
}

/* The plugin's call on behalf of a stream, which it holds: it may have ended meanwhile. */
static void
on_plugin_answer(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  GuardHttp *self = data;

  (void)owner;
  guard_decide(self, is_yes(result));
  pwasm_context_unref(PWASM_CONTEXT(&self->base));
}

static bool
ask_by_plugin(GuardHttp *self)
{
  pwasm_context_ref(PWASM_CONTEXT(&self->base));
  if (call_service(PWASM_CONTEXT(pwasm_http_context_plugin(&self->base)), on_plugin_answer, self))
    return true;
  pwasm_context_unref(PWASM_CONTEXT(&self->base));
  return false;
}

static void
on_grpc_answer(PwasmContext *owner, const PwasmGrpcCallResult *result, void *data)
{
  (void)data;
  pwasm_logf(PWASM_LOG_INFO, "grpc: %u, %zu bytes", result->grpc_status, result->message_size);
  if (result->outcome != PWASM_CALL_CANCELLED)
    guard_decide(PWASM_SELF(GuardHttp, PWASM_SELF(PwasmHttpContext, owner)),
                 result->outcome == PWASM_CALL_ANSWERED);
}

static bool
ask_by_grpc(GuardHttp *self)
{
  const PwasmGrpcCallOptions options = {
    .upstream = PWASM_STR("auth"),
    .service = PWASM_STR("guard.Auth"),
    .method = PWASM_STR("Check"),
  };

  return guard_went_well(
    pwasm_grpc_call(PWASM_CONTEXT(&self->base), &options, on_grpc_answer, NULL), "grpc call");
}

bool
guard_ask(GuardHttp *self)
{
  bool is_asked = true;

  if ((self->orders & (GUARD_ASK | GUARD_ASK_PLUGIN | GUARD_ASK_GRPC)) == 0)
    return false;
  /* Before the call, which some hosts answer from inside. */
  self->is_request_held = true;
  if ((self->orders & GUARD_ASK) != 0)
    is_asked = call_service(PWASM_CONTEXT(&self->base), on_answer, self);
  else if ((self->orders & GUARD_ASK_PLUGIN) != 0)
    is_asked = ask_by_plugin(self);
  else
    is_asked = ask_by_grpc(self);
  /* Who can't be asked about is not let in. */
  if (!is_asked)
    guard_deny(self, 503);
  return !is_asked || self->is_request_held || pwasm_http_context_is_replied(&self->base);
}

static void
on_answer_about_response(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  GuardHttp *self = PWASM_SELF(GuardHttp, PWASM_SELF(PwasmHttpContext, owner));

  (void)data;
  if (result->outcome == PWASM_CALL_CANCELLED)
    return;
  self->is_response_held = false;
  if (!is_yes(result))
    guard_deny(self, 403);
  else if (!guard_went_well(pwasm_http_context_resume_response(&self->base), "resume"))
    guard_deny(self, 503);
}

bool
guard_ask_about_response(GuardHttp *self)
{
  if ((self->orders & GUARD_ASK_RESPONSE) == 0)
    return false;
  self->is_response_held = true;
  if (!call_service(PWASM_CONTEXT(&self->base), on_answer_about_response, self))
    guard_deny(self, 503);
  return self->is_response_held || pwasm_http_context_is_replied(&self->base);
}

void
guard_wait(GuardHttp *self)
{
  GuardPlugin *plugin = guard_plugin_of(self);

  /* A host may begin a request twice. */
  guard_leave(self);
  self->is_request_held = true;
  self->next = plugin->waiting;
  self->link = &plugin->waiting;
  if (self->next != NULL)
    self->next->link = &self->next;
  plugin->waiting = self;
}

void
guard_leave(GuardHttp *self)
{
  if (self->link == NULL)
    return;
  *self->link = self->next;
  if (self->next != NULL)
    self->next->link = self->link;
  self->next = NULL;
  self->link = NULL;
}

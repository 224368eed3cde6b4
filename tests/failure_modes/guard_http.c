#include "guard.h"

/* ---- the beginning and the end of a stream ---- */

static GuardHttp *
self_of(PwasmContext *ctx)
{
  return PWASM_SELF(GuardHttp, PWASM_SELF(PwasmHttpContext, ctx));
}

static void
count_open(GuardHttp *self, int64_t change)
{
  const GuardPlugin *plugin = guard_plugin_of(self);

  if (plugin->has_metrics)
    guard_went_well(pwasm_gauge_add(plugin->open, change), "gauge");
}

static void
guard_init(PwasmContext *ctx)
{
  count_open(self_of(ctx), 1);
}

static void
guard_finalize(PwasmContext *ctx)
{
  guard_leave(self_of(ctx));
  count_open(self_of(ctx), -1);
}

/* How many headers there are; none where there is no such map. */
static size_t
count_pairs(PwasmMap map)
{
  PwasmPairs pairs;

  return guard_went_well(pwasm_header_get_all(map, &pairs), "count") ? pwasm_pairs_count(&pairs)
                                                                     : 0;
}

static void
guard_on_log(PwasmContext *ctx)
{
  GuardHttp *self = self_of(ctx);
  PwasmStr path = PWASM_STR("-");
  int64_t code = 0;

  /* Each may be missing. */
  pwasm_ignore(pwasm_property_get_string(PWASM_PATH("request", "path"), &path));
  pwasm_ignore(pwasm_property_get_int64(PWASM_PATH("response", "code"), &code));
  pwasm_logf(
    PWASM_LOG_INFO, "end: %.*s, code %lld, %zu request headers, %zu response headers, %zu trailers",
    PWASM_STR_ARG(path), (long long)code, count_pairs(PWASM_MAP_HTTP_REQUEST_HEADERS),
    count_pairs(PWASM_MAP_HTTP_RESPONSE_HEADERS), count_pairs(PWASM_MAP_HTTP_RESPONSE_TRAILERS));
  if ((self->orders & GUARD_LATE) != 0) {
    guard_went_well(pwasm_http_context_resume_request(&self->base), "late resume");
    guard_deny(self, 500);
  }
}

static bool
guard_on_done(PwasmContext *ctx)
{
  GuardHttp *self = self_of(ctx);

  if ((self->orders & GUARD_LATE) != 0) {
    guard_ask(self);
    guard_deny(self, 500);
  }
  guard_leave(self);
  return true;
}

/* ---- headers ---- */

static uint32_t
orders_of(PwasmStr words)
{
  static const struct {
    uint32_t order;
    PwasmStr word;
  } orders[] = {
#define GUARD_WORD(name, word) {GUARD_##name, PWASM_STR_INIT(word)},
    GUARD_ORDER_LIST(GUARD_WORD)
#undef GUARD_WORD
  };
  uint32_t found = 0;

  while (words.len > 0) {
    size_t size = pwasm_str_find(words, PWASM_STR(" "));
    PwasmStr word = pwasm_str_slice(words, 0, size);

    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
      if (pwasm_str_equal(orders[i].word, word))
        found |= orders[i].order;
    }
    words = size == SIZE_MAX ? PWASM_STR("") : pwasm_str_slice(words, size + 1, SIZE_MAX);
  }
  return found;
}

/* Whether this is the place where the orders want a reply; sends it. */
static bool
is_denied(GuardHttp *self, uint32_t order)
{
  if ((self->orders & order) == 0)
    return false;
  guard_deny(self, 403);
  if ((self->orders & GUARD_TWICE) != 0)
    guard_deny(self, 404);
  return true;
}

static void
begin(GuardHttp *self)
{
  const GuardPlugin *plugin = guard_plugin_of(self);
  PwasmStr words = {0};
  PwasmStr path;

  if (plugin->has_metrics)
    guard_went_well(pwasm_counter_increment(plugin->requests, 1), "counter");
  pwasm_ignore(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x-guard"), &words));
  self->orders = orders_of(words);
  /* The configuration may change while the stream is open. */
  guard_went_well(pwasm_str_dup(pwasm_context_arena(&self->base.base), plugin->name, &self->name),
                  "name");
  if ((self->orders & GUARD_TELL) != 0 && plugin->has_queue &&
      guard_went_well(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path),
                      "path"))
    guard_went_well(pwasm_shared_queue_enqueue(plugin->queue, path), "tell");
}

/* ---- bodies ---- */

/* Past: whatever came, it was all. Hosts end a body in one of three callbacks; each says it once. */
static void
end_body(GuardHttp *self, GuardBody *body, const char *what, const char *how)
{
  const GuardPlugin *plugin = guard_plugin_of(self);

  if (body->has_ended || (self->orders & (GUARD_SCAN | GUARD_SCAN_RESPONSE | GUARD_WATCH)) == 0)
    return;
  body->has_ended = true;
  pwasm_logf(PWASM_LOG_INFO, "%s: %zu bytes, ended by %s", what, body->size, how);
  if (plugin->has_metrics)
    guard_went_well(pwasm_histogram_record(plugin->body_size, body->size), "histogram");
}

/* Whether a body that is whole is harmless. It is asked for as a whole: the size that the host told
 * last may be less than what there is. */
static bool
is_harmless(PwasmBuffer buffer, GuardBody *body)
{
  PwasmStr bytes;

  if (!body->is_begun)
    return true;
  if (!guard_went_well(pwasm_buffer_get(buffer, 0, SIZE_MAX, &bytes), "body"))
    return false;
  body->size = bytes.len;
  return pwasm_str_find(bytes, PWASM_STR("attack")) == SIZE_MAX;
}

static void
watch(PwasmBuffer buffer, GuardBody *body)
{
  PwasmStr bytes;

  if (guard_went_well(pwasm_buffer_get(buffer, 0, SIZE_MAX, &bytes), "body"))
    body->size += bytes.len;
}

static PwasmAction
hold_or_go(const GuardHttp *self)
{
  return self->is_request_held || pwasm_http_context_is_replied(&self->base)
           ? PWASM_ACTION_PAUSE
           : PWASM_ACTION_CONTINUE;
}

/* A piece of the request's body, or its trailers. */
static PwasmAction
take_request(GuardHttp *self, bool is_end, const char *how)
{
  bool is_scanned = (self->orders & GUARD_SCAN) != 0;

  if (is_scanned && is_end && !is_harmless(PWASM_BUFFER_HTTP_REQUEST_BODY, &self->request)) {
    guard_deny(self, 403);
    return PWASM_ACTION_PAUSE;
  }
  if (is_end)
    end_body(self, &self->request, "request", how);
  return is_scanned && !is_end ? PWASM_ACTION_PAUSE : hold_or_go(self);
}

static PwasmAction
take_response(GuardHttp *self, bool is_end, const char *how)
{
  bool is_scanned = (self->orders & GUARD_SCAN_RESPONSE) != 0;

  if (pwasm_http_context_is_replied(&self->base))
    return PWASM_ACTION_CONTINUE;
  if (is_scanned && is_end && !is_harmless(PWASM_BUFFER_HTTP_RESPONSE_BODY, &self->response)) {
    /* Its headers may have gone. */
    if ((self->orders & GUARD_HOLD_RESPONSE) != 0)
      guard_deny(self, 502);
    else if (!guard_went_well(
               pwasm_buffer_replace(PWASM_BUFFER_HTTP_RESPONSE_BODY, PWASM_STR("removed")),
               "replace"))
      guard_went_well(pwasm_http_context_close(&self->base), "close");
    return (self->orders & GUARD_HOLD_RESPONSE) != 0 ? PWASM_ACTION_PAUSE : PWASM_ACTION_CONTINUE;
  }
  if (is_end)
    end_body(self, &self->response, "response", how);
  return (is_scanned && !is_end) || self->is_response_held ? PWASM_ACTION_PAUSE
                                                           : PWASM_ACTION_CONTINUE;
}

/* ---- the callbacks ---- */

static PwasmAction
guard_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  GuardHttp *self = PWASM_SELF(GuardHttp, ctx);
  bool is_waiting;

  /* Of what is announced neither is relied on: some hosts say 0, some never that it is the end. */
  (void)num_headers;
  begin(self);
  if ((self->orders & GUARD_WAKE) != 0 && guard_plugin_of(self)->waiting != NULL) {
    GuardHttp *other = guard_plugin_of(self)->waiting;

    guard_leave(other);
    guard_decide(other, true);
  }
  guard_touch(self, PWASM_MAP_HTTP_REQUEST_HEADERS);
  if (end_of_stream)
    end_body(self, &self->request, "request", "headers");
  if ((self->orders & GUARD_CLOSE) != 0)
    guard_went_well(pwasm_http_context_close(ctx), "close");
  if ((self->orders & GUARD_RESUME) != 0) {
    guard_went_well(pwasm_http_context_resume_request(ctx), "resume");
    guard_went_well(pwasm_http_context_resume_response(ctx), "resume");
  }
  if (is_denied(self, GUARD_DENY))
    return PWASM_ACTION_PAUSE;
  is_waiting = (self->orders & (GUARD_WAIT | GUARD_WAIT_DENY)) != 0;
  if (is_waiting)
    guard_wait(self);
  return guard_ask(self) || is_waiting ? PWASM_ACTION_PAUSE : PWASM_ACTION_CONTINUE;
}

static PwasmAction
guard_on_request_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  GuardHttp *self = PWASM_SELF(GuardHttp, ctx);

  (void)body_size;
  self->request.is_begun = true;
  if (is_denied(self, GUARD_DENY_BODY))
    return PWASM_ACTION_PAUSE;
  if ((self->orders & GUARD_WATCH) != 0)
    watch(PWASM_BUFFER_HTTP_REQUEST_BODY, &self->request);
  return take_request(self, end_of_stream, "body");
}

static PwasmAction
guard_on_request_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  GuardHttp *self = PWASM_SELF(GuardHttp, ctx);

  (void)num_trailers;
  if (is_denied(self, GUARD_DENY_TRAILERS))
    return PWASM_ACTION_PAUSE;
  guard_touch(self, PWASM_MAP_HTTP_REQUEST_TRAILERS);
  return take_request(self, true, "trailers");
}

static void
guard_on_request_metadata(PwasmHttpContext *ctx, size_t num_elements)
{
  (void)ctx;
  pwasm_logf(PWASM_LOG_INFO, "request metadata: %zu", num_elements);
}

static PwasmAction
guard_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  GuardHttp *self = PWASM_SELF(GuardHttp, ctx);

  (void)num_headers;
  /* Its own reply comes by: it is marked and let through. */
  if (pwasm_http_context_is_replied(ctx)) {
    guard_went_well(
      pwasm_header_add(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("x-own"), PWASM_STR("yes")),
      "mark");
    return PWASM_ACTION_CONTINUE;
  }
  guard_touch(self, PWASM_MAP_HTTP_RESPONSE_HEADERS);
  if (end_of_stream)
    end_body(self, &self->response, "response", "headers");
  if (is_denied(self, GUARD_DENY_RESPONSE))
    return PWASM_ACTION_PAUSE;
  if (guard_ask_about_response(self))
    return PWASM_ACTION_PAUSE;
  return (self->orders & GUARD_HOLD_RESPONSE) != 0 && !end_of_stream ? PWASM_ACTION_PAUSE
                                                                     : PWASM_ACTION_CONTINUE;
}

static PwasmAction
guard_on_response_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  GuardHttp *self = PWASM_SELF(GuardHttp, ctx);

  (void)body_size;
  self->response.is_begun = true;
  if (!pwasm_http_context_is_replied(ctx) && is_denied(self, GUARD_DENY_RESPONSE_BODY))
    return PWASM_ACTION_PAUSE;
  if ((self->orders & GUARD_WATCH) != 0)
    watch(PWASM_BUFFER_HTTP_RESPONSE_BODY, &self->response);
  return take_response(self, end_of_stream, "body");
}

static PwasmAction
guard_on_response_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  GuardHttp *self = PWASM_SELF(GuardHttp, ctx);

  (void)num_trailers;
  guard_touch(self, PWASM_MAP_HTTP_RESPONSE_TRAILERS);
  return take_response(self, true, "trailers");
}

static void
guard_on_response_metadata(PwasmHttpContext *ctx, size_t num_elements)
{
  (void)ctx;
  pwasm_logf(PWASM_LOG_INFO, "response metadata: %zu", num_elements);
}

const PwasmHttpContextClass guard_http_class = {
  PWASM_HTTP_SUBCLASS(GuardHttp, pwasm_http_context_class),
  .base.init = guard_init,
  .base.finalize = guard_finalize,
  PWASM_ON_BASE(on_done, guard_on_done),
  PWASM_ON_BASE(on_log, guard_on_log),
  PWASM_ON(on_request_headers, guard_on_request_headers),
  PWASM_ON(on_request_body, guard_on_request_body),
  PWASM_ON(on_request_trailers, guard_on_request_trailers),
  PWASM_ON(on_request_metadata, guard_on_request_metadata),
  PWASM_ON(on_response_headers, guard_on_response_headers),
  PWASM_ON(on_response_body, guard_on_response_body),
  PWASM_ON(on_response_trailers, guard_on_response_trailers),
  PWASM_ON(on_response_metadata, guard_on_response_metadata),
};

/* The stream: its callbacks, in their order. */

#include "stress.h"

#define STREAMS_PER_VALUE 16

static void
on_cleanup(void *data)
{
  StressVm *vm = data;

  pwasm_ignore(pwasm_counter_increment(vm->cleanups, 1));
}

static void
stress_init(PwasmContext *ctx)
{
  StressVm *vm = stress_vm(ctx);

  stress_count(ctx, vm->streams);
  stress_ok(ctx, pwasm_gauge_add(vm->streams_live, 1), "gauge");
  stress_ok(ctx, pwasm_arena_add_cleanup(pwasm_context_arena(ctx), on_cleanup, vm), "cleanup");
}

static void
stress_finalize(PwasmContext *ctx)
{
  stress_ok(ctx, pwasm_gauge_add(stress_vm(ctx)->streams_live, -1), "gauge");
}

static PwasmAction
stress_on_request_headers(PwasmHttpContext *http, size_t num_headers, bool end_of_stream)
{
  StressStream *self = PWASM_SELF(StressStream, http);
  PwasmContext *ctx = PWASM_CONTEXT(http);
  PwasmStr text;

  (void)num_headers;
  stress_read_orders(self);
  stress_change_headers(self, PWASM_MAP_HTTP_REQUEST_HEADERS);
  if (self->request.change != BODY_LEAVE)
    stress_ok(ctx, pwasm_header_remove(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("content-length")),
              "remove content-length");
  stress_ok(ctx, pwasm_property_get_string(PWASM_PATH("request", "path"), &text), "request.path");
  stress_ok(ctx, pwasm_property_get_string(PWASM_PATH("source", "address"), &text), "address");
  stress_ok(ctx, pwasm_property_set(PWASM_PATH("stress_id"), self->id), "set a property");
  if (stress_arrive(self, AT_REQUEST_HEADERS))
    return pwasm_http_context_hold_request(http);
  if (end_of_stream && stress_arrive(self, AT_REQUEST_END))
    return PWASM_ACTION_PAUSE;
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
stress_on_request_body(PwasmHttpContext *http, size_t body_size, bool end_of_stream)
{
  StressStream *self = PWASM_SELF(StressStream, http);
  bool passes = stress_body_comes(self, &self->request, PWASM_BUFFER_HTTP_REQUEST_BODY, body_size,
                                  end_of_stream);

  if (!end_of_stream)
    return passes ? PWASM_ACTION_CONTINUE : PWASM_ACTION_PAUSE;
  if (stress_arrive(self, AT_REQUEST_END))
    return PWASM_ACTION_PAUSE;
  stress_body_ends(self, &self->request, PWASM_BUFFER_HTTP_REQUEST_BODY);
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
stress_on_request_trailers(PwasmHttpContext *http, size_t num_trailers)
{
  StressStream *self = PWASM_SELF(StressStream, http);

  (void)num_trailers;
  stress_true(PWASM_CONTEXT(http), !self->request.ended, "a body without end before trailers");
  stress_change_trailers(self, PWASM_MAP_HTTP_REQUEST_TRAILERS);
  if (stress_arrive(self, AT_REQUEST_END))
    return PWASM_ACTION_PAUSE;
  stress_body_ends(self, &self->request, PWASM_BUFFER_HTTP_REQUEST_BODY);
  return PWASM_ACTION_CONTINUE;
}

/* The response of the plugin's own and other local replies comes along here as well. */
static PwasmAction
stress_on_response_headers(PwasmHttpContext *http, size_t num_headers, bool end_of_stream)
{
  StressStream *self = PWASM_SELF(StressStream, http);
  PwasmContext *ctx = PWASM_CONTEXT(http);
  PwasmStr digest;

  (void)num_headers;
  (void)end_of_stream;
  if (self->response.change != BODY_LEAVE)
    stress_ok(ctx,
              pwasm_header_remove(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("content-length")),
              "remove content-length");
  stress_change_headers(self, PWASM_MAP_HTTP_RESPONSE_HEADERS);
  digest = stress_digest_headers(self, PWASM_MAP_HTTP_RESPONSE_HEADERS, pwasm_scratch());
  if (digest.data != NULL)
    stress_ok(ctx,
              pwasm_header_add(PWASM_MAP_HTTP_RESPONSE_HEADERS,
                               PWASM_STR("x-seen-response-headers"), digest),
              "report");
  if (self->set_all_response)
    stress_set_all_headers(self, PWASM_MAP_HTTP_RESPONSE_HEADERS);
  if (!pwasm_http_context_is_replied(http) && stress_arrive(self, AT_RESPONSE_HEADERS))
    return pwasm_http_context_hold_response(http);
  stress_report(self);
  return PWASM_ACTION_CONTINUE;
}

/* Whether the end of the response is a place to wait: not in a local reply, which has no upstream to be held back. */
static bool
arrive_at_response_end(StressStream *self)
{
  return stress_body_is_held(&self->response) && !pwasm_http_context_is_replied(&self->base) &&
         stress_arrive(self, AT_RESPONSE_END);
}

static PwasmAction
stress_on_response_body(PwasmHttpContext *http, size_t body_size, bool end_of_stream)
{
  StressStream *self = PWASM_SELF(StressStream, http);
  bool passes = stress_body_comes(self, &self->response, PWASM_BUFFER_HTTP_RESPONSE_BODY, body_size,
                                  end_of_stream);

  if (!end_of_stream)
    return passes ? PWASM_ACTION_CONTINUE : PWASM_ACTION_PAUSE;
  if (arrive_at_response_end(self))
    return PWASM_ACTION_PAUSE;
  stress_body_ends(self, &self->response, PWASM_BUFFER_HTTP_RESPONSE_BODY);
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
stress_on_response_trailers(PwasmHttpContext *http, size_t num_trailers)
{
  StressStream *self = PWASM_SELF(StressStream, http);

  (void)num_trailers;
  stress_change_trailers(self, PWASM_MAP_HTTP_RESPONSE_TRAILERS);
  if (arrive_at_response_end(self))
    return PWASM_ACTION_PAUSE;
  stress_body_ends(self, &self->response, PWASM_BUFFER_HTTP_RESPONSE_BODY);
  return PWASM_ACTION_CONTINUE;
}

static void
stress_on_log(PwasmContext *ctx)
{
  StressStream *self = PWASM_SELF(StressStream, PWASM_SELF(PwasmHttpContext, ctx));
  StressPlugin *plugin = stress_plugin(self);
  StressVm *vm = stress_vm(ctx);
  uint64_t num_logs = 0;
  PwasmStr text;

  stress_count(ctx, vm->logs);
  stress_ok(ctx, pwasm_histogram_record(vm->body_size, self->request.size + self->response.size),
            "histogram");
  stress_ok(ctx, pwasm_shared_data_update(PWASM_STR("stress.logs"), stress_add_one, NULL, 1000),
            "update shared data");
  if (stress_ok(ctx, pwasm_counter_get(vm->logs, &num_logs), "get a counter") &&
      num_logs % STREAMS_PER_VALUE == 0 &&
      stress_ok(ctx, pwasm_shared_queue_enqueue(plugin->queue, PWASM_STR("value")), "enqueue"))
    stress_count(ctx, vm->enqueued);
  /* A request that was refused before it came here has told nothing. */
  if (self->id.data == NULL)
    return;
  if (stress_ok(ctx, pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x-id"), &text),
                "x-id in the log"))
    stress_true(ctx, pwasm_str_equal(text, self->id), "the same x-id in the log");
  if (stress_ok(ctx, pwasm_property_get_string(PWASM_PATH("stress_id"), &text), "get a property"))
    stress_true(ctx, pwasm_str_equal(text, self->id), "the same property in the log");
}

const PwasmHttpContextClass stress_stream_class = {
  PWASM_HTTP_SUBCLASS(StressStream, pwasm_http_context_class),
  .base.init = stress_init,
  .base.finalize = stress_finalize,
  PWASM_ON_BASE(on_log, stress_on_log),
  PWASM_ON(on_request_headers, stress_on_request_headers),
  PWASM_ON(on_request_body, stress_on_request_body),
  PWASM_ON(on_request_trailers, stress_on_request_trailers),
  PWASM_ON(on_response_headers, stress_on_response_headers),
  PWASM_ON(on_response_body, stress_on_response_body),
  PWASM_ON(on_response_trailers, stress_on_response_trailers),
};

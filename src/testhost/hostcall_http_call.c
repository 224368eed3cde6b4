#include <stdlib.h>

#include <pwasm/buffer.h>
#include <pwasm/header_map.h>

#include "expect_private.h"
#include "host_private.h"

static void
add(PwasmHostHttpCallRecord *record)
{
  PwasmHostHttpCallRecord **link = &record->host->calls.http;

  while (*link != NULL)
    link = &(*link)->next;
  *link = record;
}

static void
free_record(PwasmHostHttpCallRecord *record)
{
  pwasm__host_map_free(&record->headers);
  pwasm__host_map_free(&record->trailers);
  free((void *)(uintptr_t)record->call.upstream.data);
  free((void *)(uintptr_t)record->call.body.data);
  free(record);
}

void
pwasm_host_http_call_free(PwasmHostHttpCall *call)
{
  PwasmHostHttpCallRecord *record = (PwasmHostHttpCallRecord *)call;
  PwasmHostHttpCallRecord **link = &record->host->calls.http;

  while (*link != record)
    link = &(*link)->next;
  *link = record->next;
  free_record(record);
}

void
pwasm__host_calls_free(PwasmHost *host)
{
  while (host->calls.http != NULL)
    pwasm_host_http_call_free(&host->calls.http->call);
  pwasm__host_grpc_calls_free(host);
  pwasm__host_envoy_dns_free(host);
  pwasm__host_map_free(&host->calls.clusters);
}

void
pwasm_host_add_cluster(PwasmHost *host, const char *name)
{
  pwasm__host_map_add(&host->calls.clusters, PWASM_STR("name"), pwasm_str_from_cstr(name));
}

bool
pwasm__host_has_cluster(const PwasmHost *host, PwasmStr name)
{
  const PwasmHostMap *clusters = &host->calls.clusters;

  for (size_t i = 0; i < clusters->num_pairs; i++) {
    if (pwasm_str_equal(clusters->pairs[i].value, name))
      return true;
  }
  return clusters->num_pairs == 0;
}

void
pwasm_host_on_http_call(PwasmHost *host, PwasmHostHttpCallFn *fn, void *data)
{
  host->calls.on_http = fn;
  host->calls.on_http_data = data;
}

void
pwasm_host_set_next_http_call_id(PwasmHost *host, uint32_t call_id)
{
  host->calls.num_http = call_id / 4 - 1;
  if (call_id % 4 != 0)
    PWASM__HOST_MISUSE(host, "%u is not a multiple of 4", call_id);
}

/* Why no host would make such a call; NULL if it would. */
static const char *
problem_of(const PwasmHostHttpCallRecord *record)
{
  static const char *const required[] = {":method", ":path", ":authority"};

  for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
    if (pwasm_host_headers_count(record->call.headers, required[i]) == 0)
      return "the call's headers lack one of :method, :path and :authority";
  }
  return record->call.timeout_ms > INT32_MAX ? "the timeout is taken for a negative one" : NULL;
}

/* Whether the host makes calls in the present callback. */
static bool
is_call_time(const PwasmHostcallFrame *frame)
{
  const PwasmHostEntry *entry = frame->host->entry;

  if (!pwasm__is_ngx(frame->host) && !pwasm__is_apisix(frame->host))
    return true;
  switch (entry->callback) {
  case PWASM_HOST_CALLBACK_on_request_headers:
  case PWASM_HOST_CALLBACK_on_request_body:
  case PWASM_HOST_CALLBACK_on_http_call_response:
    return true;
  case PWASM_HOST_CALLBACK_on_tick:
  case PWASM_HOST_CALLBACK_on_foreign_function:
    return pwasm__is_ngx(frame->host);
  default:
    return false;
  }
}

static uint32_t
refuse_time(PwasmHostcallFrame *frame)
{
  return pwasm__hostcall_refuse(frame, PWASM_STATUS_BAD_ARGUMENT,
                                "%s makes no call in this callback", frame->host->traits->name);
}

bool
pwasm__host_waits_for_call(const PwasmHostContext *context)
{
  for (const PwasmHostHttpCallRecord *r = context->vm->host->calls.http; r != NULL; r = r->next) {
    if (r->is_pending && r->call.context_id == context->id && r->plugin == context->plugin)
      return true;
  }
  return false;
}

uint32_t
proxy_http_call(const char *upstream, uint32_t upstream_size, const char *headers,
                uint32_t headers_size, const char *body, uint32_t body_size, const char *trailers,
                uint32_t trailers_size, uint32_t timeout_ms, uint32_t *ret_call_id)
{
  PwasmHostcallFrame frame;
  PwasmHostHttpCallRecord *record;
  const char *problem;
  uint32_t status = PWASM_STATUS_OK;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_http_call))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, upstream, upstream_size) ||
      !pwasm__hostcall_takes(&frame, headers, headers_size) ||
      !pwasm__hostcall_takes(&frame, body, body_size) ||
      !pwasm__hostcall_takes(&frame, trailers, trailers_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %u bytes of headers, %s, %u bytes of trailers, %u",
                           PWASM_QUOTE(upstream, upstream_size), headers_size,
                           PWASM_QUOTE(body, body_size), trailers_size, timeout_ms);
  /* As Envoy does, to see whether the pointer is good. */
  *ret_call_id = 0;
  if (frame.context == NULL || frame.context->plugin == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  record = pwasm__host_alloc(sizeof *record);
  record->host = frame.host;
  record->plugin = frame.context->plugin;
  pwasm__host_map_add_wire(&record->headers, pwasm_str(headers, headers_size));
  pwasm__host_map_add_wire(&record->trailers, pwasm_str(trailers, trailers_size));
  record->call = (PwasmHostHttpCall){
    .context_id = frame.context->id,
    .upstream = pwasm__host_str_dup(pwasm_str(upstream, upstream_size)),
    .headers = pwasm__host_map_headers(&record->headers),
    .body = pwasm__host_str_dup(pwasm_str(body, body_size)),
    .trailers = pwasm__host_map_headers(&record->trailers),
    .timeout_ms = timeout_ms,
  };
  if (!is_call_time(&frame)) {
    free_record(record);
    return refuse_time(&frame);
  }
  problem = problem_of(record);
  if (problem != NULL) {
    free_record(record);
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_BAD_ARGUMENT, "%s", problem);
  }
  /* That is the configuration's, or the test's, doing. ngx_wasm_module finds it out later. */
  if (!pwasm__is_ngx(frame.host) && !pwasm__host_has_cluster(frame.host, record->call.upstream)) {
    free_record(record);
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  }
  record->call.id = frame.host->traits->counts_calls_from_0 ? frame.host->calls.num_http++
                                                            : 4 * ++frame.host->calls.num_http;
  record->deadline_ns = pwasm__host_deadline(frame.host, timeout_ms);
  record->is_pending = true;
  add(record);
  PWASM_HOSTCALL_RESULTS(&frame, "%u", record->call.id);
  if (frame.host->calls.on_http != NULL)
    status = frame.host->calls.on_http(&record->call, frame.host->calls.on_http_data);
  if (status != PWASM_STATUS_OK)
    record->is_pending = false;
  else
    *ret_call_id = record->call.id;
  return pwasm__hostcall_end(&frame, status);
}

size_t
pwasm_host_http_call_count(const PwasmHost *host)
{
  size_t count = 0;

  for (const PwasmHostHttpCallRecord *r = host->calls.http; r != NULL; r = r->next)
    count += r->is_pending;
  return count;
}

PwasmHostHttpCall *
pwasm_host_http_call(PwasmHost *host, size_t index)
{
  for (PwasmHostHttpCallRecord *r = host->calls.http; r != NULL; r = r->next) {
    if (r->is_pending && index-- == 0)
      return &r->call;
  }
  pwasm__report_no_call(host, "pwasm_host_http_call", pwasm_host_http_call_count(host),
                        "calls to be answered");
  return NULL;
}

/* In wasm-nginx-module a request goes on when its call has been answered. */
static void
let_request_go_on(const PwasmHostHttpCallRecord *record)
{
  PwasmHostContext *context = pwasm__host_context_find(record->plugin->vm, record->call.context_id);

  if (context != NULL && context->http != NULL && !pwasm__host_waits_for_call(context))
    pwasm__host_defer(record->host, (PwasmHostAction){.kind = PWASM_HOST_ACT_RESUME_REQUEST,
                                                      .http = context->http});
}

/* Calls the plugin, which can read the answer meanwhile. */
static void
deliver(PwasmHostHttpCallRecord *record, uint32_t context_id, PwasmHostAnswerView *view,
        uint32_t num_headers, uint32_t num_trailers)
{
  PwasmHostCalls *calls = &record->host->calls;
  const PwasmHostAnswerView *previous = calls->view;

  record->is_pending = false;
  view->context_id = record->call.context_id;
  calls->view = view;
  calls->more_arguments[0] = (uint32_t)view->buffers[PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY].len;
  calls->more_arguments[1] = num_trailers;
  pwasm__host_enter(record->plugin->vm, PWASM_HOST_CALLBACK_on_http_call_response,
                    context_id == 0 ? record->plugin->context.id : context_id, record->call.id,
                    num_headers, NULL);
  calls->view = previous;
  calls->more_arguments[0] = 0;
  calls->more_arguments[1] = 0;
  pwasm__host_settle(record->host);
  if (pwasm__is_apisix(record->host))
    let_request_go_on(record);
  pwasm__host_settle(record->host);
}

void
pwasm_host_http_call_answer(PwasmHostHttpCall *call, const PwasmHostHttpAnswer *answer)
{
  PwasmHostHttpCallRecord *record = (PwasmHostHttpCallRecord *)call;
  PwasmHostMap headers = {0};
  PwasmHostMap trailers = {0};
  PwasmHostAnswerView view = {.plugin = record->plugin};

  pwasm__host_map_add_all(&headers, answer->headers);
  pwasm__host_map_add_all(&trailers, answer->trailers);
  view.maps[PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS] = &headers;
  view.maps[PWASM_MAP_HTTP_CALL_RESPONSE_TRAILERS] = &trailers;
  view.buffers[PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY] =
    pwasm_str_is_present(answer->body) ? answer->body : PWASM_STR("");
  deliver(record, answer->context_id, &view, (uint32_t)headers.num_pairs,
          (uint32_t)trailers.num_pairs);
  pwasm__host_map_free(&headers);
  pwasm__host_map_free(&trailers);
}

void
pwasm_host_http_call_fail(PwasmHostHttpCall *call)
{
  PwasmHostHttpCallRecord *record = (PwasmHostHttpCallRecord *)call;
  PwasmHostCalls *calls = &record->host->calls;
  PwasmHostAnswerView view = {.plugin = record->plugin};

  calls->status_code = PWASM_STATUS_BROKEN_CONNECTION;
  calls->status_message = PWASM_STR("reset");
  deliver(record, 0, &view, 0, 0);
  calls->status_message = PWASM_STR("");
}

void
pwasm_host_http_call_drop(PwasmHostHttpCall *call)
{
  ((PwasmHostHttpCallRecord *)call)->is_pending = false;
}

static const PwasmHostAnswerView *
view_of(const PwasmHostcallFrame *frame)
{
  const PwasmHostAnswerView *view = frame->host->calls.view;

  return view != NULL && frame->context->plugin == view->plugin ? view : NULL;
}

bool
pwasm__host_answer_is_there(const PwasmHostcallFrame *frame)
{
  return view_of(frame) != NULL;
}

const PwasmHostMap *
pwasm__host_answer_map(const PwasmHostcallFrame *frame, uint32_t map)
{
  const PwasmHostAnswerView *view = view_of(frame);

  return view == NULL ? NULL : view->maps[map];
}

PwasmStr
pwasm__host_answer_buffer(const PwasmHostcallFrame *frame, uint32_t buffer)
{
  const PwasmHostAnswerView *view = view_of(frame);

  return view == NULL ? pwasm_str(NULL, 0) : view->buffers[buffer];
}

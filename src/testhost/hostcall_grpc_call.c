#include <stdlib.h>

#include <pwasm/buffer.h>
#include <pwasm/header_map.h>

#include "expect_private.h"
#include "host_private.h"

static void
free_str(PwasmStr str)
{
  free((void *)(uintptr_t)str.data);
}

void
pwasm__host_grpc_calls_free(PwasmHost *host)
{
  while (host->calls.grpc != NULL) {
    PwasmHostGrpcCallRecord *record = host->calls.grpc;

    host->calls.grpc = record->next;
    pwasm__host_map_free(&record->metadata);
    free_str(record->call.upstream);
    free_str(record->call.service);
    free_str(record->call.method);
    free_str(record->call.message);
    free(record);
  }
}

void
pwasm_host_on_grpc_call(PwasmHost *host, PwasmHostGrpcCallFn *fn, void *data)
{
  host->calls.on_grpc = fn;
  host->calls.on_grpc_data = data;
}

void
pwasm_host_reset_grpc_call_ids(PwasmHost *host)
{
  host->calls.num_grpc_calls = 0;
  host->calls.num_grpc_streams = 0;
}

/* The value of a message's first field if that is the one with number 1 and has bytes; else missing. */
static PwasmStr
first_field(PwasmStr message)
{
  size_t len = 0;
  size_t at = 1;

  if (message.len < 2 || message.data[0] != '\x0a')
    return pwasm_str(NULL, 0);
  for (int shift = 0; at < message.len && at < 5; shift += 7) {
    unsigned char byte = (unsigned char)message.data[at++];

    len |= (size_t)(byte & 0x7f) << shift;
    if (byte < 0x80)
      break;
  }
  return len > message.len - at ? pwasm_str(NULL, 0) : pwasm_str(message.data + at, len);
}

/* Whom a call is for: a GrpcService names a cluster in envoy_grpc, or what else it may; other bytes are
 * themselves a cluster's name. */
static PwasmStr
target_of(PwasmStr upstream, uint32_t *ret_status)
{
  PwasmStr envoy_grpc = first_field(upstream);
  PwasmStr cluster_name = first_field(envoy_grpc);

  *ret_status = PWASM_STATUS_OK;
  if (upstream.len == 0)
    *ret_status = PWASM_STATUS_BAD_ARGUMENT;
  else if (!pwasm_str_is_present(envoy_grpc) && upstream.data[0] != '\x12')
    *ret_status = PWASM_STATUS_PARSE_FAILURE;
  return pwasm_str_is_present(cluster_name) ? cluster_name : upstream;
}

/* What both hostcalls do; `call` has the arguments, its strings borrowed. */
static uint32_t
begin(PwasmHostcallFrame *frame, PwasmHostGrpcCall call, PwasmStr metadata, uint32_t *ret_id)
{
  PwasmHostCalls *calls = &frame->host->calls;
  PwasmHostGrpcCallRecord **link = &calls->grpc;
  PwasmHostGrpcCallRecord *record;
  uint32_t status = PWASM_STATUS_OK;

  if (frame->context == NULL || frame->context->plugin == NULL)
    return pwasm__hostcall_end(frame, PWASM_STATUS_BAD_ARGUMENT);
  call.upstream = target_of(call.upstream, &status);
  if (status == PWASM_STATUS_PARSE_FAILURE && pwasm__host_has_cluster(frame->host, call.upstream))
    status = PWASM_STATUS_OK;
  if (status == PWASM_STATUS_BAD_ARGUMENT)
    return pwasm__hostcall_refuse(frame, status, "there is no service to call");
  if (status != PWASM_STATUS_OK)
    return pwasm__hostcall_end(frame, status);
  record = pwasm__host_alloc(sizeof *record);
  record->host = frame->host;
  record->plugin = frame->context->plugin;
  pwasm__host_map_add_wire(&record->metadata, metadata);
  record->call = call;
  record->call.id =
    call.is_stream ? 4 * ++calls->num_grpc_streams + 2 : 4 * ++calls->num_grpc_calls + 1;
  record->call.context_id = frame->context->id;
  record->call.upstream = pwasm__host_str_dup(call.upstream);
  record->call.service = pwasm__host_str_dup(call.service);
  record->call.method = pwasm__host_str_dup(call.method);
  record->call.message = pwasm__host_str_dup(call.message);
  record->call.metadata = pwasm__host_map_headers(&record->metadata);
  record->deadline_ns = pwasm__host_deadline(frame->host, call.timeout_ms);
  record->is_pending = true;
  record->is_known = true;
  while (*link != NULL)
    link = &(*link)->next;
  *link = record;
  PWASM_HOSTCALL_RESULTS(frame, "%u", record->call.id);
  if (!pwasm__host_has_cluster(frame->host, call.upstream)) {
    /* As Envoy does: the plugin hears of a call that it has no id of. */
    status = PWASM_STATUS_INTERNAL_FAILURE;
    pwasm__host_defer(frame->host,
                      (PwasmHostAction){.kind = PWASM_HOST_ACT_CLOSE_GRPC, .grpc = &record->call});
  } else if (calls->on_grpc != NULL) {
    status = calls->on_grpc(&record->call, calls->on_grpc_data);
  }
  if (status != PWASM_STATUS_OK)
    record->is_pending = record->is_known = false;
  else
    *ret_id = record->call.id;
  return pwasm__hostcall_end(frame, status);
}

uint32_t
proxy_grpc_call(const char *upstream, uint32_t upstream_size, const char *service,
                uint32_t service_size, const char *method, uint32_t method_size,
                const char *metadata, uint32_t metadata_size, const char *message,
                uint32_t message_size, uint32_t timeout_ms, uint32_t *ret_call_id)
{
  PwasmHostcallFrame frame;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_grpc_call))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, upstream, upstream_size) ||
      !pwasm__hostcall_takes(&frame, service, service_size) ||
      !pwasm__hostcall_takes(&frame, method, method_size) ||
      !pwasm__hostcall_takes(&frame, metadata, metadata_size) ||
      !pwasm__hostcall_takes(&frame, message, message_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %s, %s, %u bytes of metadata, %s, %u",
                           PWASM_QUOTE(upstream, upstream_size), PWASM_QUOTE(service, service_size),
                           PWASM_QUOTE(method, method_size), metadata_size,
                           PWASM_QUOTE(message, message_size), timeout_ms);
  return begin(&frame,
               (PwasmHostGrpcCall){.upstream = pwasm_str(upstream, upstream_size),
                                   .service = pwasm_str(service, service_size),
                                   .method = pwasm_str(method, method_size),
                                   .message = pwasm_str(message, message_size),
                                   .num_messages = 1,
                                   .is_half_closed = true,
                                   .timeout_ms = timeout_ms},
               pwasm_str(metadata, metadata_size), ret_call_id);
}

uint32_t
proxy_grpc_stream(const char *upstream, uint32_t upstream_size, const char *service,
                  uint32_t service_size, const char *method, uint32_t method_size,
                  const char *metadata, uint32_t metadata_size, uint32_t *ret_stream_id)
{
  PwasmHostcallFrame frame;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_grpc_stream))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, upstream, upstream_size) ||
      !pwasm__hostcall_takes(&frame, service, service_size) ||
      !pwasm__hostcall_takes(&frame, method, method_size) ||
      !pwasm__hostcall_takes(&frame, metadata, metadata_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %s, %s, %u bytes of metadata",
                           PWASM_QUOTE(upstream, upstream_size), PWASM_QUOTE(service, service_size),
                           PWASM_QUOTE(method, method_size), metadata_size);
  return begin(&frame,
               (PwasmHostGrpcCall){.upstream = pwasm_str(upstream, upstream_size),
                                   .service = pwasm_str(service, service_size),
                                   .method = pwasm_str(method, method_size),
                                   .message = PWASM_STR(""),
                                   .is_stream = true},
               pwasm_str(metadata, metadata_size), ret_stream_id);
}

/* Of the plugin that the hostcall is made for, the newest with that id; NULL when it has none. */
static PwasmHostGrpcCallRecord *
find(const PwasmHostcallFrame *frame, uint32_t id)
{
  PwasmHostGrpcCallRecord *found = NULL;

  for (PwasmHostGrpcCallRecord *r = frame->host->calls.grpc; r != NULL; r = r->next) {
    if (r->is_known && r->call.id == id && frame->context != NULL &&
        frame->context->plugin == r->plugin)
      found = r;
  }
  return found;
}

static bool
is_stream_id(uint32_t id)
{
  return id % 4 == 2;
}

uint32_t
proxy_grpc_send(uint32_t stream_id, const char *message, uint32_t message_size, uint32_t end_stream)
{
  PwasmHostcallFrame frame;
  PwasmHostGrpcCallRecord *record;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_grpc_send))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, message, message_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u, %s, %u", stream_id, PWASM_QUOTE(message, message_size),
                           end_stream);
  record = find(&frame, stream_id);
  if (!is_stream_id(stream_id))
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_BAD_ARGUMENT, "%u is no stream", stream_id);
  if (record == NULL)
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_NOT_FOUND,
                                  "the stream %u was not opened, or has ended", stream_id);
  free_str(record->call.message);
  record->call.message = pwasm__host_str_dup(pwasm_str(message, message_size));
  record->call.num_messages++;
  record->call.is_half_closed |= end_stream != 0;
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

static uint32_t
end(PwasmHostcallFrame *frame, uint32_t id, bool is_cancel)
{
  PwasmHostGrpcCallRecord *record = find(frame, id);

  if (!is_stream_id(id) && id % 4 != 1)
    return pwasm__hostcall_refuse(frame, PWASM_STATUS_BAD_ARGUMENT, "%u is no gRPC call", id);
  if (record == NULL)
    return pwasm__hostcall_refuse(frame, PWASM_STATUS_NOT_FOUND,
                                  "the call %u was not made, or has ended", id);
  record->call.is_half_closed = true;
  /* To close a call is to cancel it. */
  if (is_cancel || !record->call.is_stream) {
    record->call.is_cancelled = record->is_pending;
    record->is_pending = record->is_known = false;
  }
  return pwasm__hostcall_end(frame, PWASM_STATUS_OK);
}

uint32_t
proxy_grpc_cancel(uint32_t call_id)
{
  PwasmHostcallFrame frame;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_grpc_cancel))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u", call_id);
  return end(&frame, call_id, true);
}

uint32_t
proxy_grpc_close(uint32_t stream_id)
{
  PwasmHostcallFrame frame;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_grpc_close))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u", stream_id);
  return end(&frame, stream_id, false);
}

size_t
pwasm_host_grpc_call_count(const PwasmHost *host)
{
  size_t count = 0;

  for (const PwasmHostGrpcCallRecord *r = host->calls.grpc; r != NULL; r = r->next)
    count += r->is_pending;
  return count;
}

PwasmHostGrpcCall *
pwasm_host_grpc_call(PwasmHost *host, size_t index)
{
  for (PwasmHostGrpcCallRecord *r = host->calls.grpc; r != NULL; r = r->next) {
    if (r->is_pending && index-- == 0)
      return &r->call;
  }
  pwasm__report_no_call(host, "pwasm_host_grpc_call", pwasm_host_grpc_call_count(host),
                        "gRPC calls that have not ended");
  return NULL;
}

/* Calls the plugin, which can read what has arrived meanwhile. */
static void
deliver(PwasmHostGrpcCallRecord *record, PwasmHostCallback callback, PwasmHostAnswerView *view,
        uint32_t value)
{
  PwasmHostCalls *calls = &record->host->calls;
  const PwasmHostAnswerView *previous = calls->view;

  record->has_begun = true;
  view->plugin = record->plugin;
  calls->view = view;
  pwasm__host_enter(record->plugin->vm, callback, record->plugin->context.id, record->call.id,
                    value, NULL);
  calls->view = previous;
  pwasm__host_settle(record->host);
}

static void
deliver_metadata(PwasmHostGrpcCall *call, PwasmHostCallback callback, uint32_t map,
                 PwasmHostHeaders metadata)
{
  PwasmHostMap pairs = {0};
  PwasmHostAnswerView view = {0};

  pwasm__host_map_add_all(&pairs, metadata);
  view.maps[map] = &pairs;
  deliver((PwasmHostGrpcCallRecord *)call, callback, &view, (uint32_t)pairs.num_pairs);
  pwasm__host_map_free(&pairs);
}

void
pwasm_host_grpc_receive_initial_metadata(PwasmHostGrpcCall *call, PwasmHostHeaders metadata)
{
  deliver_metadata(call, PWASM_HOST_CALLBACK_on_grpc_receive_initial_metadata,
                   PWASM_MAP_GRPC_CALL_INITIAL_METADATA, metadata);
}

void
pwasm_host_grpc_receive(PwasmHostGrpcCall *call, PwasmStr message)
{
  PwasmHostGrpcCallRecord *record = (PwasmHostGrpcCallRecord *)call;
  PwasmHostAnswerView view = {.buffers[PWASM_BUFFER_GRPC_CALL_MESSAGE] = message};

  record->is_pending = record->is_pending && call->is_stream;
  record->is_known = record->is_known && call->is_stream;
  deliver(record, PWASM_HOST_CALLBACK_on_grpc_receive, &view, (uint32_t)message.len);
}

void
pwasm_host_grpc_receive_trailing_metadata(PwasmHostGrpcCall *call, PwasmHostHeaders metadata)
{
  deliver_metadata(call, PWASM_HOST_CALLBACK_on_grpc_receive_trailing_metadata,
                   PWASM_MAP_GRPC_CALL_TRAILING_METADATA, metadata);
}

void
pwasm_host_grpc_close(PwasmHostGrpcCall *call, uint32_t grpc_status, PwasmStr message)
{
  PwasmHostGrpcCallRecord *record = (PwasmHostGrpcCallRecord *)call;
  PwasmHostCalls *calls = &record->host->calls;
  PwasmHostAnswerView view = {0};

  record->is_pending = false;
  record->is_known = record->is_known && call->is_stream;
  calls->status_code = grpc_status;
  calls->status_message = message;
  deliver(record, PWASM_HOST_CALLBACK_on_grpc_close, &view, grpc_status);
  calls->status_message = PWASM_STR("");
}

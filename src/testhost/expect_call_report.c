#include "expect_private.h"

static void
say_timeout(PwasmHostReport *report, uint32_t timeout_ms)
{
  if (timeout_ms > 0)
    pwasm__say(report, ", timeout %u ms", timeout_ms);
}

static void
say_http(PwasmHostReport *report, const PwasmHostHttpCall *call)
{
  pwasm__say(report, "\n  HTTP call %u of context %u to %.*s: %.*s %.*s", call->id,
             call->context_id, PWASM_STR_ARG(call->upstream),
             PWASM_STR_ARG(pwasm_host_headers_get(call->headers, ":method")),
             PWASM_STR_ARG(pwasm_host_headers_get(call->headers, ":path")));
  say_timeout(report, call->timeout_ms);
}

static void
say_grpc(PwasmHostReport *report, const PwasmHostGrpcCall *call)
{
  pwasm__say(report, "\n  gRPC %s %u of context %u to %.*s: %.*s/%.*s",
             call->is_stream ? "stream" : "call", call->id, call->context_id,
             PWASM_STR_ARG(call->upstream), PWASM_STR_ARG(call->service),
             PWASM_STR_ARG(call->method));
  say_timeout(report, call->timeout_ms);
}

void
pwasm__say_http_call(PwasmHostReport *report, const PwasmHostHttpCall *call)
{
  say_http(report, call);
  pwasm__say_headers(report, "headers of the call", call->headers);
  if (call->body.len > 0)
    pwasm__say(report, "\n  body of the call: %s", PWASM_QUOTE(call->body.data, call->body.len));
  if (call->trailers.num_pairs > 0)
    pwasm__say_headers(report, "trailers of the call", call->trailers);
}

void
pwasm__say_grpc_call(PwasmHostReport *report, const PwasmHostGrpcCall *call)
{
  say_grpc(report, call);
  if (call->metadata.num_pairs > 0)
    pwasm__say_headers(report, "metadata of the call", call->metadata);
  pwasm__say(report, "\n  %zu messages were sent%s, the last: %s", call->num_messages,
             call->is_half_closed ? " and no more" : "",
             PWASM_QUOTE(call->message.data, call->message.len));
}

void
pwasm__say_calls(PwasmHostReport *report, const PwasmHost *host)
{
  for (const PwasmHostHttpCallRecord *r = host->calls.http; r != NULL; r = r->next) {
    if (r->is_pending) {
      say_http(report, &r->call);
      pwasm__say(report, ", not answered");
    }
  }
  for (const PwasmHostGrpcCallRecord *r = host->calls.grpc; r != NULL; r = r->next) {
    if (r->is_pending) {
      say_grpc(report, &r->call);
      pwasm__say(report, ", not ended");
    }
  }
}

void
pwasm__report_no_call(PwasmHost *host, const char *function, size_t count, const char *what)
{
  PwasmHostReport report = {0};

  pwasm__say(&report, "there are only %zu %s", count, what);
  pwasm__report(&report, host, function, 0);
}

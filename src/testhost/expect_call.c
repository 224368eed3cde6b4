#include "expect_private.h"

static bool
is_str(PwasmStr str, const char *expected)
{
  return pwasm_str_equal(str, pwasm_str_from_cstr(expected));
}

static const PwasmHostHttpCallRecord *
http_record(const PwasmHostHttpCall *call)
{
  return (const PwasmHostHttpCallRecord *)call;
}

static const PwasmHostGrpcCallRecord *
grpc_record(const PwasmHostGrpcCall *call)
{
  return (const PwasmHostGrpcCallRecord *)call;
}

static void
report_http(PwasmHostReport *report, const PwasmHostHttpCall *call, const char *file, int line)
{
  pwasm__say_http_call(report, call);
  pwasm__report(report, http_record(call)->host, file, line);
}

static void
report_grpc(PwasmHostReport *report, const PwasmHostGrpcCall *call, const char *file, int line)
{
  pwasm__say_grpc_call(report, call);
  pwasm__report(report, grpc_record(call)->host, file, line);
}

void
pwasm__expect_http_calls(const char *file, int line, PwasmHost *host, size_t count)
{
  PwasmHostReport report = {0};

  if (pwasm_host_http_call_count(host) == count)
    return;
  pwasm__say(&report, "expected %zu HTTP calls that wait for an answer, there are %zu", count,
             pwasm_host_http_call_count(host));
  pwasm__report(&report, host, file, line);
}

void
pwasm__expect_http_call(const char *file, int line, const PwasmHostHttpCall *call,
                        const char *upstream, const char *method, const char *path)
{
  PwasmHostReport report = {0};

  /* NULL: that there is none was a failure already. */
  if (call == NULL || (is_str(call->upstream, upstream) &&
                       is_str(pwasm_host_headers_get(call->headers, ":method"), method) &&
                       is_str(pwasm_host_headers_get(call->headers, ":path"), path)))
    return;
  pwasm__say(&report, "expected an HTTP call to %s: %s %s", upstream, method, path);
  report_http(&report, call, file, line);
}

void
pwasm__expect_http_call_header(const char *file, int line, const PwasmHostHttpCall *call,
                               const char *name, const char *value)
{
  PwasmHostReport report = {0};

  if (call == NULL || pwasm__has_header(call->headers, name, value) == (value != NULL))
    return;
  if (value != NULL)
    pwasm__say(&report, "expected an HTTP call with the header %s: %s", name, value);
  else
    pwasm__say(&report, "expected an HTTP call without the header %s", name);
  report_http(&report, call, file, line);
}

void
pwasm__expect_http_call_body(const char *file, int line, const PwasmHostHttpCall *call,
                             const char *body)
{
  PwasmStr expected = pwasm_str_from_cstr(body);
  PwasmHostReport report = {0};

  if (call == NULL || pwasm_str_equal(call->body, expected))
    return;
  pwasm__say(&report, "expected an HTTP call with the body %s",
             PWASM_QUOTE(expected.data, expected.len));
  pwasm__say_difference(&report, expected, call->body);
  report_http(&report, call, file, line);
}

void
pwasm__expect_grpc_calls(const char *file, int line, PwasmHost *host, size_t count)
{
  PwasmHostReport report = {0};

  if (pwasm_host_grpc_call_count(host) == count)
    return;
  pwasm__say(&report, "expected %zu gRPC calls that have not ended, there are %zu", count,
             pwasm_host_grpc_call_count(host));
  pwasm__report(&report, host, file, line);
}

void
pwasm__expect_grpc_call(const char *file, int line, const PwasmHostGrpcCall *call,
                        const char *upstream, const char *service, const char *method)
{
  PwasmHostReport report = {0};

  if (call == NULL || (is_str(call->upstream, upstream) && is_str(call->service, service) &&
                       is_str(call->method, method)))
    return;
  pwasm__say(&report, "expected a gRPC call to %s: %s/%s", upstream, service, method);
  report_grpc(&report, call, file, line);
}

void
pwasm__expect_grpc_call_metadata(const char *file, int line, const PwasmHostGrpcCall *call,
                                 const char *name, const char *value)
{
  PwasmHostReport report = {0};

  if (call == NULL || pwasm__has_header(call->metadata, name, value))
    return;
  pwasm__say(&report, "expected a gRPC call with the metadata %s: %s", name, value);
  report_grpc(&report, call, file, line);
}

void
pwasm__expect_grpc_call_message(const char *file, int line, const PwasmHostGrpcCall *call,
                                PwasmStr message)
{
  PwasmHostReport report = {0};

  if (call == NULL || pwasm_str_equal(call->message, message))
    return;
  pwasm__say(&report, "expected a gRPC call with the message %s",
             PWASM_QUOTE(message.data, message.len));
  pwasm__say_difference(&report, message, call->message);
  report_grpc(&report, call, file, line);
}

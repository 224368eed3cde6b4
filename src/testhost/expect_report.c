#include "expect_private.h"

#include <stdarg.h>
#include <stdio.h>

/* The last lines of a log say more than the first. */
#define MAX_LINES 30
/* What is the same before a difference, to find the place. */
#define MAX_SAME_BYTES 8

void
pwasm__say(PwasmHostReport *report, const char *format, ...)
{
  va_list arguments;
  int len;

  va_start(arguments, format);
  len = vsnprintf(report->text + report->len, sizeof report->text - report->len, format, arguments);
  va_end(arguments);
  report->len += (size_t)len;
  if (report->len > sizeof report->text - 1)
    report->len = sizeof report->text - 1;
}

void
pwasm__say_difference(PwasmHostReport *report, PwasmStr expected, PwasmStr found)
{
  size_t same = 0;
  size_t start;

  if (expected.len <= PWASM_MAX_QUOTED_BYTES && found.len <= PWASM_MAX_QUOTED_BYTES)
    return;
  while (same < expected.len && same < found.len && expected.data[same] == found.data[same])
    same++;
  start = same < MAX_SAME_BYTES ? 0 : same - MAX_SAME_BYTES;
  expected = pwasm_str_slice(expected, start, SIZE_MAX);
  found = pwasm_str_slice(found, start, SIZE_MAX);
  pwasm__say(report, "\n  they differ at byte %zu: expected from byte %zu on was %s, there is %s",
             same, start, PWASM_QUOTE(expected.data, expected.len),
             PWASM_QUOTE(found.data, found.len));
}

const char *
pwasm__side(bool request)
{
  return request ? "request" : "response";
}

void
pwasm__say_headers(PwasmHostReport *report, const char *what, PwasmHostHeaders headers)
{
  pwasm__say(report, "\n  %s:", what);
  for (size_t i = 0; i < headers.num_pairs; i++)
    pwasm__say(report, "\n    %.*s: %.*s", PWASM_STR_ARG(headers.pairs[i].name),
               PWASM_STR_ARG(headers.pairs[i].value));
}

const char *
pwasm__http_state_name(PwasmHostHttpState state)
{
  switch (state) {
  case PWASM_HOST_HTTP_RUNNING:
    return "running";
  case PWASM_HOST_HTTP_REQUEST_PAUSED:
    return "request paused";
  case PWASM_HOST_HTTP_RESPONSE_PAUSED:
    return "response paused";
  case PWASM_HOST_HTTP_REPLIED:
    return "replied";
  case PWASM_HOST_HTTP_RESET:
    return "reset";
  }
  return "?";
}

static bool
is_same(const PwasmHostMap *a, const PwasmHostMap *b)
{
  size_t i = 0;

  while (i < a->num_pairs && i < b->num_pairs &&
         pwasm_str_equal(a->pairs[i].name, b->pairs[i].name) &&
         pwasm_str_equal(a->pairs[i].value, b->pairs[i].value))
    i++;
  return i == a->num_pairs && i == b->num_pairs;
}

static void
say_bodies(PwasmHostReport *report, const PwasmHostHalf *half)
{
  if (half->forwarded.len > 0)
    pwasm__say(report, "\n  body: %s", PWASM_QUOTE(half->forwarded.data, half->forwarded.len));
  if (half->body.len > 0)
    pwasm__say(report, "\n  body held back: %s", PWASM_QUOTE(half->body.data, half->body.len));
  if (half->unread.len > 0)
    pwasm__say(report, "\n  body not reported yet: %s",
               PWASM_QUOTE(half->unread.data, half->unread.len));
  if (half->num_bytes_sent != half->forwarded.len)
    pwasm__say(report, "\n  %zu bytes of body were sent", half->num_bytes_sent);
}

static void
say_reply(PwasmHostReport *report, const PwasmHostReply *reply)
{
  pwasm__say(report, "\n  local reply: %u %s", reply->status_code,
             PWASM_QUOTE(reply->body.data, reply->body.len));
  if (reply->details.len > 0)
    pwasm__say(report, " (%.*s)", PWASM_STR_ARG(reply->details));
  if (reply->headers.num_pairs > 0)
    pwasm__say_headers(report, "headers of the local reply", reply->headers);
}

void
pwasm__say_half(PwasmHostReport *report, const PwasmHostHttp *http, bool request)
{
  const PwasmHostHalf *half = request ? &http->request : &http->response;

  pwasm__say(report, "\n  stream %u is %s%s; of the %s ", http->context.id,
             pwasm__http_state_name(pwasm_host_http_state(http)),
             http->is_ended ? " and has ended" : "", pwasm__side(request));
  if (!half->is_begun)
    pwasm__say(report, "nothing was sent");
  else if (!half->is_headers_forwarded)
    pwasm__say(report, "nothing was forwarded");
  else
    pwasm__say(report, "%s was forwarded", half->is_complete ? "all" : "a part");
  if (half->is_begun && !is_same(&half->sent, &half->headers))
    pwasm__say_headers(report, "headers as they were sent", pwasm__host_map_headers(&half->sent));
  if (half->is_begun)
    pwasm__say_headers(report, half->is_headers_forwarded ? "headers" : "headers held back",
                       pwasm__host_map_headers(&half->headers));
  say_bodies(report, half);
  if (half->has_trailers)
    pwasm__say_headers(report, half->is_trailers_forwarded ? "trailers" : "trailers held back",
                       pwasm__host_map_headers(&half->trailers));
  if (!request && half->is_begun && !http->is_created)
    pwasm__say(report, "\n  the plugin never got the request, so it does not get the response");
  if (http->has_reply)
    say_reply(report, &http->reply);
}

static void
say_log(PwasmHostReport *report, const PwasmHost *host)
{
  static const char *const names[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"};
  size_t first = host->num_log_lines > MAX_LINES ? host->num_log_lines - MAX_LINES : 0;

  pwasm__say(report, "\n  the log has %zu lines%s", host->num_log_lines,
             host->num_log_lines > 0 ? ":" : "");
  if (first > 0)
    pwasm__say(report, "\n    ...");
  for (size_t i = first; i < host->num_log_lines; i++)
    pwasm__say(report, "\n    %s %u: %.*s", names[host->log_lines[i]->level],
               host->log_lines[i]->context_id, PWASM_STR_ARG(host->log_lines[i]->message));
}

static void
say_hostcalls(PwasmHostReport *report, const PwasmHost *host)
{
  const char *separator = "\n  hostcalls: ";

  for (int i = 0; i < PWASM_HOST_NUM_HOSTCALLS; i++) {
    if (host->num_hostcalls[i] == 0)
      continue;
    pwasm__say(report, "%s%zu %s", separator, host->num_hostcalls[i],
               pwasm__hostcall_name((PwasmHostcall)i));
    separator = ", ";
  }
}

void
pwasm__report(PwasmHostReport *report, PwasmHost *host, const char *file, int line)
{
  pwasm__say_calls(report, host);
  say_log(report, host);
  say_hostcalls(report, host);
  pwasm__host_failure(host, file, line, "%s", report->text);
}

#include "host_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "http_private.h"

/* Text of a message, cut when there is too much. */
typedef struct Report {
  char text[3000];
  size_t len;
} Report;

__attribute__((format(printf, 2, 3))) static void
say(Report *report, const char *format, ...)
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

static const char *
side(bool request)
{
  return request ? "request" : "response";
}

static void
say_headers(Report *report, const char *what, PwasmHostHeaders headers)
{
  say(report, "\n  %s:", what);
  for (size_t i = 0; i < headers.num_pairs; i++)
    say(report, "\n    %.*s: %.*s", PWASM_STR_ARG(headers.pairs[i].name),
        PWASM_STR_ARG(headers.pairs[i].value));
}

static const char *
state_name(PwasmHostHttpState state)
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

/* What the host has seen of a stream's half. */
static void
say_half(Report *report, const PwasmHostHttp *http, bool request)
{
  const PwasmHostHalf *half = request ? &http->request : &http->response;

  say(report, "\n  stream %u is %s%s; of the %s ", http->context.id,
      state_name(pwasm_host_http_state(http)), http->is_ended ? " and has ended" : "",
      side(request));
  if (!half->is_begun)
    say(report, "nothing was sent");
  else if (!half->is_headers_forwarded)
    say(report, "nothing was forwarded");
  else
    say(report, "%s was forwarded", half->is_complete ? "all" : "a part");
  if (half->is_begun)
    say_headers(report, half->is_headers_forwarded ? "headers" : "headers held back",
                pwasm__host_map_headers(&half->headers));
  if (half->forwarded.len > 0)
    say(report, "\n  body: %s", PWASM_QUOTE(half->forwarded.data, half->forwarded.len));
  if (half->body.len > 0)
    say(report, "\n  body held back: %s", PWASM_QUOTE(half->body.data, half->body.len));
  if (half->has_trailers)
    say_headers(report, half->is_trailers_forwarded ? "trailers" : "trailers held back",
                pwasm__host_map_headers(&half->trailers));
  if (!request && half->is_begun && !http->is_created)
    say(report, "\n  the plugin never got the request, so it does not get the response");
  if (http->has_reply)
    say(report, "\n  local reply: %u %s (%.*s)", http->reply.status_code,
        PWASM_QUOTE(http->reply.body.data, http->reply.body.len),
        PWASM_STR_ARG(http->reply.details));
}

static bool
has_header(PwasmHostHeaders headers, const char *name, const char *value)
{
  for (size_t i = 0; i < headers.num_pairs; i++) {
    if (pwasm_str_equal_ignore_case(headers.pairs[i].name, pwasm_str_from_cstr(name)) &&
        (value == NULL || pwasm_str_equal(headers.pairs[i].value, pwasm_str_from_cstr(value))))
      return true;
  }
  return false;
}

void
pwasm__expect_header(const char *file, int line, const PwasmHostHttp *http, bool request,
                     const char *name, const char *value)
{
  const PwasmHostHalf *half = request ? &http->request : &http->response;
  Report report = {{0}, 0};

  if (half->is_headers_forwarded &&
      has_header(pwasm__host_map_headers(&half->headers), name, value) == (value != NULL))
    return;
  if (value != NULL)
    say(&report, "expected a %s with the header %s: %s", side(request), name, value);
  else
    say(&report, "expected a %s without the header %s", side(request), name);
  say_half(&report, http, request);
  pwasm__host_failure(http->host, file, line, "%s", report.text);
}

void
pwasm__expect_body(const char *file, int line, const PwasmHostHttp *http, bool request,
                   const char *body)
{
  const PwasmHostHalf *half = request ? &http->request : &http->response;
  Report report = {{0}, 0};

  if (pwasm_str_equal(pwasm__host_bytes_str(&half->forwarded), pwasm_str_from_cstr(body)))
    return;
  say(&report, "expected a %s with the body %s", side(request), PWASM_QUOTE(body, strlen(body)));
  say_half(&report, http, request);
  pwasm__host_failure(http->host, file, line, "%s", report.text);
}

void
pwasm__expect_nothing(const char *file, int line, const PwasmHostHttp *http, bool request)
{
  const PwasmHostHalf *half = request ? &http->request : &http->response;
  Report report = {{0}, 0};

  if (!half->is_headers_forwarded)
    return;
  say(&report, "expected no %s yet", side(request));
  say_half(&report, http, request);
  pwasm__host_failure(http->host, file, line, "%s", report.text);
}

void
pwasm__expect_complete(const char *file, int line, const PwasmHostHttp *http, bool request)
{
  const PwasmHostHalf *half = request ? &http->request : &http->response;
  Report report = {{0}, 0};

  if (half->is_complete)
    return;
  say(&report, "expected all of the %s", side(request));
  say_half(&report, http, request);
  pwasm__host_failure(http->host, file, line, "%s", report.text);
}

void
pwasm__expect_state(const char *file, int line, const PwasmHostHttp *http, PwasmHostHttpState state)
{
  Report report = {{0}, 0};

  if (pwasm_host_http_state(http) == state)
    return;
  say(&report, "expected the stream to be %s", state_name(state));
  say_half(&report, http, true);
  say_half(&report, http, false);
  pwasm__host_failure(http->host, file, line, "%s", report.text);
}

void
pwasm__expect_reply(const char *file, int line, const PwasmHostHttp *http, uint32_t status_code)
{
  Report report = {{0}, 0};

  if (http->has_reply ? http->reply.status_code == status_code : status_code == 0)
    return;
  if (status_code == 0)
    say(&report, "expected no local reply");
  else
    say(&report, "expected a local reply %u", status_code);
  say_half(&report, http, true);
  say_half(&report, http, false);
  pwasm__host_failure(http->host, file, line, "%s", report.text);
}

void
pwasm__expect_log(const char *file, int line, PwasmHost *host, PwasmLogLevel level,
                  const char *text, bool expected)
{
  static const char *const names[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"};
  Report report = {{0}, 0};

  if ((pwasm_host_log_find(host, level, text) != NULL) == expected)
    return;
  say(&report, "expected %s line of level %s with \"%s\"; the log has %zu lines%s",
      expected ? "a" : "no", names[level], text, host->num_log_lines,
      host->num_log_lines > 0 ? ":" : "");
  for (size_t i = 0; i < host->num_log_lines; i++)
    say(&report, "\n  %s %u: %.*s", names[host->log_lines[i]->level],
        host->log_lines[i]->context_id, PWASM_STR_ARG(host->log_lines[i]->message));
  pwasm__host_failure(host, file, line, "%s", report.text);
}

void
pwasm__expect_calls(const char *file, int line, PwasmHost *host, const char *name, size_t count)
{
  size_t calls = pwasm_host_calls(host, name);

  if (calls != count)
    pwasm__host_failure(host, file, line, "expected %zu calls of %s, there were %zu", count, name,
                        calls);
}

void
pwasm__expect_plugin_state(const char *file, int line, const PwasmHostPlugin *plugin,
                           PwasmHostPluginState state)
{
  static const char *const names[] = {"running", "refused by the VM", "refused its configuration",
                                      "ending",  "waited for",        "deleted"};

  if (plugin->state != state)
    pwasm__host_failure(plugin->vm->host, file, line, "expected a plugin that is %s; it is %s",
                        names[state], names[plugin->state]);
}

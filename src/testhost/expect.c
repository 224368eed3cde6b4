#include "expect_private.h"

#include <string.h>

bool
pwasm__has_header(PwasmHostHeaders headers, const char *name, const char *value)
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
  PwasmHostReport report = {0};

  if (half->is_headers_forwarded &&
      pwasm__has_header(pwasm__host_map_headers(&half->headers), name, value) == (value != NULL))
    return;
  if (value != NULL)
    pwasm__say(&report, "expected a %s with the header %s: %s", pwasm__side(request), name, value);
  else
    pwasm__say(&report, "expected a %s without the header %s", pwasm__side(request), name);
  pwasm__say_half(&report, http, request);
  pwasm__report(&report, http->host, file, line);
}

void
pwasm__expect_body(const char *file, int line, const PwasmHostHttp *http, bool request,
                   const char *body)
{
  const PwasmHostHalf *half = request ? &http->request : &http->response;
  PwasmHostReport report = {0};

  if (pwasm_str_equal(pwasm__host_bytes_str(&half->forwarded), pwasm_str_from_cstr(body)))
    return;
  pwasm__say(&report, "expected a %s with the body %s", pwasm__side(request),
             PWASM_QUOTE(body, strlen(body)));
  pwasm__say_difference(&report, pwasm_str_from_cstr(body),
                        pwasm__host_bytes_str(&half->forwarded));
  pwasm__say_half(&report, http, request);
  pwasm__report(&report, http->host, file, line);
}

void
pwasm__expect_trailer(const char *file, int line, const PwasmHostHttp *http, bool request,
                      const char *name, const char *value)
{
  const PwasmHostHalf *half = request ? &http->request : &http->response;
  /* That there is none can be said at the end only. */
  bool has_come = value != NULL ? half->is_trailers_forwarded : half->is_complete;
  PwasmHostReport report = {0};

  if (has_come &&
      pwasm__has_header(pwasm__host_map_headers(&half->trailers), name, value) == (value != NULL))
    return;
  if (value != NULL)
    pwasm__say(&report, "expected a %s with the trailer %s: %s", pwasm__side(request), name, value);
  else
    pwasm__say(&report, "expected a whole %s without the trailer %s", pwasm__side(request), name);
  pwasm__say_half(&report, http, request);
  pwasm__report(&report, http->host, file, line);
}

void
pwasm__expect_nothing(const char *file, int line, const PwasmHostHttp *http, bool request)
{
  const PwasmHostHalf *half = request ? &http->request : &http->response;
  PwasmHostReport report = {0};

  if (!half->is_headers_forwarded)
    return;
  pwasm__say(&report, "expected no %s yet", pwasm__side(request));
  pwasm__say_half(&report, http, request);
  pwasm__report(&report, http->host, file, line);
}

void
pwasm__expect_complete(const char *file, int line, const PwasmHostHttp *http, bool request)
{
  const PwasmHostHalf *half = request ? &http->request : &http->response;
  PwasmHostReport report = {0};

  if (half->is_complete)
    return;
  pwasm__say(&report, "expected all of the %s", pwasm__side(request));
  pwasm__say_half(&report, http, request);
  pwasm__report(&report, http->host, file, line);
}

void
pwasm__expect_state(const char *file, int line, const PwasmHostHttp *http, PwasmHostHttpState state)
{
  PwasmHostReport report = {0};

  if (pwasm_host_http_state(http) == state)
    return;
  pwasm__say(&report, "expected the stream to be %s", pwasm__http_state_name(state));
  pwasm__say_half(&report, http, true);
  pwasm__say_half(&report, http, false);
  pwasm__report(&report, http->host, file, line);
}

void
pwasm__expect_reply(const char *file, int line, const PwasmHostHttp *http, uint32_t status_code)
{
  PwasmHostReport report = {0};

  if (http->has_reply ? http->reply.status_code == status_code : status_code == 0)
    return;
  if (status_code == 0)
    pwasm__say(&report, "expected no local reply");
  else
    pwasm__say(&report, "expected a local reply %u", status_code);
  pwasm__say_half(&report, http, true);
  pwasm__say_half(&report, http, false);
  pwasm__report(&report, http->host, file, line);
}

void
pwasm__expect_reply_body(const char *file, int line, const PwasmHostHttp *http, const char *body)
{
  PwasmHostReport report = {0};

  if (http->has_reply && pwasm_str_equal(http->reply.body, pwasm_str_from_cstr(body)))
    return;
  pwasm__say(&report, "expected a local reply with the body %s", PWASM_QUOTE(body, strlen(body)));
  if (http->has_reply)
    pwasm__say_difference(&report, pwasm_str_from_cstr(body), http->reply.body);
  pwasm__say_half(&report, http, true);
  pwasm__say_half(&report, http, false);
  pwasm__report(&report, http->host, file, line);
}

void
pwasm__expect_reply_header(const char *file, int line, const PwasmHostHttp *http, const char *name,
                           const char *value)
{
  PwasmHostReport report = {0};

  if (http->has_reply && pwasm__has_header(http->reply.headers, name, value) == (value != NULL))
    return;
  if (value != NULL)
    pwasm__say(&report, "expected a local reply with the header %s: %s", name, value);
  else
    pwasm__say(&report, "expected a local reply without the header %s", name);
  pwasm__say_half(&report, http, true);
  pwasm__say_half(&report, http, false);
  pwasm__report(&report, http->host, file, line);
}

void
pwasm__expect_log(const char *file, int line, PwasmHost *host, PwasmLogLevel level,
                  const char *text, bool expected)
{
  static const char *const names[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"};
  PwasmHostReport report = {0};

  if ((pwasm_host_log_find(host, level, text) != NULL) == expected)
    return;
  pwasm__say(&report, "expected %s line of level %s with \"%s\"", expected ? "a" : "no",
             names[level], text);
  pwasm__report(&report, host, file, line);
}

void
pwasm__expect_calls(const char *file, int line, PwasmHost *host, const char *name, size_t count)
{
  size_t calls = pwasm_host_calls(host, name);
  PwasmHostReport report = {0};

  if (calls == count)
    return;
  pwasm__say(&report, "expected %zu calls of %s, there were %zu", count, name, calls);
  pwasm__report(&report, host, file, line);
}

const char *
pwasm__plugin_state_name(PwasmHostPluginState state)
{
  static const char *const names[] = {"running", "refused by the VM", "refused its configuration",
                                      "ending",  "waited for",        "deleted"};

  return names[state];
}

void
pwasm__expect_plugin_state(const char *file, int line, const PwasmHostPlugin *plugin,
                           PwasmHostPluginState state)
{
  PwasmHostReport report = {0};

  if (plugin->state == state)
    return;
  pwasm__say(&report, "expected a plugin that is %s; it is %s", pwasm__plugin_state_name(state),
             pwasm__plugin_state_name(plugin->state));
  pwasm__report(&report, plugin->vm->host, file, line);
}

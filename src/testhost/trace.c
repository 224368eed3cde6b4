#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "host_private.h"

bool
pwasm__is_traced(const PwasmHost *host)
{
  return host->traces_to_stderr || host->keeps_trace;
}

void
pwasm__trace(PwasmHost *host, const char *format, ...)
{
  char line[1024];
  int indent = (int)host->depth * 2;
  va_list arguments;
  int len = snprintf(line, sizeof line / 2, "%*s", indent, "");

  va_start(arguments, format);
  vsnprintf(line + len, sizeof line - (size_t)len, format, arguments);
  va_end(arguments);
  if (host->traces_to_stderr)
    fprintf(stderr, "%s\n", line);
  if (host->keeps_trace) {
    pwasm__host_bytes_append(&host->trace, pwasm_str_from_cstr(line));
    pwasm__host_bytes_append(&host->trace, PWASM_STR("\n"));
  }
}

const char *
pwasm__host_entry_text(PwasmQuoted *to, const PwasmHostEntry *entry)
{
  int num_arguments = pwasm__callback_num_arguments(entry->callback);
  size_t size = sizeof to->text;
  int len =
    snprintf(to->text, size, "%s(%u", pwasm__callback_name(entry->callback), entry->context_id);

  for (int i = 0; i < num_arguments; i++)
    len += snprintf(to->text + len, size - (size_t)len, ", %u", entry->arguments[i]);
  snprintf(to->text + len, size - (size_t)len, ")");
  return to->text;
}

void
pwasm__host_entry_push(PwasmHost *host, PwasmHostEntry *entry, PwasmHostCallback callback,
                       uint32_t context_id, uint32_t a, uint32_t b)
{
  const uint32_t *more = host->calls.more_arguments;
  PwasmQuoted text;

  *entry = (PwasmHostEntry){host->entry, callback, context_id, {a, b, more[0], more[1]}};
  if (pwasm__is_traced(host))
    pwasm__trace(host, "> %s", pwasm__host_entry_text(&text, entry));
  host->entry = entry;
}

void
pwasm__host_entry_pop(PwasmHost *host)
{
  host->entry = host->entry->outer;
  /* The native SDK fills the memory that it takes back. */
  if (host->entry == NULL && host->is_strict)
    pwasm__views_end(&host->views, !host->current->vm->guest->is_wasm);
}

/* A byte as a string literal in C has it; JSON stays readable. */
static char *
quote_byte(char *end, unsigned char c)
{
  static const char escaped[] = "\"\\\n\r\t";
  const char *which = c == '\0' ? NULL : strchr(escaped, c);

  if (which != NULL) {
    *end++ = '\\';
    *end++ = "\"\\nrt"[which - escaped];
  } else if (c >= ' ' && c <= '~')
    *end++ = (char)c;
  else
    end += snprintf(end, 5, "\\x%02x", c);
  return end;
}

const char *
pwasm__quote(PwasmQuoted *to, const char *bytes, size_t len)
{
  char *end = to->text;

  if (bytes == NULL && len > 0)
    return "(null)";
  *end++ = '"';
  for (size_t i = 0; i < len && i < PWASM_MAX_QUOTED_BYTES; i++)
    end = quote_byte(end, (unsigned char)bytes[i]);
  if (len > PWASM_MAX_QUOTED_BYTES)
    snprintf(end, 32, "\"... %zu", len);
  else
    snprintf(end, 2, "\"");
  return to->text;
}

const char *
pwasm_host_trace(const PwasmHost *host)
{
  PwasmHost *mutable_host = (PwasmHost *)(uintptr_t)host;

  if (!host->keeps_trace)
    pwasm__failure(host->on_failure, __func__, 0,
                   "the host was made without the option keep_trace");
  /* The NUL is not counted: the next line takes its place. */
  pwasm__host_bytes_append(&mutable_host->trace, pwasm_str("", 1));
  mutable_host->trace.len--;
  return host->trace.data;
}

void
pwasm_host_trace_clear(PwasmHost *host)
{
  host->trace.len = 0;
}

#include <stdarg.h>
#include <stdio.h>

#include "host_private.h"

void
pwasm__strict_failure(const PwasmHostcallFrame *frame, uint32_t status, const char *why)
{
  PwasmHost *host = frame->host;
  PwasmQuoted entry;

  /* What a test calls outside of callbacks is the test's own business, and what a plugin makes of a host that
   * lies is no mistake. */
  if (!host->is_strict || host->entry == NULL || host->fault.text[0] != '\0')
    return;
  pwasm__host_failure(host, "strict mode", 0, "%s\n  %s(%.*s) = %s\n  in %s", why,
                      pwasm__hostcall_name(frame->hostcall), (int)frame->arguments_len, frame->text,
                      PWASM_STATUS_NAME(status), pwasm__host_entry_text(&entry, host->entry));
}

uint32_t
pwasm__hostcall_refuse(PwasmHostcallFrame *frame, uint32_t status, const char *format, ...)
{
  char why[200];
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(why, sizeof why, format, arguments);
  va_end(arguments);
  if (frame->host->traits->traps_mistakes[frame->hostcall] && status != PWASM_STATUS_OK &&
      frame->host->entry != NULL)
    return pwasm__hostcall_trap(frame, "%s", why);
  PWASM_HOSTCALL_RESULTS(frame, "%s%s", frame->text_len > frame->arguments_len ? ": " : "", why);
  pwasm__hostcall_end(frame, status);
  pwasm__strict_failure(frame, status, why);
  return status;
}

bool
pwasm__hostcall_takes(PwasmHostcallFrame *frame, const char *bytes, uint32_t size)
{
  const PwasmHostView *view;

  if (!frame->host->is_strict || frame->context == NULL)
    return true;
  view = pwasm__views_find_dead(&frame->host->views, bytes, size);
  if (view == NULL)
    return true;
  frame->status = pwasm__hostcall_refuse(
    frame, PWASM_STATUS_BAD_ARGUMENT,
    "an argument of %u bytes is what %s returned in %s: a view lives until the outermost callback "
    "returns",
    size, pwasm__hostcall_name(view->hostcall), view->callback);
  return false;
}

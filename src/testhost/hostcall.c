#include "hostcall_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <pwasm/testhost/fault.h>

#include "host_private.h"

static const char *const names[] = {
#define NAME(name) #name,
  PWASM_HOST_HOSTCALL_LIST(NAME)
#undef NAME
};

const char *
pwasm__hostcall_name(PwasmHostcall hostcall)
{
  return names[hostcall];
}

PwasmHostcall
pwasm__hostcall_from_name(const char *name)
{
  int hostcall = 0;

  while (hostcall < PWASM_HOST_NUM_HOSTCALLS && strcmp(name, names[hostcall]) != 0)
    hostcall++;
  return (PwasmHostcall)hostcall;
}

/* The effective context if one was set and is still there, else the current one. */
static PwasmHostContext *
on_behalf_of(PwasmHost *host)
{
  PwasmHostContext *context = NULL;

  if (host->current != NULL && host->effective_id != 0)
    context = pwasm__host_context_find(host->current->vm, host->effective_id);
  return context != NULL ? context : host->current;
}

static void
run_hook(PwasmHost *host, PwasmHostOrder *order)
{
  PwasmHostHookFn *hook = order->hook;

  if (hook == NULL)
    return;
  order->hook = NULL;
  hook(host, order->hook_data);
  if (order->hook == NULL)
    order->hook = hook;
}

bool
pwasm__hostcall_begin(PwasmHostcallFrame *frame, PwasmHostcall hostcall)
{
  PwasmHost *host = pwasm__host_current();
  PwasmHostOrder *order;

  frame->hostcall = hostcall;
  frame->host = host;
  frame->text_len = 0;
  frame->text[0] = '\0';
  frame->status = PWASM_STATUS_UNIMPLEMENTED;
  if (host == NULL)
    return false;
  frame->is_traced = pwasm__is_traced(host);
  host->num_hostcalls[hostcall]++;
  order = &host->orders[hostcall];
  run_hook(host, order);
  frame->context = on_behalf_of(host);
  if (order->calls_left == 0 || (order->calls_left != SIZE_MAX && --order->calls_left > 0))
    return true;
  frame->status = order->status;
  pwasm__hostcall_text(frame, "ordered to fail");
  pwasm__hostcall_end(frame, order->status);
  return false;
}

void
pwasm__hostcall_text(PwasmHostcallFrame *frame, const char *format, ...)
{
  va_list arguments;
  int len;

  va_start(arguments, format);
  len = vsnprintf(frame->text + frame->text_len, sizeof frame->text - frame->text_len, format,
                  arguments);
  va_end(arguments);
  frame->text_len += (size_t)len;
  if (frame->text_len > sizeof frame->text - 1)
    frame->text_len = sizeof frame->text - 1;
}

uint32_t
pwasm__hostcall_end(PwasmHostcallFrame *frame, uint32_t status)
{
  if (frame->is_traced)
    pwasm__trace(frame->host, "%s(%s) = %u %s", names[frame->hostcall], frame->text, status,
                 pwasm_status_name((PwasmStatus)status));
  return status;
}

static PwasmHostOrder *
order_of(PwasmHost *host, const char *function, const char *name)
{
  PwasmHostcall hostcall = pwasm__hostcall_from_name(name);

  if (hostcall == PWASM_HOST_NUM_HOSTCALLS) {
    pwasm__host_failure(host, function, 0, "there is no hostcall %s", name);
    return NULL;
  }
  return &host->orders[hostcall];
}

void
pwasm_host_fail(PwasmHost *host, const char *name, size_t nth, uint32_t status)
{
  PwasmHostOrder *order = order_of(host, __func__, name);

  if (order == NULL)
    return;
  order->calls_left = status == PWASM_STATUS_OK ? 0 : nth == 0 ? SIZE_MAX : nth;
  order->status = status;
}

void
pwasm_host_hook(PwasmHost *host, const char *name, PwasmHostHookFn *hook, void *data)
{
  PwasmHostOrder *order = order_of(host, __func__, name);

  if (order == NULL)
    return;
  order->hook = hook;
  order->hook_data = data;
}

size_t
pwasm_host_calls(const PwasmHost *host, const char *name)
{
  PwasmHostcall hostcall = pwasm__hostcall_from_name(name);
  PwasmHostCallback callback = pwasm__callback_from_name(name);

  if (hostcall != PWASM_HOST_NUM_HOSTCALLS)
    return host->num_hostcalls[hostcall];
  if (callback != PWASM_HOST_NUM_CALLBACKS)
    return host->num_callbacks[callback];
  pwasm__failure(host->on_failure, __func__, 0, "there is no hostcall or callback %s", name);
  return 0;
}

void
pwasm_host_calls_clear(PwasmHost *host)
{
  memset(host->num_hostcalls, 0, sizeof host->num_hostcalls);
  memset(host->num_callbacks, 0, sizeof host->num_callbacks);
}

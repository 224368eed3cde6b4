#include "hostcall_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
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

bool
pwasm__hostcall_returns_bytes(PwasmHostcall hostcall)
{
  switch (hostcall) {
  case PWASM_HOSTCALL_proxy_get_status:
  case PWASM_HOSTCALL_proxy_get_buffer_bytes:
  case PWASM_HOSTCALL_proxy_get_header_map_pairs:
  case PWASM_HOSTCALL_proxy_get_header_map_value:
  case PWASM_HOSTCALL_proxy_get_shared_data:
  case PWASM_HOSTCALL_proxy_dequeue_shared_queue:
  case PWASM_HOSTCALL_proxy_call_foreign_function:
  case PWASM_HOSTCALL_proxy_get_property:
    return true;
  default:
    return false;
  }
}

/* The effective context if one was set and is still there, else the current one. */
static PwasmHostContext *
on_behalf_of(PwasmHost *host)
{
  const PwasmHostAnswerView *view = host->calls.view;
  PwasmHostContext *context = NULL;

  if (host->traits->is_request_bound) {
    if (host->current != NULL && view != NULL && view->plugin == host->current->plugin)
      context = pwasm__host_context_find(host->current->vm, view->context_id);
  } else if (host->current != NULL && host->effective_id != 0)
    context = pwasm__host_context_find(host->current->vm, host->effective_id);
  return context != NULL ? context : host->current;
}

static void
run_hook(PwasmHost *host, PwasmHostOrder *order)
{
  if (order->hook == NULL || order->is_in_hook)
    return;
  order->is_in_hook = true;
  order->hook(host, order->hook_data);
  order->is_in_hook = false;
}

/* Whether this call is the one that an order is about. */
static bool
is_ordered(PwasmHostOrder *order)
{
  return order->calls_left == SIZE_MAX || (order->calls_left > 0 && --order->calls_left == 0);
}

/* Begins a hostcall; false without a host. */
static bool
begin(PwasmHostcallFrame *frame, PwasmHostcall hostcall)
{
  PwasmHost *host = pwasm__host_current();

  frame->hostcall = hostcall;
  frame->host = host;
  frame->text_len = 0;
  frame->arguments_len = 0;
  frame->text[0] = '\0';
  frame->status = PWASM_STATUS_UNIMPLEMENTED;
  if (host == NULL)
    return false;
  frame->is_traced = pwasm__is_traced(host);
  frame->wants_text = frame->is_traced || host->is_strict;
  host->num_hostcalls[hostcall]++;
  run_hook(host, &host->orders[hostcall]);
  frame->context = on_behalf_of(host);
  host->hostcall = hostcall;
  return true;
}

static bool
end_as_ordered(PwasmHostcallFrame *frame, uint32_t status)
{
  frame->status = status;
  pwasm__hostcall_text(frame, "as ordered");
  pwasm__hostcall_end(frame, status);
  return false;
}

bool
pwasm__hostcall_begin(PwasmHostcallFrame *frame, PwasmHostcall hostcall)
{
  PwasmHostOrder *order;

  if (!begin(frame, hostcall))
    return false;
  order = &frame->host->orders[hostcall];
  if (!pwasm__profile_admits(frame, order->calls_left > 0))
    return false;
  return is_ordered(order) ? end_as_ordered(frame, order->status) : true;
}

bool
pwasm__hostcall_begin_bytes(PwasmHostcallFrame *frame, PwasmHostcall hostcall, char **ret_bytes,
                            uint32_t *ret_size)
{
  PwasmHostOrder *order;
  uint32_t status;

  if (!begin(frame, hostcall))
    return false;
  order = &frame->host->orders[hostcall];
  if (!pwasm__profile_admits(frame, order->calls_left > 0))
    return false;
  if (!is_ordered(order))
    return true;
  status = order->status;
  if (status == PWASM_STATUS_OK && pwasm_str_is_present(order->answer))
    status = frame->context == NULL
               ? PWASM_STATUS_BAD_ARGUMENT
               : pwasm__guest_return(frame->context->vm, order->answer, ret_bytes, ret_size);
  return end_as_ordered(frame, status);
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
    pwasm__trace(frame->host, "%s(%.*s) = %s%s%s", names[frame->hostcall],
                 (int)frame->arguments_len, frame->text, PWASM_STATUS_NAME(status),
                 frame->text_len > frame->arguments_len ? " -> " : "",
                 frame->text + frame->arguments_len);
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

static void
set_order(PwasmHostOrder *order, size_t nth, uint32_t status, PwasmStr answer)
{
  free((void *)(uintptr_t)order->answer.data);
  order->answer = answer;
  order->status = status;
  order->calls_left = nth == 0 ? SIZE_MAX : nth;
}

void
pwasm_host_fail(PwasmHost *host, const char *name, size_t nth, uint32_t status)
{
  PwasmHostOrder *order = order_of(host, __func__, name);

  if (order == NULL)
    return;
  set_order(order, nth, status, pwasm_str(NULL, 0));
  if (status == PWASM_STATUS_OK)
    order->calls_left = 0;
}

void
pwasm_host_answer(PwasmHost *host, const char *name, size_t nth, PwasmStr bytes)
{
  PwasmHostOrder *order = order_of(host, __func__, name);

  if (order == NULL)
    return;
  if (!pwasm__hostcall_returns_bytes(pwasm__hostcall_from_name(name))) {
    PWASM__HOST_MISUSE(host, "%s returns no bytes", name);
    return;
  }
  set_order(order, nth, PWASM_STATUS_OK,
            pwasm_str_is_present(bytes) ? pwasm__host_str_dup(bytes) : bytes);
}

void
pwasm_host_hook(PwasmHost *host, const char *name, PwasmHostHookFn *hook, void *data)
{
  PwasmHostOrder *order = order_of(host, __func__, name);

  if (order == NULL)
    return;
  order->hook = hook;
  order->hook_data = data;
  order->is_in_hook = false;
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

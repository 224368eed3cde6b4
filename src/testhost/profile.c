#include <pwasm/testhost/profile.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_private.h"

/* cmocka's, if the test links it. */
__attribute__((weak)) void _skip(const char *const file, const int line);

static const PwasmHostTraits *const all_traits[] = {
  &pwasm__traits_envoy,
  &pwasm__traits_envoy_stop_iteration,
  &pwasm__traits_ngx_wasm_module,
  &pwasm__traits_apisix,
};

#define NUM_TRAITS (sizeof all_traits / sizeof all_traits[0])

static const PwasmHostTraits *
traits_of_environment(void)
{
  const char *name = getenv("PWASM_HOST_PROFILE");

  if (name == NULL || name[0] == '\0')
    return &pwasm__traits_envoy;
  for (size_t i = 0; i < NUM_TRAITS; i++) {
    if (strcmp(all_traits[i]->name, name) == 0)
      return all_traits[i];
  }
  fprintf(stderr, "PWASM_HOST_PROFILE: there is no profile %s\n", name);
  abort();
}

const PwasmHostTraits *
pwasm__traits_of(PwasmHostProfile profile)
{
  for (size_t i = 0; i < NUM_TRAITS; i++) {
    if (all_traits[i]->profile == profile)
      return all_traits[i];
  }
  return traits_of_environment();
}

const char *
pwasm_host_profile_name(PwasmHostProfile profile)
{
  return pwasm__traits_of(profile)->name;
}

PwasmHostProfile
pwasm_host_profile(const PwasmHost *host)
{
  return host->traits->profile;
}

bool
pwasm__is_ngx(const PwasmHost *host)
{
  return host->traits->profile == PWASM_HOST_PROFILE_NGX_WASM_MODULE;
}

bool
pwasm__is_apisix(const PwasmHost *host)
{
  return host->traits->profile == PWASM_HOST_PROFILE_APISIX;
}

/* What is wrong with a hostcall or callback; NULL if nothing is. */
static const char *
lack_of(const PwasmHostTraits *traits, const char *name)
{
  PwasmHostcall hostcall = pwasm__hostcall_from_name(name);
  PwasmHostCallback callback = pwasm__callback_from_name(name);

  if (callback != PWASM_HOST_NUM_CALLBACKS)
    return traits->lacks[callback] ? "is never called" : NULL;
  if (hostcall == PWASM_HOST_NUM_HOSTCALLS) {
    fprintf(stderr, "there is no hostcall or callback %s\n", name);
    abort();
  }
  switch ((PwasmHostSupport)traits->hostcalls[hostcall]) {
  case PWASM_HOST_TRAPS:
    return "traps";
  case PWASM_HOST_IS_ABSENT:
    return "is absent: a module that imports it does not load";
  case PWASM_HOST_UNIMPLEMENTED:
    return "answers UNIMPLEMENTED";
  case PWASM_HOST_DOES_NOTHING:
    return "does nothing";
  case PWASM_HOST_WORKS:
    break;
  }
  return NULL;
}

bool
pwasm_host_profile_has(PwasmHostProfile profile, const char *name)
{
  return lack_of(pwasm__traits_of(profile), name) == NULL;
}

__attribute__((format(printf, 3, 4))) static void
skip_test(const char *file, int line, const char *format, ...)
{
  va_list arguments;

  printf("skipped in %s: ", traits_of_environment()->name);
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  putchar('\n');
  fflush(stdout);
  if (_skip != NULL)
    _skip(file, line);
  /* CTest's and Automake's number for it. */
  exit(77);
}

void
pwasm__host_needs(const char *file, int line, const char *name)
{
  const char *lack = lack_of(traits_of_environment(), name);

  if (lack != NULL)
    skip_test(file, line, "%s %s", name, lack);
}

void
pwasm__host_skip_in(const char *file, int line, PwasmHostProfile profile, const char *why)
{
  if (traits_of_environment()->profile == profile)
    skip_test(file, line, "%s", why);
}

uint32_t
pwasm__hostcall_trap(PwasmHostcallFrame *frame, const char *format, ...)
{
  PwasmHost *host = frame->host;
  PwasmQuoted entry;
  char why[200];
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(why, sizeof why, format, arguments);
  va_end(arguments);
  frame->status = PWASM_STATUS_INTERNAL_FAILURE;
  PWASM_HOSTCALL_RESULTS(frame, "%s", why);
  pwasm__hostcall_end(frame, frame->status);
  /* pwasm_host_exhaust() makes up statuses that lead where this host never does. */
  if (host->fault.text[0] == '\0')
    pwasm__host_failure(host, host->traits->name, 0, "%s: %s\n  %s(%.*s)\n  in %s",
                        host->traits->name, why, pwasm__hostcall_name(frame->hostcall),
                        (int)frame->arguments_len, frame->text,
                        pwasm__host_entry_text(&entry, host->entry));
  return frame->status;
}

/* Hostcalls that ngx_wasm_module does not survive before there are requests. */
static bool
crashes_ngx(const PwasmHostcallFrame *frame)
{
  PwasmHostCallback callback = frame->host->entry->callback;

  if (callback != PWASM_HOST_CALLBACK_on_vm_start && callback != PWASM_HOST_CALLBACK_on_configure)
    return false;
  switch (frame->hostcall) {
  case PWASM_HOSTCALL_proxy_get_header_map_value:
  case PWASM_HOSTCALL_proxy_get_header_map_pairs:
  case PWASM_HOSTCALL_proxy_continue_stream:
  case PWASM_HOSTCALL_proxy_send_local_response:
    return true;
  default:
    return false;
  }
}

bool
pwasm__profile_admits(PwasmHostcallFrame *frame, bool is_ordered)
{
  PwasmHost *host = frame->host;
  PwasmHostSupport support = (PwasmHostSupport)host->traits->hostcalls[frame->hostcall];

  if (host->entry == NULL)
    return true;
  if (pwasm__is_ngx(host) && crashes_ngx(frame)) {
    pwasm__hostcall_trap(frame, "before there are requests this crashes the worker");
    return false;
  }
  switch (support) {
  case PWASM_HOST_WORKS:
    return true;
  case PWASM_HOST_TRAPS:
    pwasm__hostcall_trap(frame, "this hostcall traps");
    return false;
  case PWASM_HOST_IS_ABSENT:
    pwasm__hostcall_trap(frame,
                         "there is no such hostcall: a module that imports it does not load");
    return false;
  case PWASM_HOST_UNIMPLEMENTED:
  case PWASM_HOST_DOES_NOTHING:
    break;
  }
  if (is_ordered)
    return true;
  frame->status =
    support == PWASM_HOST_UNIMPLEMENTED ? PWASM_STATUS_UNIMPLEMENTED : PWASM_STATUS_OK;
  pwasm__hostcall_text(frame, "as in %s", host->traits->name);
  pwasm__hostcall_end(frame, frame->status);
  return false;
}

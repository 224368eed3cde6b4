#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pwasm/testhost/exhaust.h>
#include <pwasm/testhost/fault.h>
#include <pwasm/testhost/record.h>

#include "http_private.h"
#include "tcp_private.h"

/* What a failing hostcall returns: what hosts have been seen to say, and what none says yet. */
static const uint32_t statuses[] = {
  PWASM_STATUS_NOT_FOUND,
  PWASM_STATUS_BAD_ARGUMENT,
  PWASM_STATUS_SERIALIZATION_FAILURE,
  PWASM_STATUS_PARSE_FAILURE,
  PWASM_STATUS_INVALID_MEMORY_ACCESS,
  PWASM_STATUS_EMPTY,
  PWASM_STATUS_CAS_MISMATCH,
  PWASM_STATUS_INTERNAL_FAILURE,
  PWASM_STATUS_UNIMPLEMENTED,
  77,
};

/* Two pairs are announced, whose sizes reach past the end; as anything else it is text of no sense. */
static const char garbage[] = "\2\0\0\0\377\377\377\377\1\0\0\0\0\0\0\0\377\377\377\377x";

typedef struct Exhaustion {
  const PwasmHostOptions *options;
  PwasmHostScenarioFn *scenario;
  void *data;
  /* Of the run without faults. */
  size_t num_hostcalls[PWASM_HOST_NUM_HOSTCALLS];
  size_t *num_allocations; /* by VM, in the order in which they are made */
  size_t num_vms;
  size_t num_runs;
} Exhaustion;

static void
check_http(PwasmHost *host, const PwasmHostHttp *http)
{
  PwasmHostHttpState state = pwasm_host_http_state(http);

  if (http->is_ended)
    return;
  if (state == PWASM_HOST_HTTP_REQUEST_PAUSED || state == PWASM_HOST_HTTP_RESPONSE_PAUSED)
    pwasm__host_failure(host, __func__, 0,
                        "the %s of stream %u is paused for ever: neither resumed, replied to nor "
                        "closed",
                        state == PWASM_HOST_HTTP_REQUEST_PAUSED ? "request" : "response",
                        http->context.id);
}

static void
check_tcp(PwasmHost *host, const PwasmHostTcp *tcp)
{
  if (!tcp->is_closed && (tcp->downstream.is_paused || tcp->upstream.is_paused))
    pwasm__host_failure(
      host, __func__, 0, "the %s of connection %u is paused for ever: neither resumed nor closed",
      tcp->downstream.is_paused ? "client's data" : "upstream's data", tcp->context.id);
}

static void
check_streams(PwasmHost *host)
{
  for (const PwasmHostHttp *http = host->streams; http != NULL; http = http->next)
    check_http(host, http);
  for (const PwasmHostTcp *tcp = host->connections; tcp != NULL; tcp = tcp->next)
    check_tcp(host, tcp);
}

static void
count(Exhaustion *self, const PwasmHost *host)
{
  memcpy(self->num_hostcalls, host->num_hostcalls, sizeof self->num_hostcalls);
  for (PwasmHostVm *vm = host->vms; vm != NULL; vm = vm->next)
    self->num_vms++;
  self->num_allocations = pwasm__host_alloc((self->num_vms + 1) * sizeof *self->num_allocations);
  self->num_vms = 0;
  for (PwasmHostVm *vm = host->vms; vm != NULL; vm = vm->next) {
    PwasmVmMemory memory;

    pwasm_host_vm_memory(vm, &memory);
    self->num_allocations[self->num_vms++] = memory.allocations;
  }
}

static void
run_sound(Exhaustion *self)
{
  PwasmHost *host = pwasm_host_new(self->options);

  self->scenario(host, self->data);
  check_streams(host);
  count(self, host);
  pwasm_host_free(host);
}

/* Runs the scenario with the fault that the host has; `what` names it. */
static void
run(Exhaustion *self, PwasmHost *host, const char *what)
{
  snprintf(host->fault.text, sizeof host->fault.text, "%s", what);
  self->num_runs++;
  self->scenario(host, self->data);
  check_streams(host);
  pwasm_host_free(host);
}

/* The nth call fails; all calls if `nth` is 0. */
static void
run_with_status(Exhaustion *self, const char *name, size_t nth, uint32_t status)
{
  PwasmHost *host = pwasm_host_new(self->options);
  char what[128];

  if (nth == 0)
    snprintf(what, sizeof what, "every %s returns %s", name, PWASM_STATUS_NAME(status));
  else
    snprintf(what, sizeof what, "call %zu of %s returns %s", nth, name, PWASM_STATUS_NAME(status));
  pwasm_host_fail(host, name, nth, status);
  run(self, host, what);
}

static void
run_with_answer(Exhaustion *self, PwasmHostcall hostcall, size_t nth, PwasmStr bytes)
{
  const char *name = pwasm__hostcall_name(hostcall);
  PwasmHost *host;
  char what[128];

  if (!pwasm__hostcall_returns_bytes(hostcall))
    return;
  host = pwasm_host_new(self->options);
  snprintf(what, sizeof what, "call %zu of %s returns %s", nth, name,
           pwasm_str_is_present(bytes) ? "bytes of no sense" : "OK and no bytes");
  pwasm_host_answer(host, name, nth, bytes);
  run(self, host, what);
}

static void
exhaust_hostcall(Exhaustion *self, PwasmHostcall hostcall)
{
  const char *name = pwasm__hostcall_name(hostcall);
  size_t num_calls = self->num_hostcalls[hostcall];

  /* A host that never lets a stream be the effective context leaves no way to let it go on. */
  size_t nth_first = hostcall == PWASM_HOSTCALL_proxy_set_effective_context ? 1 : 0;

  for (size_t nth = nth_first; num_calls > 0 && nth <= num_calls; nth++) {
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
      run_with_status(self, name, nth, statuses[i]);
  }
  for (size_t nth = 1; nth <= num_calls; nth++) {
    run_with_answer(self, hostcall, nth, pwasm_str(NULL, 0));
    run_with_answer(self, hostcall, nth, pwasm_str(garbage, sizeof garbage - 1));
  }
}

static void
exhaust_memory(Exhaustion *self, size_t vm)
{
  for (size_t n = 0; n < self->num_allocations[vm]; n++) {
    PwasmHost *host = pwasm_host_new(self->options);
    char what[128];

    host->fault.has_vm = true;
    host->fault.vm = vm;
    host->fault.allocations_before = n;
    snprintf(what, sizeof what, "VM %zu runs out of memory after %zu allocations", vm + 1, n);
    run(self, host, what);
  }
}

void
pwasm_host_exhaust(const PwasmHostOptions *options, PwasmHostScenarioFn *scenario, void *data,
                   PwasmHostExhaustion *ret_done)
{
  Exhaustion self = {.options = options, .scenario = scenario, .data = data};
  PwasmHostExhaustion done = {0};

  run_sound(&self);
  for (int i = 0; i < PWASM_HOST_NUM_HOSTCALLS; i++) {
    exhaust_hostcall(&self, (PwasmHostcall)i);
    done.num_hostcalls += self.num_hostcalls[i];
  }
  for (size_t vm = 0; vm < self.num_vms; vm++) {
    exhaust_memory(&self, vm);
    done.num_allocations += self.num_allocations[vm];
  }
  done.num_runs = self.num_runs;
  free(self.num_allocations);
  if (ret_done != NULL)
    *ret_done = done;
}

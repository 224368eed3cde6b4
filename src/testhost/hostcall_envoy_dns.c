#include <stdlib.h>
#include <string.h>

#include "host_private.h"

typedef struct PwasmHostEnvoyDnsRecord {
  PwasmHostEnvoyDns dns; /* first: the test has a pointer to it */
  struct PwasmHostEnvoyDnsRecord *next;
  PwasmHost *host;
  PwasmHostPlugin *plugin;
  bool is_pending;
} PwasmHostEnvoyDnsRecord;

void
pwasm__host_envoy_dns_free(PwasmHost *host)
{
  while (host->calls.dns != NULL) {
    PwasmHostEnvoyDnsRecord *record = host->calls.dns;

    host->calls.dns = record->next;
    free((void *)(uintptr_t)record->dns.name.data);
    free(record);
  }
}

void
pwasm_host_on_envoy_dns(PwasmHost *host, PwasmHostEnvoyDnsFn *fn, void *data)
{
  host->calls.on_dns = fn;
  host->calls.on_dns_data = data;
}

static void
add(PwasmHostEnvoyDnsRecord *record)
{
  PwasmHostEnvoyDnsRecord **link = &record->host->calls.dns;

  while (*link != NULL)
    link = &(*link)->next;
  *link = record;
}

uint32_t
envoy_resolve_dns(const char *name, uint32_t name_size, uint32_t *ret_token)
{
  PwasmHostcallFrame frame;
  PwasmHostEnvoyDnsRecord *record;
  uint32_t status = PWASM_STATUS_OK;

  if (!PWASM_HOSTCALL_BEGIN(&frame, envoy_resolve_dns))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s", PWASM_QUOTE(name, name_size));
  if (frame.context == NULL || frame.context->plugin == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  record = pwasm__host_alloc(sizeof *record);
  record->host = frame.host;
  record->plugin = frame.context->plugin;
  record->is_pending = true;
  record->dns = (PwasmHostEnvoyDns){.token = ++frame.host->calls.num_dns,
                                    .context_id = frame.context->id,
                                    .name = pwasm__host_str_dup(pwasm_str(name, name_size))};
  add(record);
  /* Envoy has written it when it answers from inside. */
  *ret_token = record->dns.token;
  PWASM_HOSTCALL_RESULTS(&frame, "%u", record->dns.token);
  if (frame.host->calls.on_dns != NULL)
    status = frame.host->calls.on_dns(&record->dns, frame.host->calls.on_dns_data);
  if (status != PWASM_STATUS_OK)
    record->is_pending = false;
  return pwasm__hostcall_end(&frame, status);
}

size_t
pwasm_host_envoy_dns_count(const PwasmHost *host)
{
  size_t count = 0;

  for (const PwasmHostEnvoyDnsRecord *r = host->calls.dns; r != NULL; r = r->next)
    count += r->is_pending;
  return count;
}

PwasmHostEnvoyDns *
pwasm_host_envoy_dns(PwasmHost *host, size_t index)
{
  for (PwasmHostEnvoyDnsRecord *r = host->calls.dns; r != NULL; r = r->next) {
    if (r->is_pending && index-- == 0)
      return &r->dns;
  }
  PWASM__HOST_MISUSE(host, "there are only %zu names to be resolved",
                     pwasm_host_envoy_dns_count(host));
  return NULL;
}

void
pwasm_host_envoy_dns_answer_bytes(PwasmHostEnvoyDns *dns, PwasmStr bytes)
{
  PwasmHostEnvoyDnsRecord *record = (PwasmHostEnvoyDnsRecord *)dns;

  record->is_pending = false;
  pwasm__host_enter_with_data(record->plugin, PWASM_HOST_CALLBACK_on_resolve_dns, dns->token,
                              (uint32_t)bytes.len, bytes);
}

void
pwasm_host_envoy_dns_fail(PwasmHostEnvoyDns *dns)
{
  pwasm_host_envoy_dns_answer_bytes(dns, PWASM_STR(""));
}

void
pwasm_host_envoy_dns_answer(PwasmHostEnvoyDns *dns, const PwasmHostEnvoyAddress *addresses,
                            size_t num_addresses)
{
  uint32_t count = (uint32_t)num_addresses;
  PwasmHostBytes bytes = {0};

  pwasm__host_bytes_append(&bytes, pwasm_str((const char *)&count, sizeof count));
  for (size_t i = 0; i < num_addresses; i++)
    pwasm__host_bytes_append(
      &bytes, pwasm_str((const char *)&addresses[i].ttl_s, sizeof addresses[i].ttl_s));
  for (size_t i = 0; i < num_addresses; i++)
    pwasm__host_bytes_append(&bytes, pwasm_str(addresses[i].text, strlen(addresses[i].text) + 1));
  pwasm_host_envoy_dns_answer_bytes(dns, pwasm__host_bytes_str(&bytes));
  pwasm__host_bytes_free(&bytes);
}

void
pwasm_host_envoy_dns_drop(PwasmHostEnvoyDns *dns)
{
  ((PwasmHostEnvoyDnsRecord *)dns)->is_pending = false;
}

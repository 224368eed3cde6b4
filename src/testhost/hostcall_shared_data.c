#include <pwasm/testhost/shared_data.h>

#include <stdlib.h>

#include "host_private.h"

static PwasmHostSharedDatum *
find(const PwasmHost *host, PwasmStr vm_id, PwasmStr key)
{
  PwasmHostSharedDatum *datum = host->services.shared_data;

  while (datum != NULL &&
         (!pwasm_str_equal(datum->vm_id, vm_id) || !pwasm_str_equal(datum->key, key)))
    datum = datum->next;
  return datum;
}

static PwasmHostSharedDatum *
add(PwasmHost *host, PwasmStr vm_id, PwasmStr key)
{
  PwasmHostSharedDatum *datum = pwasm__host_alloc(sizeof *datum);

  datum->vm_id = pwasm__host_str_dup(vm_id);
  datum->key = pwasm__host_str_dup(key);
  datum->next = host->services.shared_data;
  host->services.shared_data = datum;
  return datum;
}

/* As in Envoy: 0 is any cas, and a value that does not exist has any. */
static bool
is_cas(const PwasmHost *host, const PwasmHostSharedDatum *datum, uint32_t cas)
{
  if (host->traits->always_compares_cas)
    return cas == (datum == NULL ? 0 : datum->cas);
  return cas == 0 || datum == NULL || cas == datum->cas;
}

static void
set(PwasmHost *host, PwasmStr vm_id, PwasmStr key, PwasmStr value)
{
  PwasmHostSharedDatum *datum = find(host, vm_id, key);

  if (datum == NULL)
    datum = add(host, vm_id, key);
  free((void *)(uintptr_t)datum->value.data);
  datum->value = pwasm__host_str_dup(value);
  datum->cas = ++host->services.last_cas;
}

uint32_t
proxy_get_shared_data(const char *key, uint32_t key_size, char **ret_value,
                      uint32_t *ret_value_size, uint32_t *ret_cas)
{
  PwasmHostcallFrame frame;
  const PwasmHostSharedDatum *datum;

  if (!PWASM_HOSTCALL_BEGIN_BYTES(&frame, proxy_get_shared_data, ret_value, ret_value_size))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, key, key_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s", PWASM_QUOTE(key, key_size));
  if (frame.context == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  datum = find(frame.host, frame.context->vm->id, pwasm_str(key, key_size));
  if (datum == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_NOT_FOUND);
  PWASM_HOSTCALL_RESULTS(&frame, "%s, %u", PWASM_QUOTE(datum->value.data, datum->value.len),
                         datum->cas);
  *ret_cas = datum->cas;
  return pwasm__hostcall_end(
    &frame, pwasm__guest_return(frame.context->vm, datum->value, ret_value, ret_value_size));
}

uint32_t
proxy_set_shared_data(const char *key, uint32_t key_size, const char *value, uint32_t value_size,
                      uint32_t cas)
{
  PwasmHostcallFrame frame;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_set_shared_data))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, key, key_size) ||
      !pwasm__hostcall_takes(&frame, value, value_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %s, %u", PWASM_QUOTE(key, key_size),
                           PWASM_QUOTE(value, value_size), cas);
  if (frame.context == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  if (!is_cas(frame.host, find(frame.host, frame.context->vm->id, pwasm_str(key, key_size)), cas))
    return pwasm__hostcall_end(&frame, PWASM_STATUS_CAS_MISMATCH);
  set(frame.host, frame.context->vm->id, pwasm_str(key, key_size), pwasm_str(value, value_size));
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

void
pwasm_host_shared_data_set(PwasmHost *host, const char *vm_id, const char *key, PwasmStr value)
{
  set(host, pwasm_str_from_cstr(vm_id), pwasm_str_from_cstr(key), value);
}

PwasmStr
pwasm_host_shared_data_get(const PwasmHost *host, const char *vm_id, const char *key)
{
  const PwasmHostSharedDatum *datum =
    find(host, pwasm_str_from_cstr(vm_id), pwasm_str_from_cstr(key));

  return datum == NULL ? pwasm_str(NULL, 0) : datum->value;
}

void
pwasm__host_shared_data_free(PwasmHostServices *services)
{
  while (services->shared_data != NULL) {
    PwasmHostSharedDatum *datum = services->shared_data;

    services->shared_data = datum->next;
    free((void *)(uintptr_t)datum->vm_id.data);
    free((void *)(uintptr_t)datum->key.data);
    free((void *)(uintptr_t)datum->value.data);
    free(datum);
  }
}

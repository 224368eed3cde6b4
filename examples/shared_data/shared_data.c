/* Shared data: one number, which the requests of all workers count up. */

#include <string.h>

#include <pwasm/pwasm.h>

#define KEY PWASM_STR("shared_data_key")
#define MAX_TRIES 1000

typedef struct SharedVm {
  PwasmVmContext base;
} SharedVm;

typedef struct SharedHttp {
  PwasmHttpContext base;
} SharedHttp;

static void
warn(PwasmStr what, PwasmStatus status)
{
  PWASM_LOG_JOIN(PWASM_LOG_WARN, PWASM_STR("error "), what, PWASM_STR(": "),
                 pwasm_str_from_cstr(pwasm_status_text(status)));
}

static bool
shared_on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  PwasmStatus status = pwasm_shared_data_set(KEY, PWASM_STR(""));

  (void)ctx;
  (void)configuration_size;
  if (status != PWASM_STATUS_OK)
    warn(PWASM_STR("setting shared data on OnVMStart"), status);
  return true;
}

typedef struct Count {
  uint64_t number;
  uint32_t tries;
} Count;

/* The value is the number, eight bytes, little-endian as all of wasm; an empty one is 0. */
static PwasmStatus
count_up(PwasmStr present, PwasmArena *scratch, PwasmStr *ret_value, void *data)
{
  Count *count = data;
  char *bytes = pwasm_arena_alloc(scratch, sizeof count->number);

  if (count->tries++ > 0)
    warn(PWASM_STR("setting shared data on OnHttpRequestHeaders"), PWASM_STATUS_CAS_MISMATCH);
  if (bytes == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  if (present.len != 0 && present.len != sizeof count->number)
    return PWASM_STATUS_PARSE_FAILURE;
  count->number = 0;
  if (present.len != 0)
    memcpy(&count->number, present.data, sizeof count->number);
  count->number++;
  memcpy(bytes, &count->number, sizeof count->number);
  *ret_value = pwasm_str(bytes, sizeof count->number);
  return PWASM_STATUS_OK;
}

static PwasmAction
shared_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  Count count = {0};
  PwasmDigits digits;
  PwasmStatus status = pwasm_shared_data_update(KEY, count_up, &count, MAX_TRIES);

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  if (status == PWASM_STATUS_OK)
    PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("shared value: "),
                   pwasm_str_from_uint64(count.number, &digits));
  else if (count.tries == 0)
    warn(PWASM_STR("getting shared data on OnHttpRequestHeaders"), status);
  else
    warn(PWASM_STR("setting shared data on OnHttpRequestHeaders"), status);
  return PWASM_ACTION_CONTINUE;
}

static const PwasmHttpContextClass shared_http_class = {
  PWASM_HTTP_SUBCLASS(SharedHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, shared_on_request_headers),
};

static const PwasmVmContextClass shared_vm_class = {
  PWASM_VM_SUBCLASS(SharedVm, pwasm_vm_context_class),
  PWASM_ON(on_vm_start, shared_on_vm_start),
};

PWASM_PLUGIN(.vm_class = &shared_vm_class, .http_class = &shared_http_class);

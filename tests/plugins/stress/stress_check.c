#include "stress.h"

StressPlugin *
stress_plugin(StressStream *self)
{
  return PWASM_SELF(StressPlugin, pwasm_http_context_plugin(&self->base));
}

StressVm *
stress_vm(PwasmContext *ctx)
{
  while (ctx->kind != PWASM_CONTEXT_KIND_VM)
    ctx = ctx->parent;
  return PWASM_SELF(StressVm, PWASM_SELF(PwasmVmContext, ctx));
}

bool
stress_ok(PwasmContext *ctx, PwasmStatus status, const char *what)
{
  if (status == PWASM_STATUS_OK)
    return true;
  pwasm_logf(PWASM_LOG_WARN, "unexpected: %s: %s", what, pwasm_status_text(status));
  pwasm_ignore(pwasm_counter_increment(stress_vm(ctx)->unexpected, 1));
  if (ctx->kind == PWASM_CONTEXT_KIND_HTTP)
    PWASM_SELF(StressStream, PWASM_SELF(PwasmHttpContext, ctx))->num_unexpected++;
  return false;
}

bool
stress_true(PwasmContext *ctx, bool is_true, const char *what)
{
  return stress_ok(ctx, is_true ? PWASM_STATUS_OK : PWASM_STATUS_MALFORMED, what);
}

void
stress_count(PwasmContext *ctx, PwasmCounter counter)
{
  stress_ok(ctx, pwasm_counter_increment(counter, 1), "counter");
}

uint32_t
stress_sum(uint32_t sum, PwasmStr bytes)
{
  uint32_t low = sum & 0xffff;
  uint32_t high = sum >> 16;

  for (size_t i = 0; i < bytes.len; i++) {
    low = (low + (uint8_t)bytes.data[i]) % 65521;
    high = (high + low) % 65521;
  }
  return high << 16 | low;
}

PwasmStatus
stress_add_one(PwasmStr present, PwasmArena *scratch, PwasmStr *ret_value, void *data)
{
  uint64_t count = 0;
  uint64_t *ret_count = data;
  if (pwasm_str_is_present(present)) {
    PwasmStatus status = pwasm_str_to_uint64(present, &count);

    if (status != PWASM_STATUS_OK)
      return status;
  }
  count++;
  if (ret_count != NULL)
    *ret_count = count;
  return pwasm_str_format(scratch, ret_value, "%llu", (unsigned long long)count);
}

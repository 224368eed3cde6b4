#include "../context_private.h"

const PwasmExport pwasm_export_on_log = {0};

static uint32_t
call(PwasmContext *ctx, size_t slot, uint32_t a, uint32_t b)
{
  (void)a;
  (void)b;
  pwasm__stream_ends(ctx);
  pwasm__class_with_slot(ctx->klass, slot)->on_log.fn(ctx);
  return 0;
}

void
proxy_on_log(uint32_t context_id)
{
  pwasm__callback(context_id, PWASM_WANT_ANY, call, offsetof(PwasmContextClass, on_log.fn), 0, 0);
}

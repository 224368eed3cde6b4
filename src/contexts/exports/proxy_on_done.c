#include "../context_private.h"

const PwasmExport pwasm_export_on_done = {0};

static uint32_t
is_pending(PwasmContext *ctx, size_t slot, uint32_t a, uint32_t b)
{
  (void)a;
  (void)b;
  pwasm__stream_ends(ctx);
  return !pwasm__class_with_slot(ctx->klass, slot)->on_done.fn(ctx);
}

/* An unknown context is done. */
uint32_t
proxy_on_done(uint32_t context_id)
{
  return !pwasm__callback(context_id, PWASM_WANT_ANY, is_pending,
                          offsetof(PwasmContextClass, on_done.fn), 0, 0);
}

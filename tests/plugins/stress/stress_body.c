#include "stress.h"

#define EARLY PWASM_STR("[early]")

bool
stress_body_is_held(const Half *half)
{
  return half->change >= BODY_APPEND && half->change <= BODY_CLEAR;
}

static void
change_passing_bytes(StressStream *self, Half *half, PwasmBuffer buffer, PwasmStr bytes)
{
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);
  char *changed;

  if (half->change == BODY_PREPEND_EARLY && !half->begun)
    stress_ok(ctx, pwasm_buffer_prepend(buffer, EARLY), "prepend early");
  if (half->change != BODY_XOR || bytes.len == 0)
    return;
  changed = pwasm_arena_alloc(pwasm_scratch(), bytes.len);
  if (!stress_true(ctx, changed != NULL, "memory for a body"))
    return;
  for (size_t i = 0; i < bytes.len; i++)
    changed[i] = (char)(bytes.data[i] ^ 0x20);
  stress_ok(ctx, pwasm_buffer_replace(buffer, pwasm_str(changed, bytes.len)), "replace bytes");
}

bool
stress_body_comes(StressStream *self, Half *half, PwasmBuffer buffer, size_t body_size,
                  bool end_of_stream)
{
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);
  bool held = stress_body_is_held(half);
  PwasmStr bytes = {0};

  stress_true(ctx, body_size >= half->buffered, "a body that does not shrink");
  if (stress_ok(ctx, pwasm_buffer_get(buffer, half->buffered, SIZE_MAX, &bytes), "get a body")) {
    stress_true(ctx, bytes.len == body_size - half->buffered, "as many bytes as were announced");
    if (half->size == 0)
      half->sum = 1;
    half->size += bytes.len;
    half->sum = stress_sum(half->sum, bytes);
    change_passing_bytes(self, half, buffer, bytes);
  }
  half->begun = true;
  if (held)
    half->buffered = body_size;
  half->ended = end_of_stream;
  return !held;
}

void
stress_body_ends(StressStream *self, Half *half, PwasmBuffer buffer)
{
  PwasmStatus status = PWASM_STATUS_OK;

  half->ended = true;
  /* A body that never was is not there to be changed. */
  if (!half->begun)
    return;
  switch (half->change) {
  case BODY_APPEND:
    status = pwasm_buffer_append(buffer, PWASM_STR("[appended]"));
    break;
  case BODY_PREPEND:
    status = pwasm_buffer_prepend(buffer, PWASM_STR("[prepended]"));
    break;
  case BODY_REPLACE:
    status = pwasm_buffer_replace(buffer, PWASM_STR("[replaced]"));
    break;
  case BODY_CLEAR:
    status = pwasm_buffer_clear(buffer);
    break;
  default:
    break;
  }
  stress_ok(PWASM_CONTEXT(&self->base), status, "change a whole body");
}

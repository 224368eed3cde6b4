/* Foreign functions: has Envoy compress a text, at every tick of a timer. */

#include <pwasm/envoy.h>
#include <pwasm/pwasm.h>

#define PERIOD_MS 1

typedef struct ForeignPlugin {
  PwasmPluginContext base;
  uint64_t num_ticks;
} ForeignPlugin;

static bool
foreign_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStatus status = pwasm_timer_set_period(ctx, PERIOD_MS);

  (void)configuration_size;
  if (status != PWASM_STATUS_OK) {
    PWASM_LOG_JOIN(PWASM_LOG_CRITICAL, PWASM_STR("failed to set tick period: "),
                   pwasm_str_from_cstr(pwasm_status_text(status)));
    return false;
  }
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("set tick period milliseconds: 1"));
  return true;
}

/* Bytes in hexadecimal; missing when there is no memory. */
static PwasmStr
to_hex(PwasmStr bytes)
{
  static const char digits[] = "0123456789abcdef";
  char *hex = pwasm_arena_alloc(pwasm_scratch(), 2 * bytes.len);

  if (hex == NULL)
    return (PwasmStr){0};
  for (size_t i = 0; i < bytes.len; i++) {
    hex[2 * i] = digits[(unsigned char)bytes.data[i] >> 4];
    hex[2 * i + 1] = digits[bytes.data[i] & 0x0f];
  }
  return pwasm_str(hex, 2 * bytes.len);
}

static void
foreign_on_tick(PwasmPluginContext *ctx)
{
  ForeignPlugin *self = PWASM_SELF(ForeignPlugin, ctx);
  PwasmStr compressed = PWASM_STR("");
  PwasmDigits digits;
  PwasmStatus status = pwasm_envoy_compress(PWASM_STR("hello world!"), &compressed);

  self->num_ticks++;
  if (status != PWASM_STATUS_OK)
    PWASM_LOG_JOIN(PWASM_LOG_CRITICAL, PWASM_STR("foreign function (compress) failed: "),
                   pwasm_str_from_cstr(pwasm_status_text(status)));
  PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("foreign function (compress) called: "),
                 pwasm_str_from_uint64(self->num_ticks, &digits), PWASM_STR(", result: "),
                 to_hex(compressed));
}

static const PwasmPluginContextClass foreign_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(ForeignPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, foreign_on_configure),
  PWASM_ON(on_tick, foreign_on_tick),
};

/* Its streams have nothing to do: the SDK's own class lets all pass, and no callback is exported. */
PWASM_PLUGIN(.plugin_class = &foreign_plugin_class, .http_class = &pwasm_http_context_class);

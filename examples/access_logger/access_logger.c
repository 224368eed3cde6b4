/* Access logs: a line for each request, and a counter for each class of response codes. */

#include <pwasm/envoy.h>
#include <pwasm/pwasm.h>

/* 1xx to 5xx, and 0xx for what ended without a response or has a code beyond these. */
#define NUM_CLASSES 6

typedef struct AccessLogger {
  PwasmPluginContext base;
  PwasmCounter counters[NUM_CLASSES];
  size_t num_counters; /* defined so far */
} AccessLogger;

static PwasmStatus
define_counters(AccessLogger *self)
{
  static const PwasmStr names[NUM_CLASSES] = {
    PWASM_STR_INIT("access_log_entries_class=0xx"), PWASM_STR_INIT("access_log_entries_class=1xx"),
    PWASM_STR_INIT("access_log_entries_class=2xx"), PWASM_STR_INIT("access_log_entries_class=3xx"),
    PWASM_STR_INIT("access_log_entries_class=4xx"), PWASM_STR_INIT("access_log_entries_class=5xx"),
  };

  /* A plugin that is configured again has its counters already. */
  while (self->num_counters < NUM_CLASSES) {
    PwasmStatus status =
      pwasm_counter_define(names[self->num_counters], &self->counters[self->num_counters]);

    if (status != PWASM_STATUS_OK)
      return status;
    self->num_counters++;
  }
  return PWASM_STATUS_OK;
}

static bool
access_logger_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStatus status = define_counters(PWASM_SELF(AccessLogger, ctx));

  (void)configuration_size;
  if (status != PWASM_STATUS_OK)
    PWASM_LOG_JOIN(PWASM_LOG_WARN, PWASM_STR("not all entries will be counted: "),
                   pwasm_str_from_cstr(pwasm_status_text(status)));
  return true;
}

static void
count_entry(const AccessLogger *self, int64_t code)
{
  size_t class = code >= 100 && code < 100 * NUM_CLASSES ? (size_t)(code / 100) : 0;
  PwasmStatus status;

  if (class >= self->num_counters)
    return;
  status = pwasm_counter_increment(self->counters[class], 1);
  if (status != PWASM_STATUS_OK)
    PWASM_LOG_JOIN(PWASM_LOG_WARN, PWASM_STR("an entry was not counted: "),
                   pwasm_str_from_cstr(pwasm_status_text(status)));
}

/* What can't be read is a "-", as in Envoy's own access logs. */
static PwasmStr
text_or_dash(PwasmStatus status, const PwasmStr *value)
{
  return status == PWASM_STATUS_OK ? *value : PWASM_STR("-");
}

static PwasmStr
number_or_dash(PwasmStatus status, uint64_t value, PwasmDigits *digits)
{
  return status == PWASM_STATUS_OK ? pwasm_str_from_uint64(value, digits) : PWASM_STR("-");
}

static PwasmStr
user_agent_or_dash(void)
{
  PwasmStr value;
  PwasmStatus status =
    pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("user-agent"), &value);

  return text_or_dash(status, &value);
}

static void
log_entry(PwasmStr code)
{
  static const PwasmStr space = PWASM_STR_INIT(" ");
  PwasmStr method;
  PwasmStr path;
  int64_t flags = 0;
  uint64_t duration_ns = 0;
  PwasmDigits flags_digits;
  PwasmDigits duration_digits;
  PwasmStatus method_status = pwasm_envoy_request_method(&method);
  PwasmStatus path_status = pwasm_envoy_request_path(&path);
  PwasmStatus flags_status = pwasm_envoy_response_flags(&flags);
  PwasmStatus duration_status = pwasm_envoy_request_duration(&duration_ns);

  PWASM_LOG_JOIN(PWASM_LOG_INFO, text_or_dash(method_status, &method), space,
                 text_or_dash(path_status, &path), space, code, space,
                 number_or_dash(flags_status, (uint64_t)flags, &flags_digits), space,
                 number_or_dash(duration_status, duration_ns / 1000, &duration_digits),
                 PWASM_STR(" \""), user_agent_or_dash(), PWASM_STR("\""));
}

/* The context is the plugin's; what properties and headers tell is of the request of this entry. */
static void
access_logger_on_log(PwasmContext *ctx)
{
  AccessLogger *self = PWASM_SELF(AccessLogger, PWASM_SELF(PwasmPluginContext, ctx));
  PwasmDigits digits;
  int64_t code = 0;
  PwasmStatus status = pwasm_envoy_response_code(&code);

  count_entry(self, code);
  log_entry(number_or_dash(status, (uint64_t)code, &digits));
}

static const PwasmPluginContextClass access_logger_class = {
  PWASM_PLUGIN_SUBCLASS(AccessLogger, pwasm_plugin_context_class),
  PWASM_ON(on_configure, access_logger_on_configure),
  PWASM_ON_BASE(on_log, access_logger_on_log),
};

PWASM_PLUGIN(.plugin_class = &access_logger_class);

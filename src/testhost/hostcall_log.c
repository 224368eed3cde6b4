#include "host_private.h"

#include <stdio.h>

#define NUM_LEVELS (PWASM_LOG_CRITICAL + 1)

static const char *const level_names[NUM_LEVELS] = {"trace", "debug", "info",
                                                    "warn",  "error", "critical"};

uint32_t
proxy_log(uint32_t level, const char *message, uint32_t message_size)
{
  PwasmHostcallFrame frame;
  PwasmHost *host;
  PwasmHostLogLine *line;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_log)) {
    /* A program without a host: better seen than lost. */
    if (frame.host == NULL)
      fprintf(stderr, "%.*s\n", (int)message_size, message);
    return frame.status;
  }
  if (!pwasm__hostcall_takes(&frame, message, message_size))
    return frame.status;
  if (level >= NUM_LEVELS) {
    PWASM_HOSTCALL_ARGUMENTS(&frame, "%u", level);
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_BAD_ARGUMENT, "there is no such level");
  }
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, \"%.*s\"", level_names[level], (int)message_size, message);
  host = frame.host;
  if (level >= (uint32_t)host->log_level) {
    line = pwasm__host_alloc(sizeof *line);
    line->level = (PwasmLogLevel)level;
    line->message = pwasm__host_str_dup(pwasm_str(message, message_size));
    line->context_id = frame.context == NULL ? 0 : frame.context->id;
    host->log_lines = pwasm__host_grow(host->log_lines, host->num_log_lines + 1,
                                       sizeof(PwasmHostLogLine *), &host->log_capacity);
    host->log_lines[host->num_log_lines++] = line;
  }
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

uint32_t
proxy_get_log_level(uint32_t *ret_level)
{
  PwasmHostcallFrame frame;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_get_log_level))
    return frame.status;
  *ret_level = (uint32_t)frame.host->log_level;
  PWASM_HOSTCALL_RESULTS(&frame, "%u", *ret_level);
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

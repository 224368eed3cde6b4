#include <pwasm/log.h>

#include <string.h>

#include <pwasm/abi.h>

#include "../core/vm_private.h"
#include "log_private.h"

bool
pwasm_log_is_enabled(PwasmLogLevel level)
{
  return level < PWASM_LOG_OFF && level >= pwasm__vm()->log_level;
}

void
pwasm_log_set_level(PwasmLogLevel level)
{
  pwasm__vm()->log_level = (uint8_t)(level > PWASM_LOG_OFF ? PWASM_LOG_OFF : level);
}

void
pwasm__log(PwasmLogLevel level, const char *message, size_t len)
{
  if (!pwasm_log_is_enabled(level))
    return;
  if (len > UINT32_MAX)
    len = UINT32_MAX;
  pwasm_ignore((PwasmStatus)proxy_log((uint32_t)level, message, (uint32_t)len));
}

void
pwasm__log_id(PwasmLogLevel level, const char *message, size_t len, uint32_t id)
{
  char text[64];
  PwasmDigits digits;
  PwasmStr number = pwasm_str_from_uint64(id, &digits);

  memcpy(text, message, len);
  memcpy(text + len, number.data, number.len);
  pwasm__log(level, text, len + number.len);
}

PwasmStatus
pwasm_log_get_host_level(PwasmLogLevel *ret_level)
{
  uint32_t level = 0;
  PwasmStatus status = (PwasmStatus)proxy_get_log_level(&level);

  if (status == PWASM_STATUS_OK)
    *ret_level = (PwasmLogLevel)level;
  return status;
}

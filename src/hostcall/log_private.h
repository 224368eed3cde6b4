#ifndef PWASM_LOG_PRIVATE_H
#define PWASM_LOG_PRIVATE_H

#include <pwasm/log.h>

/* Logs a message of the SDK's own, of at most 54 bytes, and an id after it. Every module has this,
 * so it is no more than it must be. */
#define PWASM__LOG_ID(level, message, id)                                                          \
  pwasm__log_id((level), (message), sizeof(message) - 1, (id))
void pwasm__log_id(PwasmLogLevel level, const char *message, size_t len, uint32_t id);

#endif

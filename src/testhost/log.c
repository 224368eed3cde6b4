#include <stdlib.h>

#include "host_private.h"

size_t
pwasm_host_log_count(const PwasmHost *host)
{
  return host->num_log_lines;
}

const PwasmHostLogLine *
pwasm_host_log_line(const PwasmHost *host, size_t index)
{
  return index < host->num_log_lines ? host->log_lines[index] : NULL;
}

const PwasmHostLogLine *
pwasm_host_log_find(const PwasmHost *host, PwasmLogLevel level, const char *text)
{
  for (size_t i = 0; i < host->num_log_lines; i++) {
    const PwasmHostLogLine *line = host->log_lines[i];

    if (line->level == level &&
        pwasm_str_find(line->message, pwasm_str_from_cstr(text)) != SIZE_MAX)
      return line;
  }
  return NULL;
}

void
pwasm_host_log_clear(PwasmHost *host)
{
  for (size_t i = 0; i < host->num_log_lines; i++) {
    free((void *)(uintptr_t)host->log_lines[i]->message.data);
    free(host->log_lines[i]);
  }
  host->num_log_lines = 0;
}

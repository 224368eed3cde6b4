#include "http_private.h"

#include <stdio.h>
#include <stdlib.h>

/* Of the log, what may tell why. */
#define MAX_LOG_LINES 10

uint32_t
pwasm__callback_dead_answer(PwasmHostCallback callback)
{
  return callback == PWASM_HOST_CALLBACK_on_done;
}

/* The last lines of the log, each in a line of its own. */
static void
print_log(const PwasmHost *host, char *to, size_t size)
{
  size_t first = host->num_log_lines > MAX_LOG_LINES ? host->num_log_lines - MAX_LOG_LINES : 0;
  size_t len = 0;

  to[0] = '\0';
  for (size_t i = first; i < host->num_log_lines && len < size; i++) {
    const PwasmHostLogLine *line = host->log_lines[i];

    len += (size_t)snprintf(to + len, size - len, "\n    %.*s", PWASM_STR_ARG(line->message));
  }
}

void
pwasm__host_say_panic(void)
{
  const PwasmHost *host = pwasm__host_current();
  PwasmQuoted entry;
  char log[2000];

  if (host == NULL || host->entry == NULL)
    return;
  print_log(host, log, sizeof log);
  fprintf(stderr, "the plugin has trapped in %s: panic\n  the end of the log:%s\n",
          pwasm__host_entry_text(&entry, host->entry), log);
}

void
pwasm__host_trapped(PwasmHostVm *vm, const char *where, const char *why)
{
  PwasmHost *host = vm->host;
  char log[2000];

  vm->has_trapped = true;
  pwasm__trace(host, "! %s", why);
  if (host->allows_traps)
    return;
  print_log(host, log, sizeof log);
  pwasm__host_failure(host, where, 0, "the plugin has trapped in %s: %s%s%s", where, why,
                      log[0] == '\0' ? "" : "\n  the end of the log:", log);
}

/* What Envoy answers unless it is told to let requests pass without the plugin. */
void
pwasm__http_fail(PwasmHostHttp *http)
{
  PwasmHostReply *reply = &http->reply;

  if (http->is_failed || http->is_ended)
    return;
  http->is_failed = true;
  pwasm__host_map_clear(&http->reply_headers);
  free((void *)(uintptr_t)reply->body.data);
  free((void *)(uintptr_t)reply->details.data);
  *reply = (PwasmHostReply){.status_code = 503,
                            .body = pwasm__host_str_dup(PWASM_STR("")),
                            .details = pwasm__host_str_dup(PWASM_STR("wasm_fail_stream")),
                            .has_grpc_status = true,
                            .grpc_status = PWASM_GRPC_STATUS_UNAVAILABLE};
  http->has_reply = true;
  pwasm__host_defer(http->host, (PwasmHostAction){.kind = PWASM_HOST_ACT_REPLY, .http = http});
}

#include "wasi_private.h"

#include <stdlib.h>
#include <string.h>

#include "wasm_private.h"

/* As in Envoy: what is written to standard output and standard error goes to the log, and there is nothing
 * else. */

enum {
  SUCCESS = 0,
  BADF = 8,
  FAULT = 21,
  INVAL = 28,
  NOENT = 44,
  NOSYS = 52,
  NOTSUP = 58,
};

enum { STDOUT = 1, STDERR = 2 };

#define MAX_RANDOM_SIZE 65536u

static void
say(PwasmLogLevel level, PwasmStr text)
{
  pwasm_ignore((PwasmStatus)proxy_log(level, text.data, (uint32_t)text.len));
}

static uint32_t
give(PwasmWasm *wasm, uint32_t offset, const void *value, uint32_t size)
{
  return pwasm__wasm_store(wasm, offset, value, size) ? SUCCESS : FAULT;
}

/* For two numbers that are 0. */
static uint32_t
give_none(PwasmWasm *wasm, uint32_t ret_count, uint32_t ret_size)
{
  const uint32_t none = 0;
  uint32_t result = give(wasm, ret_count, &none, sizeof none);

  return result == SUCCESS ? give(wasm, ret_size, &none, sizeof none) : result;
}

uint32_t
pwasm__wasi_args_get(PwasmWasm *wasm, uint32_t ret_arguments, uint32_t ret_bytes)
{
  (void)wasm;
  (void)ret_arguments;
  (void)ret_bytes;
  return SUCCESS;
}

uint32_t
pwasm__wasi_args_sizes_get(PwasmWasm *wasm, uint32_t ret_count, uint32_t ret_size)
{
  return give_none(wasm, ret_count, ret_size);
}

uint32_t
pwasm__wasi_environ_get(PwasmWasm *wasm, uint32_t ret_variables, uint32_t ret_bytes)
{
  (void)wasm;
  (void)ret_variables;
  (void)ret_bytes;
  return SUCCESS;
}

uint32_t
pwasm__wasi_environ_sizes_get(PwasmWasm *wasm, uint32_t ret_count, uint32_t ret_size)
{
  return give_none(wasm, ret_count, ret_size);
}

static bool
is_clock(uint32_t clock)
{
  enum { REALTIME = 0, MONOTONIC = 1 };

  return clock == REALTIME || clock == MONOTONIC;
}

uint32_t
pwasm__wasi_clock_time_get(PwasmWasm *wasm, uint32_t clock, uint64_t precision_ns,
                           uint32_t ret_time_ns)
{
  uint64_t time_ns = wasm->vm->host->time_ns;

  (void)precision_ns;
  return is_clock(clock) ? give(wasm, ret_time_ns, &time_ns, sizeof time_ns) : NOTSUP;
}

uint32_t
pwasm__wasi_clock_res_get(PwasmWasm *wasm, uint32_t clock, uint32_t ret_resolution_ns)
{
  const uint64_t resolution_ns = 1;

  return is_clock(clock) ? give(wasm, ret_resolution_ns, &resolution_ns, sizeof resolution_ns)
                         : NOTSUP;
}

uint32_t
pwasm__wasi_fd_close(PwasmWasm *wasm, uint32_t fd)
{
  (void)wasm;
  (void)fd;
  return SUCCESS;
}

uint32_t
pwasm__wasi_fd_seek(PwasmWasm *wasm, uint32_t fd, int64_t offset, uint32_t whence,
                    uint32_t ret_offset)
{
  (void)wasm;
  (void)fd;
  (void)offset;
  (void)whence;
  (void)ret_offset;
  return SUCCESS;
}

uint32_t
pwasm__wasi_fd_fdstat_get(PwasmWasm *wasm, uint32_t fd, uint32_t ret_stat)
{
  enum { RIGHTS_AT = 8, MAY_WRITE = 64 };
  const char stat[24] = {[RIGHTS_AT] = MAY_WRITE};

  return fd == STDOUT || fd == STDERR ? give(wasm, ret_stat, stat, sizeof stat) : BADF;
}

uint32_t
pwasm__wasi_fd_fdstat_set_flags(PwasmWasm *wasm, uint32_t fd, uint32_t flags)
{
  (void)wasm;
  (void)fd;
  (void)flags;
  return NOSYS;
}

uint32_t
pwasm__wasi_fd_filestat_get(PwasmWasm *wasm, uint32_t fd, uint32_t ret_stat)
{
  (void)wasm;
  (void)fd;
  (void)ret_stat;
  return BADF;
}

uint32_t
pwasm__wasi_fd_prestat_get(PwasmWasm *wasm, uint32_t fd, uint32_t ret_prestat)
{
  (void)wasm;
  (void)fd;
  (void)ret_prestat;
  return BADF;
}

uint32_t
pwasm__wasi_fd_prestat_dir_name(PwasmWasm *wasm, uint32_t fd, uint32_t ret_path, uint32_t max_size)
{
  (void)wasm;
  (void)fd;
  (void)ret_path;
  (void)max_size;
  return NOSYS;
}

uint32_t
pwasm__wasi_fd_read(PwasmWasm *wasm, uint32_t fd, uint32_t vectors, uint32_t num_vectors,
                    uint32_t ret_size)
{
  (void)wasm;
  (void)fd;
  (void)vectors;
  (void)num_vectors;
  (void)ret_size;
  return NOSYS;
}

/* Joins the pieces; false if one of them is not in memory. */
static bool
join(PwasmWasm *wasm, uint32_t vectors, uint32_t num_vectors, PwasmHostBytes *ret_text)
{
  for (uint32_t i = 0; i < num_vectors; i++) {
    uint32_t piece[2];
    const char *from = pwasm__wasm_at(wasm, vectors, sizeof piece);
    const char *bytes;

    if (from == NULL)
      return false;
    memcpy(piece, from, sizeof piece);
    bytes = pwasm__wasm_at(wasm, piece[0], piece[1]);
    if (bytes == NULL)
      return false;
    pwasm__host_bytes_append(ret_text, pwasm_str(bytes, piece[1]));
    vectors += (uint32_t)sizeof piece;
  }
  return true;
}

uint32_t
pwasm__wasi_fd_write(PwasmWasm *wasm, uint32_t fd, uint32_t vectors, uint32_t num_vectors,
                     uint32_t ret_size)
{
  PwasmHostBytes text = {0};
  uint32_t size;

  if (fd != STDOUT && fd != STDERR)
    return BADF;
  if (!join(wasm, vectors, num_vectors, &text)) {
    pwasm__host_bytes_free(&text);
    return FAULT;
  }
  size = (uint32_t)text.len;
  if (size > 0) {
    /* The log has its own ends of lines. */
    text.len -= text.data[size - 1] == '\n';
    say(fd == STDOUT ? PWASM_LOG_INFO : PWASM_LOG_ERROR, pwasm__host_bytes_str(&text));
  }
  pwasm__host_bytes_free(&text);
  return give(wasm, ret_size, &size, sizeof size);
}

uint32_t
pwasm__wasi_path_open(PwasmWasm *wasm, uint32_t fd, uint32_t lookup_flags, uint32_t path,
                      uint32_t path_size, uint32_t open_flags, uint64_t rights,
                      uint64_t inherited_rights, uint32_t fd_flags, uint32_t ret_fd)
{
  (void)wasm;
  (void)fd;
  (void)lookup_flags;
  (void)path;
  (void)path_size;
  (void)open_flags;
  (void)rights;
  (void)inherited_rights;
  (void)fd_flags;
  (void)ret_fd;
  return NOENT;
}

uint32_t
pwasm__wasi_poll_oneoff(PwasmWasm *wasm, uint32_t subscriptions, uint32_t ret_events,
                        uint32_t num_subscriptions, uint32_t ret_num_events)
{
  const uint32_t none = 0;

  (void)subscriptions;
  (void)ret_events;
  (void)num_subscriptions;
  return give(wasm, ret_num_events, &none, sizeof none);
}

/* It returns: what follows in the module is its `unreachable`, which traps. */
void
pwasm__wasi_proc_exit(PwasmWasm *wasm, uint32_t code)
{
  (void)wasm;
  (void)code;
  say(PWASM_LOG_ERROR, PWASM_STR("proc_exit: the plugin wants to end the process"));
}

/* The same in each run, so that a test that fails does so again. */
uint32_t
pwasm__wasi_random_get(PwasmWasm *wasm, uint32_t ret_bytes, uint32_t size)
{
  char *to = pwasm__wasm_at(wasm, ret_bytes, size);

  if (size > MAX_RANDOM_SIZE)
    return INVAL;
  if (to == NULL)
    return FAULT;
  for (uint32_t i = 0; i < size; i++) {
    wasm->random = wasm->random * 1664525u + 1013904223u;
    to[i] = (char)(wasm->random >> 24);
  }
  return SUCCESS;
}

uint32_t
pwasm__wasi_sched_yield(PwasmWasm *wasm)
{
  (void)wasm;
  return SUCCESS;
}

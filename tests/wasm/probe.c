/* A module that does what plugins should not. */

#define _DEFAULT_SOURCE /* for getentropy() */

#include "probe.h"

#include <pwasm/abi.h>
#include <pwasm/pwasm.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

#include "core/vm_private.h"

#define MIB 1048576u

static uint32_t count;

/* The last bytes of the address space, which no module here has. */
static char *
nowhere(void)
{
  return (char *)0xfffffff8u;
}

static void
log_number(const char *what, uint32_t number)
{
  pwasm_logf(PWASM_LOG_INFO, "%s %u", what, (unsigned)number);
}

static void
bad_input(void)
{
  char *end = (char *)(__builtin_wasm_memory_size(0) * 65536);
  char *value;
  uint32_t size;
  uint32_t call_id;

  log_number("outside:", proxy_log(PWASM_LOG_INFO, nowhere(), 4));
  log_number("over the end:", proxy_log(PWASM_LOG_INFO, end - 4, 5));
  log_number("wraps around:", proxy_log(PWASM_LOG_INFO, nowhere(), 0xffffffffu));
  log_number("nothing at the end:", proxy_log(PWASM_LOG_INFO, end, 0));
  log_number("nothing outside:", proxy_log(PWASM_LOG_INFO, end + 1, 0));
  log_number("second:", proxy_set_shared_data("k", 1, nowhere(), 1, 0));
  log_number("key:", proxy_get_property(nowhere(), 1, &value, &size));
  log_number("body:", proxy_http_call("c", 1, "", 0, nowhere(), 9, "", 0, 1000, &call_id));
}

static uint32_t num_refused;

static void
expect_refusal(const char *what, uint32_t status)
{
  num_refused += status == PWASM_STATUS_INVALID_MEMORY_ACCESS;
  if (status != PWASM_STATUS_INVALID_MEMORY_ACCESS)
    pwasm_logf(PWASM_LOG_WARN, "taken: %s: %u", what, (unsigned)status);
}

/* The call is to refuse its only input that is not in memory. */
#define REFUSED(call) expect_refusal(#call, (call))
#define BAD nowhere(), 9
#define NONE "", 0

static void
each_input(void)
{
  char *bytes;
  uint32_t size;
  uint32_t id;

  REFUSED(proxy_send_local_response(200, BAD, NONE, NONE, -1));
  REFUSED(proxy_send_local_response(200, NONE, BAD, NONE, -1));
  REFUSED(proxy_send_local_response(200, NONE, NONE, BAD, -1));
  REFUSED(proxy_set_buffer_bytes(0, 0, 0, BAD));
  REFUSED(proxy_set_header_map_pairs(0, BAD));
  REFUSED(proxy_get_header_map_value(0, BAD, &bytes, &size));
  REFUSED(proxy_add_header_map_value(0, BAD, NONE));
  REFUSED(proxy_add_header_map_value(0, NONE, BAD));
  REFUSED(proxy_replace_header_map_value(0, BAD, NONE));
  REFUSED(proxy_replace_header_map_value(0, NONE, BAD));
  REFUSED(proxy_remove_header_map_value(0, BAD));
  REFUSED(proxy_define_metric(0, BAD, &id));
  REFUSED(proxy_set_property(BAD, NONE));
  REFUSED(proxy_set_property(NONE, BAD));
  REFUSED(proxy_call_foreign_function(BAD, NONE, &bytes, &size));
  REFUSED(proxy_call_foreign_function(NONE, BAD, &bytes, &size));
  REFUSED(proxy_get_shared_data(BAD, &bytes, &size, &id));
  REFUSED(proxy_set_shared_data(BAD, NONE, 0));
  REFUSED(proxy_set_shared_data(NONE, BAD, 0));
  REFUSED(proxy_register_shared_queue(BAD, &id));
  REFUSED(proxy_resolve_shared_queue(BAD, NONE, &id));
  REFUSED(proxy_resolve_shared_queue(NONE, BAD, &id));
  REFUSED(proxy_enqueue_shared_queue(1, BAD));
  REFUSED(proxy_http_call(BAD, NONE, NONE, NONE, 1, &id));
  REFUSED(proxy_http_call(NONE, BAD, NONE, NONE, 1, &id));
  REFUSED(proxy_http_call(NONE, NONE, BAD, NONE, 1, &id));
  REFUSED(proxy_http_call(NONE, NONE, NONE, BAD, 1, &id));
  REFUSED(proxy_grpc_call(BAD, NONE, NONE, NONE, NONE, 1, &id));
  REFUSED(proxy_grpc_call(NONE, BAD, NONE, NONE, NONE, 1, &id));
  REFUSED(proxy_grpc_call(NONE, NONE, BAD, NONE, NONE, 1, &id));
  REFUSED(proxy_grpc_call(NONE, NONE, NONE, BAD, NONE, 1, &id));
  REFUSED(proxy_grpc_call(NONE, NONE, NONE, NONE, BAD, 1, &id));
  REFUSED(proxy_grpc_stream(BAD, NONE, NONE, NONE, &id));
  REFUSED(proxy_grpc_stream(NONE, BAD, NONE, NONE, &id));
  REFUSED(proxy_grpc_stream(NONE, NONE, BAD, NONE, &id));
  REFUSED(proxy_grpc_stream(NONE, NONE, NONE, BAD, &id));
  REFUSED(proxy_grpc_send(2, BAD, 0));
  log_number("refused:", num_refused);
  log_number("set by a plugin:", proxy_set_property("a", 1, "b", 1));
}

static void
last_bytes(void)
{
  char *end = (char *)(__builtin_wasm_memory_size(0) * 65536);

  log_number("last bytes:", proxy_enqueue_shared_queue(77, end - 4, 4));
}

static void
bad_result(void)
{
  char *value;
  uint32_t size;

  log_number("number:", proxy_get_log_level((uint32_t *)(void *)nowhere()));
  log_number("time:", proxy_get_current_time_nanoseconds((uint64_t *)(void *)(nowhere() + 4)));
  log_number("bytes:", proxy_get_property("probe", 5, (char **)(void *)nowhere(), &size));
  log_number("size:", proxy_get_property("probe", 5, &value, (uint32_t *)(void *)nowhere()));
  log_number("of a failure:", proxy_get_property("none", 4, (char **)(void *)nowhere(), &size));
  log_number("size of a failure:",
             proxy_get_property("none", 4, &value, (uint32_t *)(void *)nowhere()));
}

/* A compiler must neither see that this goes on for ever nor make it a loop. */
static uint32_t
recurse(uint32_t depth)
{
  volatile char frame[64];

  frame[depth % sizeof frame] = (char)depth;
  return count == UINT32_MAX ? 0 : recurse(depth + 1) + (uint32_t)frame[0];
}

static uint32_t recurse_frames(uint32_t depth);
static uint32_t (*volatile hidden)(uint32_t depth) = recurse_frames;

static uint32_t
recurse_frames(uint32_t depth)
{
  return hidden(depth + 1) + 1;
}

static void
get(void)
{
  PwasmStr value = PWASM_STR("");
  PwasmStatus status = pwasm_property_get(PWASM_STR("probe"), &value);

  pwasm_logf(PWASM_LOG_INFO, "property: %s, %.*s", pwasm_status_name(status), PWASM_STR_ARG(value));
}

static void
use_wasi(void)
{
  uint32_t numbers[2] = {0};

  printf("printed %d\n", 42);
  fflush(stdout);
  fprintf(stderr, "to stderr");
  log_number("time:", (uint32_t)time(NULL));
  log_number("no variable:", getenv("HOME") == NULL);
  log_number("random:", (uint32_t)getentropy(numbers, sizeof numbers));
  log_number("numbers differ:", numbers[0] != numbers[1]);
}

static void
bad_wasi(void)
{
  static uint8_t text[] = "text";
  const __wasi_ciovec_t nothing[] = {{text, 0}};
  const __wasi_ciovec_t outside[] = {{text, 1}, {(uint8_t *)nowhere(), 9}};
  static uint8_t random[65537];
  __wasi_fdstat_t stat;
  __wasi_timestamp_t time_ns;
  __wasi_size_t size = 7;

  log_number("clock:", __wasi_clock_time_get(9, 1, &time_ns));
  log_number("monotonic clock:", __wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &time_ns));
  log_number("clock resolution:", __wasi_clock_res_get(9, &time_ns));
  log_number("realtime resolution:", __wasi_clock_res_get(__WASI_CLOCKID_REALTIME, &time_ns));
  log_number("time outside:", __wasi_clock_time_get(0, 1, (__wasi_timestamp_t *)(void *)nowhere()));
  log_number("stdin:", __wasi_fd_fdstat_get(0, &stat));
  log_number("stdout:", __wasi_fd_fdstat_get(1, &stat));
  log_number("stderr:", __wasi_fd_fdstat_get(2, &stat));
  log_number("write to 3:", __wasi_fd_write(3, nothing, 1, &size));
  log_number("pieces outside:", __wasi_fd_write(1, (__wasi_ciovec_t *)(void *)nowhere(), 9, &size));
  log_number("piece outside:", __wasi_fd_write(1, outside, 2, &size));
  log_number("write nothing:", __wasi_fd_write(1, nothing, 1, &size));
  log_number("written:", size);
  log_number("too random:", __wasi_random_get(random, sizeof random));
  log_number("random outside:", __wasi_random_get((uint8_t *)nowhere(), 9));
  log_number("sizes outside:",
             __wasi_environ_sizes_get((__wasi_size_t *)(void *)(nowhere() + 6), &size));
}

/* As if the memory of the pool ended where the addresses end, which is NULL. */
static bool
is_given_again(const PwasmContext *in_use)
{
  PwasmArena arena = {0};
  bool is_given = false;

  pwasm__vm()->pool.fresh = NULL;
  pwasm__vm()->pool.fresh_end = NULL;
  for (int i = 0; i < 1000; i++) {
    const char *bytes = pwasm_arena_alloc(&arena, 128);

    is_given = is_given || ((const char *)in_use >= bytes && (const char *)in_use < bytes + 128);
  }
  pwasm_arena_reset(&arena);
  return is_given;
}

static void
probe_on_foreign_function(PwasmPluginContext *ctx, uint32_t function_id, size_t arguments_size)
{
  (void)arguments_size;
  switch (function_id) {
  case PROBE_BAD_INPUT:
    bad_input();
    break;
  case PROBE_EACH_INPUT:
    each_input();
    break;
  case PROBE_LAST_BYTES:
    last_bytes();
    break;
  case PROBE_BAD_RESULT:
    bad_result();
    break;
  case PROBE_TRAP:
    PWASM_LOG(PWASM_LOG_INFO, "last words");
    __builtin_trap();
  case PROBE_RECURSE:
    log_number("recursed", recurse(0));
    break;
  case PROBE_RECURSE_FRAMES:
    log_number("recursed", recurse_frames(0));
    break;
  case PROBE_COUNT:
    log_number("count", ++count);
    break;
  case PROBE_GET:
    get();
    break;
  case PROBE_ALLOCATE:
    log_number("allocated:",
               pwasm_arena_alloc(pwasm_context_arena(PWASM_CONTEXT(ctx)), MIB) != NULL);
    break;
  case PROBE_FILL:
    log_number("given again:", is_given_again(PWASM_CONTEXT(ctx)));
    break;
  case PROBE_WASI:
    use_wasi();
    break;
  case PROBE_BAD_WASI:
    bad_wasi();
    break;
  case PROBE_EXIT:
    exit(3);
  default:
    break;
  }
}

typedef struct Probe {
  PwasmPluginContext base;
} Probe;

static const PwasmPluginContextClass probe_class = {
  PWASM_PLUGIN_SUBCLASS(Probe, pwasm_plugin_context_class),
  PWASM_ON(on_foreign_function, probe_on_foreign_function),
};

typedef struct ProbeHttp {
  PwasmHttpContext base;
} ProbeHttp;

static PwasmAction
probe_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr path = PWASM_STR("");

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  pwasm_ignore(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path));
  if (pwasm_str_equal(path, PWASM_STR("/trap")))
    __builtin_trap();
  return pwasm_str_equal(path, PWASM_STR("/pause")) ? PWASM_ACTION_PAUSE : PWASM_ACTION_CONTINUE;
}

static PwasmAction
probe_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr trap;

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  if (pwasm_header_get(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("x-trap"), &trap) ==
      PWASM_STATUS_OK)
    __builtin_trap();
  return PWASM_ACTION_CONTINUE;
}

static const PwasmHttpContextClass probe_http_class = {
  PWASM_HTTP_SUBCLASS(ProbeHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, probe_on_request_headers),
  PWASM_ON(on_response_headers, probe_on_response_headers),
};

PWASM_PLUGIN(.plugin_class = &probe_class, .http_class = &probe_http_class);

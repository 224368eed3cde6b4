#ifndef PWASM_TESTHOST_HOSTCALL_PRIVATE_H
#define PWASM_TESTHOST_HOSTCALL_PRIVATE_H

/* What every hostcall does first and last: count, run hooks, fail on demand, trace. */

#include <pwasm/status.h>
#include <pwasm/testhost/host.h>

#define PWASM_HOST_HOSTCALL_LIST(X)                                                                \
  X(proxy_http_call)                                                                               \
  X(proxy_grpc_call)                                                                               \
  X(proxy_grpc_stream)                                                                             \
  X(proxy_grpc_send)                                                                               \
  X(proxy_grpc_cancel)                                                                             \
  X(proxy_grpc_close)                                                                              \
  X(proxy_log)                                                                                     \
  X(proxy_get_log_level)                                                                           \
  X(proxy_get_current_time_nanoseconds)                                                            \
  X(proxy_get_status)                                                                              \
  X(proxy_set_effective_context)                                                                   \
  X(proxy_done)                                                                                    \
  X(proxy_continue_stream)                                                                         \
  X(proxy_close_stream)                                                                            \
  X(proxy_send_local_response)                                                                     \
  X(proxy_set_tick_period_milliseconds)                                                            \
  X(proxy_define_metric)                                                                           \
  X(proxy_increment_metric)                                                                        \
  X(proxy_record_metric)                                                                           \
  X(proxy_get_metric)                                                                              \
  X(proxy_get_shared_data)                                                                         \
  X(proxy_set_shared_data)                                                                         \
  X(proxy_register_shared_queue)                                                                   \
  X(proxy_resolve_shared_queue)                                                                    \
  X(proxy_enqueue_shared_queue)                                                                    \
  X(proxy_dequeue_shared_queue)                                                                    \
  X(proxy_call_foreign_function)                                                                   \
  X(proxy_get_buffer_bytes)                                                                        \
  X(proxy_set_buffer_bytes)                                                                        \
  X(proxy_get_header_map_pairs)                                                                    \
  X(proxy_set_header_map_pairs)                                                                    \
  X(proxy_get_header_map_value)                                                                    \
  X(proxy_add_header_map_value)                                                                    \
  X(proxy_replace_header_map_value)                                                                \
  X(proxy_remove_header_map_value)                                                                 \
  X(proxy_get_property)                                                                            \
  X(proxy_set_property)                                                                            \
  X(proxy_get_header_map_size)                                                                     \
  X(proxy_get_buffer_status)                                                                       \
  X(envoy_resolve_dns)

typedef enum PwasmHostcall {
#define PWASM__ENUMERATOR(name) PWASM_HOSTCALL_##name,
  PWASM_HOST_HOSTCALL_LIST(PWASM__ENUMERATOR)
#undef PWASM__ENUMERATOR
    PWASM_HOST_NUM_HOSTCALLS
} PwasmHostcall;

struct PwasmHostContext;

/* A hostcall on its way. */
typedef struct PwasmHostcallFrame {
  PwasmHostcall hostcall;
  PwasmHost *host;
  struct PwasmHostContext *context; /* on whose behalf; NULL outside of callbacks */
  uint32_t status;
  bool is_traced;
  bool wants_text; /* its arguments are wanted, for the trace or for a failure */
  size_t text_len;
  size_t arguments_len; /* of the text; results follow */
  char text[480];
} PwasmHostcallFrame;

/* Begins a hostcall; false when it is over already, with the frame's status as its result. */
bool pwasm__hostcall_begin(PwasmHostcallFrame *frame, PwasmHostcall hostcall);
/* The same for a hostcall that returns bytes, of which another answer may have been ordered. */
bool pwasm__hostcall_begin_bytes(PwasmHostcallFrame *frame, PwasmHostcall hostcall,
                                 char **ret_bytes, uint32_t *ret_size);
/* Whether an input can be read; if not, the hostcall is over: strict mode says that it is a view used
 * after its life. */
bool pwasm__hostcall_takes(PwasmHostcallFrame *frame, const char *bytes, uint32_t size);
/* Ends it; its value is the status. */
uint32_t pwasm__hostcall_end(PwasmHostcallFrame *frame, uint32_t status);
/* Ends a call that is a mistake: that a host refuses, or that does nothing although the status is OK.
 * Strict mode makes it a failure of the test. What a plugin may well try is no mistake. */
__attribute__((format(printf, 3, 4))) uint32_t pwasm__hostcall_refuse(PwasmHostcallFrame *frame,
                                                                      uint32_t status,
                                                                      const char *format, ...);

#define PWASM_HOSTCALL_BEGIN(frame, name) pwasm__hostcall_begin((frame), PWASM_HOSTCALL_##name)
#define PWASM_HOSTCALL_BEGIN_BYTES(frame, name, ret_bytes, ret_size)                               \
  pwasm__hostcall_begin_bytes((frame), PWASM_HOSTCALL_##name, (ret_bytes), (ret_size))

/* Ends a call, made in a callback, that ends the VM in the host of the profile, and the test with it. */
__attribute__((format(printf, 2, 3))) uint32_t pwasm__hostcall_trap(PwasmHostcallFrame *frame,
                                                                    const char *format, ...);

/* Says what the trace is to show of arguments, then of results; bytes as `%s` of PWASM_QUOTE(). */
__attribute__((format(printf, 2, 3))) void pwasm__hostcall_text(PwasmHostcallFrame *frame,
                                                                const char *format, ...);
#define PWASM_HOSTCALL_ARGUMENTS(frame, ...)                                                       \
  ((frame)->wants_text ? (pwasm__hostcall_text((frame), __VA_ARGS__),                              \
                          (void)((frame)->arguments_len = (frame)->text_len))                      \
                       : (void)0)
#define PWASM_HOSTCALL_RESULTS(frame, ...)                                                         \
  ((frame)->is_traced ? pwasm__hostcall_text((frame), __VA_ARGS__) : (void)0)

/* More of a value than this does not help who reads a trace. */
#define PWASM_MAX_QUOTED_BYTES 32
/* Bytes as a trace shows them. */
typedef struct PwasmQuoted {
  char text[160];
} PwasmQuoted;
const char *pwasm__quote(PwasmQuoted *to, const char *bytes, size_t len);
/* The same, as an expression. */
#define PWASM_QUOTE(bytes, len) pwasm__quote(&(PwasmQuoted){{0}}, (bytes), (len))

/* Numbers of the ABI by name; those that have none as numbers. */
const char *pwasm__map_name(PwasmQuoted *to, uint32_t map);
const char *pwasm__buffer_name(PwasmQuoted *to, uint32_t buffer);
const char *pwasm__stream_name(PwasmQuoted *to, uint32_t stream);
const char *pwasm__metric_name(PwasmQuoted *to, uint32_t metric);
const char *pwasm__status_name(PwasmQuoted *to, uint32_t status);
/* The same, as expressions. */
#define PWASM_MAP_NAME(map) pwasm__map_name(&(PwasmQuoted){{0}}, (map))
#define PWASM_BUFFER_NAME(buffer) pwasm__buffer_name(&(PwasmQuoted){{0}}, (buffer))
#define PWASM_STREAM_NAME(stream) pwasm__stream_name(&(PwasmQuoted){{0}}, (stream))
#define PWASM_METRIC_NAME(metric) pwasm__metric_name(&(PwasmQuoted){{0}}, (metric))
#define PWASM_STATUS_NAME(status) pwasm__status_name(&(PwasmQuoted){{0}}, (status))

const char *pwasm__hostcall_name(PwasmHostcall hostcall);
/* PWASM_HOST_NUM_HOSTCALLS for a name that is none. */
PwasmHostcall pwasm__hostcall_from_name(const char *name);

/* Whether it returns bytes, of which others can be ordered. */
bool pwasm__hostcall_returns_bytes(PwasmHostcall hostcall);

/* Writes a line of the trace, indented as deep as callbacks are nested. */
__attribute__((format(printf, 2, 3))) void pwasm__trace(PwasmHost *host, const char *format, ...);
bool pwasm__is_traced(const PwasmHost *host);

#endif

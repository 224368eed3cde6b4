#ifndef PWASM_TESTHOST_HOST_H
#define PWASM_TESTHOST_HOST_H

/** @file
 *  @brief The test host itself: making and freeing it, its clock.
 */

#include <pwasm/log.h>

PWASM_BEGIN_DECLS

/** A test host. It has VMs, which have plugins, which have streams. */
typedef struct PwasmHost PwasmHost;

/** What a test host does when a test fails.
 *
 *  @param file     the test's, of an expectation that is not met; else what has failed: a function of the
 *                  host, a callback that has trapped, `strict mode`, or the profile
 *  @param line     in @p file; 0 if that is none
 *  @param message  what was wrong, often in several lines
 */
typedef void PwasmHostFailFn(const char *file, int line, const char *message);

/** A host that a test host can be like. */
typedef enum PwasmHostProfile {
  /** What the environment variable `PWASM_HOST_PROFILE` names; without it, `envoy`. */
  PWASM_HOST_PROFILE_DEFAULT,
  PWASM_HOST_PROFILE_ENVOY,                /**< `envoy`: Envoy, and what is made of it */
  PWASM_HOST_PROFILE_ENVOY_STOP_ITERATION, /**< `envoy_stop_iteration`: the same, with
                                              `allow_on_headers_stop_iteration` for all plugins */
  PWASM_HOST_PROFILE_NGX_WASM_MODULE,      /**< `ngx_wasm_module`: Kong's module for nginx */
  PWASM_HOST_PROFILE_APISIX                /**< `apisix`: APISIX's module, wasm-nginx-module */
} PwasmHostProfile;

/** How a host is to be. `{0}` is what most tests want. */
typedef struct PwasmHostOptions {
  /** The host's own log level: lines below it are dropped, and proxy_get_log_level() tells it. */
  PwasmLogLevel log_level;
  /** What the clock shows, nanoseconds since 1970-01-01 UTC. 0: @ref PWASM_HOST_START_TIME_NS. */
  uint64_t time_ns;
  /** Which host it is like. */
  PwasmHostProfile profile;
  /** Whether a reply, a resume and a close take effect inside the hostcall, with callbacks nested
   *  in it, and not after the callback as in Envoy. */
  bool acts_at_once;
  /** How many bytes of a body a plugin can hold back; 0: any number. What is more than that ends the
   *  stream as in Envoy (`per_connection_buffer_limit_bytes`): a request with a local reply 413, a response
   *  with 500, or with a reset when the client has its headers already. That holds for the last piece, too,
   *  and whatever the plugin answers to it, if others were held back before. In ngx_wasm_module a request's body
   *  that is larger is in a file, where the plugin can't read it. */
  size_t buffer_limit;
  /** Whether the test fails on calls that a host refuses, or that do nothing: @ref testing_strict.
   *  Setting the environment variable `PWASM_HOST_STRICT` to 1 does so for all hosts. */
  bool strict;
  /** Whether a plugin may trap. If not, the test fails. In either case the VM is dead from then on: see
   *  pwasm_host_vm_has_trapped(). */
  bool allow_traps;
  /** Whether every callback and hostcall is printed to stderr. Setting the environment variable
   *  `PWASM_HOST_TRACE` to 1 does so for all hosts. */
  bool trace;
  /** Whether the trace is kept for pwasm_host_trace(). */
  bool keep_trace;
  /** Whether bodies and bytes of connections that have gone through are thrown away and not recorded,
   *  for tests that send gigabytes. */
  bool forgets_bodies;
  /** Whether native plugins get memory that they have released again at once, as modules do. If not, it waits
   *  until 64 KiB more are released: who still uses it, such as a view that was kept for too long, finds it
   *  marked (@ref memory), and not some other plugin's data. For tests that look at how much memory there is. */
  bool reuses_memory;
  /** What is called when an expectation is not met or the host is misused. NULL: the test of cmocka
   *  fails; without cmocka, the program aborts. */
  PwasmHostFailFn *on_failure;
} PwasmHostOptions;

/** What a host's clock shows at first: 2025-01-01 00:00:00 UTC. */
#define PWASM_HOST_START_TIME_NS 1735689600000000000u

/** Makes a host.
 *
 *  Hostcalls that a test makes outside of any callback are about the newest host.
 *
 *  @param options  borrowed for the call; NULL for none
 *  @return the host, to be freed with pwasm_host_free(); never NULL: the program aborts without memory
 */
PWASM_NODISCARD PwasmHost *pwasm_host_new(const PwasmHostOptions *options);

/** Ends all streams, then all plugins, then all VMs, and frees everything.
 *
 *  The test fails if the plugin still holds references to contexts then: it has a leak. Of a native
 *  plugin it is said which contexts these are.
 *
 *  @param host  the host; NULL is ignored
 */
void pwasm_host_free(PwasmHost *host);

/** Reads the host's clock, which stands still but for the two functions below and
 *  pwasm_host_advance().
 *
 *  @param host  the host
 *  @return nanoseconds since 1970-01-01 UTC
 */
uint64_t pwasm_host_time_get(const PwasmHost *host);

/** Sets the host's clock.
 *
 *  @param host     the host
 *  @param time_ns  nanoseconds since 1970-01-01 UTC
 */
void pwasm_host_time_set(PwasmHost *host, uint64_t time_ns);

/** Lets time pass, and nothing else; pwasm_host_advance() also lets happen what is due.
 *
 *  @param host         the host
 *  @param duration_ns  how much, in nanoseconds
 */
void pwasm_host_time_advance(PwasmHost *host, uint64_t duration_ns);

PWASM_END_DECLS

#endif

#ifndef PWASM_TESTHOST_PROFILE_PRIVATE_H
#define PWASM_TESTHOST_PROFILE_PRIVATE_H

/* What hosts differ in. */

#include "guest_private.h"
#include "hostcall_private.h"

/* What becomes of a hostcall. */
typedef enum PwasmHostSupport {
  PWASM_HOST_WORKS,
  PWASM_HOST_TRAPS,         /* ends the VM */
  PWASM_HOST_IS_ABSENT,     /* a module that imports it does not load */
  PWASM_HOST_UNIMPLEMENTED, /* answers just that */
  PWASM_HOST_DOES_NOTHING   /* answers OK */
} PwasmHostSupport;

/* What a callback for headers is told of the end of the stream. */
typedef enum PwasmHostEndFlag {
  PWASM_HOST_END_IS_TOLD,
  PWASM_HOST_END_IS_FALSE,
  PWASM_HOST_END_IS_TRUE
} PwasmHostEndFlag;

typedef struct PwasmHostTraits {
  PwasmHostProfile profile;
  const char *name;
  uint8_t hostcalls[PWASM_HOST_NUM_HOSTCALLS];   /* a PwasmHostSupport each */
  bool traps_mistakes[PWASM_HOST_NUM_HOSTCALLS]; /* traps where Envoy answers with a status */
  bool lacks[PWASM_HOST_NUM_CALLBACKS];          /* callbacks that it never calls */
  PwasmHostEndFlag end_flag;
  bool stops_iteration;   /* as with allow_on_headers_stop_iteration */
  bool logs_after_done;   /* an HTTP stream */
  bool hides_num_headers; /* callbacks for headers are told that there are 0 */
  bool collects_requests; /* the body of a request is reported once, whole */
  bool has_text_properties;
  bool has_large_plugin_ids;
  bool counts_calls_from_0; /* ids of HTTP calls are 0, 1, 2… */
  bool is_request_bound;    /* hostcalls are about the request at hand; nobody can name another */
  bool always_compares_cas;
  bool starts_first_vm_only; /* on_vm_start is not called in others */
  bool forgets_plugins;      /* the end of a plugin makes no callbacks */
} PwasmHostTraits;

const PwasmHostTraits *pwasm__traits_of(PwasmHostProfile profile);

/* What a host has. */
extern const PwasmHostTraits pwasm__traits_envoy;
extern const PwasmHostTraits pwasm__traits_envoy_stop_iteration;
extern const PwasmHostTraits pwasm__traits_ngx_wasm_module;
extern const PwasmHostTraits pwasm__traits_apisix;

/* Whether the hostcall runs; if not, it is over. What is ordered by the test is not UNIMPLEMENTED. */
bool pwasm__profile_admits(PwasmHostcallFrame *frame, bool is_ordered);
bool pwasm__is_ngx(const PwasmHost *host);
bool pwasm__is_apisix(const PwasmHost *host);

#endif

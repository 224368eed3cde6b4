#ifndef PWASM_TESTHOST_CALLBACK_H
#define PWASM_TESTHOST_CALLBACK_H

/** @file
 *  @brief The plugin's callbacks one by one, for tests of what no sane host does.
 */

#include <pwasm/testhost/vm.h>

PWASM_BEGIN_DECLS

/** Every callback that takes the id of a context: X(NAME, number of arguments after the id, what hosts
 *  take for the answer when the plugin does not have it). */
#define PWASM_HOST_CALLBACK_LIST(X)                                                                \
  X(on_context_create, 1, 0)                                                                       \
  X(on_vm_start, 1, 1)                                                                             \
  X(on_configure, 1, 1)                                                                            \
  X(on_done, 0, 1)                                                                                 \
  X(on_log, 0, 0)                                                                                  \
  X(on_delete, 0, 0)                                                                               \
  X(on_request_headers, 2, 0)                                                                      \
  X(on_request_body, 2, 0)                                                                         \
  X(on_request_trailers, 1, 0)                                                                     \
  X(on_request_metadata, 1, 0)                                                                     \
  X(on_response_headers, 2, 0)                                                                     \
  X(on_response_body, 2, 0)                                                                        \
  X(on_response_trailers, 1, 0)                                                                    \
  X(on_response_metadata, 1, 0)                                                                    \
  X(on_new_connection, 0, 0)                                                                       \
  X(on_downstream_data, 2, 0)                                                                      \
  X(on_downstream_connection_close, 1, 0)                                                          \
  X(on_upstream_data, 2, 0)                                                                        \
  X(on_upstream_connection_close, 1, 0)                                                            \
  X(on_http_call_response, 4, 0)                                                                   \
  X(on_grpc_receive_initial_metadata, 2, 0)                                                        \
  X(on_grpc_receive, 2, 0)                                                                         \
  X(on_grpc_receive_trailing_metadata, 2, 0)                                                       \
  X(on_grpc_close, 2, 0)                                                                           \
  X(on_tick, 0, 0)                                                                                 \
  X(on_queue_ready, 1, 0)                                                                          \
  X(on_foreign_function, 2, 0)

/** Likewise those of Envoy's own, which begin with `envoy_`. */
#define PWASM_HOST_ENVOY_CALLBACK_LIST(X)                                                          \
  X(on_resolve_dns, 2, 0)                                                                          \
  X(on_stats_update, 1, 0)

/** Whether the plugin has a callback.
 *
 *  @param vm    the VM
 *  @param name  such as `proxy_on_request_headers`; an unknown one fails the test
 *  @return whether it is there
 */
bool pwasm_host_has_callback(PwasmHostVm *vm, const char *name);

/** Calls a callback as it is, with no regard to what the host knows of the context.
 *
 *  @param vm          the VM
 *  @param name        such as `proxy_on_request_headers`; an unknown one fails the test
 *  @param context_id  any id
 *  @param a           the first argument after the id, if it has one
 *  @param b           the second argument after the id, if it has one; any further ones are 0
 *  @return the answer; 0 from a callback without one; if the plugin does not have it, what hosts
 *          take for the answer then
 */
uint32_t pwasm_host_call(PwasmHostVm *vm, const char *name, uint32_t context_id, uint32_t a,
                         uint32_t b);

/** The same, with all arguments: `proxy_on_http_call_response` has four after the id.
 *
 *  @param vm          the VM
 *  @param name        such as `proxy_on_http_call_response`; an unknown one fails the test
 *  @param context_id  any id
 *  @param arguments   those after the id; further ones than the callback has are ignored
 *  @return as pwasm_host_call()
 */
uint32_t pwasm_host_call_with(PwasmHostVm *vm, const char *name, uint32_t context_id,
                              const uint32_t arguments[4]);

/** Asks the plugin for memory, as hosts do for what they return, but outside of any callback.
 *
 *  @param vm    the VM
 *  @param size  bytes
 *  @return the memory; NULL when the plugin has none
 *  @lifetime{the memory, until the next callback returns}
 */
void *pwasm_host_allocate(PwasmHostVm *vm, uint32_t size);

PWASM_END_DECLS

#endif

#ifndef PWASM_TESTHOST_GUEST_PRIVATE_H
#define PWASM_TESTHOST_GUEST_PRIVATE_H

/* The guest's side of the ABI: one table of callbacks, and the one function that calls them. */

#include <pwasm/testhost/callback.h>

typedef enum PwasmHostCallback {
#define PWASM__ENUMERATOR(name, num_arguments, absent) PWASM_HOST_CALLBACK_##name,
  PWASM_HOST_CALLBACK_LIST(PWASM__ENUMERATOR)
#undef PWASM__ENUMERATOR
    PWASM_HOST_NUM_CALLBACKS
} PwasmHostCallback;

/* Any but the first may be NULL: the guest does not have it. */
typedef struct PwasmGuest {
  void *(*memory_allocate)(uint32_t size);
  void (*on_context_create)(uint32_t context_id, uint32_t parent_id);
  uint32_t (*on_vm_start)(uint32_t plugin_id, uint32_t configuration_size);
  uint32_t (*on_configure)(uint32_t plugin_id, uint32_t configuration_size);
  uint32_t (*on_done)(uint32_t context_id);
  void (*on_log)(uint32_t context_id);
  void (*on_delete)(uint32_t context_id);
  uint32_t (*on_request_headers)(uint32_t context_id, uint32_t num_headers, uint32_t end_of_stream);
  uint32_t (*on_request_body)(uint32_t context_id, uint32_t body_size, uint32_t end_of_stream);
  uint32_t (*on_request_trailers)(uint32_t context_id, uint32_t num_trailers);
  uint32_t (*on_request_metadata)(uint32_t context_id, uint32_t num_elements);
  uint32_t (*on_response_headers)(uint32_t context_id, uint32_t num_headers,
                                  uint32_t end_of_stream);
  uint32_t (*on_response_body)(uint32_t context_id, uint32_t body_size, uint32_t end_of_stream);
  uint32_t (*on_response_trailers)(uint32_t context_id, uint32_t num_trailers);
  uint32_t (*on_response_metadata)(uint32_t context_id, uint32_t num_elements);
  uint32_t (*on_new_connection)(uint32_t context_id);
  uint32_t (*on_downstream_data)(uint32_t context_id, uint32_t data_size, uint32_t end_of_stream);
  void (*on_downstream_connection_close)(uint32_t context_id, uint32_t peer);
  uint32_t (*on_upstream_data)(uint32_t context_id, uint32_t data_size, uint32_t end_of_stream);
  void (*on_upstream_connection_close)(uint32_t context_id, uint32_t peer);
  void (*on_http_call_response)(uint32_t context_id, uint32_t call_id, uint32_t num_headers,
                                uint32_t body_size, uint32_t num_trailers);
  void (*on_grpc_receive_initial_metadata)(uint32_t context_id, uint32_t call_id,
                                           uint32_t num_metadata);
  void (*on_grpc_receive)(uint32_t context_id, uint32_t call_id, uint32_t message_size);
  void (*on_grpc_receive_trailing_metadata)(uint32_t context_id, uint32_t call_id,
                                            uint32_t num_metadata);
  void (*on_grpc_close)(uint32_t context_id, uint32_t call_id, uint32_t grpc_status);
  void (*on_tick)(uint32_t plugin_id);
  void (*on_queue_ready)(uint32_t plugin_id, uint32_t queue_id);
  void (*on_foreign_function)(uint32_t context_id, uint32_t function_id, uint32_t arguments_size);
} PwasmGuest;

/* The plugin that is linked into this program. */
extern const PwasmGuest pwasm__native_guest;

bool pwasm__guest_has(const PwasmGuest *guest, PwasmHostCallback callback);
/* Calls it; the answer of a callback that has none, or is absent, is what hosts take it for. */
uint32_t pwasm__guest_dispatch(const PwasmGuest *guest, PwasmHostCallback callback,
                               uint32_t context_id, uint32_t a, uint32_t b);

/* `proxy_` and the callback's name. */
const char *pwasm__callback_name(PwasmHostCallback callback);
/* What hosts take for the answer of a callback that the guest does not have. */
uint32_t pwasm__callback_absent_answer(PwasmHostCallback callback);
/* Arguments after the id. */
int pwasm__callback_num_arguments(PwasmHostCallback callback);
/* PWASM_HOST_NUM_CALLBACKS for a name that is none. */
PwasmHostCallback pwasm__callback_from_name(const char *name);

/* The one way into a guest: switches to the VM, makes `context` the current one, and puts all back as
 * it was; `context` may be NULL for an id that the host does not know. `ret_stopped`, unless NULL,
 * becomes true when a local reply overrules the answer. Nothing deferred is done yet. */
uint32_t pwasm__host_enter(PwasmHostVm *vm, PwasmHostCallback callback, uint32_t context_id,
                           uint32_t a, uint32_t b, bool *ret_stopped);

/* Copies bytes into memory of the guest, as hostcalls return them: none for no bytes. INVALID_MEMORY_ACCESS
 * when the guest has no memory. */
uint32_t pwasm__guest_return(PwasmHostVm *vm, PwasmStr bytes, char **ret_bytes, uint32_t *ret_size);

#endif

#ifndef PWASM_TESTHOST_GUEST_PRIVATE_H
#define PWASM_TESTHOST_GUEST_PRIVATE_H

/* The guest's side of the ABI: how the host calls a plugin, whether it is linked into this program or
 * is a module. */

#include <pwasm/native.h>
#include <pwasm/testhost/callback.h>
#include <pwasm/testhost/plugin.h>

#include "kept_private.h"

typedef enum PwasmHostCallback {
#define PWASM__ENUMERATOR(name, num_arguments, absent) PWASM_HOST_CALLBACK_##name,
  PWASM_HOST_CALLBACK_LIST(PWASM__ENUMERATOR) PWASM_HOST_ENVOY_CALLBACK_LIST(PWASM__ENUMERATOR)
#undef PWASM__ENUMERATOR
    PWASM_HOST_NUM_CALLBACKS
} PwasmHostCallback;

/* The most that a callback takes, the id included. */
#define PWASM_HOST_MAX_ARGUMENTS 5

/* A kind of guest. Each VM has an instance of it. */
typedef struct PwasmGuest {
  bool is_wasm;
  /* Makes the instance of a new VM. */
  void (*start)(PwasmHostVm *vm);
  /* Ends it. Which contexts are still referenced is told if it can be; else `ret_leaks` stays as it is. */
  void (*end)(PwasmHostVm *vm, PwasmHostLeaks *ret_leaks);
  bool (*has)(PwasmHostVm *vm, PwasmHostCallback callback);
  /* Calls what it has. NULL, or why it trapped: then there is no answer, and it is called no more. */
  const char *(*call)(PwasmHostVm *vm, PwasmHostCallback callback,
                      const uint32_t arguments[PWASM_HOST_MAX_ARGUMENTS], uint32_t *ret_answer);
  /* NULL, or why it trapped. The memory is NULL when there is none. */
  const char *(*allocate)(PwasmHostVm *vm, uint32_t size, void **ret_memory);
  void (*memory)(PwasmHostVm *vm, PwasmVmMemory *ret_memory);
  void (*fail_allocations_after)(PwasmHostVm *vm, size_t count);
} PwasmGuest;

/* The plugin that is linked into this program. Where it is a module, a generated file defines this;
 * else the linker takes the one of guest_native.c. */
const PwasmGuest *pwasm__guest(void);

/* What hosts take for the answer of a callback that is absent. */
uint32_t pwasm__callback_absent_answer(PwasmHostCallback callback);
/* What they go on with when the guest has trapped: it did not start, and it is done. */
uint32_t pwasm__callback_dead_answer(PwasmHostCallback callback);

/* `proxy_` or `envoy_`, and the callback's name. */
const char *pwasm__callback_name(PwasmHostCallback callback);
/* Arguments after the id. */
int pwasm__callback_num_arguments(PwasmHostCallback callback);
/* PWASM_HOST_NUM_CALLBACKS for a name that is none. */
PwasmHostCallback pwasm__callback_from_name(const char *name);

/* The one way into a guest: switches to the VM, makes `context` the current one, and puts all back as
 * it was; `context` may be NULL for an id that the host does not know. `ret_stopped`, unless NULL,
 * becomes true when a local reply overrules the answer. Nothing deferred is done yet. */
uint32_t pwasm__host_enter(PwasmHostVm *vm, PwasmHostCallback callback, uint32_t context_id,
                           uint32_t a, uint32_t b, bool *ret_stopped);

/* The guest has trapped: it is called no more, and the test fails unless it allows that. May not return:
 * the host has to be as if the callback had. */
void pwasm__host_trapped(PwasmHostVm *vm, const char *where, const char *why);
/* A native plugin is about to abort: says where, and what it has logged. */
void pwasm__host_say_panic(void);

/* The same for a callback of a plugin's that has bytes to be read, as arguments of foreign functions
 * are; with all that is to be done afterwards. */
void pwasm__host_enter_with_data(PwasmHostPlugin *plugin, PwasmHostCallback callback, uint32_t a,
                                 uint32_t b, PwasmStr bytes);

/* Copies bytes into memory of the guest, as hostcalls return them: none for no bytes. INVALID_MEMORY_ACCESS
 * when the guest has no memory. */
uint32_t pwasm__guest_return(PwasmHostVm *vm, PwasmStr bytes, char **ret_bytes, uint32_t *ret_size);

#endif

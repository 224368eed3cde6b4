#ifndef PWASM_SHARED_DATA_H
#define PWASM_SHARED_DATA_H

/** @file
 *  @brief Shared data: values by key, for all VMs with the same `vm_id`.
 *
 *  Workers have VMs of their own, so this is what they have in common. A plugin with an empty `vm_id`
 *  shares with all others that have none: give keys a prefix. Values live until the last
 *  VM with the `vm_id` ends; there is no portable way to delete one or to list keys.
 *
 *  A value has a *cas*, a number that changes with each change of the value. Who sets a value and says the cas
 *  that it was read with succeeds only if nobody was faster. pwasm_shared_data_update() does
 *  that in a loop.
 */

#include <pwasm/abi.h>
#include <pwasm/arena.h>
#include <pwasm/header_map.h>
#include <pwasm/status.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** Says what is to become of a shared value; see pwasm_shared_data_update().
 *
 *  It may be called several times, so what it changes elsewhere should not add up.
 *
 *  @param      present    the present value, which may be empty; missing when there is none
 *  @param      scratch    where to allocate what goes into the new value; rewound after each try
 *  @param[out] ret_value  the new value, for instance in @p scratch; left missing, the value stays
 *                         as it is and the update is over
 *  @param      data       what was given to pwasm_shared_data_update()
 *  @lifetime{present, until the function returns}
 *  @return @ref PWASM_STATUS_OK; anything else ends the update, which returns the same
 */
typedef PwasmStatus PwasmSharedDataUpdateFn(PwasmStr present, PwasmArena *scratch,
                                            PwasmStr *ret_value, void *data);

/** @cond private: out of line, with scalars, because wasm32 passes structs through memory */
PwasmStatus pwasm__shared_data_get(const char *key, size_t key_len, PwasmStr *ret_value,
                                   uint32_t *ret_cas);
PwasmStatus pwasm__shared_data_set(const char *key, size_t key_len, const char *value,
                                   size_t value_len);
PwasmStatus pwasm__shared_data_compare_and_set(const char *key, size_t key_len, const char *value,
                                               size_t value_len, uint32_t cas);
PwasmStatus pwasm__shared_data_update(const char *key, size_t key_len,
                                      PwasmSharedDataUpdateFn *update, void *data,
                                      uint32_t max_tries);
/** @endcond */

/** Reads a shared value.
 *
 *  @param      key        which value
 *  @param[out] ret_value  the value, which may be empty, but not missing; untouched on failure
 *  @param[out] ret_cas    its cas, for pwasm_shared_data_compare_and_set(); NULL if not wanted;
 *                         untouched on failure
 *  @lifetime{ret_value, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK             found
 *  @retval PWASM_STATUS_NOT_FOUND      there is no such value
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit (ngx_wasm_module traps)
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host has no shared data
 *  @retval PWASM_STATUS_TOO_LARGE      @p key has 4 GiB or more
 *  @hostcall{proxy_get_shared_data}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_shared_data_get(PwasmStr key, PwasmStr *ret_value, uint32_t *ret_cas)
{
  return pwasm__shared_data_get(key.data, key.len, ret_value, ret_cas);
}

/** Sets a shared value, whatever it was before.
 *
 *  Hosts disagree on what that takes. In Envoy it is one call; ngx_wasm_module wants the present cas,
 *  so there it is three, and more when others are faster.
 *
 *  @param key    which value; it is made if need be
 *  @param value  the new value; a missing one is stored as an empty one
 *  @retval PWASM_STATUS_OK             set
 *  @retval PWASM_STATUS_CAS_MISMATCH   others were faster, many times over (never in Envoy)
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the present value does not fit the memory (never in Envoy)
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host has no shared data
 *  @retval PWASM_STATUS_TOO_LARGE      @p key or @p value has 4 GiB or more
 *  @hostcall{proxy_set_shared_data}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_shared_data_set(PwasmStr key, PwasmStr value)
{
  return pwasm__shared_data_set(key.data, key.len, value.data, value.len);
}

/** Sets a shared value if its cas is still the same.
 *
 *  Hosts disagree on values that do not exist: in Envoy any @p cas sets them, in ngx_wasm_module only 0;
 *  and in Envoy 0 overwrites whatever is there. For a value that may not exist yet use
 *  pwasm_shared_data_update().
 *
 *  @param key    which value
 *  @param value  the new value; a missing one is stored as an empty one
 *  @param cas    from pwasm_shared_data_get()
 *  @retval PWASM_STATUS_OK             set
 *  @retval PWASM_STATUS_CAS_MISMATCH   it was changed in the meantime, and stays so
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host has no shared data
 *  @retval PWASM_STATUS_TOO_LARGE      @p key or @p value has 4 GiB or more
 *  @hostcall{proxy_set_shared_data}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_shared_data_compare_and_set(PwasmStr key, PwasmStr value, uint32_t cas)
{
  return pwasm__shared_data_compare_and_set(key.data, key.len, value.data, value.len, cas);
}

/** Changes a shared value without losing what others do to it at the same time.
 *
 *  Reads the value, asks @p update for the new one, sets it; if somebody was faster, begins again. No
 *  update is lost in any host, not even when several VMs make the value at the same time.
 *
 *  What is allocated in scratch meanwhile is gone when this returns.
 *
 *  @param key        which value; it is made if need be
 *  @param update     says the new value
 *  @param data       what @p update gets; borrowed for the call
 *  @param max_tries  how often @p update may be called, at least 1
 *  @retval PWASM_STATUS_OK             set, or @p update left it as it is
 *  @retval PWASM_STATUS_CAS_MISMATCH   others were faster, @p max_tries times
 *  @retval PWASM_STATUS_BAD_ARGUMENT   @p max_tries is 0
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host has no shared data
 *  @retval PWASM_STATUS_TOO_LARGE      @p key or the new value has 4 GiB or more
 *  @return or what @p update has returned
 *  @hostcall{proxy_set_shared_data}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_shared_data_update(PwasmStr key, PwasmSharedDataUpdateFn *update, void *data,
                         uint32_t max_tries)
{
  return pwasm__shared_data_update(key.data, key.len, update, data, max_tries);
}

PWASM_END_DECLS

#endif

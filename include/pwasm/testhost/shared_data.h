#ifndef PWASM_TESTHOST_SHARED_DATA_H
#define PWASM_TESTHOST_SHARED_DATA_H

/** @file
 *  @brief The shared data of a test host.
 */

#include <pwasm/str.h>
#include <pwasm/testhost/host.h>

PWASM_BEGIN_DECLS

/** Sets a shared value, as a VM would.
 *
 *  @param host   the host
 *  @param vm_id  a C string; "" for VMs that have none
 *  @param key    a C string
 *  @param value  copied; a missing one is stored as an empty one
 */
void pwasm_host_shared_data_set(PwasmHost *host, const char *vm_id, const char *key,
                                PwasmStr value);

/** Reads a shared value.
 *
 *  @param host   the host
 *  @param vm_id  a C string; "" for VMs that have none
 *  @param key    a C string
 *  @return the value, which may be empty; missing when there is none
 *  @lifetime{the result, until the value is set again}
 */
PwasmStr pwasm_host_shared_data_get(const PwasmHost *host, const char *vm_id, const char *key);

/** The shared value is exactly this; C strings. */
#define PWASM_EXPECT_SHARED_DATA(host, vm_id, key, value)                                          \
  pwasm__expect_shared_data(__FILE__, __LINE__, (host), (vm_id), (key), (value))

/** There is no such shared value; C strings. */
#define PWASM_EXPECT_NO_SHARED_DATA(host, vm_id, key)                                              \
  pwasm__expect_shared_data(__FILE__, __LINE__, (host), (vm_id), (key), NULL)

/** @cond private */
void pwasm__expect_shared_data(const char *file, int line, PwasmHost *host, const char *vm_id,
                               const char *key, const char *value);
/** @endcond */

PWASM_END_DECLS

#endif

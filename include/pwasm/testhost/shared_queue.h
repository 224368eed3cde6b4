#ifndef PWASM_TESTHOST_SHARED_QUEUE_H
#define PWASM_TESTHOST_SHARED_QUEUE_H

/** @file
 *  @brief The shared queues of a test host.
 *
 *  What is put into a queue posts a notification, which waits until the test lets it be delivered.
 */

#include <pwasm/str.h>
#include <pwasm/testhost/host.h>

PWASM_BEGIN_DECLS

/** Delivers all notifications that wait, in order, also those that are posted meanwhile: each calls
 *  `on_queue_ready` of the plugin that was the queue's receiver when it was posted.
 *
 *  pwasm_host_advance() does this too.
 *
 *  @param host  the host
 *  @return how many were delivered; those for plugins that are gone are not
 */
size_t pwasm_host_shared_queue_notify(PwasmHost *host);

/** Puts a value into a queue, as a VM would, and posts the notification.
 *
 *  @param host   the host
 *  @param vm_id  the receiver's, a C string; "" for VMs that have none
 *  @param name   a C string; a queue that nobody has registered fails the test
 *  @param value  copied
 */
void pwasm_host_shared_queue_enqueue(PwasmHost *host, const char *vm_id, const char *name,
                                     PwasmStr value);

/** Makes a queue without a receiver, as nginx's configuration does: ngx_wasm_module has no others.
 *
 *  @param host   the host
 *  @param vm_id  the receiver's, a C string; "" for VMs that have none
 *  @param name   a C string
 */
void pwasm_host_shared_queue_declare(PwasmHost *host, const char *vm_id, const char *name);

/** A value in a queue, which stays there.
 *
 *  @param host   the host
 *  @param vm_id  the receiver's, a C string; "" for VMs that have none
 *  @param name   a C string
 *  @param index  from 0, the next one to be taken out
 *  @return the value; missing past the last, and when there is no such queue
 *  @lifetime{the result, until it is taken out}
 */
PwasmStr pwasm_host_shared_queue_peek(const PwasmHost *host, const char *vm_id, const char *name,
                                      size_t index);

/** A queue is there, and holds exactly these values, the next one to be taken out first; C strings:
 *  `PWASM_EXPECT_QUEUE(host, "", "logs", "first", "second")`. */
#define PWASM_EXPECT_QUEUE(host, vm_id, name, ...)                                                 \
  pwasm__expect_queue(__FILE__, __LINE__, (host), (vm_id), (name),                                 \
                      (const char *const[]){__VA_ARGS__},                                          \
                      sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/** A queue is there, and nothing is in it; C strings. */
#define PWASM_EXPECT_EMPTY_QUEUE(host, vm_id, name)                                                \
  pwasm__expect_queue(__FILE__, __LINE__, (host), (vm_id), (name), NULL, 0)

/** @cond private */
void pwasm__expect_queue(const char *file, int line, PwasmHost *host, const char *vm_id,
                         const char *name, const char *const *values, size_t num_values);
/** @endcond */

PWASM_END_DECLS

#endif

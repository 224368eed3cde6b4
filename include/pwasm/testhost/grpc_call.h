#ifndef PWASM_TESTHOST_GRPC_CALL_H
#define PWASM_TESTHOST_GRPC_CALL_H

/** @file
 *  @brief gRPC calls and streams that the plugin begins: the test plays the service.
 */

#include <pwasm/testhost/headers.h>
#include <pwasm/testhost/plugin.h>

PWASM_BEGIN_DECLS

/** A call or a stream, as the plugin asked for it. */
typedef struct PwasmHostGrpcCall {
  uint32_t id;         /**< the host's name for it: 5, 9, … for calls, 6, 10, … for streams */
  uint32_t context_id; /**< on whose behalf it was made */
  bool is_stream;      /**< a stream; a call otherwise */
  PwasmStr upstream;   /**< the cluster's name; of a `GrpcService` that has none, the message */
  PwasmStr service;    /**< the service's name */
  PwasmStr method;     /**< the method's name */
  PwasmHostHeaders metadata; /**< all of them, in order */
  uint32_t timeout_ms;       /**< of a call; 0 for none; pwasm_host_advance() ends it then */
  PwasmStr message;          /**< a call's, or the last that was sent on a stream */
  size_t num_messages;       /**< how many were sent */
  bool is_half_closed;       /**< the plugin sends no more */
  bool is_cancelled;         /**< the plugin has cancelled it */
} PwasmHostGrpcCall;

/** What happens inside the hostcall that makes a call or stream, before the plugin knows its id.
 *
 *  @param call  the call
 *  @param data  what pwasm_host_on_grpc_call() got
 *  @return what the hostcall returns, a status
 */
typedef uint32_t PwasmHostGrpcCallFn(PwasmHostGrpcCall *call, void *data);

/** How many calls and streams have not ended yet.
 *
 *  @param host  the host
 *  @return their number
 */
size_t pwasm_host_grpc_call_count(const PwasmHost *host);

/** A call or stream that has not ended yet.
 *
 *  @param host   the host
 *  @param index  from 0, the oldest; if there is none, the test fails
 *  @return the call
 *  @lifetime{the result, as long as the host}
 */
PwasmHostGrpcCall *pwasm_host_grpc_call(PwasmHost *host, size_t index);

/** The service's initial metadata arrive.
 *
 *  @param call      the call
 *  @param metadata  copied
 */
void pwasm_host_grpc_receive_initial_metadata(PwasmHostGrpcCall *call, PwasmHostHeaders metadata);

/** A message arrives; it ends a call, but not a stream.
 *
 *  @param call     the call
 *  @param message  borrowed for the call
 */
void pwasm_host_grpc_receive(PwasmHostGrpcCall *call, PwasmStr message);

/** The service's trailing metadata arrive.
 *
 *  @param call      the call
 *  @param metadata  copied
 */
void pwasm_host_grpc_receive_trailing_metadata(PwasmHostGrpcCall *call, PwasmHostHeaders metadata);

/** A call fails, or a stream ends. Nothing keeps a test from doing it twice.
 *
 *  @param call         the call
 *  @param grpc_status  the status
 *  @param message      what proxy_get_status() tells with it; borrowed for the call
 */
void pwasm_host_grpc_close(PwasmHostGrpcCall *call, uint32_t grpc_status, PwasmStr message);

/** The call's timeout runs out, whatever the clock says: Envoy ends it with @ref
 *  PWASM_GRPC_STATUS_UNAVAILABLE, or @ref PWASM_GRPC_STATUS_INTERNAL if initial metadata have arrived. A
 *  service that knows of the timeout may be quicker: pwasm_host_grpc_close() with
 *  @ref PWASM_GRPC_STATUS_DEADLINE_EXCEEDED.
 *
 *  @param call  the call
 */
void pwasm_host_grpc_time_out(PwasmHostGrpcCall *call);

/** Makes a function run inside each hostcall that makes a call or stream.
 *
 *  @param host  the host
 *  @param fn    the function; NULL for none
 *  @param data  what it gets; borrowed
 */
void pwasm_host_on_grpc_call(PwasmHost *host, PwasmHostGrpcCallFn *fn, void *data);

/** Makes the host count from the beginning again, so that ids are used twice.
 *
 *  @param host  the host
 */
void pwasm_host_reset_grpc_call_ids(PwasmHost *host);

/** So many calls and streams have not ended yet. */
#define PWASM_EXPECT_GRPC_CALLS(host, count)                                                       \
  pwasm__expect_grpc_calls(__FILE__, __LINE__, (host), (count))

/** The call or stream is to this cluster, of this service's method; C strings. */
#define PWASM_EXPECT_GRPC_CALL(call, upstream, service, method)                                    \
  pwasm__expect_grpc_call(__FILE__, __LINE__, (call), (upstream), (service), (method))

/** The call or stream has metadata of this value, perhaps among others of the name; C strings. */
#define PWASM_EXPECT_GRPC_CALL_METADATA(call, name, value)                                         \
  pwasm__expect_grpc_call_metadata(__FILE__, __LINE__, (call), (name), (value))

/** The call's message is exactly this @ref PwasmStr, or the last one that was sent on the stream. */
#define PWASM_EXPECT_GRPC_CALL_MESSAGE(call, message)                                              \
  pwasm__expect_grpc_call_message(__FILE__, __LINE__, (call), (message))

/** @cond private */
void pwasm__expect_grpc_calls(const char *file, int line, PwasmHost *host, size_t count);
void pwasm__expect_grpc_call(const char *file, int line, const PwasmHostGrpcCall *call,
                             const char *upstream, const char *service, const char *method);
void pwasm__expect_grpc_call_metadata(const char *file, int line, const PwasmHostGrpcCall *call,
                                      const char *name, const char *value);
void pwasm__expect_grpc_call_message(const char *file, int line, const PwasmHostGrpcCall *call,
                                     PwasmStr message);
/** @endcond */

PWASM_END_DECLS

#endif

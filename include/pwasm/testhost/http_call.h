#ifndef PWASM_TESTHOST_HTTP_CALL_H
#define PWASM_TESTHOST_HTTP_CALL_H

/** @file
 *  @brief HTTP calls that the plugin makes: the test plays the service that is called.
 */

#include <pwasm/testhost/headers.h>
#include <pwasm/testhost/plugin.h>

PWASM_BEGIN_DECLS

/** A call, as the plugin asked for it. */
typedef struct PwasmHostHttpCall {
  uint32_t id;               /**< the host's name for it */
  uint32_t context_id;       /**< on whose behalf it was made */
  PwasmStr upstream;         /**< the cluster */
  PwasmHostHeaders headers;  /**< all of them, in order */
  PwasmStr body;             /**< may be empty */
  PwasmHostHeaders trailers; /**< may be none */
  uint32_t timeout_ms;       /**< 0 for none; pwasm_host_advance() ends the call then */
} PwasmHostHttpCall;

/** An answer. */
typedef struct PwasmHostHttpAnswer {
  PwasmHostHeaders headers;  /**< copied; with none the plugin takes the call for failed */
  PwasmStr body;             /**< borrowed for the call */
  PwasmHostHeaders trailers; /**< copied */
  uint32_t context_id;       /**< on which context to answer; 0: the plugin's, as Envoy does */
} PwasmHostHttpAnswer;

/** What happens inside the hostcall that makes a call, before the plugin knows the call's id: some
 *  hosts answer there.
 *
 *  @param call  the call
 *  @param data  what pwasm_host_on_http_call() got
 *  @return what the hostcall returns, a status
 */
typedef uint32_t PwasmHostHttpCallFn(PwasmHostHttpCall *call, void *data);

/** How many calls were not answered, failed or dropped yet.
 *
 *  @param host  the host
 *  @return their number
 */
size_t pwasm_host_http_call_count(const PwasmHost *host);

/** A call that was not answered, failed or dropped yet.
 *
 *  @param host   the host
 *  @param index  from 0, the oldest; if there is none, the test fails
 *  @return the call
 *  @lifetime{the result, as long as the host\, unless pwasm_host_http_call_free() ends it}
 */
PwasmHostHttpCall *pwasm_host_http_call(PwasmHost *host, size_t index);

/** The service answers. Nothing keeps a test from answering twice, or after the stream's end.
 *
 *  @param call    the call
 *  @param answer  borrowed for the call
 */
void pwasm_host_http_call_answer(PwasmHostHttpCall *call, const PwasmHostHttpAnswer *answer);

/** The call fails, as when the connection breaks: the plugin gets no headers, no body, no trailers, and
 *  proxy_get_status() tells `BROKEN_CONNECTION`.
 *
 *  @param call  the call
 */
void pwasm_host_http_call_fail(PwasmHostHttpCall *call);

/** The call's timeout runs out, whatever the clock says. Envoy answers by itself, with 504; in hosts for
 *  nginx the call fails.
 *
 *  @param call  the call
 */
void pwasm_host_http_call_time_out(PwasmHostHttpCall *call);

/** The host loses the call: it is not listed any more.
 *
 *  @param call  the call
 */
void pwasm_host_http_call_drop(PwasmHostHttpCall *call);

/** Forgets a call. Only a test with very many calls needs this; pwasm_host_free() does it for all.
 *
 *  @param call  the call
 */
void pwasm_host_http_call_free(PwasmHostHttpCall *call);

/** Makes a function run inside each hostcall that makes a call.
 *
 *  @param host  the host
 *  @param fn    the function; NULL for none
 *  @param data  what it gets; borrowed
 */
void pwasm_host_on_http_call(PwasmHost *host, PwasmHostHttpCallFn *fn, void *data);

/** Sets the id of the next call. Otherwise ids are 4, 8, … as in Envoy.
 *
 *  @param host     the host
 *  @param call_id  any, also one that is in use
 */
void pwasm_host_set_next_http_call_id(PwasmHost *host, uint32_t call_id);

/** Names a cluster that the host has. Once one is named, calls to others are refused.
 *
 *  @param host  the host
 *  @param name  a C string
 */
void pwasm_host_add_cluster(PwasmHost *host, const char *name);

/** So many calls were not answered, failed or dropped yet. */
#define PWASM_EXPECT_HTTP_CALLS(host, count)                                                       \
  pwasm__expect_http_calls(__FILE__, __LINE__, (host), (count))

/** The call is to this cluster, with this `:method` and `:path`; C strings. */
#define PWASM_EXPECT_HTTP_CALL(call, upstream, method, path)                                       \
  pwasm__expect_http_call(__FILE__, __LINE__, (call), (upstream), (method), (path))

/** The call has a header of this value, perhaps among others of the name; C strings. */
#define PWASM_EXPECT_HTTP_CALL_HEADER(call, name, value)                                           \
  pwasm__expect_http_call_header(__FILE__, __LINE__, (call), (name), (value))

/** The call has no such header; a C string. */
#define PWASM_EXPECT_NO_HTTP_CALL_HEADER(call, name)                                               \
  pwasm__expect_http_call_header(__FILE__, __LINE__, (call), (name), NULL)

/** The call has exactly this body; a C string. */
#define PWASM_EXPECT_HTTP_CALL_BODY(call, body)                                                    \
  pwasm__expect_http_call_body(__FILE__, __LINE__, (call), (body))

/** @cond private */
void pwasm__expect_http_calls(const char *file, int line, PwasmHost *host, size_t count);
void pwasm__expect_http_call(const char *file, int line, const PwasmHostHttpCall *call,
                             const char *upstream, const char *method, const char *path);
void pwasm__expect_http_call_header(const char *file, int line, const PwasmHostHttpCall *call,
                                    const char *name, const char *value);
void pwasm__expect_http_call_body(const char *file, int line, const PwasmHostHttpCall *call,
                                  const char *body);
/** @endcond */

PWASM_END_DECLS

#endif

#ifndef PWASM_TESTHOST_ENVOY_DNS_H
#define PWASM_TESTHOST_ENVOY_DNS_H

/** @file
 *  @brief Names that the plugin asks Envoy to resolve: the test plays the resolver.
 */

#include <pwasm/testhost/plugin.h>

PWASM_BEGIN_DECLS

/** A question, as the plugin asked it. */
typedef struct PwasmHostEnvoyDns {
  uint32_t token;      /**< the host's name for it */
  uint32_t context_id; /**< on whose behalf it was asked */
  PwasmStr name;       /**< the name that is to be resolved */
} PwasmHostEnvoyDns;

/** An address. */
typedef struct PwasmHostEnvoyAddress {
  const char *text; /**< as Envoy writes it, with the port 0: `127.0.0.1:0`, `[::1]:0` */
  uint32_t ttl_s;   /**< for how long it is good, in seconds */
} PwasmHostEnvoyAddress;

/** What happens inside the hostcall that asks a question, before the plugin knows its token: Envoy answers
 *  there what it need not ask a server for.
 *
 *  @param dns   the question
 *  @param data  what pwasm_host_on_envoy_dns() got
 *  @return what the hostcall returns, a status
 */
typedef uint32_t PwasmHostEnvoyDnsFn(PwasmHostEnvoyDns *dns, void *data);

/** How many questions were not answered, failed or dropped yet.
 *
 *  @param host  the host
 *  @return their number
 */
size_t pwasm_host_envoy_dns_count(const PwasmHost *host);

/** A question that was not answered, failed or dropped yet.
 *
 *  @param host   the host
 *  @param index  from 0, the oldest; if there is none, the test fails
 *  @return the question
 *  @lifetime{the result, as long as the host}
 */
PwasmHostEnvoyDns *pwasm_host_envoy_dns(PwasmHost *host, size_t index);

/** The name is resolved. Nothing keeps a test from answering twice, or after the stream's end.
 *
 *  @param dns            the question
 *  @param addresses      copied; NULL for none
 *  @param num_addresses  elements of @p addresses
 */
void pwasm_host_envoy_dns_answer(PwasmHostEnvoyDns *dns, const PwasmHostEnvoyAddress *addresses,
                                 size_t num_addresses);

/** The plugin gets bytes for an answer, as they are.
 *
 *  @param dns    the question
 *  @param bytes  borrowed for the call
 */
void pwasm_host_envoy_dns_answer_bytes(PwasmHostEnvoyDns *dns, PwasmStr bytes);

/** The name can't be resolved: the plugin gets no bytes.
 *
 *  @param dns  the question
 */
void pwasm_host_envoy_dns_fail(PwasmHostEnvoyDns *dns);

/** The host loses the question: it is not listed any more.
 *
 *  @param dns  the question
 */
void pwasm_host_envoy_dns_drop(PwasmHostEnvoyDns *dns);

/** Makes a function run inside each hostcall that asks a question.
 *
 *  @param host  the host
 *  @param fn    the function; NULL for none
 *  @param data  what it gets; borrowed
 */
void pwasm_host_on_envoy_dns(PwasmHost *host, PwasmHostEnvoyDnsFn *fn, void *data);

PWASM_END_DECLS

#endif

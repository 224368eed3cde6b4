#ifndef PWASM_ENVOY_DNS_H
#define PWASM_ENVOY_DNS_H

/** @file
 *  @brief Resolving names, in Envoy; answered later by a function of the plugin's.
 *
 *  Only Envoy has the call behind it: a module that uses it does not load in other hosts.
 *
 *  @snippet plugins/envoy_only.c resolve
 */

#include <pwasm/call_status.h>
#include <pwasm/context.h>

PWASM_BEGIN_DECLS

/** An address of a name. */
typedef struct PwasmEnvoyDnsAddress {
  PwasmStr ip;    /**< as text: `192.0.2.1`, or `2001:db8::1` without brackets; no port */
  uint32_t ttl_s; /**< for how long it is good, in seconds; 0 of what no server was asked for */
} PwasmEnvoyDnsAddress;

/** Addresses to be visited one by one, in Envoy's order. Copy the struct to visit them again.
 *
 *  It is a view: nothing is copied out of what Envoy sent. The members are private.
 */
typedef struct PwasmEnvoyDnsAddresses {
  const char *ttls;  /**< the TTL of the next one */
  const char *texts; /**< the text of the next one */
  size_t num_left;   /**< not yet visited */
} PwasmEnvoyDnsAddresses;

/** How many addresses are left to visit.
 *
 *  @param addresses  the addresses
 *  @return how often pwasm_envoy_dns_address_next() will yet answer true
 */
static inline size_t
pwasm_envoy_dns_address_count(const PwasmEnvoyDnsAddresses *addresses)
{
  return addresses->num_left;
}

/** Takes the next address.
 *
 *  @param      addresses    the addresses; moves on
 *  @param[out] ret_address  the address; untouched when there is none left
 *  @lifetime{ret_address, as long as what @p addresses was made from}
 *  @return false when all were visited
 */
bool pwasm_envoy_dns_address_next(PwasmEnvoyDnsAddresses *addresses,
                                  PwasmEnvoyDnsAddress *ret_address);

/** How a name was resolved. */
typedef struct PwasmEnvoyDnsResult {
  PwasmCallOutcome
    outcome; /**< @ref PWASM_CALL_FAILED also when Envoy's answer can't be read: the log
                                 has why */
  PwasmEnvoyDnsAddresses addresses; /**< of the name; there may be none even if it is
                                         @ref PWASM_CALL_ANSWERED, and there are none otherwise */
} PwasmEnvoyDnsResult;

/** A function that is called when a name is resolved, or is not.
 *
 *  It runs as a callback of @p owner: that is whom pwasm functions are about. When the owner is deleted
 *  first it is closed but valid: it can be read, and calls about it return @ref PWASM_STATUS_CLOSED.
 *
 *  @param owner   who has asked; valid in this function, and as long as it is otherwise
 *  @param result  borrowed for the call; the addresses are there until the outermost callback returns
 *  @param data    what pwasm_envoy_dns_resolve() got
 */
typedef void PwasmEnvoyDnsFn(PwasmContext *owner, const PwasmEnvoyDnsResult *result, void *data);

/** Asks for the addresses of a name: IPv6 if there are any, else IPv4.
 *
 *  Whenever the result is OK, @p done is called once: when the name is resolved, when that fails, or
 *  when the host deletes @p owner first. For what is in `/etc/hosts`, and for what is an address
 *  already, that is before this function returns: see pwasm_http_context_resume_request() for what a callback that
 *  pauses for the answer has to do then. When it is not OK, @p done is not called.
 *
 *  Not in a callback in which an HTTP or gRPC call could not begin (@ref PWASM_STATUS_INTERNAL_FAILURE): if Envoy
 *  knows the answer at once, **Envoy 1.40 is busy for ever** with telling of both.
 *
 *  There is no timeout but the resolver's own, and the question can't be taken back. Envoy keeps it
 *  for the plugin's context: of a plugin that may be taken out of Envoy's configuration, ask no more
 *  than needed, since Envoy does not expect an answer for a plugin that is gone.
 *
 *  @param owner  who asks: `PWASM_CONTEXT(ctx)` of a VM, plugin or stream, any, not only the current
 *                one; held until @p done is called
 *  @param name   without a port; borrowed for the call
 *  @param done   called when there is a result; NULL when nobody wants to know
 *  @param data   what @p done gets; borrowed, must live until then
 *  @retval PWASM_STATUS_OK             under way
 *  @retval PWASM_STATUS_BAD_ARGUMENT   @p name is empty, or the host has lost @p owner
 *  @retval PWASM_STATUS_TOO_LARGE      @p name has 4 GiB or more
 *  @retval PWASM_STATUS_CLOSED         @p owner is gone
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 *  @hostcall{envoy_resolve_dns}
 */
PWASM_NODISCARD PwasmStatus pwasm_envoy_dns_resolve(PwasmContext *owner, PwasmStr name,
                                                    PwasmEnvoyDnsFn *done, void *data);

/** @cond private */
extern const PwasmExport pwasm_export_on_resolve_dns;
/** @endcond */

PWASM_END_DECLS

#endif

#ifndef PWASM_TESTHOST_PROPERTY_H
#define PWASM_TESTHOST_PROPERTY_H

/** @file
 *  @brief Properties of a test host.
 *
 *  What follows from a stream and its plugin is there by itself, encoded as in Envoy and at the times
 *  when Envoy has it:
 *
 *  | property | there |
 *  |---|---|
 *  | `plugin_name`, `plugin_root_id`, `plugin_vm_id` | in callbacks of plugins and streams |
 *  | `request.path`, `url_path`, `query`, `host`, `scheme`, `method`, `referer`, `useragent`, `id`, `headers` | while the request's headers are readable, and in `on_log` |
 *  | `request.time`, `protocol`, `size`, `total_size` | in callbacks of streams |
 *  | `response.code`, `size`, `total_size` | once the response's headers have come |
 *  | `response.headers`, `trailers`, `grpc_status` | while they are readable, and in `on_log` |
 *
 *  All others are set by the test; that hides those of the table as well. What the plugin sets itself
 *  is the stream's, and is read back as in Envoy.
 */

#include <pwasm/property.h>
#include <pwasm/testhost/http.h>
#include <pwasm/testhost/plugin.h>
#include <pwasm/testhost/tcp.h>

PWASM_BEGIN_DECLS

/** An integer as the newest host sends it: 8 bytes in Envoy, text elsewhere. It lives until the end of
 *  the enclosing block. */
#define PWASM_HOST_INT64(value) pwasm__host_int64(&(PwasmHostNumber){{0}}, (value))

/** A double as the newest host sends it: 8 bytes in Envoy, text elsewhere. It lives until the end of the
 *  enclosing block. */
#define PWASM_HOST_DOUBLE(value) pwasm__host_double(&(PwasmHostNumber){{0}}, (value))

/** A boolean as the newest host sends it: a byte in Envoy, text elsewhere. It lives until the end of the
 *  enclosing block. */
#define PWASM_HOST_BOOL(value) pwasm__host_bool(&(PwasmHostNumber){{0}}, (value))

/** @cond private */
typedef struct PwasmHostNumber {
  char bytes[32];
} PwasmHostNumber;

PwasmStr pwasm__host_int64(PwasmHostNumber *to, int64_t value);
PwasmStr pwasm__host_double(PwasmHostNumber *to, double value);
PwasmStr pwasm__host_bool(PwasmHostNumber *to, bool value);
/** @endcond */

/** Sets a property that is the same everywhere.
 *
 *  @param host   the host
 *  @param path   copied; `PWASM_PATH("xds", "cluster_name")`
 *  @param value  copied; the bytes as the plugin gets them; the missing value: it is not there
 */
void pwasm_host_property_set(PwasmHost *host, PwasmStr path, PwasmStr value);

/** Sets a property of a plugin and its streams; it hides the host's.
 *
 *  @param plugin  the plugin
 *  @param path    copied
 *  @param value   copied; the bytes as the plugin gets them; the missing value: it is not there
 */
void pwasm_host_plugin_property_set(PwasmHostPlugin *plugin, PwasmStr path, PwasmStr value);

/** Sets a property of a stream; it hides the plugin's and the host's.
 *
 *  @param http   the stream
 *  @param path   copied
 *  @param value  copied; the bytes as the plugin gets them; the missing value: it is not there
 */
void pwasm_host_http_property_set(PwasmHostHttp *http, PwasmStr path, PwasmStr value);

/** Sets a property of a connection; it hides the plugin's and the host's.
 *
 *  The first callback of a connection runs inside pwasm_host_tcp_open(): what that is to find is set on
 *  the plugin or the host.
 *
 *  @param tcp    the connection
 *  @param path   copied
 *  @param value  copied; the bytes as the plugin gets them; the missing value: it is not there
 */
void pwasm_host_tcp_property_set(PwasmHostTcp *tcp, PwasmStr path, PwasmStr value);

/** What the plugin has set on a stream with pwasm_property_set().
 *
 *  @param http  the stream
 *  @param path  the path that the plugin gave
 *  @return the value; missing when it has not set it
 *  @lifetime{the result, until the plugin sets it again\, at most as long as @p http}
 */
PwasmStr pwasm_host_http_filter_state(const PwasmHostHttp *http, PwasmStr path);

/** What the plugin has set on a connection with pwasm_property_set().
 *
 *  @param tcp   the connection
 *  @param path  the path that the plugin gave
 *  @return the value; missing when it has not set it
 *  @lifetime{the result, until the plugin sets it again\, at most as long as @p tcp}
 */
PwasmStr pwasm_host_tcp_filter_state(const PwasmHostTcp *tcp, PwasmStr path);

PWASM_END_DECLS

#endif

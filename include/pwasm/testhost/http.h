#ifndef PWASM_TESTHOST_HTTP_H
#define PWASM_TESTHOST_HTTP_H

/** @file
 *  @brief HTTP streams of a test host: the test plays the client and the upstream.
 *
 *  Each function that sends something calls the plugin, if it has the callback and is not paused, and
 *  then does what the plugin asked for meanwhile: reply, resume, close. What is held back is
 *  buffered and goes on when the plugin resumes.
 */

#include <pwasm/action.h>
#include <pwasm/http_context.h>
#include <pwasm/testhost/headers.h>
#include <pwasm/testhost/plugin.h>

PWASM_BEGIN_DECLS

/** An HTTP stream. */
typedef struct PwasmHostHttp PwasmHostHttp;

/** How a stream stands. */
typedef enum PwasmHostHttpState {
  PWASM_HOST_HTTP_RUNNING,         /**< nothing is held back */
  PWASM_HOST_HTTP_REQUEST_PAUSED,  /**< the plugin holds the request back */
  PWASM_HOST_HTTP_RESPONSE_PAUSED, /**< the plugin holds the response back */
  PWASM_HOST_HTTP_REPLIED, /**< the client has got a local reply, the plugin's or the host's */
  PWASM_HOST_HTTP_RESET    /**< closed by the plugin, the client or the upstream */
} PwasmHostHttpState;

/** What has arrived at the far side of the plugin. */
typedef struct PwasmHostMessage {
  bool has_headers;          /**< the headers have arrived */
  bool has_trailers;         /**< trailers have arrived */
  bool is_complete;          /**< the end has arrived */
  PwasmHostHeaders headers;  /**< none before they have arrived */
  PwasmStr body;             /**< all of it that has arrived */
  PwasmHostHeaders trailers; /**< none before they have arrived */
} PwasmHostMessage;

/** A local reply, as the plugin asked for it. */
typedef struct PwasmHostReply {
  uint32_t status_code;     /**< of HTTP */
  PwasmStr body;            /**< its body */
  PwasmHostHeaders headers; /**< those that the plugin gave; names in lower case */
  PwasmStr details;         /**< for the access log; blanks are underscores now */
  bool has_grpc_status;     /**< whether `grpc_status` was given */
  uint32_t grpc_status;     /**< a @ref PwasmGrpcStatus */
} PwasmHostReply;

/** Opens a stream. The plugin hears of it with the first that is sent.
 *
 *  @param plugin  a running plugin
 *  @return the stream
 *  @lifetime{the result, until pwasm_host_http_free()\, at most as long as the host}
 */
PwasmHostHttp *pwasm_host_http_open(PwasmHostPlugin *plugin);

/** Opens a stream and sends a whole request: `GET`, no body, `:authority` is `example.com`.
 *
 *  @param plugin  a running plugin
 *  @param path    the `:path`, a C string
 *  @return the stream
 *  @lifetime{the result, until pwasm_host_http_free()\, at most as long as the host}
 */
PwasmHostHttp *pwasm_host_http_get(PwasmHostPlugin *plugin, const char *path);

/** The id of a stream's context.
 *
 *  @param http  the stream
 *  @return the id
 */
uint32_t pwasm_host_http_id(const PwasmHostHttp *http);

/** The client sends the request's headers.
 *
 *  @param http           the stream
 *  @param headers        copied; names are turned to lower case
 *  @param end_of_stream  whether nothing follows
 *  @return what the plugin answered; CONTINUE when it was not called
 */
PwasmAction pwasm_host_http_send_request_headers(PwasmHostHttp *http, PwasmHostHeaders headers,
                                                 bool end_of_stream);

/** The client sends a piece of the request's body.
 *
 *  @param http           the stream
 *  @param bytes          copied; may be empty
 *  @param end_of_stream  whether nothing follows
 *  @return what the plugin answered; CONTINUE when it was not called
 */
PwasmAction pwasm_host_http_send_request_body(PwasmHostHttp *http, PwasmStr bytes,
                                              bool end_of_stream);

/** The client sends the request's trailers, which end the request.
 *
 *  @param http      the stream
 *  @param trailers  copied; names are turned to lower case
 *  @return what the plugin answered; CONTINUE when it was not called
 */
PwasmAction pwasm_host_http_send_request_trailers(PwasmHostHttp *http, PwasmHostHeaders trailers);

/** The client sends HTTP/2 METADATA.
 *
 *  @param http          the stream
 *  @param num_elements  how many
 */
void pwasm_host_http_send_request_metadata(PwasmHostHttp *http, size_t num_elements);

/** The upstream sends the response's headers.
 *
 *  As in Envoy, a plugin that did not get the request does not get the response either.
 *
 *  @param http           the stream
 *  @param headers        copied; names are turned to lower case
 *  @param end_of_stream  whether nothing follows
 *  @return what the plugin answered; CONTINUE when it was not called
 */
PwasmAction pwasm_host_http_send_response_headers(PwasmHostHttp *http, PwasmHostHeaders headers,
                                                  bool end_of_stream);

/** The upstream sends a piece of the response's body.
 *
 *  @param http           the stream
 *  @param bytes          copied; may be empty
 *  @param end_of_stream  whether nothing follows
 *  @return what the plugin answered; CONTINUE when it was not called
 */
PwasmAction pwasm_host_http_send_response_body(PwasmHostHttp *http, PwasmStr bytes,
                                               bool end_of_stream);

/** The upstream sends the response's trailers, which end the response.
 *
 *  @param http      the stream
 *  @param trailers  copied; names are turned to lower case
 *  @return what the plugin answered; CONTINUE when it was not called
 */
PwasmAction pwasm_host_http_send_response_trailers(PwasmHostHttp *http, PwasmHostHeaders trailers);

/** The upstream sends HTTP/2 METADATA.
 *
 *  @param http          the stream
 *  @param num_elements  how many
 */
void pwasm_host_http_send_response_metadata(PwasmHostHttp *http, size_t num_elements);

/** Ends a stream: `on_log`, `on_done`, then its context is deleted. What was recorded stays.
 *
 *  @param http  the stream; one that has ended is ignored
 */
void pwasm_host_http_end(PwasmHostHttp *http);

/** The client goes away: the stream is reset and ends.
 *
 *  @param http  the stream; one that has ended is ignored
 */
void pwasm_host_http_abort(PwasmHostHttp *http);

/** The upstream goes away. Before the response's headers the client gets a local reply, which runs through
 *  the plugin's response callbacks: 503, in hosts for nginx 502. Later the stream is reset and ends.
 *
 *  @param http  the stream, of which the upstream has got the request's headers; one that was replied to,
 *               has its whole response, or has ended, is ignored
 */
void pwasm_host_http_reset_upstream(PwasmHostHttp *http);

/** Ends a stream, if it has not, and forgets what was recorded. Only a test with very many streams
 *  needs this; pwasm_host_free() does it for all.
 *
 *  @param http  the stream; NULL is ignored
 */
void pwasm_host_http_free(PwasmHostHttp *http);

/** Tells how a stream stands.
 *
 *  @param http  the stream
 *  @return its state
 */
PwasmHostHttpState pwasm_host_http_state(const PwasmHostHttp *http);

/** Whether a stream has ended: its context was deleted.
 *
 *  @param http  the stream
 *  @return true once it has
 */
bool pwasm_host_http_is_ended(const PwasmHostHttp *http);

/** The request as far as the upstream has got it.
 *
 *  @param http  the stream
 *  @return a message of views
 *  @lifetime{the result, until something is sent on the stream}
 */
PwasmHostMessage pwasm_host_http_request(const PwasmHostHttp *http);

/** The response as far as the client has got it.
 *
 *  @param http  the stream
 *  @return a message of views
 *  @lifetime{the result, until something is sent on the stream}
 */
PwasmHostMessage pwasm_host_http_response(const PwasmHostHttp *http);

/** The local reply that the plugin asked for, whether or not the client could still get it.
 *
 *  @param http  the stream
 *  @return the first one; NULL when there was none
 *  @lifetime{the result, as long as @p http}
 */
const PwasmHostReply *pwasm_host_http_reply(const PwasmHostHttp *http);

PWASM_END_DECLS

#endif

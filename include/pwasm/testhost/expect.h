#ifndef PWASM_TESTHOST_EXPECT_H
#define PWASM_TESTHOST_EXPECT_H

/** @file
 *  @brief Expectations for tests. One that is not met fails the test and says what the host saw.
 *
 *  All strings are C strings.
 */

#include <pwasm/testhost/http.h>
#include <pwasm/testhost/plugin.h>
#include <pwasm/testhost/record.h>

PWASM_BEGIN_DECLS

/** The upstream got the request with a header of this value, perhaps among others of the name. */
#define PWASM_EXPECT_REQUEST_HEADER(http, name, value)                                             \
  pwasm__expect_header(__FILE__, __LINE__, (http), true, (name), (value))

/** The upstream got the request, without such a header. */
#define PWASM_EXPECT_NO_REQUEST_HEADER(http, name)                                                 \
  pwasm__expect_header(__FILE__, __LINE__, (http), true, (name), NULL)

/** The client got the response with a header of this value, perhaps among others of the name. */
#define PWASM_EXPECT_RESPONSE_HEADER(http, name, value)                                            \
  pwasm__expect_header(__FILE__, __LINE__, (http), false, (name), (value))

/** The client got the response, without such a header. */
#define PWASM_EXPECT_NO_RESPONSE_HEADER(http, name)                                                \
  pwasm__expect_header(__FILE__, __LINE__, (http), false, (name), NULL)

/** The upstream got exactly this body so far. */
#define PWASM_EXPECT_REQUEST_BODY(http, body)                                                      \
  pwasm__expect_body(__FILE__, __LINE__, (http), true, (body))

/** The client got exactly this body so far. */
#define PWASM_EXPECT_RESPONSE_BODY(http, body)                                                     \
  pwasm__expect_body(__FILE__, __LINE__, (http), false, (body))

/** The upstream got trailers, with one of this value, perhaps among others of the name. */
#define PWASM_EXPECT_REQUEST_TRAILER(http, name, value)                                            \
  pwasm__expect_trailer(__FILE__, __LINE__, (http), true, (name), (value))

/** The upstream got the whole request, without such a trailer: it may have no trailers at all. */
#define PWASM_EXPECT_NO_REQUEST_TRAILER(http, name)                                                \
  pwasm__expect_trailer(__FILE__, __LINE__, (http), true, (name), NULL)

/** The client got trailers, with one of this value, perhaps among others of the name. */
#define PWASM_EXPECT_RESPONSE_TRAILER(http, name, value)                                           \
  pwasm__expect_trailer(__FILE__, __LINE__, (http), false, (name), (value))

/** The client got the whole response, without such a trailer: it may have no trailers at all. */
#define PWASM_EXPECT_NO_RESPONSE_TRAILER(http, name)                                               \
  pwasm__expect_trailer(__FILE__, __LINE__, (http), false, (name), NULL)

/** The upstream got nothing of the request yet. */
#define PWASM_EXPECT_NO_REQUEST(http) pwasm__expect_nothing(__FILE__, __LINE__, (http), true)

/** The client got nothing of the response yet. */
#define PWASM_EXPECT_NO_RESPONSE(http) pwasm__expect_nothing(__FILE__, __LINE__, (http), false)

/** The upstream got the whole request. */
#define PWASM_EXPECT_REQUEST_COMPLETE(http) pwasm__expect_complete(__FILE__, __LINE__, (http), true)

/** The client got the whole response. */
#define PWASM_EXPECT_RESPONSE_COMPLETE(http)                                                       \
  pwasm__expect_complete(__FILE__, __LINE__, (http), false)

/** The stream stands so: a @ref PwasmHostHttpState. */
#define PWASM_EXPECT_STATE(http, state) pwasm__expect_state(__FILE__, __LINE__, (http), (state))

/** The plugin replied to the request itself, with this status code. */
#define PWASM_EXPECT_REPLY(http, status_code)                                                      \
  pwasm__expect_reply(__FILE__, __LINE__, (http), (status_code))

/** The plugin replied to the request itself, with exactly this body. */
#define PWASM_EXPECT_REPLY_BODY(http, body)                                                        \
  pwasm__expect_reply_body(__FILE__, __LINE__, (http), (body))

/** The plugin replied to the request itself, and gave a header of this value, perhaps among others of
 *  the name. What the host adds to a reply is no part of this. */
#define PWASM_EXPECT_REPLY_HEADER(http, name, value)                                               \
  pwasm__expect_reply_header(__FILE__, __LINE__, (http), (name), (value))

/** The plugin replied to the request itself, and gave no such header. */
#define PWASM_EXPECT_NO_REPLY_HEADER(http, name)                                                   \
  pwasm__expect_reply_header(__FILE__, __LINE__, (http), (name), NULL)

/** The plugin sent no local reply. */
#define PWASM_EXPECT_NO_REPLY(http) pwasm__expect_reply(__FILE__, __LINE__, (http), 0)

/** A line of this level that contains the text was logged. */
#define PWASM_EXPECT_LOG(host, level, text)                                                        \
  pwasm__expect_log(__FILE__, __LINE__, (host), (level), (text), true)

/** No line of this level that contains the text was logged; "" for no line of this level at all. */
#define PWASM_EXPECT_NO_LOG(host, level, text)                                                     \
  pwasm__expect_log(__FILE__, __LINE__, (host), (level), (text), false)

/** A hostcall or callback was called so many times. */
#define PWASM_EXPECT_CALLS(host, name, count)                                                      \
  pwasm__expect_calls(__FILE__, __LINE__, (host), (name), (count))

/** The plugin has come so far: a @ref PwasmHostPluginState. */
#define PWASM_EXPECT_PLUGIN_STATE(plugin, state)                                                   \
  pwasm__expect_plugin_state(__FILE__, __LINE__, (plugin), (state))

/** @cond private */
void pwasm__expect_header(const char *file, int line, const PwasmHostHttp *http, bool request,
                          const char *name, const char *value);
void pwasm__expect_body(const char *file, int line, const PwasmHostHttp *http, bool request,
                        const char *body);
void pwasm__expect_trailer(const char *file, int line, const PwasmHostHttp *http, bool request,
                           const char *name, const char *value);
void pwasm__expect_nothing(const char *file, int line, const PwasmHostHttp *http, bool request);
void pwasm__expect_complete(const char *file, int line, const PwasmHostHttp *http, bool request);
void pwasm__expect_state(const char *file, int line, const PwasmHostHttp *http,
                         PwasmHostHttpState state);
void pwasm__expect_reply(const char *file, int line, const PwasmHostHttp *http,
                         uint32_t status_code);
void pwasm__expect_reply_body(const char *file, int line, const PwasmHostHttp *http,
                              const char *body);
void pwasm__expect_reply_header(const char *file, int line, const PwasmHostHttp *http,
                                const char *name, const char *value);
void pwasm__expect_log(const char *file, int line, PwasmHost *host, PwasmLogLevel level,
                       const char *text, bool expected);
void pwasm__expect_calls(const char *file, int line, PwasmHost *host, const char *name,
                         size_t count);
void pwasm__expect_plugin_state(const char *file, int line, const PwasmHostPlugin *plugin,
                                PwasmHostPluginState state);
/** @endcond */

PWASM_END_DECLS

#endif

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/pwasm.h>
#include <pwasm/testhost.h>

/* The plugin; more often a file of its own, which this program is linked with. */

static PwasmAction
guard_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr user;

  (void)num_headers;
  (void)end_of_stream;
  if (pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x-user"), &user) ==
      PWASM_STATUS_OK)
    return PWASM_ACTION_CONTINUE;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("a request without a user"));
  pwasm_ignore(pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 401}));
  return PWASM_ACTION_PAUSE;
}

typedef struct Guard {
  PwasmHttpContext base;
} Guard;

static const PwasmHttpContextClass guard_class = {
  PWASM_HTTP_SUBCLASS(Guard, pwasm_http_context_class),
  PWASM_ON(on_request_headers, guard_on_request_headers),
};

PWASM_PLUGIN(.http_class = &guard_class);

//! [example]
static void
guard__lets_users_pass(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  pwasm_host_http_send_request_headers(
    http, PWASM_HOST_HEADERS(":method", "GET", ":path", "/", "x-user", "ada"), true);
  PWASM_EXPECT_REQUEST_HEADER(http, "x-user", "ada");
  PWASM_EXPECT_NO_REPLY(http);
  pwasm_host_free(host);
}

static void
guard__sends_others_away(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_get(pwasm_host_plugin_start(host, NULL), "/");

  (void)state;
  PWASM_EXPECT_NO_REQUEST(http);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "401");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "without a user");
  pwasm_host_free(host);
}
//! [example]

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(guard__lets_users_pass),
    cmocka_unit_test(guard__sends_others_away),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

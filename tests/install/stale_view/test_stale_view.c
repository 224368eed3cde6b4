#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/pwasm.h>
#include <pwasm/testhost.h>

typedef struct Stale {
  PwasmHttpContext base;
  PwasmStr path;
} Stale;

static PwasmAction
keep_the_path(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  Stale *self = PWASM_SELF(Stale, ctx);

  (void)num_headers;
  (void)end_of_stream;
  pwasm_ignore(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &self->path));
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
look_at_the_path(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  Stale *self = PWASM_SELF(Stale, ctx);

  (void)num_headers;
  (void)end_of_stream;
  /* What is asked for now does not come to lie where the view was. */
  for (int i = 0; i < 10; i++) {
    PwasmStr status;

    pwasm_ignore(pwasm_header_get(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR(":status"), &status));
  }
  return self->path.data[0] == '/' ? PWASM_ACTION_CONTINUE : PWASM_ACTION_PAUSE;
}

static const PwasmHttpContextClass stale_class = {
  PWASM_HTTP_SUBCLASS(Stale, pwasm_http_context_class),
  PWASM_ON(on_request_headers, keep_the_path),
  PWASM_ON(on_response_headers, look_at_the_path),
};

PWASM_PLUGIN(.http_class = &stale_class);

static void
stale_view__is_looked_at(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_get(pwasm_host_plugin_start(host, NULL), "/");

  (void)state;
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), true);
  pwasm_host_free(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(stale_view__is_looked_at)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}

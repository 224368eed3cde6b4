/* A class of the plugin's own that another class of the plugin subclasses. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/pwasm.h>
#include <pwasm/testhost.h>

//! [two_levels]
/* Counts the requests that it sees. */
typedef struct Counting {
  PwasmHttpContext base;
  unsigned num_requests;
} Counting;

static PwasmAction
counting_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PWASM_SELF(Counting, ctx)->num_requests++;
  return PWASM_CHAIN_UP(pwasm_http_context_class, on_request_headers, ctx, num_headers,
                        end_of_stream);
}

static const PwasmHttpContextClass counting_class = {
  PWASM_HTTP_SUBCLASS(Counting, pwasm_http_context_class),
  PWASM_ON(on_request_headers, counting_on_request_headers),
};
PWASM_DECLARE_CLASS(counting_class, Counting);

/* Tells the upstream what it has counted. */
typedef struct Telling {
  Counting base;
} Telling;

static PwasmAction
telling_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  Telling *self = PWASM_SELF(Telling, PWASM_SELF(Counting, ctx));
  PwasmAction action =
    PWASM_CHAIN_UP(counting_class, on_request_headers, ctx, num_headers, end_of_stream);
  PwasmDigits digits;

  if (pwasm_header_replace(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x-requests"),
                           pwasm_str_from_uint64(self->base.num_requests, &digits)) !=
      PWASM_STATUS_OK)
    pwasm_log(PWASM_LOG_WARN, PWASM_STR("x-requests was not set"));
  return action;
}

static const PwasmHttpContextClass telling_class = {
  PWASM_HTTP_SUBCLASS(Telling, counting_class),
  PWASM_ON(on_request_headers, telling_on_request_headers),
};

PWASM_PLUGIN(.http_class = &telling_class);
//! [two_levels]

static void
subclass__of_a_subclass_chains_up(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_get(pwasm_host_plugin_start(host, NULL), "/");

  (void)state;
  PWASM_EXPECT_REQUEST_HEADER(http, "x-requests", "1");
  pwasm_host_free(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(subclass__of_a_subclass_chains_up),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "../script.h"

#include <pwasm/envoy.h>

#define LOCALHOST (&(const PwasmHostEnvoyAddress){"127.0.0.1:0", 60}), 1

/* What questions ended with, in order: data, outcome, addresses. */
static char events[512];
static PwasmContext *asker;
static PwasmStatus status;
static PwasmStr name;

static int
setup(void **state)
{
  events[0] = '\0';
  asker = NULL;
  status = PWASM_STATUS_INTERNAL_FAILURE;
  name = PWASM_STR("localhost");
  return script_setup(state);
}

static void
done(PwasmContext *owner, const PwasmEnvoyDnsResult *result, void *data)
{
  static const char *const outcomes[] = {"answered", "failed", "cancelled"};
  PwasmEnvoyDnsAddresses addresses = result->addresses;
  PwasmEnvoyDnsAddress address;
  size_t len = strlen(events);
  size_t num_left = pwasm_envoy_dns_address_count(&addresses);

  len += (size_t)snprintf(events + len, sizeof events - len, "%s %s", (const char *)data,
                          outcomes[result->outcome]);
  while (pwasm_envoy_dns_address_next(&addresses, &address)) {
    assert_int_equal(pwasm_envoy_dns_address_count(&addresses), --num_left);
    len += (size_t)snprintf(events + len, sizeof events - len, " %.*s/%u",
                            PWASM_STR_ARG(address.ip), address.ttl_s);
  }
  assert_int_equal(num_left, 0);
  snprintf(events + len, sizeof events - len, ", ");
  assert_ptr_equal(owner, asker);
  assert_int_equal(pwasm_context_is_closed(owner), result->outcome == PWASM_CALL_CANCELLED);
}

static PwasmAction
ask(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  asker = PWASM_CONTEXT(ctx);
  status = pwasm_envoy_dns_resolve(asker, name, done, "a");
  return PWASM_ACTION_CONTINUE;
}

/* A stream that has asked. */
static PwasmHostHttp *
start_question(void)
{
  PwasmHostHttp *http;

  script.on_request_headers = ask;
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_http_send_request_headers(http, GET, true);
  return http;
}

static void
envoy_dns__asks(void **state)
{
  PwasmHostHttp *http = start_question();
  const PwasmHostEnvoyDns *dns = pwasm_host_envoy_dns(host, 0);

  (void)state;
  assert_ok(status);
  assert_str(dns->name, "localhost");
  assert_int_equal(dns->context_id, pwasm_host_http_id(http));
  assert_int_equal(pwasm_host_envoy_dns_count(host), 1);
  assert_string_equal(events, "");
}

static void
envoy_dns__answered(void **state)
{
  const PwasmHostEnvoyAddress addresses[] = {{"[2001:db8::1]:0", 7},
                                             {"192.0.2.1:0", 4294967295u},
                                             {"odd", 0},
                                             {"[]", 1},
                                             {"", 2},
                                             {"[:0", 3}};

  (void)state;
  start_question();
  pwasm_host_envoy_dns_answer(pwasm_host_envoy_dns(host, 0), addresses, 6);
  assert_string_equal(events, "a answered 2001:db8::1/7 192.0.2.1/4294967295 odd/0 /1 /2 [/3, ");
  assert_int_equal(pwasm_host_envoy_dns_count(host), 0);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static void
envoy_dns__answered_with_no_address(void **state)
{
  (void)state;
  start_question();
  pwasm_host_envoy_dns_answer(pwasm_host_envoy_dns(host, 0), NULL, 0);
  assert_string_equal(events, "a answered, ");
}

static void
envoy_dns__fails(void **state)
{
  (void)state;
  start_question();
  pwasm_host_envoy_dns_fail(pwasm_host_envoy_dns(host, 0));
  assert_string_equal(events, "a failed, ");
  PWASM_EXPECT_CALLS(host, "proxy_get_buffer_bytes", 0);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static void
envoy_dns__answered_twice(void **state)
{
  PwasmHostEnvoyDns *dns;

  (void)state;
  start_question();
  dns = pwasm_host_envoy_dns(host, 0);
  pwasm_host_envoy_dns_answer(dns, LOCALHOST);
  pwasm_host_envoy_dns_answer(dns, LOCALHOST);
  assert_string_equal(events, "a answered 127.0.0.1/60, ");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call 1");
}

static void
done_and_log(PwasmContext *owner, const PwasmEnvoyDnsResult *result, void *data)
{
  done(owner, result, data);
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("done"));
}

static PwasmAction
ask_and_log(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  asker = PWASM_CONTEXT(ctx);
  assert_ok(pwasm_envoy_dns_resolve(asker, name, done_and_log, "a"));
  return PWASM_ACTION_CONTINUE;
}

static void
fail_again(PwasmHost *unused, void *plugin)
{
  (void)unused;
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "envoy_on_resolve_dns",
                  pwasm_host_plugin_id(plugin), 1, 0);
}

static void
envoy_dns__answered_twice_at_once(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = ask_and_log;
  pwasm_host_http_get(plugin, "/");
  assert_int_equal(pwasm_host_envoy_dns(host, 0)->token, 1);
  pwasm_host_hook(host, "proxy_log", fail_again, plugin);
  pwasm_host_envoy_dns_answer(pwasm_host_envoy_dns(host, 0), LOCALHOST);
  assert_string_equal(events, "a answered 127.0.0.1/60, ");
}

static void
envoy_dns__answered_too_late(void **state)
{
  PwasmHostHttp *http = start_question();

  (void)state;
  pwasm_host_http_end(http);
  assert_string_equal(events, "a cancelled, ");
  pwasm_host_envoy_dns_answer(pwasm_host_envoy_dns(host, 0), LOCALHOST);
  assert_string_equal(events, "a cancelled, ");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static void
envoy_dns__never_answered(void **state)
{
  (void)state;
  start_question();
  pwasm_host_envoy_dns_drop(pwasm_host_envoy_dns(host, 0));
  pwasm_host_vm_memory(pwasm_host_plugin_vm(pwasm_host_plugin_start(host, NULL)),
                       &(PwasmVmMemory){0});
  assert_int_equal(pwasm_host_envoy_dns_count(host), 0);
  assert_string_equal(events, "");
}

static uint32_t
answer_at_once(PwasmHostEnvoyDns *dns, void *data)
{
  const uint32_t *returned = data;

  pwasm_host_envoy_dns_answer(dns, LOCALHOST);
  return *returned;
}

static void
envoy_dns__answered_inside_of_the_call(void **state)
{
  uint32_t returned = PWASM_STATUS_OK;

  (void)state;
  pwasm_host_on_envoy_dns(host, answer_at_once, &returned);
  start_question();
  assert_ok(status);
  assert_string_equal(events, "a answered 127.0.0.1/60, ");
  /* It was told how it ended: that is no failure, whatever the host says. */
  returned = PWASM_STATUS_INTERNAL_FAILURE;
  start_question();
  assert_ok(status);
  assert_string_equal(events, "a answered 127.0.0.1/60, a answered 127.0.0.1/60, ");
}

static void
envoy_dns__answer_that_is_malformed(void **state)
{
  static const PwasmStr answers[] = {
    PWASM_STR_INIT("\1\0\0"),
    PWASM_STR_INIT("\1\0\0\0\1\0\0"),
    PWASM_STR_INIT("\1\0\0\0\1\0\0\0"),
    PWASM_STR_INIT("\1\0\0\0\1\0\0\0a"),
    PWASM_STR_INIT("\2\0\0\0\1\0\0\0\1\0\0\0a\0b"),
    PWASM_STR_INIT("\377\377\377\377\0\0\0\0\0\0\0\0"),
    PWASM_STR_INIT("\0\0\0\100\0\0\0\0\0\0\0\0"),
  };

  (void)state;
  for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
    events[0] = '\0';
    pwasm_host_log_clear(host);
    start_question();
    /* On the heap, to be seen if it is read past its end. */
    pwasm_host_envoy_dns_answer_bytes(pwasm_host_envoy_dns(host, 0), answers[i]);
    assert_string_equal(events, "a failed, ");
    PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "pwasm: can't read answer of DNS: status 260");
  }
}

static void
envoy_dns__answer_that_cant_be_fetched(void **state)
{
  (void)state;
  start_question();
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 1, PWASM_STATUS_NOT_FOUND);
  pwasm_host_envoy_dns_answer(pwasm_host_envoy_dns(host, 0), LOCALHOST);
  assert_string_equal(events, "a failed, ");
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "status 1");
}

static void
read_status(PwasmContext *owner, const PwasmEnvoyDnsResult *result, void *data)
{
  uint32_t code;
  PwasmStr message;

  done(owner, result, data);
  assert_status(pwasm_call_status_get(&code, &message), BAD_ARGUMENT);
  status = pwasm_http_context_reply(PWASM_SELF(PwasmHttpContext, owner),
                                    &(PwasmHttpReply){.status_code = 200});
}

static PwasmAction
ask_and_wait(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  asker = PWASM_CONTEXT(ctx);
  assert_ok(pwasm_envoy_dns_resolve(asker, name, read_status, "a"));
  return PWASM_ACTION_PAUSE;
}

static void
envoy_dns__replies_when_answered(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = ask_and_wait;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  pwasm_host_envoy_dns_answer(pwasm_host_envoy_dns(host, 0), LOCALHOST);
  assert_ok(status);
  PWASM_EXPECT_REPLY(http, 200);
}

static PwasmAction
ask_for_first(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr path;

  (void)num_headers;
  (void)end_of_stream;
  if (asker == NULL) {
    asker = PWASM_CONTEXT(ctx);
    return PWASM_ACTION_PAUSE;
  }
  assert_ok(pwasm_envoy_dns_resolve(asker, name, done, "a"));
  /* This stream is the current one again. */
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path));
  assert_str(path, "/second");
  return PWASM_ACTION_CONTINUE;
}

static void
envoy_dns__of_another_stream(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *first;

  (void)state;
  script.on_request_headers = ask_for_first;
  first = pwasm_host_http_get(plugin, "/first");
  pwasm_host_http_get(plugin, "/second");
  assert_int_equal(pwasm_host_envoy_dns(host, 0)->context_id, pwasm_host_http_id(first));
  pwasm_host_envoy_dns_fail(pwasm_host_envoy_dns(host, 0));
  assert_string_equal(events, "a failed, ");
}

static bool
ask_for_all(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)configuration_size;
  asker = PWASM_CONTEXT(ctx);
  assert_ok(pwasm_envoy_dns_resolve(asker, name, done, "plugin"));
  assert_ok(pwasm_envoy_dns_resolve(PWASM_CONTEXT(pwasm_plugin_context_vm(ctx)), name, done, "vm"));
  assert_ok(pwasm_envoy_dns_resolve(asker, name, NULL, NULL));
  return true;
}

static void
envoy_dns__of_plugins_and_vms(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  script.on_configure = ask_for_all;
  plugin = start_plugin();
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 0);
  assert_int_equal(pwasm_host_envoy_dns(host, 0)->context_id, pwasm_host_plugin_id(plugin));
  pwasm_host_envoy_dns_answer(pwasm_host_envoy_dns(host, 0), LOCALHOST);
  asker = asker->parent;
  pwasm_host_envoy_dns_fail(pwasm_host_envoy_dns(host, 0));
  pwasm_host_envoy_dns_answer(pwasm_host_envoy_dns(host, 0), LOCALHOST);
  assert_string_equal(events, "plugin answered 127.0.0.1/60, vm failed, ");
}

static void
envoy_dns__refuses(void **state)
{
  (void)state;
  name = PWASM_STR("");
  start_question();
  assert_status(status, BAD_ARGUMENT);
  name = pwasm_str("a", (size_t)UINT32_MAX + 1);
  start_question();
  assert_status(status, TOO_LARGE);
  PWASM_EXPECT_CALLS(host, "envoy_resolve_dns", 0);
  name = PWASM_STR("a");
  pwasm_host_fail(host, "envoy_resolve_dns", 1, PWASM_STATUS_INVALID_MEMORY_ACCESS);
  start_question();
  assert_status(status, INVALID_MEMORY_ACCESS);
  assert_string_equal(events, "");
}

static void
ask_when_closed(PwasmContext *ctx)
{
  status = pwasm_envoy_dns_resolve(ctx, name, done, "a");
}

static void
envoy_dns__of_a_stream_that_is_gone(void **state)
{
  (void)state;
  script.http_finalize = ask_when_closed;
  pwasm_host_http_end(pwasm_host_http_get(start_plugin(), "/"));
  assert_status(status, CLOSED);
}

static void
ask_without_memory(PwasmHttpContext *ctx)
{
  pwasm_vm_fail_allocations_after(0);
  status = pwasm_envoy_dns_resolve(PWASM_CONTEXT(ctx), name, done, "a");
  pwasm_vm_fail_allocations_after(SIZE_MAX);
}

static void
envoy_dns__without_memory(void **state)
{
  (void)state;
  run_in_request(ask_without_memory);
  assert_status(status, OUT_OF_MEMORY);
}

static void
http_done(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)data;
  assert_int_equal(result->outcome, PWASM_CALL_ANSWERED);
  strcat(events, "http, ");
}

static PwasmAction
call_and_ask(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  const PwasmHttpCallOptions options = {.upstream = PWASM_STR("web"),
                                        .method = PWASM_STR("GET"),
                                        .path = PWASM_STR("/"),
                                        .authority = PWASM_STR("web")};

  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, http_done, NULL));
  for (int i = 0; i < 4; i++)
    assert_int_equal(ask(ctx, num_headers, end_of_stream), PWASM_ACTION_CONTINUE);
  return PWASM_ACTION_CONTINUE;
}

/* Envoy counts questions and calls by themselves. */
static void
envoy_dns__and_a_call_of_the_same_id(void **state)
{
  PwasmHostEnvoyDns *dns;
  PwasmHostHttpCall *c;

  (void)state;
  script.on_request_headers = call_and_ask;
  pwasm_host_http_send_request_headers(pwasm_host_http_open(start_plugin()), GET, true);
  dns = pwasm_host_envoy_dns(host, 3);
  c = pwasm_host_http_call(host, 0);
  assert_int_equal(dns->token, c->id);
  assert_string_equal(events, "");
  pwasm_host_http_call_answer(
    c, &(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":status", "200")});
  assert_string_equal(events, "http, ");
  pwasm_host_envoy_dns_answer(dns, LOCALHOST);
  assert_string_equal(events, "http, a answered 127.0.0.1/60, ");
}

#define DNS_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    DNS_TEST(envoy_dns__asks),
    DNS_TEST(envoy_dns__answered),
    DNS_TEST(envoy_dns__answered_with_no_address),
    DNS_TEST(envoy_dns__fails),
    DNS_TEST(envoy_dns__answered_twice),
    DNS_TEST(envoy_dns__answered_twice_at_once),
    DNS_TEST(envoy_dns__answered_too_late),
    DNS_TEST(envoy_dns__never_answered),
    DNS_TEST(envoy_dns__answered_inside_of_the_call),
    DNS_TEST(envoy_dns__answer_that_is_malformed),
    DNS_TEST(envoy_dns__answer_that_cant_be_fetched),
    DNS_TEST(envoy_dns__replies_when_answered),
    DNS_TEST(envoy_dns__of_another_stream),
    DNS_TEST(envoy_dns__of_plugins_and_vms),
    DNS_TEST(envoy_dns__refuses),
    DNS_TEST(envoy_dns__of_a_stream_that_is_gone),
    DNS_TEST(envoy_dns__without_memory),
    DNS_TEST(envoy_dns__and_a_call_of_the_same_id),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

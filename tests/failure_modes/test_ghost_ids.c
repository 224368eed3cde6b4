#include "guarded.h"

/* Callbacks for contexts that are not there, no more, or of another kind; ids that are used again. */

static const char *const callbacks[] = {
#define CALLBACK(name, num_arguments, absent) "proxy_" #name,
  PWASM_HOST_CALLBACK_LIST(CALLBACK)
#undef CALLBACK
};

enum { NUM_CALLBACKS = sizeof callbacks / sizeof callbacks[0] };

/* An unknown context is done; of anything else nothing comes. */
static uint32_t
answer_to_a_ghost(const char *callback)
{
  return strcmp(callback, "proxy_on_done") == 0;
}

static bool
is_one_of(const char *callback, const char *const *names)
{
  for (; *names != NULL; names++) {
    if (strcmp(callback, *names) == 0)
      return true;
  }
  return false;
}

/* Calls what is about `id`, all but the excepted ones, and expects that nothing comes of it. */
static void
call_all(uint32_t id, const char *const *except)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  for (size_t i = 0; i < NUM_CALLBACKS; i++) {
    if (is_one_of(callbacks[i], except))
      continue;
    for (uint32_t a = 0; a < 3; a++)
      assert_int_equal(pwasm_host_call(vm, callbacks[i], id, a, a % 2),
                       answer_to_a_ghost(callbacks[i]));
  }
}

/* What makes a context of the id, or asks for something that is not the context's. */
#define CREATES "proxy_on_context_create"
#define STARTS "proxy_on_vm_start"

static const char *const for_nobody[] = {CREATES, STARTS, NULL};

static void
ghost_ids__never_created(void **state)
{
  (void)state;
  pwasm_host_log_clear(host);
  call_all(999, for_nobody);
  call_all(0, for_nobody);
  call_all(UINT32_MAX, for_nobody);
  /* Said once, and not for each request that follows. */
  assert_int_equal(count_log("unknown context 999"), 1);
  assert_int_equal(pwasm_host_log_count(host), 1);
  expect_sound();
}

static void
ghost_ids__before_any_plugin(void **state)
{
  (void)state;
  host = pwasm_host_new(NULL);
  {
    PwasmHostVm *vm = pwasm_host_vm_new(host, NULL);

    for (size_t i = 0; i < NUM_CALLBACKS; i++) {
      if (!is_one_of(callbacks[i], for_nobody))
        assert_int_equal(pwasm_host_call(vm, callbacks[i], 1, 0, 1),
                         answer_to_a_ghost(callbacks[i]));
    }
  }
  plugin = start_named("one");
  expect_sound();
  pwasm_host_free(host);
}

static void
ghost_ids__deleted(void **state)
{
  PwasmHostHttp *http = request("");
  uint32_t id = pwasm_host_http_id(http);

  (void)state;
  pwasm_host_http_end(http);
  call_all(id, for_nobody);
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
  expect_sound();
}

/* Envoy after a 413 of its own: the stream is gone, and its body callbacks come. */
static void
ghost_ids__deleted_in_the_middle_of_its_body(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostHttp *http = post("scan ask");
  uint32_t id = pwasm_host_http_id(http);

  (void)state;
  answer("200");
  pwasm_host_http_send_request_body(http, PWASM_STR("att"), false);
  pwasm_host_http_abort(http);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_body", id, 6, 1), 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_response_headers", id, 1, 0), 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_response_body", id, 3, 1), 0);
  pwasm_host_call(vm, "proxy_on_log", id, 0, 0);
  pwasm_host_call(vm, "proxy_on_delete", id, 0, 0);
  PWASM_EXPECT_NO_REPLY(http);
  expect_sound();
}

static void
ghost_ids__deleted_twice(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostHttp *http = request("");
  PwasmHostHttp *other = request("ask");

  (void)state;
  pwasm_host_call(vm, "proxy_on_delete", pwasm_host_http_id(http), 0, 0);
  pwasm_host_call(vm, "proxy_on_delete", pwasm_host_http_id(http), 0, 0);
  PWASM_EXPECT_GAUGE(host, "guard_open", 1);
  pwasm_host_http_end(http);
  answer("200");
  PWASM_EXPECT_REQUEST_COMPLETE(other);
}

static void
ghost_ids__a_plugin_as_a_stream(void **state)
{
  /* What a plugin has as well, and what takes no note of whose id it gets. */
  static const char *const plugins[] = {CREATES,
                                        STARTS,
                                        "proxy_on_configure",
                                        "proxy_on_done",
                                        "proxy_on_log",
                                        "proxy_on_delete",
                                        "proxy_on_tick",
                                        "proxy_on_queue_ready",
                                        "proxy_on_foreign_function",
                                        NULL};

  (void)state;
  call_all(pwasm_host_plugin_id(plugin), plugins);
  PWASM_EXPECT_COUNTER(host, "guard_requests", 0);
  expect_sound();
}

static void
ghost_ids__a_stream_as_a_plugin(void **state)
{
  static const char *const of_plugins[] = {"proxy_on_configure", "proxy_on_tick",
                                           "proxy_on_queue_ready", "proxy_on_foreign_function"};
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostHttp *http = request("wait");
  uint32_t id = pwasm_host_http_id(http);

  (void)state;
  for (size_t i = 0; i < sizeof of_plugins / sizeof of_plugins[0]; i++)
    assert_int_equal(pwasm_host_call(vm, of_plugins[i], id, 0, 0), 0);
  /* Nor can it be somebody's parent. */
  pwasm_host_call(vm, "proxy_on_context_create", 500, id, 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_headers", 500, 1, 1), 0);
  PWASM_EXPECT_COUNTER(host, "guard_requests", 1);
  PWASM_EXPECT_NO_REQUEST(http);
  pwasm_host_tick(plugin);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
ghost_ids__an_http_stream_as_a_connection(void **state)
{
  static const char *const of_connections[] = {
    "proxy_on_new_connection", "proxy_on_downstream_data", "proxy_on_downstream_connection_close",
    "proxy_on_upstream_data", "proxy_on_upstream_connection_close"};
  PwasmHostHttp *http = request("ask");

  (void)state;
  for (size_t i = 0; i < sizeof of_connections / sizeof of_connections[0]; i++)
    assert_int_equal(pwasm_host_call(pwasm_host_plugin_vm(plugin), of_connections[i],
                                     pwasm_host_http_id(http), 1, 0),
                     0);
  answer("200");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
ghost_ids__a_connection_as_an_http_stream(void **state)
{
  static const char *const of_http[] = {"proxy_on_request_headers",   "proxy_on_request_body",
                                        "proxy_on_request_trailers",  "proxy_on_request_metadata",
                                        "proxy_on_response_headers",  "proxy_on_response_body",
                                        "proxy_on_response_trailers", "proxy_on_response_metadata"};
  PwasmHostTcp *tcp = pwasm_host_tcp_open(plugin);

  (void)state;
  for (size_t i = 0; i < sizeof of_http / sizeof of_http[0]; i++)
    assert_int_equal(
      pwasm_host_call(pwasm_host_plugin_vm(plugin), of_http[i], pwasm_host_tcp_id(tcp), 1, 0), 0);
  PWASM_EXPECT_COUNTER(host, "guard_requests", 0);
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("me\n"), false);
  assert_str(pwasm_host_tcp_sent_to_upstream(tcp), "me\n");
}

/* Ids begin again at the end of their numbers, and pass over those in use. */
static void
ghost_ids__used_again(void **state)
{
  PwasmHostHttp *waiting = request("wait");
  uint32_t old = pwasm_host_http_id(waiting);

  (void)state;
  pwasm_host_http_end(waiting);
  pwasm_host_vm_set_next_context_id(pwasm_host_plugin_vm(plugin), old);
  {
    PwasmHostHttp *http = request("");

    assert_int_equal(pwasm_host_http_id(http), old);
    PWASM_EXPECT_REQUEST_COMPLETE(http);
    /* The tick that the old one waited for is none for the new one. */
    pwasm_host_tick(plugin);
    PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 0);
  }
}

/* The answer to a stream's call comes when another stream has its id. */
static void
ghost_ids__used_again_before_an_answer(void **state)
{
  PwasmHostHttp *http = request("ask");
  uint32_t old = pwasm_host_http_id(http);
  PwasmHostHttp *other;

  (void)state;
  pwasm_host_http_end(http);
  pwasm_host_vm_set_next_context_id(pwasm_host_plugin_vm(plugin), old);
  other = request("wait");
  assert_int_equal(pwasm_host_http_id(other), old);
  answer_on(pwasm_host_http_call(host, 0), "403", old);
  PWASM_EXPECT_NO_REPLY(other);
  PWASM_EXPECT_NO_REQUEST(other);
  pwasm_host_tick(plugin);
  PWASM_EXPECT_REQUEST_COMPLETE(other);
}

/* The host forgot to delete the old one. */
static void
ghost_ids__given_to_two(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostHttp *http = request("wait");

  (void)state;
  pwasm_host_call(vm, "proxy_on_context_create", pwasm_host_http_id(http),
                  pwasm_host_plugin_id(plugin), 0);
  pwasm_host_call(vm, "proxy_on_request_headers", pwasm_host_http_id(http), 1, 1);
  PWASM_EXPECT_COUNTER(host, "guard_requests", 2);
  PWASM_EXPECT_GAUGE(host, "guard_open", 1);
  /* Both were to wait for it, but one of them is there. */
  pwasm_host_tick(plugin);
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 1);
}

static void
ghost_ids__huge(void **state)
{
  (void)state;
  pwasm_host_vm_set_next_context_id(pwasm_host_plugin_vm(plugin), UINT32_MAX - 2);
  for (int i = 0; i < 8; i++)
    expect_sound();
}

static void
delete_stream(PwasmHost *in, void *data)
{
  (void)in;
  pwasm_host_http_abort(*(PwasmHostHttp **)data);
}

/* The context is the plugin's `self` still, until the callback returns. */
static void
ghost_ids__deleted_inside_its_own_callback(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  http = pwasm_host_http_open(plugin);
  /* Its creation counts it. */
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_tick", pwasm_host_plugin_id(plugin), 0,
                  0);
  pwasm_host_hook(host, "proxy_get_header_map_value", delete_stream, &http);
  pwasm_host_http_send_request_headers(
    http, PWASM_HOST_HEADERS(":method", "GET", ":path", "/path", "x-guard", "ask wait edit"), true);
  pwasm_host_hook(host, "proxy_get_header_map_value", NULL, NULL);
  assert_true(pwasm_host_http_is_ended(http));
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
  pwasm_host_tick(plugin);
  expect_sound();
}

/* Calls whose tokens nobody has given out. */
static void
ghost_ids__calls_that_were_never_made(void **state)
{
  static const char *const of_calls[] = {
    "proxy_on_http_call_response", "proxy_on_grpc_receive_initial_metadata",
    "proxy_on_grpc_receive", "proxy_on_grpc_receive_trailing_metadata", "proxy_on_grpc_close"};
  static const uint32_t tokens[] = {0, 1, 4, 77, UINT32_MAX};
  PwasmHostHttp *http = request("wait");
  uint32_t ids[] = {0, 0, 999};

  (void)state;
  ids[0] = pwasm_host_plugin_id(plugin);
  ids[1] = pwasm_host_http_id(http);
  for (size_t i = 0; i < sizeof of_calls / sizeof of_calls[0]; i++) {
    for (size_t id = 0; id < 3; id++) {
      for (size_t token = 0; token < sizeof tokens / sizeof tokens[0]; token++)
        pwasm_host_call(pwasm_host_plugin_vm(plugin), of_calls[i], ids[id], tokens[token], 3);
    }
  }
  PWASM_EXPECT_NO_REQUEST(http);
  PWASM_EXPECT_NO_REPLY(http);
  assert_int_equal(count_log("unknown"), 1);
  expect_sound();
}

/* What is not a random number but one of a stream that is there. */
static void
ghost_ids__calls_named_like_contexts(void **state)
{
  PwasmHostHttp *http = request("ask");
  PwasmHostHttpCall *call = pwasm_host_http_call(host, 0);
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  (void)state;
  assert_int_equal(call->id, 4);
  /* As an answer of gRPC the token is another one. */
  pwasm_host_call(vm, "proxy_on_grpc_close", pwasm_host_plugin_id(plugin), 4, 0);
  pwasm_host_call(vm, "proxy_on_grpc_receive", pwasm_host_plugin_id(plugin), 4, 0);
  PWASM_EXPECT_NO_REQUEST(http);
  answer("200");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    GUARD_TEST(ghost_ids__never_created),
    cmocka_unit_test(ghost_ids__before_any_plugin),
    GUARD_TEST(ghost_ids__deleted),
    GUARD_TEST(ghost_ids__deleted_in_the_middle_of_its_body),
    GUARD_TEST(ghost_ids__deleted_twice),
    GUARD_TEST(ghost_ids__a_plugin_as_a_stream),
    GUARD_TEST(ghost_ids__a_stream_as_a_plugin),
    GUARD_TEST(ghost_ids__an_http_stream_as_a_connection),
    GUARD_TEST(ghost_ids__a_connection_as_an_http_stream),
    GUARD_TEST(ghost_ids__used_again),
    GUARD_TEST(ghost_ids__used_again_before_an_answer),
    GUARD_TEST(ghost_ids__given_to_two),
    GUARD_TEST(ghost_ids__huge),
    GUARD_TEST(ghost_ids__deleted_inside_its_own_callback),
    GUARD_TEST(ghost_ids__calls_that_were_never_made),
    GUARD_TEST(ghost_ids__calls_named_like_contexts),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

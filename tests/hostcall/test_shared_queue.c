#include "../script.h"

static PwasmHostPlugin *
run_in_tick(void (*function)(PwasmPluginContext *ctx))
{
  PwasmHostPlugin *plugin = start_plugin();

  script.on_tick = function;
  pwasm_host_tick(plugin);
  return plugin;
}

static void
fill_and_drain(PwasmPluginContext *ctx)
{
  PwasmSharedQueue queue;
  PwasmSharedQueue same = {0};
  PwasmStr value = PWASM_STR("before");

  (void)ctx;
  assert_ok(pwasm_shared_queue_register(PWASM_STR("queue"), &queue));
  assert_ok(pwasm_shared_queue_resolve(PWASM_STR(""), PWASM_STR("queue"), &same));
  assert_int_equal(same.id, queue.id);
  assert_status(pwasm_shared_queue_dequeue(queue, &value), EMPTY);
  assert_str(value, "before");
  assert_ok(pwasm_shared_queue_enqueue(queue, PWASM_STR("one")));
  assert_ok(pwasm_shared_queue_enqueue(queue, PWASM_STR("")));
  assert_ok(pwasm_shared_queue_enqueue(same, PWASM_STR("three")));
  assert_ok(pwasm_shared_queue_dequeue(queue, &value));
  assert_str(value, "one");
  assert_ok(pwasm_shared_queue_dequeue(same, &value));
  assert_true(pwasm_str_is_present(value));
  assert_int_equal(value.len, 0);
  assert_ok(pwasm_shared_queue_dequeue(queue, &value));
  assert_str(value, "three");
  assert_status(pwasm_shared_queue_dequeue(queue, &value), EMPTY);
}

static void
shared_queue__is_first_in_first_out(void **state)
{
  (void)state;
  run_in_tick(fill_and_drain);
}

static void
be_refused(PwasmPluginContext *ctx)
{
  PwasmSharedQueue queue = {.id = 42};
  PwasmStr value = PWASM_STR("before");
  PwasmStr huge = pwasm_str("", (size_t)UINT32_MAX + 1);

  (void)ctx;
  assert_status(pwasm_shared_queue_resolve(PWASM_STR("other"), PWASM_STR("queue"), &queue),
                NOT_FOUND);
  pwasm_host_fail(host, "proxy_register_shared_queue", 1, PWASM_STATUS_UNIMPLEMENTED);
  assert_status(pwasm_shared_queue_register(PWASM_STR("queue"), &queue), UNIMPLEMENTED);
  assert_status(pwasm_shared_queue_register(huge, &queue), TOO_LARGE);
  assert_status(pwasm_shared_queue_resolve(huge, PWASM_STR("queue"), &queue), TOO_LARGE);
  assert_int_equal(queue.id, 42);
  assert_status(pwasm_shared_queue_enqueue(queue, PWASM_STR("value")), NOT_FOUND);
  assert_status(pwasm_shared_queue_enqueue(queue, huge), TOO_LARGE);
  assert_status(pwasm_shared_queue_dequeue(queue, &value), NOT_FOUND);
  assert_ok(pwasm_shared_queue_register(PWASM_STR("queue"), &queue));
  assert_ok(pwasm_shared_queue_enqueue(queue, PWASM_STR("value")));
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_shared_queue_dequeue(queue, &value), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_str(value, "before");
}

static void
shared_queue__failures_change_nothing(void **state)
{
  (void)state;
  run_in_tick(be_refused);
}

static char received[64];
static PwasmPluginContext *receiver;
static PwasmSharedQueue registered;

static void
register_queue(PwasmPluginContext *ctx)
{
  receiver = ctx;
  /* So that the queue's id is not the plugin's. */
  assert_ok(pwasm_shared_queue_register(PWASM_STR("another"), &registered));
  assert_ok(pwasm_shared_queue_register(PWASM_STR("queue"), &registered));
  assert_int_not_equal(registered.id, pwasm_context_id(&ctx->base));
}

static void
receive(PwasmPluginContext *ctx, PwasmSharedQueue queue)
{
  PwasmStr value;

  assert_ptr_equal(ctx, receiver);
  assert_int_equal(queue.id, registered.id);
  strcat(received, "<");
  while (pwasm_shared_queue_dequeue(queue, &value) == PWASM_STATUS_OK)
    strncat(received, value.data, value.len);
  strcat(received, ">");
}

static void
shared_queue__tells_the_receiver(void **state)
{
  (void)state;
  received[0] = '\0';
  script.on_queue_ready = receive;
  run_in_tick(register_queue);
  pwasm_host_shared_queue_enqueue(host, "", "queue", PWASM_STR("a"));
  pwasm_host_shared_queue_enqueue(host, "", "queue", PWASM_STR("b"));
  assert_string_equal(received, "");
  assert_int_equal(pwasm_host_shared_queue_notify(host), 2);
  assert_string_equal(received, "<ab><>");
  assert_int_equal(pwasm_host_shared_queue_notify(host), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(shared_queue__is_first_in_first_out),
    SCRIPT_TEST(shared_queue__failures_change_nothing),
    SCRIPT_TEST(shared_queue__tells_the_receiver),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

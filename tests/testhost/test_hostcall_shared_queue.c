#include "../script.h"

static char told[64];
static PwasmSharedQueue queue;

static void
note(PwasmPluginContext *ctx, PwasmSharedQueue ready)
{
  char text[16];

  snprintf(text, sizeof text, "%u:%u ", pwasm_context_id(&ctx->base), ready.id);
  strcat(told, text);
}

static void
register_queue(PwasmPluginContext *ctx)
{
  (void)ctx;
  assert_ok(pwasm_shared_queue_register(PWASM_STR("queue"), &queue));
}

static PwasmHostPlugin *
start_receiver(PwasmHostVm *vm)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = vm});

  script.on_tick = register_queue;
  script.on_queue_ready = note;
  pwasm_host_tick(plugin);
  return plugin;
}

static PwasmHostVm *
new_vm(const char *id, uint32_t next_context_id)
{
  return pwasm_host_vm_new(
    host, &(PwasmHostVmOptions){.id = pwasm_str_from_cstr(id), .next_context_id = next_context_id});
}

static void
host_shared_queue__last_receiver_is_told(void **state)
{
  (void)state;
  told[0] = '\0';
  start_receiver(new_vm("vm", 10));
  assert_int_equal(queue.id, 1);
  pwasm_host_shared_queue_enqueue(host, "vm", "queue", PWASM_STR("a"));
  /* Registering takes over what is in the queue, but not what is already posted. */
  start_receiver(new_vm("vm", 20));
  assert_int_equal(queue.id, 1);
  pwasm_host_shared_queue_enqueue(host, "vm", "queue", PWASM_STR("b"));
  assert_str(pwasm_host_shared_queue_peek(host, "vm", "queue", 0), "a");
  assert_str(pwasm_host_shared_queue_peek(host, "vm", "queue", 1), "b");
  assert_false(pwasm_str_is_present(pwasm_host_shared_queue_peek(host, "vm", "queue", 2)));
  pwasm_host_advance(host, 0);
  assert_string_equal(told, "10:1 20:1 ");
}

static void
host_shared_queue__queues_are_the_vm_ids_own(void **state)
{
  (void)state;
  start_receiver(new_vm("x", 0));
  assert_int_equal(queue.id, 1);
  start_receiver(new_vm("y", 0));
  assert_int_equal(queue.id, 2);
  assert_false(pwasm_str_is_present(pwasm_host_shared_queue_peek(host, "z", "queue", 0)));
}

static void
host_shared_queue__dead_receiver_is_not_told(void **state)
{
  PwasmHostPlugin *plugin = start_receiver(new_vm("vm", 0));

  (void)state;
  told[0] = '\0';
  pwasm_host_shared_queue_enqueue(host, "vm", "queue", PWASM_STR("a"));
  pwasm_host_plugin_end(plugin);
  assert_int_equal(pwasm_host_shared_queue_notify(host), 0);
  assert_string_equal(told, "");
  assert_str(pwasm_host_shared_queue_peek(host, "vm", "queue", 0), "a");
}

static void
pass_on(PwasmPluginContext *ctx, PwasmSharedQueue ready)
{
  PwasmStr value;

  (void)ctx;
  assert_ok(pwasm_shared_queue_dequeue(ready, &value));
  if (value.len < 5)
    assert_ok(pwasm_shared_queue_enqueue(ready, pwasm_str("xxxxx", value.len + 1)));
}

static void
host_shared_queue__notifications_may_cause_others(void **state)
{
  (void)state;
  start_receiver(new_vm("vm", 0));
  script.on_queue_ready = pass_on;
  pwasm_host_shared_queue_enqueue(host, "vm", "queue", PWASM_STR("x"));
  assert_int_equal(pwasm_host_shared_queue_notify(host), 5);
  assert_false(pwasm_str_is_present(pwasm_host_shared_queue_peek(host, "vm", "queue", 0)));
}

static void
host_shared_queue__nobody_is_told_of_a_queue_without_receiver(void **state)
{
  (void)state;
  pwasm_host_shared_queue_declare(host, "", "q");
  pwasm_host_shared_queue_enqueue(host, "", "q", PWASM_STR("a"));
  assert_int_equal(pwasm_host_shared_queue_notify(host), 0);
  /* To declare it again leaves it as it is. */
  pwasm_host_shared_queue_declare(host, "", "q");
  assert_str(pwasm_host_shared_queue_peek(host, "", "q", 0), "a");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(host_shared_queue__last_receiver_is_told),
    SCRIPT_TEST(host_shared_queue__queues_are_the_vm_ids_own),
    SCRIPT_TEST(host_shared_queue__dead_receiver_is_not_told),
    SCRIPT_TEST(host_shared_queue__nobody_is_told_of_a_queue_without_receiver),
    SCRIPT_TEST(host_shared_queue__notifications_may_cause_others),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

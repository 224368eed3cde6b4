/* A plugin that does everything in a host that does anything.
 *
 * The input is a sequence of records, each a byte that counts the bytes after it. A record is one
 * callback and all that is decided during it; what is not said is the plainest. So a mutation in
 * one leaves the meaning of the others. */

#include "chaos_host.h"
#include "everything.h"

/* Far more than inputs of any length that fuzzers try can want. */
#define MAX_MEMORY ((size_t)64 << 20)

static void
check_end(void)
{
  for (size_t i = 0; i < world.num_lives; i++) {
    FUZZ_CHECK(world.lives[i].ctx == NULL);
    FUZZ_CHECK(world.lives[i].num_finalized == world.lives[i].num_levels);
  }
  for (size_t i = 0; i < world.num_calls; i++)
    FUZZ_CHECK(world.calls[i].num_ends == (world.calls[i].state == CALL_ACCEPTED));
  FUZZ_CHECK(world.cleanups_run == world.cleanups_added);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  FuzzInput records = {data, size};
  PwasmVm *vm = pwasm_vm_new();
  PwasmVmMemory memory;
  FuzzInput record = {data, 0};

  if (vm == NULL)
    return 0;
  world = (World){0};
  chaos_begin(records);
  pwasm_vm_switch(vm);
  while (records.left > 0 && chaos.num_callbacks < CHAOS_MAX_CALLBACKS) {
    PwasmStr bytes = fuzz_str(&records);

    record = (FuzzInput){(const uint8_t *)bytes.data, bytes.len};
    chaos.input = record;
    chaos_callback();
    pwasm_vm_fail_allocations_after(SIZE_MAX);
  }
  pwasm_vm_memory(&memory);
  FUZZ_CHECK(memory.reserved < MAX_MEMORY);

  /* The last record once more: what is done while all ends. */
  chaos.input = record;
  chaos.is_ending = true;
  for (size_t i = 0; i < MAX_KEPT; i++) {
    PwasmContext *kept = world.kept[i];

    world.kept[i] = NULL;
    pwasm_context_unref(kept);
  }
  FUZZ_CHECK(pwasm_vm_free(vm) == 0);
  pwasm_vm_switch(NULL);
  check_end();
  return 0;
}

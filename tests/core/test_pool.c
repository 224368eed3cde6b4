#include <sys/resource.h>

#include "../unit.h"

#include "core/poison_private.h"
#include "core/pool_private.h"

PWASM_PLUGIN();

static PwasmVm *vm;

static int
setup(void **state)
{
  (void)state;
  vm = pwasm_vm_new();
  pwasm_vm_switch(vm);
  return vm == NULL;
}

static int
teardown(void **state)
{
  (void)state;
  return pwasm_vm_free(vm) != 0;
}

static PwasmVmMemory
memory_now(void)
{
  PwasmVmMemory memory;

  pwasm_vm_memory(&memory);
  return memory;
}

static size_t
size_of(const PwasmBlock *block)
{
  return (size_t)(block->end - block->begin);
}

static void
pool__blocks_are_the_next_power_of_two(void **state)
{
  static const size_t sizes[][2] = {
    {1, 256},     {255, 256},   {256, 256},     {257, 512},      {512, 512},          {4095, 4096},
    {4096, 4096}, {4097, 8192}, {65535, 65536}, {65537, 131072}, {1000000, 1u << 20},
  };

  (void)state;
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    size_t before = memory_now().in_use;
    PwasmBlock *block = pwasm__block_acquire(sizes[i][0]);

    assert_non_null(block);
    assert_int_equal(size_of(block), sizes[i][1]);
    assert_int_equal(memory_now().in_use - before, sizes[i][1]);
    assert_int_equal((uintptr_t)block->begin % 16, 0);
    pwasm__unpoison(block->begin, size_of(block));
    memset(block->begin, 1, size_of(block));
    pwasm__block_release(block);
    assert_int_equal(memory_now().in_use, before);
  }
}

static void
pool__a_released_block_is_given_out_again(void **state)
{
  PwasmBlock *small = pwasm__block_acquire(256);
  PwasmBlock *large = pwasm__block_acquire(5000);

  (void)state;
  pwasm__block_release(small);
  pwasm__block_release(large);
  assert_ptr_equal(pwasm__block_acquire(6000), large);
  assert_ptr_equal(pwasm__block_acquire(100), small);
  /* A block that is out is not given out twice. */
  assert_ptr_not_equal(pwasm__block_acquire(100), small);
}

static void
pool__a_released_block_is_whole_again(void **state)
{
  PwasmBlock *block = pwasm__block_acquire(256);

  (void)state;
  block->begin += 64;
  pwasm__block_release(block);
  assert_int_equal(size_of(pwasm__block_acquire(256)), 256);
}

/* While there is memory that was never a block, the large ones are left for who needs them. */
static void
pool__a_large_block_is_not_taken_for_a_small_one(void **state)
{
  PwasmBlock *large = pwasm__block_acquire(4096);
  PwasmBlock *small;

  (void)state;
  pwasm__block_release(large);
  small = pwasm__block_acquire(256);
  assert_int_equal(size_of(small), 256);
  assert_ptr_equal(pwasm__block_acquire(4096), large);
}

/* Takes all memory there is, of which a block of that size is free in the end. */
static PwasmBlock *
leave_only(size_t size)
{
  PwasmBlock *block = pwasm__block_acquire(size);
  size_t reserved = memory_now().reserved;
  size_t room = reserved - sizeof *block - size;

  for (; room >= sizeof *block + 256; room -= sizeof *block + 256)
    assert_non_null(pwasm__block_acquire(256));
  assert_int_equal(memory_now().reserved, reserved);
  pwasm__block_release(block);
  return block;
}

static void
pool__a_large_block_is_taken_before_memory_grows(void **state)
{
  PwasmBlock *large = leave_only(16 * 256);
  size_t reserved = memory_now().reserved;

  (void)state;
  assert_ptr_equal(pwasm__block_acquire(256), large);
  assert_int_equal(memory_now().reserved, reserved);
}

static void
pool__memory_grows_before_a_huge_block_is_taken(void **state)
{
  PwasmBlock *huge = leave_only(32 * 256);
  size_t reserved = memory_now().reserved;

  (void)state;
  assert_ptr_not_equal(pwasm__block_acquire(256), huge);
  assert_true(memory_now().reserved > reserved);
}

/* 4 blocks of 512 bytes and 220 of 256, with 32 more for each, are 65536 bytes. */
static void
pool__memory_is_used_to_its_last_byte(void **state)
{
  (void)state;
  _Static_assert(sizeof(PwasmBlock) == 32, "the sum depends on it");
  for (size_t i = 0; i < 224; i++)
    assert_non_null(pwasm__block_acquire(i < 4 ? 512 : 256));
  assert_int_equal(memory_now().reserved, 65536);
  assert_non_null(pwasm__block_acquire(256));
  assert_int_equal(memory_now().reserved, 2 * 65536);
}

static void
pool__repetition_does_not_grow_the_memory(void **state)
{
  size_t reserved = 0;

  (void)state;
  for (int round = 0; round < 200; round++) {
    PwasmBlock *blocks[100];

    for (size_t i = 0; i < 100; i++) {
      blocks[i] = pwasm__block_acquire((i * 977) % 30000 + 1);
      assert_non_null(blocks[i]);
    }
    for (size_t i = 0; i < 100; i++)
      pwasm__block_release(blocks[(i * 37) % 100]);
    if (round == 0)
      reserved = memory_now().reserved;
    assert_int_equal(memory_now().reserved, reserved);
    assert_int_equal(memory_now().in_use, 0);
  }
}

static void
pool__blocks_do_not_overlap(void **state)
{
  PwasmBlock *blocks[200];

  (void)state;
  for (size_t i = 0; i < 200; i++) {
    blocks[i] = pwasm__block_acquire(i * 100 + 1);
    pwasm__unpoison(blocks[i]->begin, size_of(blocks[i]));
    memset(blocks[i]->begin, (int)i, size_of(blocks[i]));
  }
  for (size_t i = 0; i < 200; i++) {
    for (const char *byte = blocks[i]->begin; byte < blocks[i]->end; byte++)
      assert_int_equal((unsigned char)*byte, i);
  }
}

static void
pool__memory_is_reserved_in_pages(void **state)
{
  (void)state;
  assert_int_equal(memory_now().reserved, 0);
  assert_non_null(pwasm__block_acquire(1));
  assert_int_equal(memory_now().reserved, 65536);
  assert_non_null(pwasm__block_acquire(1));
  assert_int_equal(memory_now().reserved, 65536);
  assert_non_null(pwasm__block_acquire(100000));
  assert_int_equal(memory_now().reserved % 65536, 0);
}

/* AddressSanitizer has the address space to itself. */
#ifndef __SANITIZE_ADDRESS__
static void
pool__the_system_has_no_more(void **state)
{
  struct rlimit limit;
  struct rlimit low;
  PwasmBlock *block = pwasm__block_acquire(1);

  (void)state;
  assert_int_equal(getrlimit(RLIMIT_AS, &limit), 0);
  low = limit;
  low.rlim_cur = 1;
  assert_int_equal(setrlimit(RLIMIT_AS, &low), 0);
  assert_null(pwasm__block_acquire(100000000));
  assert_null(pwasm_arena_alloc(pwasm_scratch(), 100000000));
  assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
  /* Nothing is lost by it. */
  assert_int_equal(memory_now().in_use, 256);
  pwasm__block_release(block);
  assert_ptr_equal(pwasm__block_acquire(1), block);
  assert_non_null(pwasm__block_acquire(100000000));
}
#endif

#define POOL_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    POOL_TEST(pool__blocks_are_the_next_power_of_two),
    POOL_TEST(pool__a_released_block_is_given_out_again),
    POOL_TEST(pool__a_released_block_is_whole_again),
    POOL_TEST(pool__a_large_block_is_not_taken_for_a_small_one),
    POOL_TEST(pool__a_large_block_is_taken_before_memory_grows),
    POOL_TEST(pool__memory_grows_before_a_huge_block_is_taken),
    POOL_TEST(pool__memory_is_used_to_its_last_byte),
    POOL_TEST(pool__repetition_does_not_grow_the_memory),
    POOL_TEST(pool__blocks_do_not_overlap),
    POOL_TEST(pool__memory_is_reserved_in_pages),
#ifndef __SANITIZE_ADDRESS__
    POOL_TEST(pool__the_system_has_no_more),
#endif
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

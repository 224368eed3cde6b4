#include "../poison.h"
#include "../unit.h"

#include "core/arena_private.h"
#include "core/pool_private.h"

PWASM_PLUGIN();

static PwasmVm *vm;
static PwasmArena arena;

static int
setup(void **state)
{
  (void)state;
  vm = pwasm_vm_new();
  pwasm_vm_switch(vm);
  arena = (PwasmArena){0};
  return vm == NULL;
}

static int
teardown(void **state)
{
  (void)state;
  pwasm_arena_reset(&arena);
  return pwasm_vm_free(vm) != 0;
}

static size_t
in_use(void)
{
  PwasmVmMemory memory;

  pwasm_vm_memory(&memory);
  return memory.in_use;
}

/* What cleanups did, in the order of running. */
static char order[32];

static void
note(void *data)
{
  strcat(order, data);
}

static void
arena__allocations_are_aligned(void **state)
{
  (void)state;
  for (size_t size = 0; size < 700; size++) {
    char *bytes = pwasm_arena_alloc(&arena, size);

    assert_non_null(bytes);
    assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
    memset(bytes, 1, size);
  }
}

static void
arena__allocations_do_not_overlap(void **state)
{
  char *pieces[300];

  (void)state;
  for (size_t i = 0; i < 300; i++) {
    pieces[i] = pwasm_arena_alloc(&arena, i * 7 + 1);
    memset(pieces[i], (int)i, i * 7 + 1);
  }
  for (size_t i = 0; i < 300; i++) {
    for (size_t k = 0; k < i * 7 + 1; k++)
      assert_int_equal((unsigned char)pieces[i][k], i % 256);
  }
}

static void
arena__zero_size_is_a_pointer_of_its_own(void **state)
{
  void *first = pwasm_arena_alloc(&arena, 0);
  void *second = pwasm_arena_alloc(&arena, 0);

  (void)state;
  assert_non_null(first);
  assert_non_null(second);
  assert_ptr_not_equal(first, second);
  assert_non_null(pwasm_arena_alloc_zero(&arena, 0, 8));
  assert_non_null(pwasm_arena_alloc_zero(&arena, 8, 0));
}

static void
arena__sizes_that_overflow_are_refused(void **state)
{
  static const size_t sizes[] = {
    SIZE_MAX,      SIZE_MAX - 1,  SIZE_MAX - 15, SIZE_MAX - 16,
    SIZE_MAX - 17, SIZE_MAX - 32, SIZE_MAX / 2,  PWASM_BLOCK_MAX_SIZE + 1,
  };
  char *before = pwasm_arena_alloc(&arena, 1);

  (void)state;
  *before = 'x';
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
    assert_null(pwasm_arena_alloc(&arena, sizes[i]));
  assert_null(pwasm_arena_alloc_zero(&arena, SIZE_MAX / 2, 4));
  assert_null(pwasm_arena_alloc_zero(&arena, SIZE_MAX / 8 + 2, 8));
  assert_null(PWASM_ARENA_NEW_ARRAY(&arena, uint64_t, SIZE_MAX / 4));
  assert_int_equal(*before, 'x');
  assert_non_null(pwasm_arena_alloc(&arena, 1));
}

static void
arena__the_largest_block_can_be_had(void **state)
{
  char *bytes;

  (void)state;
  /* Without ASan memory is poisoned by writing it, here a whole GiB. */
  if (!pwasm__has_asan())
    skip();
  bytes = pwasm_arena_alloc(&arena, PWASM_BLOCK_MAX_SIZE - PWASM_RED_ZONE);
  assert_non_null(bytes);
  bytes[PWASM_BLOCK_MAX_SIZE - PWASM_RED_ZONE - 1] = 1;
  assert_int_equal(in_use(), PWASM_BLOCK_MAX_SIZE);
}

static void
arena__zeroed_memory_is_zero_after_reuse(void **state)
{
  (void)state;
  memset(pwasm_arena_alloc(&arena, 100), 0xff, 100);
  pwasm_arena_reset(&arena);
  for (int i = 0; i < 3; i++) {
    const uint32_t *numbers = PWASM_ARENA_NEW_ARRAY(&arena, uint32_t, 8);

    for (int k = 0; k < 8; k++)
      assert_int_equal(numbers[k], 0);
  }
  assert_int_equal(*PWASM_ARENA_NEW(&arena, uint64_t), 0);
}

static void
arena__marks_nest(void **state)
{
  char *outer = pwasm_arena_alloc(&arena, 10);
  PwasmArenaMark first;
  PwasmArenaMark second;
  char *middle;
  char *inner;
  size_t before;

  (void)state;
  strcpy(outer, "outer");
  before = in_use();
  first = pwasm_arena_mark(&arena);
  middle = pwasm_arena_alloc(&arena, 5000);
  strcpy(middle, "middle");
  second = pwasm_arena_mark(&arena);
  inner = pwasm_arena_alloc(&arena, 100000);
  strcpy(inner, "inner");
  pwasm_arena_rewind(&arena, second);
  assert_true(is_poisoned(inner));
  assert_string_equal(middle, "middle");
  assert_string_equal(outer, "outer");
  pwasm_arena_rewind(&arena, first);
  assert_true(is_poisoned(middle));
  assert_string_equal(outer, "outer");
  assert_int_equal(in_use(), before);
  /* The same place again. */
  assert_ptr_equal(pwasm_arena_alloc(&arena, 5000), middle);
}

static void
arena__a_mark_of_an_empty_arena_empties_it(void **state)
{
  PwasmArenaMark mark = pwasm_arena_mark(&arena);

  (void)state;
  pwasm_arena_rewind(&arena, mark);
  for (int i = 0; i < 100; i++)
    assert_non_null(pwasm_arena_alloc(&arena, 1000));
  pwasm_arena_rewind(&arena, mark);
  assert_int_equal(in_use(), 0);
  assert_null(arena.block);
}

static void
arena__reset_gives_the_blocks_back(void **state)
{
  PwasmVmMemory first;
  PwasmVmMemory last;

  (void)state;
  for (int round = 0; round < 1000; round++) {
    for (size_t size = 1; size < 20000; size *= 3)
      assert_non_null(pwasm_arena_alloc(&arena, size));
    pwasm_arena_reset(&arena);
    pwasm_vm_memory(&last);
    if (round == 0)
      first = last;
    assert_int_equal(last.in_use, 0);
    assert_int_equal(last.reserved, first.reserved);
  }
}

static void
arena__reset_memory_is_poisoned(void **state)
{
  char *bytes = pwasm_arena_alloc(&arena, 100);

  (void)state;
  memset(bytes, 0, 100);
  assert_false(is_poisoned(bytes));
  assert_false(is_poisoned(bytes + 99));
  pwasm_arena_reset(&arena);
  assert_true(is_poisoned(bytes));
  assert_true(is_poisoned(bytes + 99));
}

/* What is left of a block of the least size, once a byte was allocated in it. */
#define REST_OF_BLOCK                                                                              \
  (((size_t)1 << PWASM_BLOCK_MIN_LOG2) - (PWASM_ALIGNMENT + PWASM_RED_ZONE) - PWASM_RED_ZONE)

static void
arena__a_block_is_filled_to_its_last_byte(void **state)
{
  (void)state;
  assert_non_null(pwasm_arena_alloc(&arena, 1));
  assert_non_null(pwasm_arena_alloc(&arena, REST_OF_BLOCK));
  assert_int_equal(in_use(), 1 << PWASM_BLOCK_MIN_LOG2);
  assert_non_null(pwasm_arena_alloc(&arena, 1));
  assert_int_equal(in_use(), 2 << PWASM_BLOCK_MIN_LOG2);
}

static void
arena__a_rewound_block_is_poisoned_to_its_end(void **state)
{
  char *kept = pwasm_arena_alloc(&arena, 1);
  PwasmArenaMark mark = pwasm_arena_mark(&arena);
  char *bytes = pwasm_arena_alloc(&arena, REST_OF_BLOCK);

  (void)state;
  *kept = 'x';
  memset(bytes, 0, REST_OF_BLOCK);
  pwasm_arena_rewind(&arena, mark);
  for (size_t i = 0; i < REST_OF_BLOCK; i++)
    assert_true(is_poisoned(bytes + i));
  assert_int_equal(*kept, 'x');
}

static void
arena__the_byte_behind_an_allocation_is_poisoned(void **state)
{
  (void)state;
  if (!pwasm__has_asan())
    skip();
  for (size_t size = 0; size < 100; size++) {
    char *bytes = pwasm_arena_alloc(&arena, size);

    assert_non_null(pwasm_arena_alloc(&arena, 1));
    assert_true(is_poisoned(bytes + size));
  }
}

static void
arena__cleanups_run_newest_first(void **state)
{
  PwasmArenaMark mark;

  (void)state;
  order[0] = '\0';
  assert_ok(pwasm_arena_add_cleanup(&arena, note, "1"));
  assert_ok(pwasm_arena_add_cleanup(&arena, note, "2"));
  mark = pwasm_arena_mark(&arena);
  assert_ok(pwasm_arena_add_cleanup(&arena, note, "3"));
  assert_non_null(pwasm_arena_alloc(&arena, 10000));
  assert_ok(pwasm_arena_add_cleanup(&arena, note, "4"));
  pwasm_arena_rewind(&arena, mark);
  assert_string_equal(order, "43");
  pwasm_arena_rewind(&arena, mark);
  assert_string_equal(order, "43");
  assert_ok(pwasm_arena_add_cleanup(&arena, note, "5"));
  pwasm_arena_reset(&arena);
  assert_string_equal(order, "43521");
  pwasm_arena_reset(&arena);
  assert_string_equal(order, "43521");
}

static void
use_memory(void *data)
{
  strcat(order, data);
  strcpy(data, "used");
}

static void
arena__memory_is_valid_while_cleanups_run(void **state)
{
  char *first = pwasm_arena_alloc(&arena, 8);
  char *last;

  (void)state;
  order[0] = '\0';
  strcpy(first, "a");
  assert_ok(pwasm_arena_add_cleanup(&arena, use_memory, first));
  last = pwasm_arena_alloc(&arena, 5000);
  strcpy(last, "b");
  assert_ok(pwasm_arena_add_cleanup(&arena, use_memory, last));
  pwasm_arena_reset(&arena);
  assert_string_equal(order, "ba");
}

static void
allocate(void *data)
{
  char *bytes = pwasm_arena_alloc(&arena, 3000);

  assert_non_null(bytes);
  memset(bytes, 'x', 3000);
  strcat(order, data);
}

static void
add_cleanup(void *data)
{
  strcat(order, data);
  assert_ok(pwasm_arena_add_cleanup(&arena, note, "added "));
}

static void
arena__a_cleanup_may_use_the_arena(void **state)
{
  PwasmArenaMark mark;

  (void)state;
  order[0] = '\0';
  assert_ok(pwasm_arena_add_cleanup(&arena, note, "first"));
  mark = pwasm_arena_mark(&arena);
  assert_ok(pwasm_arena_add_cleanup(&arena, allocate, "allocates "));
  assert_ok(pwasm_arena_add_cleanup(&arena, add_cleanup, "adds "));
  pwasm_arena_rewind(&arena, mark);
  assert_string_equal(order, "adds added allocates ");
  pwasm_arena_reset(&arena);
  assert_string_equal(order, "adds added allocates first");
  assert_int_equal(in_use(), 0);
}

static void
arena__a_cleanup_without_memory_does_not_run(void **state)
{
  (void)state;
  order[0] = '\0';
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_arena_add_cleanup(&arena, note, "never"), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  pwasm_arena_reset(&arena);
  assert_string_equal(order, "");
}

static void
arena__allocations_fail_on_demand(void **state)
{
  (void)state;
  pwasm_vm_fail_allocations_after(2);
  assert_non_null(pwasm_arena_alloc(&arena, 1));
  assert_non_null(pwasm_arena_alloc_zero(&arena, 1, 1));
  assert_null(pwasm_arena_alloc(&arena, 1));
  assert_null(pwasm_arena_alloc_zero(&arena, 1, 1));
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_non_null(pwasm_arena_alloc(&arena, 1));
}

static void
arena__dup_copies_and_ends_with_nul(void **state)
{
  char original[] = "abc";
  PwasmStr copy;

  (void)state;
  assert_ok(pwasm_str_dup(&arena, pwasm_str(original, 3), &copy));
  original[0] = 'x';
  assert_int_equal(copy.len, 3);
  assert_string_equal(copy.data, "abc");
  assert_ok(pwasm_str_dup(&arena, PWASM_STR("a\0b"), &copy));
  assert_int_equal(copy.len, 3);
  assert_memory_equal(copy.data, "a\0b", 4);
}

static void
arena__dup_tells_missing_from_empty(void **state)
{
  PwasmStr copy = PWASM_STR("before");

  (void)state;
  assert_ok(pwasm_str_dup(&arena, pwasm_str(NULL, 0), &copy));
  assert_false(pwasm_str_is_present(copy));
  assert_int_equal(copy.len, 0);
  assert_ok(pwasm_str_dup(&arena, PWASM_STR(""), &copy));
  assert_true(pwasm_str_is_present(copy));
  assert_string_equal(copy.data, "");
}

static void
arena__dup_leaves_its_result_alone_when_it_fails(void **state)
{
  PwasmStr copy = PWASM_STR("before");

  (void)state;
  assert_status(pwasm_str_dup(&arena, pwasm_str("x", SIZE_MAX), &copy), OUT_OF_MEMORY);
  assert_status(pwasm_str_dup(&arena, pwasm_str("x", SIZE_MAX - 1), &copy), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_str_dup(&arena, PWASM_STR("x"), &copy), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_str(copy, "before");
}

#define ARENA_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    ARENA_TEST(arena__allocations_are_aligned),
    ARENA_TEST(arena__allocations_do_not_overlap),
    ARENA_TEST(arena__zero_size_is_a_pointer_of_its_own),
    ARENA_TEST(arena__sizes_that_overflow_are_refused),
    ARENA_TEST(arena__the_largest_block_can_be_had),
    ARENA_TEST(arena__zeroed_memory_is_zero_after_reuse),
    ARENA_TEST(arena__marks_nest),
    ARENA_TEST(arena__a_mark_of_an_empty_arena_empties_it),
    ARENA_TEST(arena__reset_gives_the_blocks_back),
    ARENA_TEST(arena__reset_memory_is_poisoned),
    ARENA_TEST(arena__a_block_is_filled_to_its_last_byte),
    ARENA_TEST(arena__a_rewound_block_is_poisoned_to_its_end),
    ARENA_TEST(arena__the_byte_behind_an_allocation_is_poisoned),
    ARENA_TEST(arena__cleanups_run_newest_first),
    ARENA_TEST(arena__memory_is_valid_while_cleanups_run),
    ARENA_TEST(arena__a_cleanup_may_use_the_arena),
    ARENA_TEST(arena__a_cleanup_without_memory_does_not_run),
    ARENA_TEST(arena__allocations_fail_on_demand),
    ARENA_TEST(arena__dup_copies_and_ends_with_nul),
    ARENA_TEST(arena__dup_tells_missing_from_empty),
    ARENA_TEST(arena__dup_leaves_its_result_alone_when_it_fails),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

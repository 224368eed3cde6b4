#include "../unit.h"

#include "hostcall/pairs_private.h"

PWASM_PLUGIN();

static PwasmArena arena;

static int
teardown(void **state)
{
  (void)state;
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  pwasm_arena_reset(&arena);
  return pwasm_vm_free(NULL) != 0;
}

/* {{"a", "1"}, {"b", "22"}} */
static const char two_pairs[] = "\2\0\0\0"
                                "\1\0\0\0\1\0\0\0"
                                "\1\0\0\0\2\0\0\0"
                                "a\0"
                                "1\0"
                                "b\0"
                                "22";
#define TWO_PAIRS pwasm_str(two_pairs, sizeof two_pairs)

/* Copies bytes to where the sanitizer sees a read past their end. */
static PwasmStr
exact_copy(PwasmStr bytes)
{
  PwasmStr copy;

  assert_ok(pwasm_str_dup(&arena, bytes, &copy));
  memmove((char *)(uintptr_t)copy.data, bytes.data, bytes.len);
  return copy;
}

static void
pairs__reads_the_wire_format(void **state)
{
  PwasmPairs pairs;
  PwasmPair pair;

  (void)state;
  assert_int_equal(sizeof two_pairs, 29);
  assert_ok(pwasm_pairs_parse(TWO_PAIRS, &pairs));
  assert_int_equal(pwasm_pairs_count(&pairs), 2);
  assert_true(pwasm_pairs_next(&pairs, &pair));
  assert_str(pair.name, "a");
  assert_str(pair.value, "1");
  /* Views into the bytes, not copies. */
  assert_ptr_equal(pair.name.data, two_pairs + 20);
  assert_int_equal(pwasm_pairs_count(&pairs), 1);
  assert_true(pwasm_pairs_next(&pairs, &pair));
  assert_str(pair.name, "b");
  assert_str(pair.value, "22");
  assert_false(pwasm_pairs_next(&pairs, &pair));
  assert_false(pwasm_pairs_next(&pairs, &pair));
  assert_int_equal(pwasm_pairs_count(&pairs), 0);
  /* Untouched when there is none left. */
  assert_str(pair.name, "b");
}

static void
pairs__reads_what_other_sdks_write(void **state)
{
  static const char bytes[] = "\4\0\0\0"
                              "\7\0\0\0\3\0\0\0"
                              "\5\0\0\0\10\0\0\0"
                              "\12\0\0\0\13\0\0\0"
                              "\12\0\0\0\12\0\0\0"
                              ":method\0GET\0"
                              ":path\0/bytes/1\0"
                              ":authority\0httpbin.org\0"
                              "Powered-By\0proxy-wasm";
  PwasmPairs pairs;
  PwasmStr value;

  (void)state;
  assert_ok(pwasm_pairs_parse(pwasm_str(bytes, sizeof bytes), &pairs));
  assert_int_equal(pwasm_pairs_count(&pairs), 4);
  assert_true(pwasm_pairs_next_named(&pairs, PWASM_STR(":path"), &value));
  assert_str(value, "/bytes/1");
  assert_true(pwasm_pairs_next_named(&pairs, PWASM_STR("powered-by"), &value));
  assert_str(value, "proxy-wasm");
  assert_false(pwasm_pairs_next_named(&pairs, PWASM_STR("powered-by"), &value));
  assert_str(value, "proxy-wasm");
}

static void
pairs__an_empty_value_is_not_missing(void **state)
{
  static const char bytes[] = "\1\0\0\0\1\0\0\0\0\0\0\0k\0";
  PwasmPairs pairs;
  PwasmPair pair;

  (void)state;
  assert_int_equal(sizeof bytes, 15);
  assert_ok(pwasm_pairs_parse(pwasm_str(bytes, sizeof bytes), &pairs));
  assert_true(pwasm_pairs_next(&pairs, &pair));
  assert_str(pair.name, "k");
  assert_true(pwasm_str_is_present(pair.value));
  assert_int_equal(pair.value.len, 0);
}

static void
pairs__every_form_of_empty(void **state)
{
  static const PwasmStr empty[] = {
    {NULL, 0},
    PWASM_STR_INIT(""),
    PWASM_STR_INIT("\0"),
    PWASM_STR_INIT("\0\0\0\0"),
    /* Too short for a count: as hosts take it. */
    PWASM_STR_INIT("\2\0\0"),
  };
  PwasmPairs pairs;
  PwasmPair pair;

  (void)state;
  for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
    memset(&pairs, 0xff, sizeof pairs);
    assert_ok(pwasm_pairs_parse(empty[i], &pairs));
    assert_int_equal(pwasm_pairs_count(&pairs), 0);
    assert_false(pwasm_pairs_next(&pairs, &pair));
  }
}

static void
pairs__truncation_at_every_byte_is_malformed(void **state)
{
  (void)state;
  for (size_t len = 4; len < sizeof two_pairs; len++) {
    PwasmPairs pairs = {NULL, NULL, 12345};
    PwasmStatus status = pwasm_pairs_parse(exact_copy(pwasm_str(two_pairs, len)), &pairs);

    if (status != PWASM_STATUS_MALFORMED)
      fail_msg("the first %zu bytes: %s", len, pwasm_status_name(status));
    assert_int_equal(pairs.num_left, 12345);
  }
}

static void
pairs__sizes_that_do_not_add_up_are_malformed(void **state)
{
  static const uint32_t huge[] = {0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff, 30, 1000};

  (void)state;
  /* The count, and each of the four sizes. */
  for (size_t field = 0; field < 5; field++) {
    for (size_t i = 0; i < sizeof huge / sizeof huge[0]; i++) {
      char bytes[sizeof two_pairs];
      PwasmPairs pairs;

      memcpy(bytes, two_pairs, sizeof bytes);
      for (int k = 0; k < 4; k++)
        bytes[field * 4 + (size_t)k] = (char)(huge[i] >> (8 * k));
      assert_status(pwasm_pairs_parse(exact_copy(pwasm_str(bytes, sizeof bytes)), &pairs),
                    MALFORMED);
    }
  }
}

static void
pairs__sizes_that_wrap_around_are_malformed(void **state)
{
  /* Sums that are small modulo 2^32. */
  static const char bytes[] = "\2\0\0\0"
                              "\xff\xff\xff\xff\1\0\0\0"
                              "\1\0\0\0\xff\xff\xff\xff"
                              "a\0b\0c\0d";
  PwasmPairs pairs;

  (void)state;
  assert_status(pwasm_pairs_parse(pwasm_str(bytes, sizeof bytes), &pairs), MALFORMED);
}

static void
pairs__random_bytes_never_lead_astray(void **state)
{
  uint32_t random = 1;

  (void)state;
  for (int round = 0; round < 20000; round++) {
    PwasmArenaMark mark = pwasm_arena_mark(&arena);
    char bytes[64];
    size_t len = (size_t)round % (sizeof bytes + 1);
    PwasmPairs pairs;
    PwasmPair pair;
    PwasmStr copy;
    size_t total = 0;

    for (size_t i = 0; i < len; i++) {
      random = random * 1664525u + 1013904223u;
      /* Mostly small numbers, so that some get far. */
      bytes[i] = (char)((random >> 24) % ((random >> 8) % 8 == 0 ? 256 : 4));
    }
    copy = exact_copy(pwasm_str(bytes, len));
    if (pwasm_pairs_parse(copy, &pairs) == PWASM_STATUS_OK) {
      while (pwasm_pairs_next(&pairs, &pair)) {
        for (size_t i = 0; i < pair.name.len; i++)
          total += (unsigned char)pair.name.data[i];
        for (size_t i = 0; i < pair.value.len; i++)
          total += (unsigned char)pair.value.data[i];
        assert_true(pair.value.data + pair.value.len < copy.data + copy.len);
      }
    }
    assert_true(total < sizeof bytes * 256);
    pwasm_arena_rewind(&arena, mark);
  }
}

static void
pairs__writes_the_wire_format(void **state)
{
  static const PwasmPair pairs[] = {
    {PWASM_STR_INIT("a"), PWASM_STR_INIT("1")},
    {PWASM_STR_INIT("b"), PWASM_STR_INIT("22")},
  };
  PwasmStr bytes;

  (void)state;
  assert_ok(pwasm__pairs_serialize(&arena, pairs, 2, &bytes));
  assert_int_equal(bytes.len, sizeof two_pairs);
  assert_memory_equal(bytes.data, two_pairs, sizeof two_pairs);
  /* None are no bytes: what all hosts take. */
  assert_ok(pwasm__pairs_serialize(&arena, NULL, 0, &bytes));
  assert_int_equal(bytes.len, 0);
  assert_true(pwasm_str_is_present(bytes));
}

static void
pairs__missing_names_and_values_are_written_as_empty(void **state)
{
  static const PwasmPair pair = {{NULL, 0}, {NULL, 0}};
  PwasmStr bytes;

  (void)state;
  assert_ok(pwasm__pairs_serialize(&arena, &pair, 1, &bytes));
  assert_int_equal(bytes.len, 14);
  assert_memory_equal(bytes.data, "\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 14);
}

static void
pairs__all_bytes_go_through(void **state)
{
  char all[256];
  PwasmPair written[3];
  PwasmPairs pairs;
  PwasmPair read;
  PwasmStr bytes;

  (void)state;
  for (int i = 0; i < 256; i++)
    all[i] = (char)i;
  written[0] = (PwasmPair){PWASM_STR("x-all"), pwasm_str(all, sizeof all)};
  written[1] = (PwasmPair){pwasm_str(all, sizeof all), PWASM_STR("")};
  written[2] = (PwasmPair){PWASM_STR("x-all"), PWASM_STR("again")};
  assert_ok(pwasm__pairs_serialize(&arena, written, 3, &bytes));
  assert_ok(pwasm_pairs_parse(bytes, &pairs));
  for (size_t i = 0; i < 3; i++) {
    assert_true(pwasm_pairs_next(&pairs, &read));
    assert_true(pwasm_str_equal(read.name, written[i].name));
    assert_true(pwasm_str_equal(read.value, written[i].value));
  }
  assert_false(pwasm_pairs_next(&pairs, &read));
}

static void
pairs__repeated_names_are_all_found(void **state)
{
  static const PwasmPair cookies[] = {
    {PWASM_STR_INIT("set-cookie"), PWASM_STR_INIT("a=1")},
    {PWASM_STR_INIT("other"), PWASM_STR_INIT("x")},
    {PWASM_STR_INIT("set-cookie"), PWASM_STR_INIT("")},
    {PWASM_STR_INIT("set-cookie"), PWASM_STR_INIT("c=3")},
  };
  PwasmPairs pairs;
  PwasmPairs again;
  PwasmStr bytes;
  PwasmStr value;

  (void)state;
  assert_ok(pwasm__pairs_serialize(&arena, cookies, 4, &bytes));
  assert_ok(pwasm_pairs_parse(bytes, &pairs));
  again = pairs;
  assert_true(pwasm_pairs_next_named(&pairs, PWASM_STR("Set-Cookie"), &value));
  assert_str(value, "a=1");
  assert_true(pwasm_pairs_next_named(&pairs, PWASM_STR("Set-Cookie"), &value));
  assert_str(value, "");
  assert_true(pwasm_pairs_next_named(&pairs, PWASM_STR("Set-Cookie"), &value));
  assert_str(value, "c=3");
  assert_false(pwasm_pairs_next_named(&pairs, PWASM_STR("Set-Cookie"), &value));
  /* A copy of the struct begins anew. */
  assert_int_equal(pwasm_pairs_count(&again), 4);
}

static void
pairs__more_than_1024_are_refused(void **state)
{
  static PwasmPair pairs[PWASM_PAIRS_MAX_COUNT + 1];
  PwasmStr bytes = PWASM_STR("before");

  (void)state;
  for (size_t i = 0; i < PWASM_PAIRS_MAX_COUNT + 1; i++)
    pairs[i] = (PwasmPair){PWASM_STR("n"), PWASM_STR("v")};
  assert_status(pwasm__pairs_serialize(&arena, pairs, PWASM_PAIRS_MAX_COUNT + 1, &bytes),
                TOO_LARGE);
  assert_str(bytes, "before");
  assert_ok(pwasm__pairs_serialize(&arena, pairs, PWASM_PAIRS_MAX_COUNT, &bytes));
}

static void
pairs__more_than_a_mebibyte_is_refused(void **state)
{
  char *value = pwasm_arena_alloc(&arena, PWASM_PAIRS_MAX_SIZE);
  PwasmPair pair = {PWASM_STR("n"), pwasm_str(value, PWASM_PAIRS_MAX_SIZE - 15)};
  PwasmStr bytes;

  (void)state;
  memset(value, 'v', PWASM_PAIRS_MAX_SIZE);
  assert_ok(pwasm__pairs_serialize(&arena, &pair, 1, &bytes));
  assert_int_equal(bytes.len, PWASM_PAIRS_MAX_SIZE);
  pair.value.len++;
  assert_status(pwasm__pairs_serialize(&arena, &pair, 1, &bytes), TOO_LARGE);
  /* Sizes that would wrap around. */
  pair.value.len = SIZE_MAX;
  assert_status(pwasm__pairs_serialize(&arena, &pair, 1, &bytes), TOO_LARGE);
  pair.value.len = SIZE_MAX - 14;
  assert_status(pwasm__pairs_serialize(&arena, &pair, 1, &bytes), TOO_LARGE);
  pair = (PwasmPair){pwasm_str(value, SIZE_MAX / 2 + 1), pwasm_str(value, SIZE_MAX / 2 + 1)};
  assert_status(pwasm__pairs_serialize(&arena, &pair, 1, &bytes), TOO_LARGE);
}

static void
pairs__says_when_memory_is_out(void **state)
{
  static const PwasmPair pair = {PWASM_STR_INIT("n"), PWASM_STR_INIT("v")};
  PwasmStr bytes = PWASM_STR("before");

  (void)state;
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm__pairs_serialize(&arena, &pair, 1, &bytes), OUT_OF_MEMORY);
  assert_str(bytes, "before");
}

#define PAIRS_TEST(function) cmocka_unit_test_teardown(function, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    PAIRS_TEST(pairs__reads_the_wire_format),
    PAIRS_TEST(pairs__reads_what_other_sdks_write),
    PAIRS_TEST(pairs__an_empty_value_is_not_missing),
    PAIRS_TEST(pairs__every_form_of_empty),
    PAIRS_TEST(pairs__truncation_at_every_byte_is_malformed),
    PAIRS_TEST(pairs__sizes_that_do_not_add_up_are_malformed),
    PAIRS_TEST(pairs__sizes_that_wrap_around_are_malformed),
    PAIRS_TEST(pairs__random_bytes_never_lead_astray),
    PAIRS_TEST(pairs__writes_the_wire_format),
    PAIRS_TEST(pairs__missing_names_and_values_are_written_as_empty),
    PAIRS_TEST(pairs__all_bytes_go_through),
    PAIRS_TEST(pairs__repeated_names_are_all_found),
    PAIRS_TEST(pairs__more_than_1024_are_refused),
    PAIRS_TEST(pairs__more_than_a_mebibyte_is_refused),
    PAIRS_TEST(pairs__says_when_memory_is_out),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "../unit.h"

#include <hostcall/protobuf_private.h>

PWASM_PLUGIN();

static PwasmArena arena;

static int
reset(void **state)
{
  (void)state;
  pwasm_arena_reset(&arena);
  return 0;
}

#define ALL(array) (array), sizeof(array) / sizeof((array)[0])

static void
protobuf__writes_what_is_no_default(void **state)
{
  const PwasmProtobufField fields[] = {
    {.number = 1, .bytes = PWASM_STR_INIT("path")},
    {.number = 2, .bytes = PWASM_STR_INIT("")},
    {.number = 3, .varint = 0},
    {.number = 4, .varint = 300},
    {.number = 6, .varint = 128},
    {.number = 15, .varint = 127},
    {.number = 5, .varint = UINT64_MAX},
  };
  static const char expected[] =
    "\x0a\x04path\x20\xac\x02\x30\x80\x01\x78\x7f\x28\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
  PwasmStr message;

  (void)state;
  assert_ok(pwasm__protobuf_serialize(&arena, ALL(fields), &message));
  assert_int_equal(message.len, sizeof expected - 1);
  assert_memory_equal(message.data, expected, message.len);
  assert_ok(pwasm__protobuf_serialize(&arena, fields + 1, 2, &message));
  assert_int_equal(message.len, 0);
}

static void
protobuf__long_bytes_have_a_longer_length(void **state)
{
  char bytes[200];
  const PwasmProtobufField field = {.number = 1, .bytes = {bytes, sizeof bytes}};
  PwasmStr message;

  (void)state;
  memset(bytes, 'x', sizeof bytes);
  assert_ok(pwasm__protobuf_serialize(&arena, &field, 1, &message));
  assert_int_equal(message.len, 203);
  assert_memory_equal(message.data, "\x0a\xc8\x01xx", 5);
}

static void
protobuf__too_large_and_no_memory(void **state)
{
  const PwasmProtobufField large = {.number = 1, .bytes = {"x", UINT32_MAX}};
  const PwasmProtobufField small = {.number = 1, .bytes = PWASM_STR_INIT("x")};
  PwasmStr message = PWASM_STR("before");

  (void)state;
  assert_status(pwasm__protobuf_serialize(&arena, &large, 1, &message), TOO_LARGE);
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm__protobuf_serialize(&arena, &small, 1, &message), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_str(message, "before");
}

static void
protobuf__reads_all_kinds(void **state)
{
  PwasmStr message = PWASM_STR("\x08\x01\x12\x02hi\x19"
                               "12345678\x25"
                               "1234\xa2\x06\x00");
  PwasmProtobufField field;

  (void)state;
  assert_ok(pwasm__protobuf_next(&message, &field));
  assert_int_equal(field.number, 1);
  assert_int_equal(field.varint, 1);
  assert_false(pwasm_str_is_present(field.bytes));
  assert_ok(pwasm__protobuf_next(&message, &field));
  assert_int_equal(field.number, 2);
  assert_str(field.bytes, "hi");
  assert_ok(pwasm__protobuf_next(&message, &field));
  assert_int_equal(field.number, 3);
  assert_str(field.bytes, "12345678");
  assert_ok(pwasm__protobuf_next(&message, &field));
  assert_int_equal(field.number, 4);
  assert_str(field.bytes, "1234");
  assert_ok(pwasm__protobuf_next(&message, &field));
  assert_int_equal(field.number, 100);
  assert_str(field.bytes, "");
  assert_true(pwasm_str_is_present(field.bytes));
  assert_status(pwasm__protobuf_next(&message, &field), EMPTY);
  assert_int_equal(field.number, 100);
}

static void
protobuf__reads_numbers_of_all_sizes(void **state)
{
  PwasmStr message =
    PWASM_STR("\x08\x80\x80\x80\x80\x10\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
              "\xf8\xff\xff\xff\x7f\x00");
  PwasmProtobufField field;

  (void)state;
  assert_ok(pwasm__protobuf_next(&message, &field));
  assert_true(field.varint == UINT64_C(1) << 32);
  assert_ok(pwasm__protobuf_next(&message, &field));
  assert_true(field.varint == UINT64_MAX);
  assert_ok(pwasm__protobuf_next(&message, &field));
  assert_int_equal(field.number, UINT32_C(0xffffffff));
  assert_status(pwasm__protobuf_next(&message, &field), EMPTY);
}

static void
protobuf__reads_no_nonsense(void **state)
{
  static const PwasmStr messages[] = {
    PWASM_STR_INIT("\x08"),
    PWASM_STR_INIT("\x08\x80"),
    PWASM_STR_INIT("\x12\x05hi"),
    PWASM_STR_INIT("\x19"
                   "1234"),
    PWASM_STR_INIT("\x25"),
    PWASM_STR_INIT("\x0b"),
    PWASM_STR_INIT("\x0f"),
    PWASM_STR_INIT("\x00\x01"),
    PWASM_STR_INIT("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
    PWASM_STR_INIT("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
    PWASM_STR_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01"),
    /* A number of 33 bits. */
    PWASM_STR_INIT("\x88\x80\x80\x80\x80\x01\x01"),
  };
  PwasmProtobufField field = {.number = 7};

  (void)state;
  for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
    PwasmStr message = messages[i];

    assert_status(pwasm__protobuf_next(&message, &field), MALFORMED);
    assert_ptr_equal(message.data, messages[i].data);
    assert_int_equal(field.number, 7);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(protobuf__writes_what_is_no_default, reset),
    cmocka_unit_test_teardown(protobuf__long_bytes_have_a_longer_length, reset),
    UNIT_TEST(protobuf__too_large_and_no_memory),
    cmocka_unit_test(protobuf__reads_all_kinds),
    cmocka_unit_test(protobuf__reads_numbers_of_all_sizes),
    cmocka_unit_test(protobuf__reads_no_nonsense),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

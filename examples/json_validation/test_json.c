#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pwasm/native.h>

#include "../json/json.h"

/* In the default VM, without a host. */
static PwasmArena arena;

static int
end_vm(void **state)
{
  (void)state;
  pwasm_arena_reset(&arena);
  assert_int_equal(pwasm_vm_free(NULL), 0);
  return 0;
}

static void
json__takes_what_is_json(void **state)
{
  static const char *const valid[] = {
    "{}",
    "[]",
    " [ ] \n",
    "\t{\r\n} ",
    "null",
    "true",
    " false ",
    "0",
    "-0",
    "17",
    "-1.5e+10",
    "1E5",
    "0.0e-0",
    "\"\"",
    "\"a\"",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
    "\"[{,:}]\"",
    "\"\xc3\xa9\x7f\"",
    "[1]",
    "[1,2 , 3]",
    "[[],[[]],{}]",
    "[[1],2,[3,[4]],5]",
    "{\"a\":1}",
    "{\"\":\"\"}",
    "{ \"a\" : [ ] , \"b\" : { \"c\" : null } , \"d\" : -1 }",
    "[{\"a\":[{\"b\":{}}]},[],\"c\"]",
    "{\"a\":1,\"a\":2}",
  };
  (void)state;
  for (size_t i = 0; i < sizeof valid / sizeof valid[0]; i++) {
    Json json;

    if (json_parse(&arena, pwasm_str_from_cstr(valid[i]), &json) != PWASM_STATUS_OK)
      fail_msg("refused: %s", valid[i]);
  }
}

static void
json__refuses_what_is_not(void **state)
{
  static const char *const invalid[] = {
    "",
    " ",
    "{",
    "}",
    "[",
    "]",
    "[}",
    "{]",
    "[1",
    "[1]]",
    "{\"a\":1}}",
    "{}{}",
    "[] []",
    "1 2",
    "1,",
    ",",
    ":",
    ":1",
    ",1",
    "\"a\":1",
    "\"a\" \"b\"",
    "[,]",
    "[1,]",
    "[,1]",
    "[1,,2]",
    "[1 2]",
    "[\"a\" \"b\"]",
    "[[] []]",
    "[1:2]",
    "[:1]",
    "[\"a\":1]",
    "[],",
    "{,}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{,\"a\":1}",
    "{\"a\":1,,\"b\":2}",
    "{\"a\" 1}",
    "{\"a\" \"b\"}",
    "{\"a\"::1}",
    "{\"a\":1:2}",
    "{\"a\":[]:2}",
    "{\"a\":[1]:2}",
    "{\"a\":{}:2}",
    "{\"a\":1 \"b\":2}",
    "{\"a\":\"b\" \"c\":1}",
    "{\"a\":{} \"b\":1}",
    "{\"a\":\"b\":\"c\"}",
    "{\"a\",\"b\":1}",
    "{\"a\":1,\"b\"}",
    "{1:2}",
    "{null:2}",
    "{{}:1}",
    "{[]:1}",
    "{a:1}",
    "{'a':1}",
    "'a'",
    "\"a",
    "a\"",
    "\"\\\"",
    "\"\\x41\"",
    "\"\\u12\"",
    "\"\\u12g4\"",
    "\"\\\"\\",
    "\"a\nb\"",
    "\"\x1f\"",
    "nul",
    "nulll",
    "True",
    "truefalse",
    "NaN",
    "Infinity",
    "-",
    "+1",
    "01",
    "-01",
    ".5",
    "1.",
    "1.e5",
    "1e",
    "1e+",
    "0x10",
    "1a",
    "[1a]",
    "[-]",
    "1/**/",
    "\v1",
    "\xef\xbb\xbf{}",
    "\xc2\xa0",
  };
  (void)state;
  for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
    Json json;

    if (json_parse(&arena, pwasm_str_from_cstr(invalid[i]), &json) != PWASM_STATUS_PARSE_FAILURE)
      fail_msg("taken: %s", invalid[i]);
  }
}

static void
json__refuses_a_nul(void **state)
{
  Json json;

  (void)state;
  assert_int_equal(json_parse(&arena, PWASM_STR("{}\0"), &json), PWASM_STATUS_PARSE_FAILURE);
  assert_int_equal(json_parse(&arena, PWASM_STR("\"a\0b\""), &json), PWASM_STATUS_PARSE_FAILURE);
  assert_int_equal(json_parse(&arena, (PwasmStr){0}, &json), PWASM_STATUS_PARSE_FAILURE);
}

static char bomb[2000000];

/* `depth` arrays in each other, and whether they are taken. */
static PwasmStatus
parse_arrays(size_t depth)
{
  Json json;

  memset(bomb, '[', depth);
  memset(bomb + depth, ']', depth);
  return json_parse(&arena, pwasm_str(bomb, 2 * depth), &json);
}

static void
json__has_a_limit_of_depth(void **state)
{
  (void)state;
  assert_int_equal(parse_arrays(JSON_MAX_DEPTH), PWASM_STATUS_OK);
  assert_int_equal(parse_arrays(JSON_MAX_DEPTH + 1), PWASM_STATUS_PARSE_FAILURE);
  assert_int_equal(parse_arrays(sizeof bomb / 2), PWASM_STATUS_PARSE_FAILURE);
}

static void
json__gives_members_and_elements(void **state)
{
  Json json;
  const JsonToken *array;
  PwasmStr string;

  (void)state;
  assert_int_equal(json_parse(&arena,
                              PWASM_STR("{\"x\": {\"y\": 1}, \"\\u0061rray\": [[1], \"two\", {}]}"),
                              &json),
                   PWASM_STATUS_OK);
  assert_null(json_member(&json, json.tokens, PWASM_STR("y")));
  assert_non_null(
    json_member(&json, json_member(&json, json.tokens, PWASM_STR("x")), PWASM_STR("y")));
  assert_null(json_member(&json, NULL, PWASM_STR("x")));
  array = json_member(&json, json.tokens, PWASM_STR("array"));
  assert_true(json_is_array(array));
  assert_false(json_is_array(json.tokens));
  assert_false(json_is_array(NULL));
  assert_int_equal(json_array_size(array), 3);
  assert_int_equal(json_array_size(json_element(&json, array, 0)), 1);
  assert_int_equal(json_string(&json, &arena, json_element(&json, array, 1), &string),
                   PWASM_STATUS_OK);
  assert_true(pwasm_str_equal(string, PWASM_STR("two")));
  assert_null(json_element(&json, array, 3));
  assert_null(json_member(&json, array, PWASM_STR("two")));
}

static void
json__resolves_escapes(void **state)
{
  static const char *const cases[][2] = {
    {"\"\"", ""},
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
    {"\"\\u0041\\u00e9\\u20AC\\ud83d\\uDE00!\"", "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80!"},
    {"\"\\\\u0041\"", "\\u0041"},
    {"\"\\ud83d\"", NULL},
    {"\"\\ud83dx\"", NULL},
    {"\"\\ud83d\\n12345\"", NULL},
    {"\"\\ud83d\\u0041\"", NULL},
    {"\"\\ude00\"", NULL},
    {"1", NULL},
    {"[]", NULL},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    PwasmStr string = {0};
    Json json;

    assert_int_equal(json_parse(&arena, pwasm_str_from_cstr(cases[i][0]), &json), PWASM_STATUS_OK);
    assert_int_equal(json_string(&json, &arena, json.tokens, &string),
                     cases[i][1] == NULL ? PWASM_STATUS_PARSE_FAILURE : PWASM_STATUS_OK);
    assert_true(pwasm_str_equal(string, pwasm_str_from_cstr(cases[i][1])));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(json__takes_what_is_json, end_vm),
    cmocka_unit_test_teardown(json__refuses_what_is_not, end_vm),
    cmocka_unit_test_teardown(json__refuses_a_nul, end_vm),
    cmocka_unit_test_teardown(json__has_a_limit_of_depth, end_vm),
    cmocka_unit_test_teardown(json__gives_members_and_elements, end_vm),
    cmocka_unit_test_teardown(json__resolves_escapes, end_vm),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

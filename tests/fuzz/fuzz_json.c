/* The examples' JSON against a parser of RFC 8259 that does nothing but say yes or no. */

#include "fuzz.h"

#include <pwasm/native.h>

#include "json.h"

/* ---- yes or no ---- */

static bool skip_value(PwasmStr *text, size_t depth);

static bool
skip(PwasmStr *text, char c)
{
  if (text->len == 0 || text->data[0] != c)
    return false;
  *text = pwasm_str_slice(*text, 1, SIZE_MAX);
  return true;
}

static void
skip_blanks(PwasmStr *text)
{
  while (skip(text, ' ') || skip(text, '\t') || skip(text, '\n') || skip(text, '\r'))
    continue;
}

static size_t
skip_set(PwasmStr *text, const char *set)
{
  size_t count = 0;

  while (text->len > 0 && text->data[0] != '\0' && strchr(set, text->data[0]) != NULL) {
    *text = pwasm_str_slice(*text, 1, SIZE_MAX);
    count++;
  }
  return count;
}

static bool
skip_word(PwasmStr *text, PwasmStr word)
{
  if (!pwasm_str_starts_with(*text, word))
    return false;
  *text = pwasm_str_slice(*text, word.len, SIZE_MAX);
  return true;
}

static bool
skip_number(PwasmStr *text)
{
  skip(text, '-');
  if (!skip(text, '0') && skip_set(text, "0123456789") == 0)
    return false;
  if (skip(text, '.') && skip_set(text, "0123456789") == 0)
    return false;
  if (skip(text, 'e') || skip(text, 'E')) {
    if (!skip(text, '+'))
      skip(text, '-');
    return skip_set(text, "0123456789") > 0;
  }
  return true;
}

static bool
skip_string(PwasmStr *text)
{
  if (!skip(text, '"'))
    return false;
  while (!skip(text, '"')) {
    if (text->len == 0 || (unsigned char)text->data[0] < 0x20)
      return false;
    if (!skip(text, '\\')) {
      *text = pwasm_str_slice(*text, 1, SIZE_MAX);
    } else if (skip(text, 'u')) {
      PwasmStr digits = pwasm_str_slice(*text, 0, 4);

      if (digits.len < 4 || skip_set(&digits, "0123456789abcdefABCDEF") < 4)
        return false;
      *text = pwasm_str_slice(*text, 4, SIZE_MAX);
    } else {
      if (text->len == 0 || text->data[0] == '\0' || strchr("\"\\/bfnrt", text->data[0]) == NULL)
        return false;
      *text = pwasm_str_slice(*text, 1, SIZE_MAX);
    }
  }
  return true;
}

static bool
skip_members(PwasmStr *text, bool is_object, size_t depth)
{
  char end = is_object ? '}' : ']';

  skip_blanks(text);
  if (skip(text, end))
    return true;
  do {
    skip_blanks(text);
    if (is_object) {
      if (!skip_string(text))
        return false;
      skip_blanks(text);
      if (!skip(text, ':'))
        return false;
    }
    if (!skip_value(text, depth))
      return false;
  } while (skip(text, ','));
  return skip(text, end);
}

static bool
skip_value(PwasmStr *text, size_t depth)
{
  bool is_value;

  skip_blanks(text);
  if (text->len > 0 && text->data[0] == '"')
    is_value = skip_string(text);
  else if (skip(text, '{'))
    is_value = depth < JSON_MAX_DEPTH && skip_members(text, true, depth + 1);
  else if (skip(text, '['))
    is_value = depth < JSON_MAX_DEPTH && skip_members(text, false, depth + 1);
  else
    is_value = skip_word(text, PWASM_STR("true")) || skip_word(text, PWASM_STR("false")) ||
               skip_word(text, PWASM_STR("null")) || skip_number(text);
  skip_blanks(text);
  return is_value;
}

/* ---- what is in it ---- */

/* A string that is read, written, and read again is the same. */
static void
check_string(const Json *json, const JsonToken *token)
{
  PwasmArena *scratch = pwasm_scratch();
  PwasmStr string = PWASM_STR("untouched");
  PwasmStr again;
  Json written;
  char *text;
  size_t len = 0;

  if (json_string(json, scratch, token, &string) != PWASM_STATUS_OK) {
    FUZZ_CHECK(pwasm_str_equal(string, PWASM_STR("untouched")));
    return;
  }
  text = pwasm_arena_alloc(scratch, 6 * string.len + 3);
  FUZZ_CHECK(text != NULL);
  text[len++] = '"';
  for (size_t i = 0; i < string.len; i++) {
    unsigned char c = (unsigned char)string.data[i];

    if (c >= 0x80 || (c >= 0x20 && c != '"' && c != '\\'))
      text[len++] = (char)c;
    else
      len += (size_t)snprintf(text + len, 7, "\\u%04x", c);
  }
  text[len++] = '"';
  FUZZ_CHECK(json_parse(scratch, pwasm_str(text, len), &written) == PWASM_STATUS_OK);
  FUZZ_CHECK(json_string(&written, scratch, written.tokens, &again) == PWASM_STATUS_OK);
  FUZZ_CHECK(pwasm_str_equal(string, again));
}

static void
check_value(const Json *json, const JsonToken *value, size_t depth)
{
  if (value == NULL || depth > 4)
    return;
  check_string(json, value);
  check_value(json, json_member(json, value, PWASM_STR("a")), depth + 1);
  check_value(json, json_member(json, value, PWASM_STR("\n")), depth + 1);
  for (size_t i = 0; i < json_array_size(value) && i < 8; i++) {
    const JsonToken *element = json_element(json, value, i);

    FUZZ_CHECK(element != NULL);
    check_value(json, element, depth + 1);
  }
  FUZZ_CHECK(json_element(json, value, json_array_size(value)) == NULL);
  FUZZ_CHECK(json_is_array(value) || json_array_size(value) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  PwasmStr text = pwasm_str(size == 0 ? "" : (const char *)data, size);
  PwasmStr rest = text;
  Json json;
  PwasmStatus status = json_parse(pwasm_scratch(), text, &json);
  bool is_json = skip_value(&rest, 0) && rest.len == 0;

  FUZZ_CHECK(status == (is_json ? PWASM_STATUS_OK : PWASM_STATUS_PARSE_FAILURE));
  if (is_json)
    check_value(&json, json.tokens, 0);
  pwasm_vm_free(NULL);
  return 0;
}

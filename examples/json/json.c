#include "json.h"

#include <limits.h>

#define JSMN_STATIC
#define JSMN_STRICT
#define JSMN_PARENT_LINKS
#include <jsmn.h>

struct JsonToken {
  jsmntok_t token;
};

/* Where a token begins and ends, quotes included. */
static size_t
begin_of(const jsmntok_t *token)
{
  return (size_t)token->start - (token->type == JSMN_STRING);
}

static size_t
end_of(const jsmntok_t *token)
{
  return (size_t)token->end + (token->type == JSMN_STRING);
}

/* Whether there is nothing from `begin` to `end` but blanks, and `separator` once; NUL for none. */
static bool
is_gap(PwasmStr text, size_t begin, size_t end, char separator)
{
  PwasmStr gap;

  if (begin > end)
    return false;
  gap = pwasm_str_trim(pwasm_str_slice(text, begin, end - begin));
  return separator == '\0' ? gap.len == 0 : gap.len == 1 && gap.data[0] == separator;
}

static bool
is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static const char *
skip_digits(const char *at, const char *end)
{
  while (at < end && is_digit(*at))
    at++;
  return at;
}

static bool
is_number(PwasmStr text)
{
  const char *end = text.data + text.len;
  const char *at = text.data + (text.len > 0 && text.data[0] == '-');
  const char *digits = at;

  at = skip_digits(at, end);
  if (at == digits || (*digits == '0' && at > digits + 1))
    return false;
  if (at < end && *at == '.') {
    digits = ++at;
    at = skip_digits(at, end);
    if (at == digits)
      return false;
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    at++;
    if (at < end && (*at == '+' || *at == '-'))
      at++;
    digits = at;
    at = skip_digits(at, end);
    if (at == digits)
      return false;
  }
  return at == end;
}

/* What jsmn does not look at inside of a token. */
static bool
is_well_formed(const jsmntok_t *token, PwasmStr text)
{
  PwasmStr bytes = pwasm_str_slice(text, (size_t)token->start, (size_t)(token->end - token->start));

  if (token->type == JSMN_PRIMITIVE)
    return pwasm_str_equal(bytes, PWASM_STR("true")) ||
           pwasm_str_equal(bytes, PWASM_STR("false")) ||
           pwasm_str_equal(bytes, PWASM_STR("null")) || is_number(bytes);
  if (token->type == JSMN_STRING) {
    for (size_t i = 0; i < bytes.len; i++) {
      if ((unsigned char)bytes.data[i] < 0x20)
        return false;
    }
  }
  return true;
}

/* Whether a token may stand where it does: names are strings and have one value. */
static bool
is_in_place(const jsmntok_t *tokens, int index)
{
  const jsmntok_t *token = &tokens[index];
  bool is_name = token->parent >= 0 && tokens[token->parent].type == JSMN_OBJECT;

  if (token->type == JSMN_OBJECT || token->type == JSMN_ARRAY)
    return !is_name;
  return is_name ? token->type == JSMN_STRING && token->size == 1 : token->size == 0;
}

/* Goes from the end of `index`, at `*position`, up to the container `parent`, over the ends of the
 * containers between. */
static bool
climb(const jsmntok_t *tokens, int index, int parent, PwasmStr text, size_t *position)
{
  while (tokens[index].parent != parent) {
    index = tokens[index].parent;
    if (index < 0)
      return false;
    if (tokens[index].type == JSMN_STRING)
      continue;
    if (!is_gap(text, *position, end_of(&tokens[index]) - 1, '\0'))
      return false;
    *position = end_of(&tokens[index]);
  }
  return true;
}

/* jsmn looks for brackets and quotes and passes over most of what is between: whether that is what
 * JSON wants there. */
static bool
is_json(const jsmntok_t *tokens, int num_tokens, PwasmStr text)
{
  size_t position = 0;

  for (int i = 0; i < num_tokens; i++) {
    const jsmntok_t *token = &tokens[i];
    char separator = '\0';

    if (!is_well_formed(token, text) || !is_in_place(tokens, i))
      return false;
    if (i > 0 && token->parent == i - 1) {
      separator = tokens[i - 1].type == JSMN_STRING ? ':' : '\0';
    } else if (i > 0) {
      if (token->parent < 0 || !climb(tokens, i - 1, token->parent, text, &position))
        return false;
      separator = ',';
    }
    if (!is_gap(text, position, begin_of(token), separator))
      return false;
    /* Into a container that has something in it, past anything else. */
    position = token->type != JSMN_STRING && token->size > 0 ? begin_of(token) + 1 : end_of(token);
    if (token->size == 0 && (token->type == JSMN_OBJECT || token->type == JSMN_ARRAY) &&
        !is_gap(text, begin_of(token) + 1, end_of(token) - 1, '\0'))
      return false;
  }
  return climb(tokens, num_tokens - 1, -1, text, &position) &&
         is_gap(text, position, text.len, '\0');
}

/* From each closing bracket jsmn walks up through all that are open: a text of nothing but brackets
 * would take it the square of their number. */
static bool
is_too_deep(PwasmStr text)
{
  size_t depth = 0;
  bool is_string = false;

  for (size_t i = 0; i < text.len; i++) {
    char c = text.data[i];

    if (is_string && c == '\\')
      i++;
    else if (c == '"')
      is_string = !is_string;
    else if (!is_string && (c == '{' || c == '[') && ++depth > JSON_MAX_DEPTH)
      return true;
    else if (!is_string && (c == '}' || c == ']') && depth > 0)
      depth--;
  }
  return false;
}

/* jsmn wants something after a number or a word, even where they are all there is. */
static PwasmStatus
end_with_blank(PwasmArena *arena, PwasmStr *text)
{
  PwasmStr trimmed = pwasm_str_trim(*text);

  if (trimmed.len == 0 || trimmed.data[0] == '{' || trimmed.data[0] == '[' ||
      trimmed.data[0] == '"')
    return PWASM_STATUS_OK;
  return pwasm_str_join(arena, (const PwasmStr[]){trimmed, PWASM_STR(" ")}, 2, text);
}

PwasmStatus
json_parse(PwasmArena *arena, PwasmStr text, Json *ret_json)
{
  jsmn_parser parser;
  jsmntok_t *tokens;
  int num_tokens;

  /* jsmn counts in ints, and stops at a NUL. */
  if (text.len >= INT_MAX || pwasm_str_find(text, PWASM_STR("\0")) != SIZE_MAX || is_too_deep(text))
    return PWASM_STATUS_PARSE_FAILURE;
  if (end_with_blank(arena, &text) != PWASM_STATUS_OK)
    return PWASM_STATUS_OUT_OF_MEMORY;
  jsmn_init(&parser);
  num_tokens = jsmn_parse(&parser, text.data, text.len, NULL, 0);
  if (num_tokens <= 0)
    return PWASM_STATUS_PARSE_FAILURE;
  tokens = PWASM_ARENA_NEW_ARRAY(arena, jsmntok_t, (size_t)num_tokens);
  if (tokens == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  jsmn_init(&parser);
  if (jsmn_parse(&parser, text.data, text.len, tokens, (unsigned)num_tokens) != num_tokens)
    return PWASM_STATUS_PARSE_FAILURE;
  if (!is_json(tokens, num_tokens, text))
    return PWASM_STATUS_PARSE_FAILURE;
  ret_json->text = text;
  ret_json->tokens = (const JsonToken *)tokens;
  ret_json->num_tokens = (size_t)num_tokens;
  return PWASM_STATUS_OK;
}

/* The next token at or after `index` that lies directly in `parent`. */
static size_t
next_child(const Json *json, size_t parent, size_t index)
{
  while (index < json->num_tokens && json->tokens[index].token.parent != (int)parent)
    index++;
  return index;
}

static bool
is_named(const Json *json, const JsonToken *token, PwasmStr name)
{
  PwasmArenaMark mark = pwasm_arena_mark(pwasm_scratch());
  PwasmStr string;
  bool is_same = json_string(json, pwasm_scratch(), token, &string) == PWASM_STATUS_OK &&
                 pwasm_str_equal(string, name);

  pwasm_arena_rewind(pwasm_scratch(), mark);
  return is_same;
}

const JsonToken *
json_member(const Json *json, const JsonToken *object, PwasmStr name)
{
  size_t parent;

  if (object == NULL || object->token.type != JSMN_OBJECT)
    return NULL;
  parent = (size_t)(object - json->tokens);
  for (size_t i = next_child(json, parent, parent + 1); i < json->num_tokens;
       i = next_child(json, parent, i + 1)) {
    if (is_named(json, &json->tokens[i], name))
      return &json->tokens[i + 1];
  }
  return NULL;
}

bool
json_is_array(const JsonToken *value)
{
  return value != NULL && value->token.type == JSMN_ARRAY;
}

size_t
json_array_size(const JsonToken *value)
{
  return json_is_array(value) ? (size_t)value->token.size : 0;
}

const JsonToken *
json_element(const Json *json, const JsonToken *array, size_t index)
{
  size_t parent;
  size_t i;

  if (index >= json_array_size(array))
    return NULL;
  parent = (size_t)(array - json->tokens);
  i = next_child(json, parent, parent + 1);
  while (index-- > 0)
    i = next_child(json, parent, i + 1);
  return &json->tokens[i];
}

/* Reads four hexadecimal digits, which jsmn has checked. */
static uint32_t
read_hex(const char *digits)
{
  uint32_t value = 0;

  for (int i = 0; i < 4; i++)
    value = value << 4 |
            (uint32_t)(is_digit(digits[i]) ? digits[i] - '0' : (digits[i] | 0x20) - 'a' + 10);
  return value;
}

static char *
write_utf8(char *to, uint32_t code)
{
  int num_more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  static const unsigned char first[] = {0x00, 0xc0, 0xe0, 0xf0};

  *to++ = (char)(first[num_more] | code >> (6 * num_more));
  while (num_more-- > 0)
    *to++ = (char)(0x80 | (code >> (6 * num_more) & 0x3f));
  return to;
}

/* Resolves `\uXXXX`, two of them for a character beyond 16 bits, from behind the backslash. NULL
 * for half of a pair, or fewer digits than four. */
static const char *
resolve_code(const char *from, const char *end, char **to)
{
  uint32_t code;

  if (end - from < 5)
    return NULL;
  code = read_hex(from + 1);
  from += 5;
  if (code >= 0xd800 && code < 0xdc00 && end - from >= 6 && from[0] == '\\' && from[1] == 'u') {
    uint32_t low = read_hex(from + 2);

    if (low < 0xdc00 || low >= 0xe000)
      return NULL;
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    from += 6;
  } else if (code >= 0xd800 && code < 0xe000) {
    return NULL;
  }
  *to = write_utf8(*to, code);
  return from;
}

PwasmStatus
json_string(const Json *json, PwasmArena *arena, const JsonToken *value, PwasmStr *ret_string)
{
  static const char escapes[] = "b\bf\fn\nr\rt\t";
  const char *from;
  const char *end;
  char *begin;
  char *to;

  if (value == NULL || value->token.type != JSMN_STRING)
    return PWASM_STATUS_PARSE_FAILURE;
  from = json->text.data + value->token.start;
  end = json->text.data + value->token.end;
  /* Escapes are never shorter than what they stand for. */
  begin = to = pwasm_arena_alloc(arena, (size_t)(end - from));
  if (begin == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  while (from < end) {
    char c = *from++;

    if (c == '\\' && *from == 'u') {
      from = resolve_code(from, end, &to);
      if (from == NULL)
        return PWASM_STATUS_PARSE_FAILURE;
      continue;
    }
    if (c == '\\') {
      c = *from++;
      for (size_t i = 0; i < sizeof escapes - 1; i += 2) {
        if (c == escapes[i]) {
          c = escapes[i + 1];
          break;
        }
      }
    }
    *to++ = c;
  }
  *ret_string = pwasm_str(begin, (size_t)(to - begin));
  return PWASM_STATUS_OK;
}

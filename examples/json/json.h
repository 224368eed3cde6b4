#ifndef EXAMPLES_JSON_H
#define EXAMPLES_JSON_H

/* What the examples need to read JSON, over jsmn, which splits a text into tokens. Here are the
 * checks that jsmn leaves to its callers, and the escapes. */

#include <pwasm/pwasm.h>

/* A value in a parsed text; private. */
typedef struct JsonToken JsonToken;

/* A parsed text. It is a view of the text, which must outlive it. */
typedef struct Json {
  PwasmStr text;
  const JsonToken *tokens; /* in the order of the text; the first is the whole value */
  size_t num_tokens;
} Json;

/* How many arrays and objects may lie in each other. */
#define JSON_MAX_DEPTH 256

/* Parses a text; the tokens go to `arena`. PARSE_FAILURE: it is not exactly one JSON value, or too
 * deep. OUT_OF_MEMORY: the memory is at its limit. */
PWASM_NODISCARD PwasmStatus json_parse(PwasmArena *arena, PwasmStr text, Json *ret_json);

/* The first member of an object that has this name, escapes resolved; NULL when `object` is NULL,
 * no object, or has no such member. `json->tokens` is the whole value. */
const JsonToken *json_member(const Json *json, const JsonToken *object, PwasmStr name);

/* A string, with its escapes resolved. PARSE_FAILURE: `value` is NULL, no string, or one that is no
 * text (half of a surrogate pair). */
PWASM_NODISCARD PwasmStatus json_string(const Json *json, PwasmArena *arena, const JsonToken *value,
                                        PwasmStr *ret_string);

bool json_is_array(const JsonToken *value);

/* How many elements an array has; 0 when `value` is NULL or no array. */
size_t json_array_size(const JsonToken *value);

/* An element of an array; NULL past its end. */
const JsonToken *json_element(const Json *json, const JsonToken *array, size_t index);

#endif

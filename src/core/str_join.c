#include <string.h>

#include <pwasm/arena.h>

PwasmStatus
pwasm_str_join(PwasmArena *arena, const PwasmStr *parts, size_t num_parts, PwasmStr *ret_text)
{
  size_t len = 0;
  char *text;

  for (size_t i = 0; i < num_parts; i++) {
    if (__builtin_add_overflow(len, parts[i].len, &len))
      return PWASM_STATUS_OUT_OF_MEMORY;
  }
  text = len == SIZE_MAX ? NULL : pwasm_arena_alloc(arena, len + 1);
  if (text == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  *ret_text = pwasm_str(text, len);
  for (size_t i = 0; i < num_parts; i++) {
    if (parts[i].len > 0)
      memcpy(text, parts[i].data, parts[i].len);
    text += parts[i].len;
  }
  *text = '\0';
  return PWASM_STATUS_OK;
}

#include <stdarg.h>

#include <pwasm/arena.h>

#include "format_private.h"

PwasmStatus
pwasm_str_format(PwasmArena *arena, PwasmStr *ret_text, const char *format, ...)
{
  va_list arguments;
  size_t len;
  char *text;

  va_start(arguments, format);
  len = pwasm__format(NULL, 0, format, arguments);
  va_end(arguments);
  text = pwasm_arena_alloc(arena, len + 1);
  if (text == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  va_start(arguments, format);
  pwasm__format(text, len, format, arguments);
  va_end(arguments);
  text[len] = '\0';
  *ret_text = pwasm_str(text, len);
  return PWASM_STATUS_OK;
}

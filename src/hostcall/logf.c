#include <stdarg.h>

#include <pwasm/arena.h>
#include <pwasm/log.h>

#include "../core/format_private.h"

/* Messages of up to so many bytes need no memory but the stack. */
#define STACK_TEXT_SIZE 256

void
pwasm_logf(PwasmLogLevel level, const char *format, ...)
{
  char on_stack[STACK_TEXT_SIZE];
  char *text = on_stack;
  PwasmArena *scratch;
  PwasmArenaMark mark;
  va_list arguments;
  size_t len;

  if (!pwasm_log_is_enabled(level))
    return;
  scratch = pwasm_scratch();
  mark = pwasm_arena_mark(scratch);
  va_start(arguments, format);
  len = pwasm__format(on_stack, sizeof on_stack, format, arguments);
  va_end(arguments);
  if (len > sizeof on_stack) {
    text = pwasm_arena_alloc(scratch, len);
    if (text == NULL) {
      /* The beginning of a message is better than none. */
      text = on_stack;
      len = sizeof on_stack;
    } else {
      va_start(arguments, format);
      len = pwasm__format(text, len, format, arguments);
      va_end(arguments);
    }
  }
  pwasm__log(level, text, len);
  pwasm_arena_rewind(scratch, mark);
}

#include <string.h>

#include <pwasm/arena.h>
#include <pwasm/log.h>

void
pwasm_log_join(PwasmLogLevel level, const PwasmStr *parts, size_t num_parts)
{
  PwasmArena *scratch = pwasm_scratch();
  PwasmArenaMark mark = pwasm_arena_mark(scratch);
  size_t total = 0;
  size_t len = 0;
  char *text;

  if (!pwasm_log_is_enabled(level))
    return;
  for (size_t i = 0; i < num_parts; i++)
    total += parts[i].len;
  text = pwasm_arena_alloc(scratch, total);
  if (text == NULL) {
    /* The beginning of a message is better than none. */
    pwasm_log(level, parts[0]);
    return;
  }
  for (size_t i = 0; i < num_parts; i++) {
    /* A view of nothing may have no pointer, which memcpy must not get. */
    if (parts[i].len > 0)
      memcpy(text + len, parts[i].data, parts[i].len);
    len += parts[i].len;
  }
  pwasm__log(level, text, len);
  pwasm_arena_rewind(scratch, mark);
}

#include <string.h>

#include <pwasm/arena.h>
#include <pwasm/log.h>

void
pwasm_log_join(PwasmLogLevel level, const PwasmStr *parts, size_t num_parts)
{
  PwasmArena *scratch = pwasm_scratch();
  PwasmArenaMark mark = pwasm_arena_mark(scratch);
  const PwasmStr *end;
  const PwasmStr *part;
  size_t len = 0;
  char *text;
  char *to;

  if (num_parts == 0 || !pwasm_log_is_enabled(level))
    return;
  end = parts + num_parts;
  part = parts;
  do
    len += part->len;
  while (++part < end);
  text = to = pwasm_arena_alloc(scratch, len);
  if (text == NULL) {
    /* The beginning of a message is better than none. */
    pwasm_log(level, parts[0]);
    return;
  }
  part = parts;
  do {
    /* A view of nothing may have no pointer, which memcpy must not get. */
    if (part->len > 0)
      memcpy(to, part->data, part->len);
    to += part->len;
  } while (++part < end);
  pwasm__log(level, text, len);
  pwasm_arena_rewind(scratch, mark);
}

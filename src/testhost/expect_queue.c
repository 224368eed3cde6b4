#include <pwasm/testhost/shared_queue.h>

#include "expect_private.h"

/* The values of all queues. */
static void
say_queues(PwasmHostReport *report, const PwasmHost *host)
{
  const PwasmHostQueue *queue = host->services.queues;

  pwasm__say(report, "\n  queues:%s", queue == NULL ? " none" : "");
  for (; queue != NULL; queue = queue->next) {
    const PwasmHostQueueValue *value = queue->values;

    pwasm__say(report, "\n    %s %s:%s", PWASM_QUOTE(queue->vm_id.data, queue->vm_id.len),
               PWASM_QUOTE(queue->name.data, queue->name.len), value == NULL ? " empty" : "");
    for (; value != NULL; value = value->next)
      pwasm__say(report, "\n      %s", PWASM_QUOTE(value->value.data, value->value.len));
  }
}

static void
say_wrong_value(PwasmHostReport *report, size_t index, PwasmStr expected, PwasmStr found)
{
  PwasmQuoted texts[2];

  pwasm__say(report, "value %zu is %s, expected was %s", index, pwasm__text_of(&texts[0], found),
             pwasm__text_of(&texts[1], expected));
  pwasm__say_difference(report, expected, found);
}

void
pwasm__expect_queue(const char *file, int line, PwasmHost *host, const char *vm_id,
                    const char *name, const char *const *values, size_t num_values)
{
  const PwasmHostQueue *queue =
    pwasm__host_queue_find(host, pwasm_str_from_cstr(vm_id), pwasm_str_from_cstr(name));
  const PwasmHostQueueValue *value = queue == NULL ? NULL : queue->values;
  PwasmHostReport report = {0};
  size_t i = 0;

  for (; i < num_values && value != NULL; i++, value = value->next) {
    if (!pwasm_str_equal(value->value, pwasm_str_from_cstr(values[i])))
      break;
  }
  if (queue != NULL && i == num_values && value == NULL)
    return;
  pwasm__say(&report, "expected %zu values in the queue %s of the VM id \"%s\": ", num_values, name,
             vm_id);
  if (queue == NULL)
    pwasm__say(&report, "nobody has registered it");
  else
    say_wrong_value(&report, i,
                    i < num_values ? pwasm_str_from_cstr(values[i]) : pwasm_str(NULL, 0),
                    value != NULL ? value->value : pwasm_str(NULL, 0));
  say_queues(&report, host);
  pwasm__report(&report, host, file, line);
}

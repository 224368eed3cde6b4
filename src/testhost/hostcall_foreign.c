#include <pwasm/testhost/foreign.h>

#include <stdlib.h>

#include "host_private.h"

static PwasmHostForeign *
find(const PwasmHost *host, PwasmStr name)
{
  PwasmHostForeign *foreign = host->services.foreign_functions;

  while (foreign != NULL && !pwasm_str_equal(foreign->name, name))
    foreign = foreign->next;
  return foreign;
}

uint32_t
proxy_call_foreign_function(const char *name, uint32_t name_size, const char *arguments,
                            uint32_t arguments_size, char **ret_results, uint32_t *ret_results_size)
{
  PwasmHostcallFrame frame;
  const PwasmHostForeign *foreign;
  PwasmStr result = pwasm_str("", 0);
  uint32_t status;

  if (!PWASM_HOSTCALL_BEGIN_BYTES(&frame, proxy_call_foreign_function, ret_results,
                                  ret_results_size))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, name, name_size) ||
      !pwasm__hostcall_takes(&frame, arguments, arguments_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %s", PWASM_QUOTE(name, name_size),
                           PWASM_QUOTE(arguments, arguments_size));
  if (frame.context == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  foreign = find(frame.host, pwasm_str(name, name_size));
  if (pwasm__is_ngx(frame.host) &&
      !pwasm_str_equal(pwasm_str(name, name_size), PWASM_STR("resolve_lua")))
    return pwasm__hostcall_trap(&frame, "the only foreign function is resolve_lua");
  if (foreign == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_NOT_FOUND);
  status =
    foreign->function(frame.host, pwasm_str(arguments, arguments_size), &result, foreign->data);
  if (status != PWASM_STATUS_OK)
    return pwasm__hostcall_end(&frame, status);
  PWASM_HOSTCALL_RESULTS(&frame, "%s", PWASM_QUOTE(result.data, result.len));
  return pwasm__hostcall_end(
    &frame, pwasm__guest_return(frame.context->vm, result, ret_results, ret_results_size));
}

void
pwasm_host_foreign_define(PwasmHost *host, const char *name, PwasmHostForeignFn *function,
                          void *data)
{
  PwasmHostForeign *foreign = find(host, pwasm_str_from_cstr(name));

  if (foreign == NULL) {
    foreign = pwasm__host_alloc(sizeof *foreign);
    foreign->name = pwasm__host_str_dup(pwasm_str_from_cstr(name));
    foreign->next = host->services.foreign_functions;
    host->services.foreign_functions = foreign;
  }
  foreign->function = function;
  foreign->data = data;
}

void
pwasm_host_foreign_call(PwasmHostPlugin *plugin, uint32_t function_id, PwasmStr arguments)
{
  PwasmHost *host = plugin->vm->host;
  PwasmStr previous = host->services.foreign_arguments;

  host->services.foreign_arguments = arguments.data == NULL ? pwasm_str("", 0) : arguments;
  pwasm__host_enter(plugin->vm, PWASM_HOST_CALLBACK_on_foreign_function, plugin->context.id,
                    function_id, (uint32_t)arguments.len, NULL);
  host->services.foreign_arguments = previous;
  pwasm__host_settle(host);
}

PwasmStr
pwasm__host_foreign_arguments(const PwasmHostcallFrame *frame)
{
  const PwasmHostServices *services = &frame->host->services;

  if (services->foreign_arguments_reader != NULL &&
      services->foreign_arguments_reader != frame->context)
    return PWASM_STR("");
  return services->foreign_arguments;
}

void
pwasm__host_foreign_free(PwasmHostServices *services)
{
  while (services->foreign_functions != NULL) {
    PwasmHostForeign *foreign = services->foreign_functions;

    services->foreign_functions = foreign->next;
    free((void *)(uintptr_t)foreign->name.data);
    free(foreign);
  }
}

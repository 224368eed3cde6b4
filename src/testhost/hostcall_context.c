#include "host_private.h"

uint32_t
proxy_set_effective_context(uint32_t context_id)
{
  PwasmHostcallFrame frame;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_set_effective_context))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u", context_id);
  if (frame.context == NULL || pwasm__host_context_find(frame.context->vm, context_id) == NULL)
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_BAD_ARGUMENT,
                                  "there is no context %u, or not any more", context_id);
  frame.host->effective_id = context_id;
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

uint32_t
proxy_done(void)
{
  PwasmHostcallFrame frame;
  PwasmHostPlugin *plugin;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_done))
    return frame.status;
  plugin = frame.context == NULL ? NULL : frame.context->plugin;
  if (plugin == NULL || plugin->state != PWASM_HOST_PLUGIN_DONE_PENDING)
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_NOT_FOUND,
                                  "no plugin is waited for: its on_done has not answered false");
  plugin->state = PWASM_HOST_PLUGIN_ENDING;
  pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
  pwasm__host_defer(frame.host,
                    (PwasmHostAction){.kind = PWASM_HOST_ACT_DELETE_PLUGIN, .plugin = plugin});
  return PWASM_STATUS_OK;
}

/* The status of the last call out that failed. */
uint32_t
proxy_get_status(uint32_t *ret_code, char **ret_message, uint32_t *ret_message_size)
{
  PwasmHostcallFrame frame;

  if (!PWASM_HOSTCALL_BEGIN_BYTES(&frame, proxy_get_status, ret_message, ret_message_size))
    return frame.status;
  if (frame.context == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  *ret_code = frame.host->calls.status_code;
  return pwasm__hostcall_end(&frame, pwasm__guest_return(frame.context->vm,
                                                         frame.host->calls.status_message,
                                                         ret_message, ret_message_size));
}

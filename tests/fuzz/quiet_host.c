/* The hostcalls behind what the targets use that need no host. */

#include <pwasm/abi.h>

uint32_t
proxy_log(uint32_t level, const char *message, uint32_t message_size)
{
  (void)level;
  (void)message;
  (void)message_size;
  return 0;
}

uint32_t
proxy_get_log_level(uint32_t *ret_level)
{
  *ret_level = 0;
  return 0;
}

uint32_t
proxy_set_effective_context(uint32_t context_id)
{
  (void)context_id;
  return 0;
}

/* Filter state: chooses the cluster of a TCP connection by the client's address. */

#include <pwasm/envoy.h>
#include <pwasm/pwasm.h>

typedef struct RoutingPlugin {
  PwasmPluginContext base;
} RoutingPlugin;

typedef struct RoutingTcp {
  PwasmTcpContext base;
} RoutingTcp;

static bool
routing_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStr configuration;

  (void)ctx;
  (void)configuration_size;
  if (pwasm_plugin_configuration_get(&configuration) == PWASM_STATUS_OK)
    PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("[TCP WASM] Configuration: \""), configuration,
                   PWASM_STR("\""));
  return true;
}

/* Cuts off what follows the last `separator`, and that; missing when there is none. */
static PwasmStr
take_last(PwasmStr *text, char separator)
{
  size_t end = text->len;
  PwasmStr last = {0};

  while (end > 0 && text->data[end - 1] != separator)
    end--;
  if (end > 0) {
    last = pwasm_str_slice(*text, end, SIZE_MAX);
    text->len = end - 1;
  }
  return last;
}

static bool
parse_ipv4(PwasmStr text, uint8_t *ret_last_byte)
{
  uint64_t number;

  for (int i = 0; i < 4; i++) {
    PwasmStr part = i < 3 ? take_last(&text, '.') : text;

    if (part.len > 3 || pwasm_str_to_uint64(part, &number) != PWASM_STATUS_OK || number > 255)
      return false;
    if (i == 0)
      *ret_last_byte = (uint8_t)number;
  }
  return true;
}

/* Up to four hexadecimal digits. */
static bool
parse_group(PwasmStr text, uint8_t *ret_last_byte)
{
  unsigned number = 0;

  if (text.len > 4)
    return false;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.data[i];

    if (c >= '0' && c <= '9')
      number = number * 16 + (unsigned)(c - '0');
    else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
      number = number * 16 + (unsigned)((c | 0x20) - 'a' + 10);
    else
      return false;
  }
  *ret_last_byte = (uint8_t)number;
  return true;
}

/* Groups between colons, perhaps none; the last may be an IPv4 address, which counts for two. */
static bool
parse_groups(PwasmStr text, size_t *num_groups, uint8_t *ret_last_byte)
{
  PwasmStr last;
  uint8_t ignored;

  *ret_last_byte = 0;
  if (text.len == 0)
    return true;
  for (bool is_last = true;; is_last = false) {
    PwasmStr rest = text;

    last = take_last(&rest, ':');
    if (!pwasm_str_is_present(last))
      last = text;
    if (is_last && parse_ipv4(last, ret_last_byte))
      *num_groups += 2;
    else if (last.len > 0 && parse_group(last, is_last ? ret_last_byte : &ignored))
      *num_groups += 1;
    else
      return false;
    if (last.len == text.len)
      return true;
    text = rest;
  }
}

static bool
parse_ipv6(PwasmStr text, uint8_t *ret_last_byte)
{
  size_t gap = pwasm_str_find(text, PWASM_STR("::"));
  size_t num_groups = 0;

  if (gap == SIZE_MAX)
    return parse_groups(text, &num_groups, ret_last_byte) && num_groups == 8;
  return parse_groups(pwasm_str_slice(text, 0, gap), &num_groups, ret_last_byte) &&
         parse_groups(pwasm_str_slice(text, gap + 2, SIZE_MAX), &num_groups, ret_last_byte) &&
         num_groups < 8;
}

/* The last byte of an address, of which Envoy says the port too: `192.0.2.1:1234`, `[2001:db8::1]:1234`. */
static bool
parse_address(PwasmStr address, uint8_t *ret_last_byte)
{
  PwasmStr rest = address;

  if (pwasm_str_starts_with(address, PWASM_STR("["))) {
    take_last(&rest, ']');
    return parse_ipv6(pwasm_str_slice(rest, 1, SIZE_MAX), ret_last_byte);
  }
  take_last(&rest, ':');
  return parse_ipv4(rest, ret_last_byte) || parse_ipv6(address, ret_last_byte);
}

static void
route(void)
{
  PwasmStr address;
  PwasmStr cluster;
  PwasmStatus status;
  uint8_t last_byte;

  if (pwasm_envoy_source_address(&address) != PWASM_STATUS_OK) {
    pwasm_log(PWASM_LOG_WARN, PWASM_STR("[TCP WASM] Missing source address property"));
    return;
  }
  if (!parse_address(address, &last_byte)) {
    PWASM_LOG_JOIN(PWASM_LOG_WARN,
                   PWASM_STR("[TCP WASM] Failed to parse source address for routing: "), address);
    return;
  }
  cluster = last_byte % 2 == 0 ? PWASM_STR("egress-router1") : PWASM_STR("egress-router2");
  status = pwasm_envoy_filter_state_set(PWASM_STR("envoy.tcp_proxy.cluster"), cluster,
                                        PWASM_ENVOY_SPAN_FILTER_CHAIN);
  if (status != PWASM_STATUS_OK) {
    PWASM_LOG_JOIN(PWASM_LOG_WARN, PWASM_STR("[TCP WASM] Failed to set Envoy filter state: "),
                   pwasm_str_from_cstr(pwasm_status_text(status)));
    return;
  }
  PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("[TCP WASM] Routed source "), address, PWASM_STR(" to "),
                 cluster);
}

static PwasmAction
routing_on_new_connection(PwasmTcpContext *ctx)
{
  (void)ctx;
  route();
  return PWASM_ACTION_CONTINUE;
}

static const PwasmTcpContextClass routing_tcp_class = {
  PWASM_TCP_SUBCLASS(RoutingTcp, pwasm_tcp_context_class),
  PWASM_ON(on_new_connection, routing_on_new_connection),
};

static const PwasmPluginContextClass routing_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(RoutingPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, routing_on_configure),
};

PWASM_PLUGIN(.plugin_class = &routing_plugin_class, .tcp_class = &routing_tcp_class);

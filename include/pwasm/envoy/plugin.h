#ifndef PWASM_ENVOY_PLUGIN_H
#define PWASM_ENVOY_PLUGIN_H

/** @file
 *  @brief Envoy's attributes of the plugin itself.
 *
 *  They are there in callbacks of plugins as in those of streams.
 */

#include <pwasm/property.h>

PWASM_BEGIN_DECLS

/** `plugin_name`: `name` of the plugin's configuration.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_plugin_name(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("plugin_name"), ret_value);
}

/** `plugin_root_id`: `root_id` of the plugin's configuration.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_plugin_root_id(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("plugin_root_id"), ret_value);
}

/** `plugin_vm_id`: `vm_id` of the VM's configuration.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_plugin_vm_id(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("plugin_vm_id"), ret_value);
}

PWASM_END_DECLS

#endif

#include <pwasm/testhost/property.h>

#include <string.h>

#include "property_stream_private.h"

/* Attributes that Envoy does not list as a whole. */
static bool
is_root(PwasmStr path)
{
  static const PwasmStr roots[] = {
    PWASM_STR_INIT("request"),      PWASM_STR_INIT("response"),
    PWASM_STR_INIT("connection"),   PWASM_STR_INIT("upstream"),
    PWASM_STR_INIT("source"),       PWASM_STR_INIT("destination"),
    PWASM_STR_INIT("filter_state"), PWASM_STR_INIT("upstream_filter_state"),
    PWASM_STR_INIT("xds"),
  };

  for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
    if (pwasm_str_equal(path, roots[i]))
      return true;
  }
  return false;
}

/* What a test has set: the nearest counts. NULL when it has set nothing. */
static const PwasmHostProperty *
find_set(const PwasmHostcallFrame *frame, PwasmStr path)
{
  const PwasmHostProperty *property =
    pwasm__host_properties_find(&frame->context->properties, path);

  if (property == NULL && frame->context->plugin != NULL)
    property = pwasm__host_properties_find(&frame->context->plugin->context.properties, path);
  if (property == NULL)
    property = pwasm__host_properties_find(&frame->host->properties, path);
  return property;
}

/* What the plugin has set; only a path of one segment leads there. */
static PwasmStr
find_filter_state(const PwasmHostcallFrame *frame, PwasmStr path)
{
  const PwasmHostProperty *property =
    pwasm__host_properties_find(&frame->context->filter_state, path);

  return property == NULL || memchr(path.data, '\0', path.len) != NULL ? pwasm_str(NULL, 0)
                                                                       : property->value;
}

/* What the plugin has set in a host that has variables, not filter state; missing in others. */
static PwasmStr
find_nginx_variable(const PwasmHostcallFrame *frame, PwasmStr path)
{
  const PwasmHostProperty *property =
    pwasm__host_properties_find(&frame->context->filter_state, path);

  return property == NULL || !frame->host->traits->has_text_properties ? pwasm_str(NULL, 0)
                                                                       : property->value;
}

/* Appends the value of a property; its value is the status. */
static uint32_t
get(const PwasmHostcallFrame *frame, PwasmStr path, PwasmHostBytes *ret_value)
{
  const PwasmHostProperty *set;
  PwasmStr value;

  if (path.len == 0)
    return PWASM_STATUS_SERIALIZATION_FAILURE;
  value = find_nginx_variable(frame, path);
  if (pwasm_str_is_present(value)) {
    pwasm__host_bytes_append(ret_value, value);
    return PWASM_STATUS_OK;
  }
  set = find_set(frame, path);
  if (set == NULL && pwasm__host_property_derive(frame->context, path, ret_value))
    return PWASM_STATUS_OK;
  if (set == NULL && is_root(path))
    return PWASM_STATUS_SERIALIZATION_FAILURE;
  value = set != NULL ? set->value : find_filter_state(frame, path);
  if (!pwasm_str_is_present(value))
    return PWASM_STATUS_NOT_FOUND;
  pwasm__host_bytes_append(ret_value, value);
  return PWASM_STATUS_OK;
}

static bool
crashes_ngx(const PwasmHostcallFrame *frame, PwasmStr path)
{
  const PwasmHostEntry *entry = frame->host->entry;

  return pwasm__is_ngx(frame->host) &&
         (entry->callback == PWASM_HOST_CALLBACK_on_vm_start ||
          entry->callback == PWASM_HOST_CALLBACK_on_configure) &&
         pwasm_str_equal(path, PWASM_STR("plugin_name"));
}

uint32_t
proxy_get_property(const char *path, uint32_t path_size, char **ret_value, uint32_t *ret_value_size)
{
  PwasmHostcallFrame frame;
  PwasmHostBytes value = {0};
  uint32_t status;

  if (!PWASM_HOSTCALL_BEGIN_BYTES(&frame, proxy_get_property, ret_value, ret_value_size))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, path, path_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s", PWASM_QUOTE(path, path_size));
  if (frame.context == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  if (crashes_ngx(&frame, pwasm_str(path, path_size)))
    return pwasm__hostcall_trap(&frame, "before there are requests this crashes the worker");
  status = get(&frame, pwasm_str(path, path_size), &value);
  if (status == PWASM_STATUS_OK) {
    PWASM_HOSTCALL_RESULTS(&frame, "%s", PWASM_QUOTE(value.data, value.len));
    status = pwasm__guest_return(frame.context->vm, pwasm__host_bytes_str(&value), ret_value,
                                 ret_value_size);
  }
  pwasm__host_bytes_free(&value);
  if (status == PWASM_STATUS_SERIALIZATION_FAILURE)
    return pwasm__hostcall_refuse(&frame, status, "no path, or one that names no single value");
  return pwasm__hostcall_end(&frame, status);
}

/* Whether a path is one of the host's own, which hides what a plugin sets. */
static bool
is_attribute(PwasmStr path)
{
  PwasmStr first = pwasm_str_slice(path, 0, pwasm_str_find(path, pwasm_str("", 1)));

  return is_root(first) || pwasm_str_equal(first, PWASM_STR("metadata")) ||
         pwasm_str_starts_with(first, PWASM_STR("plugin_"));
}

uint32_t
proxy_set_property(const char *path, uint32_t path_size, const char *value, uint32_t value_size)
{
  PwasmHostcallFrame frame;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_set_property))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, path, path_size) ||
      !pwasm__hostcall_takes(&frame, value, value_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %s", PWASM_QUOTE(path, path_size),
                           PWASM_QUOTE(value, value_size));
  /* Only streams and connections have filter state. */
  if (frame.context == NULL || (frame.context->http == NULL && frame.context->tcp == NULL))
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_NOT_FOUND,
                                  "only streams and connections have properties that can be set");
  if (frame.host->traits->has_text_properties &&
      find_set(&frame, pwasm_str(path, path_size)) == NULL)
    return pwasm__hostcall_end(&frame, is_attribute(pwasm_str(path, path_size))
                                         ? PWASM_STATUS_INTERNAL_FAILURE
                                         : PWASM_STATUS_NOT_FOUND);
  pwasm__host_properties_set(&frame.context->filter_state, pwasm_str(path, path_size),
                             value_size == 0 ? PWASM_STR("") : pwasm_str(value, value_size));
  if (is_attribute(pwasm_str(path, path_size)))
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_OK,
                                  "an attribute of the host is read only: nobody sees this value");
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

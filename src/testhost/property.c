#include <pwasm/testhost/property.h>

#include <stdlib.h>

#include "http_private.h"
#include "tcp_private.h"

static PwasmHostProperty *
find(const PwasmHostProperties *properties, PwasmStr path)
{
  for (size_t i = 0; i < properties->num_items; i++) {
    if (pwasm_str_equal(properties->items[i].path, path))
      return &properties->items[i];
  }
  return NULL;
}

void
pwasm__host_properties_set(PwasmHostProperties *properties, PwasmStr path, PwasmStr value)
{
  PwasmHostProperty *property = find(properties, path);

  if (property == NULL) {
    properties->items = pwasm__host_grow(properties->items, properties->num_items + 1,
                                         sizeof properties->items[0], &properties->capacity);
    property = &properties->items[properties->num_items++];
    property->path = pwasm__host_str_dup(path);
  } else {
    free((void *)(uintptr_t)property->value.data);
  }
  property->value = pwasm_str_is_present(value) ? pwasm__host_str_dup(value) : value;
}

const PwasmHostProperty *
pwasm__host_properties_find(const PwasmHostProperties *properties, PwasmStr path)
{
  return find(properties, path);
}

void
pwasm__host_properties_free(PwasmHostProperties *properties)
{
  for (size_t i = 0; i < properties->num_items; i++) {
    free((void *)(uintptr_t)properties->items[i].path.data);
    free((void *)(uintptr_t)properties->items[i].value.data);
  }
  free(properties->items);
  *properties = (PwasmHostProperties){0};
}

void
pwasm_host_property_set(PwasmHost *host, PwasmStr path, PwasmStr value)
{
  pwasm__host_properties_set(&host->properties, path, value);
}

void
pwasm_host_plugin_property_set(PwasmHostPlugin *plugin, PwasmStr path, PwasmStr value)
{
  pwasm__host_properties_set(&plugin->context.properties, path, value);
}

void
pwasm_host_http_property_set(PwasmHostHttp *http, PwasmStr path, PwasmStr value)
{
  pwasm__host_properties_set(&http->context.properties, path, value);
}

void
pwasm_host_tcp_property_set(PwasmHostTcp *tcp, PwasmStr path, PwasmStr value)
{
  pwasm__host_properties_set(&tcp->context.properties, path, value);
}

static PwasmStr
filter_state(const PwasmHostContext *context, PwasmStr path)
{
  const PwasmHostProperty *property = find(&context->filter_state, path);

  return property == NULL ? pwasm_str(NULL, 0) : property->value;
}

PwasmStr
pwasm_host_http_filter_state(const PwasmHostHttp *http, PwasmStr path)
{
  return filter_state(&http->context, path);
}

PwasmStr
pwasm_host_tcp_filter_state(const PwasmHostTcp *tcp, PwasmStr path)
{
  return filter_state(&tcp->context, path);
}

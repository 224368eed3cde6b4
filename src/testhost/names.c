#include <stdio.h>
#include <string.h>

#include "hostcall_private.h"

static const char *
name_of(PwasmQuoted *to, const char *const *names, size_t num_names, uint32_t number)
{
  if (number < num_names)
    return names[number];
  snprintf(to->text, sizeof to->text, "%u", number);
  return to->text;
}

#define NAME_OF(to, names, number)                                                                 \
  name_of((to), (names), sizeof(names) / sizeof(names)[0], (number))

const char *
pwasm__map_name(PwasmQuoted *to, uint32_t map)
{
  static const char *const names[] = {
    "HTTP_REQUEST_HEADERS",       "HTTP_REQUEST_TRAILERS",       "HTTP_RESPONSE_HEADERS",
    "HTTP_RESPONSE_TRAILERS",     "GRPC_CALL_INITIAL_METADATA",  "GRPC_CALL_TRAILING_METADATA",
    "HTTP_CALL_RESPONSE_HEADERS", "HTTP_CALL_RESPONSE_TRAILERS",
  };

  return NAME_OF(to, names, map);
}

const char *
pwasm__buffer_name(PwasmQuoted *to, uint32_t buffer)
{
  static const char *const names[] = {
    "HTTP_REQUEST_BODY", "HTTP_RESPONSE_BODY",      "DOWNSTREAM_DATA",
    "UPSTREAM_DATA",     "HTTP_CALL_RESPONSE_BODY", "GRPC_CALL_MESSAGE",
    "VM_CONFIGURATION",  "PLUGIN_CONFIGURATION",    "FOREIGN_FUNCTION_ARGUMENTS",
  };

  return NAME_OF(to, names, buffer);
}

const char *
pwasm__stream_name(PwasmQuoted *to, uint32_t stream)
{
  static const char *const names[] = {"HTTP_REQUEST", "HTTP_RESPONSE", "DOWNSTREAM", "UPSTREAM"};

  return NAME_OF(to, names, stream);
}

const char *
pwasm__metric_name(PwasmQuoted *to, uint32_t metric)
{
  static const char *const names[] = {"COUNTER", "GAUGE", "HISTOGRAM"};

  return NAME_OF(to, names, metric);
}

const char *
pwasm__status_name(PwasmQuoted *to, uint32_t status)
{
  const char *name = pwasm_status_name((PwasmStatus)status);

  return strcmp(name, "UNKNOWN") != 0 ? name : name_of(to, NULL, 0, status);
}

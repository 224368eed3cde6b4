#include <pwasm/testhost/property.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host_private.h"

static bool
is_text(void)
{
  const PwasmHost *host = pwasm__host_current();

  return host != NULL && host->traits->has_text_properties;
}

static PwasmStr
put(PwasmHostNumber *to, const void *bytes, size_t size)
{
  memcpy(to->bytes, bytes, size);
  return pwasm_str(to->bytes, size);
}

PwasmStr
pwasm__host_int64(PwasmHostNumber *to, int64_t value)
{
  int len;

  if (!is_text())
    return put(to, &value, sizeof value);
  len = snprintf(to->bytes, sizeof to->bytes, "%" PRId64, value);
  return pwasm_str(to->bytes, (size_t)len);
}

PwasmStr
pwasm__host_double(PwasmHostNumber *to, double value)
{
  int len;

  if (!is_text())
    return put(to, &value, sizeof value);
  len = snprintf(to->bytes, sizeof to->bytes, "%g", value);
  return pwasm_str(to->bytes, (size_t)len);
}

PwasmStr
pwasm__host_bool(PwasmHostNumber *to, bool value)
{
  if (!is_text())
    return put(to, &value, sizeof value);
  return value ? PWASM_STR("true") : PWASM_STR("false");
}

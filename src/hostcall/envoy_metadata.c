#include <pwasm/envoy/metadata.h>

static PwasmStatus
get(const PwasmStr *segments, size_t num_segments, PwasmStr *ret_value)
{
  PwasmStr path;
  PwasmStatus status = pwasm_path_join(pwasm_scratch(), segments, num_segments, &path);

  return status == PWASM_STATUS_OK ? pwasm_property_get(path, ret_value) : status;
}

PwasmStatus
pwasm__envoy_metadata_get(const char *filter, size_t filter_len, const char *key, size_t key_len,
                          PwasmStr *ret_value)
{
  const PwasmStr segments[] = {
    PWASM_STR_INIT("metadata"),
    PWASM_STR_INIT("filter_metadata"),
    {filter, filter_len},
    {key, key_len},
  };

  return get(segments, sizeof segments / sizeof segments[0], ret_value);
}

PwasmStatus
pwasm__envoy_filter_state_get(const char *root, size_t root_len, const char *key, size_t key_len,
                              PwasmStr *ret_value)
{
  const PwasmStr segments[] = {{root, root_len}, {key, key_len}};

  return get(segments, sizeof segments / sizeof segments[0], ret_value);
}

#include "property_stream_private.h"

#include <stdlib.h>

#include <pwasm/property.h>

static bool
answer(PwasmHostBytes *ret_value, PwasmStr value)
{
  if (!pwasm_str_is_present(value))
    return false;
  pwasm__host_bytes_append(ret_value, value);
  return true;
}

static bool
answer_int64(PwasmHostBytes *ret_value, int64_t value)
{
  PwasmHostNumber text;

  if (pwasm__host_current()->traits->has_text_properties)
    return answer(ret_value, pwasm__host_int64(&text, value));
  return answer(ret_value, pwasm_str((const char *)&value, sizeof value));
}

static bool
is_named(PwasmStr path, PwasmStr name)
{
  return pwasm_str_equal(path, name);
}

/* What follows a segment and its separator; missing when the path begins otherwise. */
static PwasmStr
below(PwasmStr path, PwasmStr segment)
{
  if (path.len <= segment.len || !pwasm_str_starts_with(path, segment) ||
      path.data[segment.len] != '\0')
    return pwasm_str(NULL, 0);
  return pwasm_str_slice(path, segment.len + 1, SIZE_MAX);
}

static bool
answer_map(PwasmHostBytes *ret_value, const PwasmHostMap *map)
{
  size_t size = pwasm__host_map_wire_size(map);
  char *wire = pwasm__host_alloc(size + 1);

  if (size > 0)
    pwasm__host_map_write_wire(map, wire);
  pwasm__host_bytes_append(ret_value, pwasm_str(wire, size));
  free(wire);
  return true;
}

/* A map, or one of its values. */
static bool
answer_headers(PwasmHostBytes *ret_value, const PwasmHostMap *map, PwasmStr path, PwasmStr segment)
{
  PwasmStr name = below(path, segment);

  if (is_named(path, segment))
    return answer_map(ret_value, map);
  return pwasm_str_is_present(name) && answer(ret_value, pwasm__host_map_get(map, name));
}

static bool
derive_from_request_headers(const PwasmHostMap *headers, PwasmStr field, PwasmHostBytes *ret_value)
{
  static const struct {
    PwasmStr field;
    PwasmStr header;
  } fields[] = {
    {PWASM_STR_INIT("path"), PWASM_STR_INIT(":path")},
    {PWASM_STR_INIT("host"), PWASM_STR_INIT(":authority")},
    {PWASM_STR_INIT("scheme"), PWASM_STR_INIT(":scheme")},
    {PWASM_STR_INIT("method"), PWASM_STR_INIT(":method")},
    {PWASM_STR_INIT("referer"), PWASM_STR_INIT("referer")},
    {PWASM_STR_INIT("useragent"), PWASM_STR_INIT("user-agent")},
    {PWASM_STR_INIT("id"), PWASM_STR_INIT("x-request-id")},
  };
  PwasmStr path = pwasm__host_map_get(headers, PWASM_STR(":path"));
  size_t query = pwasm_str_find(path, PWASM_STR("?"));

  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    if (is_named(field, fields[i].field))
      return answer(ret_value, pwasm__host_map_get(headers, fields[i].header));
  }
  if (is_named(field, PWASM_STR("url_path")))
    return answer(ret_value, pwasm_str_slice(path, 0, query));
  if (is_named(field, PWASM_STR("query")) && pwasm_str_is_present(path))
    return answer(ret_value,
                  query == SIZE_MAX ? PWASM_STR("") : pwasm_str_slice(path, query + 1, SIZE_MAX));
  return answer_headers(ret_value, headers, field, PWASM_STR("headers"));
}

static int64_t
body_size(const PwasmHostHalf *half)
{
  return (int64_t)(half->forwarded.len + half->body.len + half->unread.len);
}

static int64_t
total_size(const PwasmHostHalf *half)
{
  size_t size = (size_t)body_size(half);

  for (size_t i = 0; i < half->headers.num_pairs; i++)
    size += half->headers.pairs[i].name.len + half->headers.pairs[i].value.len;
  for (size_t i = 0; i < half->trailers.num_pairs; i++)
    size += half->trailers.pairs[i].name.len + half->trailers.pairs[i].value.len;
  return (int64_t)size;
}

static bool
derive_sizes(const PwasmHostHalf *half, PwasmStr field, PwasmHostBytes *ret_value)
{
  if (is_named(field, PWASM_STR("size")))
    return answer_int64(ret_value, body_size(half));
  return is_named(field, PWASM_STR("total_size")) && answer_int64(ret_value, total_size(half));
}

static bool
derive_request(const PwasmHostHttp *http, PwasmStr field, PwasmHostBytes *ret_value)
{
  const PwasmHostHalf *half = &http->request;

  if (is_named(field, PWASM_STR("time")))
    return answer_int64(ret_value, (int64_t)http->start_time_ns);
  if (is_named(field, PWASM_STR("duration")))
    return http->is_logging &&
           answer_int64(ret_value, (int64_t)(http->host->time_ns - http->start_time_ns));
  if (is_named(field, PWASM_STR("protocol")))
    return answer(ret_value, PWASM_STR("HTTP/1.1"));
  if (derive_sizes(half, field, ret_value))
    return true;
  return (half->is_headers_readable || (http->is_logging && half->is_begun)) &&
         derive_from_request_headers(&half->headers, field, ret_value);
}

/* A decimal number out of a header. */
static bool
answer_number(PwasmHostBytes *ret_value, const PwasmHostMap *map, PwasmStr name)
{
  uint64_t number;

  return pwasm_str_to_uint64(pwasm__host_map_get(map, name), &number) == PWASM_STATUS_OK &&
         answer_int64(ret_value, (int64_t)number);
}

static bool
derive_response(const PwasmHostHttp *http, PwasmStr field, PwasmHostBytes *ret_value)
{
  const PwasmHostHalf *half = &http->response;
  bool has_headers = half->is_headers_readable || http->is_logging;
  bool has_trailers = half->has_trailers && (half->is_trailers_readable || http->is_logging);

  if (!half->is_begun)
    return false;
  if (is_named(field, PWASM_STR("code")))
    return answer_number(ret_value, &half->headers, PWASM_STR(":status"));
  if (is_named(field, PWASM_STR("grpc_status")))
    return (has_trailers && answer_number(ret_value, &half->trailers, PWASM_STR("grpc-status"))) ||
           (has_headers && answer_number(ret_value, &half->headers, PWASM_STR("grpc-status")));
  if (derive_sizes(half, field, ret_value))
    return true;
  if (has_trailers && answer_headers(ret_value, &half->trailers, field, PWASM_STR("trailers")))
    return true;
  return has_headers && answer_headers(ret_value, &half->headers, field, PWASM_STR("headers"));
}

bool
pwasm__host_property_derive(const PwasmHostContext *context, PwasmStr path,
                            PwasmHostBytes *ret_value)
{
  const PwasmHostPlugin *plugin = context->plugin;
  PwasmStr field;

  if (plugin == NULL)
    return false;
  if (pwasm__is_apisix(plugin->vm->host))
    return is_named(path, PWASM_STR("plugin_root_id")) && answer(ret_value, plugin->name);
  if (is_named(path, PWASM_STR("plugin_name")))
    return answer(ret_value, plugin->name);
  if (is_named(path, PWASM_STR("plugin_root_id")))
    return answer(ret_value, plugin->root_id);
  if (is_named(path, PWASM_STR("plugin_vm_id")))
    return answer(ret_value, plugin->vm->id);
  if (context->http == NULL)
    return false;
  field = below(path, PWASM_STR("request"));
  if (pwasm_str_is_present(field))
    return derive_request(context->http, field, ret_value);
  field = below(path, PWASM_STR("response"));
  return pwasm_str_is_present(field) && derive_response(context->http, field, ret_value);
}

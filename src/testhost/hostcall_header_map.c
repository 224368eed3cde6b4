#include <string.h>

#include <pwasm/header_map.h>

#include "http_private.h"

/* The half and map that a map type of the ABI names. */
static PwasmHostMap *
map_of(PwasmHostHttp *http, uint32_t type, PwasmHostHalf **ret_half, bool *ret_is_trailers)
{
  PwasmHostHalf *half = type <= PWASM_MAP_HTTP_REQUEST_TRAILERS ? &http->request : &http->response;

  *ret_half = half;
  *ret_is_trailers =
    type == PWASM_MAP_HTTP_REQUEST_TRAILERS || type == PWASM_MAP_HTTP_RESPONSE_TRAILERS;
  return *ret_is_trailers ? &half->trailers : &half->headers;
}

/* The map that can be changed now; NULL when it can't. */
static PwasmHostMap *
writable_map(const PwasmHostcallFrame *frame, uint32_t type)
{
  PwasmHostHttp *http = frame->context == NULL ? NULL : frame->context->http;
  PwasmHostHalf *half;
  PwasmHostMap *map;
  bool is_trailers;

  if (http == NULL || type > PWASM_MAP_HTTP_RESPONSE_TRAILERS)
    return NULL;
  map = map_of(http, type, &half, &is_trailers);
  if (!is_trailers)
    return half->is_headers_readable ? map : NULL;
  /* In the callback of the last piece of a body, touching the trailers makes them. */
  if (!half->has_trailers && half->has_ended && half->is_body_readable && half->in_callback) {
    half->has_trailers = true;
    half->is_trailers_readable = true;
  }
  return half->is_trailers_readable ? map : NULL;
}

/* Whether the hostcall is an access logger's. */
static bool
is_logging_entry(const PwasmHostcallFrame *frame)
{
  const PwasmHostLogMaps *log = frame->host->log_maps;

  return log != NULL && frame->context == &log->plugin->context;
}

static const PwasmHostMap *
entry_map(const PwasmHostcallFrame *frame, uint32_t type)
{
  const PwasmHostMap *map = &frame->host->log_maps->maps[type];

  return map->num_pairs > 0 ? map : NULL;
}

/* The map that can be read now; NULL when it can't. In the log phase that is the access log's, where
 * request trailers are not. */
static const PwasmHostMap *
readable_map(const PwasmHostcallFrame *frame, uint32_t type)
{
  PwasmHostHttp *http = frame->context == NULL ? NULL : frame->context->http;
  PwasmHostHalf *half;
  const PwasmHostMap *map;
  bool is_trailers;

  if (type > PWASM_MAP_HTTP_RESPONSE_TRAILERS)
    return pwasm__host_answer_map(frame, type);
  if (is_logging_entry(frame))
    return entry_map(frame, type);
  if (http == NULL)
    return NULL;
  map = map_of(http, type, &half, &is_trailers);
  if (http->is_logging && type != PWASM_MAP_HTTP_REQUEST_TRAILERS)
    return (is_trailers ? half->has_trailers : half->is_begun) ? map : NULL;
  return (is_trailers ? half->is_trailers_readable : half->is_headers_readable) ? map : NULL;
}

static bool
is_logging(const PwasmHostcallFrame *frame)
{
  return is_logging_entry(frame) || (frame->context != NULL && frame->context->http != NULL &&
                                     frame->context->http->is_logging);
}

static bool
apisix_has(uint32_t type)
{
  return type == PWASM_MAP_HTTP_REQUEST_HEADERS || type == PWASM_MAP_HTTP_RESPONSE_HEADERS ||
         type == PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS;
}

/* Of an answer a plugin may find out what there is: a call that failed has none of it. */
static uint32_t
refuse_map(PwasmHostcallFrame *frame, uint32_t type, uint32_t status)
{
  const PwasmHostContext *context = frame->context;

  if (pwasm__is_apisix(frame->host) && !apisix_has(type))
    return pwasm__hostcall_end(frame, PWASM_STATUS_UNIMPLEMENTED);
  if (type > PWASM_MAP_HTTP_CALL_RESPONSE_TRAILERS)
    return pwasm__hostcall_refuse(frame, status, "there is no such map");
  if (type > PWASM_MAP_HTTP_RESPONSE_TRAILERS)
    return pwasm__host_answer_is_there(frame)
             ? pwasm__hostcall_end(frame, status)
             : pwasm__hostcall_refuse(frame, status,
                                      "the map is there in the callback of its call only");
  if (context == NULL || context->http == NULL)
    return pwasm__hostcall_refuse(frame, status,
                                  "the context has no HTTP stream, and so no such map");
  return pwasm__hostcall_refuse(frame, status,
                                "the map is not there now: before its callback, or gone since "
                                "that has let it pass");
}

/* Ends a hostcall that has put a header into a map. */
static uint32_t
end_change(PwasmHostcallFrame *frame, PwasmStr name, PwasmStr value)
{
  if (pwasm__host_is_sendable(name, value))
    return pwasm__hostcall_end(frame, PWASM_STATUS_OK);
  return pwasm__hostcall_refuse(frame, PWASM_STATUS_OK, "%s", PWASM_HOST_UNSENDABLE);
}

/* Ends a hostcall that has set a whole map. */
static uint32_t
end_set(PwasmHostcallFrame *frame, uint32_t type, const PwasmHostMap *map, uint32_t size)
{
  PwasmHostHeaders headers = pwasm__host_map_headers(map);

  PWASM_HOSTCALL_RESULTS(frame, "%zu pairs", map->num_pairs);
  if (map->num_pairs == 0 && size > 4)
    return pwasm__hostcall_refuse(frame, PWASM_STATUS_OK,
                                  "what can't be read as pairs empties the map");
  if ((type == PWASM_MAP_HTTP_REQUEST_HEADERS &&
       (pwasm_host_headers_count(headers, ":method") == 0 ||
        pwasm_host_headers_count(headers, ":path") == 0)) ||
      (type == PWASM_MAP_HTTP_RESPONSE_HEADERS &&
       pwasm_host_headers_count(headers, ":status") == 0))
    return pwasm__hostcall_refuse(
      frame, PWASM_STATUS_OK, "without :method and :path, or :status, the proxy ends the stream");
  if (!pwasm__host_map_is_sendable(map))
    return pwasm__hostcall_refuse(frame, PWASM_STATUS_OK, "%s", PWASM_HOST_UNSENDABLE);
  return pwasm__hostcall_end(frame, PWASM_STATUS_OK);
}

uint32_t
proxy_get_header_map_value(uint32_t type, const char *name, uint32_t name_size, char **ret_value,
                           uint32_t *ret_value_size)
{
  PwasmHostcallFrame frame;
  const PwasmHostMap *map;
  PwasmStr value;

  if (!PWASM_HOSTCALL_BEGIN_BYTES(&frame, proxy_get_header_map_value, ret_value, ret_value_size))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, name, name_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %s", PWASM_MAP_NAME(type), PWASM_QUOTE(name, name_size));
  if (type > PWASM_MAP_HTTP_CALL_RESPONSE_TRAILERS)
    return refuse_map(&frame, type, PWASM_STATUS_BAD_ARGUMENT);
  map = readable_map(&frame, type);
  if (map == NULL && is_logging(&frame))
    return pwasm__hostcall_end(&frame, PWASM_STATUS_NOT_FOUND);
  if (map == NULL && pwasm__is_ngx(frame.host))
    return refuse_map(&frame, type, PWASM_STATUS_NOT_FOUND);
  if (map == NULL)
    return refuse_map(&frame, type, PWASM_STATUS_BAD_ARGUMENT);
  value = pwasm__host_map_get(map, pwasm_str(name, name_size));
  if (!pwasm_str_is_present(value))
    return pwasm__hostcall_end(&frame, PWASM_STATUS_NOT_FOUND);
  PWASM_HOSTCALL_RESULTS(&frame, "%s", PWASM_QUOTE(value.data, value.len));
  return pwasm__hostcall_end(
    &frame, pwasm__guest_return(frame.context->vm, value, ret_value, ret_value_size));
}

uint32_t
proxy_get_header_map_pairs(uint32_t type, char **ret_pairs, uint32_t *ret_size)
{
  PwasmHostcallFrame frame;
  const PwasmHostMap *map;
  size_t size;
  char *to;

  if (!PWASM_HOSTCALL_BEGIN_BYTES(&frame, proxy_get_header_map_pairs, ret_pairs, ret_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s", PWASM_MAP_NAME(type));
  if (type > PWASM_MAP_HTTP_CALL_RESPONSE_TRAILERS)
    return refuse_map(&frame, type, PWASM_STATUS_BAD_ARGUMENT);
  /* A map that can't be read is an empty one. */
  map = readable_map(&frame, type);
  size = map == NULL ? 0 : pwasm__host_map_wire_size(map);
  PWASM_HOSTCALL_RESULTS(&frame, "%zu pairs", map == NULL ? 0 : map->num_pairs);
  *ret_pairs = NULL;
  *ret_size = 0;
  if (map == NULL && !is_logging(&frame))
    return refuse_map(&frame, type, PWASM_STATUS_OK);
  if (size == 0)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
  to = pwasm_host_allocate(frame.context->vm, (uint32_t)size);
  if (to == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_INVALID_MEMORY_ACCESS);
  pwasm__host_map_write_wire(map, to);
  *ret_pairs = to;
  *ret_size = (uint32_t)size;
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

/* Envoy tells the size of what can be changed only. */
uint32_t
proxy_get_header_map_size(uint32_t type, uint32_t *ret_size)
{
  PwasmHostcallFrame frame;
  const PwasmHostMap *map;
  size_t size = 0;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_get_header_map_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u", type);
  map = writable_map(&frame, type);
  if (map == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  for (size_t i = 0; i < map->num_pairs; i++)
    size += map->pairs[i].name.len + map->pairs[i].value.len;
  *ret_size = (uint32_t)size;
  PWASM_HOSTCALL_RESULTS(&frame, "%u", *ret_size);
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

uint32_t
proxy_set_header_map_pairs(uint32_t type, const char *pairs, uint32_t size)
{
  PwasmHostcallFrame frame;
  PwasmHostMap *map;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_set_header_map_pairs))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, pairs, size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %u bytes", PWASM_MAP_NAME(type), size);
  map = writable_map(&frame, type);
  if (map == NULL)
    return refuse_map(&frame, type, PWASM_STATUS_BAD_ARGUMENT);
  /* What can't be read as pairs empties the map. */
  pwasm__host_map_clear(map);
  pwasm__host_map_add_wire(map, pwasm_str(pairs, size));
  return end_set(&frame, type, map, size);
}

uint32_t
proxy_add_header_map_value(uint32_t type, const char *name, uint32_t name_size, const char *value,
                           uint32_t value_size)
{
  PwasmHostcallFrame frame;
  PwasmHostMap *map;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_add_header_map_value))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, name, name_size) ||
      !pwasm__hostcall_takes(&frame, value, value_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %s, %s", PWASM_MAP_NAME(type), PWASM_QUOTE(name, name_size),
                           PWASM_QUOTE(value, value_size));
  map = writable_map(&frame, type);
  if (map == NULL)
    return refuse_map(&frame, type, PWASM_STATUS_BAD_ARGUMENT);
  pwasm__host_map_add(map, pwasm_str(name, name_size), pwasm_str(value, value_size));
  return end_change(&frame, pwasm_str(name, name_size), pwasm_str(value, value_size));
}

uint32_t
proxy_replace_header_map_value(uint32_t type, const char *name, uint32_t name_size,
                               const char *value, uint32_t value_size)
{
  PwasmHostcallFrame frame;
  PwasmHostMap *map;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_replace_header_map_value))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, name, name_size) ||
      !pwasm__hostcall_takes(&frame, value, value_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %s, %s", PWASM_MAP_NAME(type), PWASM_QUOTE(name, name_size),
                           PWASM_QUOTE(value, value_size));
  map = writable_map(&frame, type);
  if (map == NULL)
    return refuse_map(&frame, type, PWASM_STATUS_BAD_ARGUMENT);
  pwasm__host_map_replace(map, pwasm_str(name, name_size), pwasm_str(value, value_size));
  return end_change(&frame, pwasm_str(name, name_size), pwasm_str(value, value_size));
}

uint32_t
proxy_remove_header_map_value(uint32_t type, const char *name, uint32_t name_size)
{
  PwasmHostcallFrame frame;
  PwasmHostMap *map;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_remove_header_map_value))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, name, name_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %s", PWASM_MAP_NAME(type), PWASM_QUOTE(name, name_size));
  map = writable_map(&frame, type);
  if (map == NULL)
    return refuse_map(&frame, type, PWASM_STATUS_BAD_ARGUMENT);
  pwasm__host_map_remove(map, pwasm_str(name, name_size));
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

#include "http_private.h"

#include <stdlib.h>

static const PwasmHostHalfCallbacks request_callbacks = {
  PWASM_HOST_CALLBACK_on_request_headers,
  PWASM_HOST_CALLBACK_on_request_body,
  PWASM_HOST_CALLBACK_on_request_trailers,
  PWASM_HOST_CALLBACK_on_request_metadata,
};

static const PwasmHostHalfCallbacks response_callbacks = {
  PWASM_HOST_CALLBACK_on_response_headers,
  PWASM_HOST_CALLBACK_on_response_body,
  PWASM_HOST_CALLBACK_on_response_trailers,
  PWASM_HOST_CALLBACK_on_response_metadata,
};

PwasmHostHttp *
pwasm_host_http_open(PwasmHostPlugin *plugin)
{
  PwasmHost *host = plugin->vm->host;
  PwasmHostHttp *http = pwasm__host_alloc(sizeof *http);

  http->host = host;
  http->request.http = http;
  http->request.callbacks = &request_callbacks;
  http->response.http = http;
  http->response.callbacks = &response_callbacks;
  http->next = host->streams;
  http->link = &host->streams;
  if (http->next != NULL)
    http->next->link = &http->next;
  host->streams = http;
  http->context.plugin = plugin;
  http->context.http = http;
  http->start_time_ns = host->time_ns;
  pwasm__host_context_add(&http->context, plugin->vm);
  plugin->num_open_streams++;
  if (plugin->state != PWASM_HOST_PLUGIN_RUNNING)
    PWASM__HOST_MISUSE(host, "the plugin is not running, it is %s",
                       pwasm__plugin_state_name(plugin->state));
  return http;
}

PwasmHostHttp *
pwasm_host_http_get(PwasmHostPlugin *plugin, const char *path)
{
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  pwasm_host_http_send_request_headers(http,
                                       PWASM_HOST_HEADERS(":method", "GET", ":path", path,
                                                          ":authority", "example.com", ":scheme",
                                                          "http"),
                                       true);
  return http;
}

uint32_t
pwasm_host_http_id(const PwasmHostHttp *http)
{
  return http->context.id;
}

static void
enter(PwasmHostHttp *http, PwasmHostCallback callback, uint32_t a)
{
  pwasm__host_enter(http->context.vm, callback, http->context.id, a, 0, NULL);
}

void
pwasm__http_create(PwasmHostHttp *http)
{
  if (http->is_created)
    return;
  http->is_created = true;
  enter(http, PWASM_HOST_CALLBACK_on_context_create, http->context.plugin->context.id);
}

static void
log_stream(PwasmHostHttp *http)
{
  http->is_logging = true;
  enter(http, PWASM_HOST_CALLBACK_on_log, 0);
  http->is_logging = false;
}

void
pwasm_host_http_end(PwasmHostHttp *http)
{
  if (http->is_ended)
    return;
  http->is_ended = true;
  /* The access log has streams too of which the plugin has not heard yet. */
  pwasm__http_create(http);
  if (!http->host->traits->logs_after_done)
    log_stream(http);
  /* What it answers does not matter: the stream is gone. */
  enter(http, PWASM_HOST_CALLBACK_on_done, 0);
  if (http->host->traits->logs_after_done)
    log_stream(http);
  enter(http, PWASM_HOST_CALLBACK_on_delete, 0);
  pwasm__host_context_remove(&http->context);
  pwasm__half_abort(&http->request);
  pwasm__half_abort(&http->response);
  pwasm__host_plugin_stream_ended(http->context.plugin);
  pwasm__host_settle(http->host);
}

void
pwasm__http_close(PwasmHostHttp *http)
{
  if (http->is_ended)
    return;
  http->is_reset = true;
  pwasm__half_abort(&http->request);
  pwasm__half_abort(&http->response);
  pwasm_host_http_end(http);
}

void
pwasm_host_http_abort(PwasmHostHttp *http)
{
  pwasm__http_close(http);
}

void
pwasm_host_http_free(PwasmHostHttp *http)
{
  if (http == NULL)
    return;
  if (http->host->depth == 0)
    pwasm_host_http_end(http);
  *http->link = http->next;
  if (http->next != NULL)
    http->next->link = http->link;
  pwasm__half_free(&http->request);
  pwasm__half_free(&http->response);
  pwasm__host_map_free(&http->reply_headers);
  free((void *)(uintptr_t)http->reply.body.data);
  free((void *)(uintptr_t)http->reply.details.data);
  pwasm__host_properties_free(&http->context.properties);
  pwasm__host_properties_free(&http->context.filter_state);
  free(http);
}

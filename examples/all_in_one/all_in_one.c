/* Three plugins in one module: what a plugin does is chosen by its configuration. They run in one
 * VM and share its context. */

#include <pwasm/pwasm.h>

typedef struct AllVm {
  PwasmVmContext base;
  uint64_t num_plugins; /* that were configured so far */
} AllVm;

typedef struct AllOperation AllOperation;

typedef struct AllPlugin {
  PwasmPluginContext base;
  const AllOperation *operation;
  PwasmCounter total_data_size; /* of the TCP operation */
  bool has_counter;
} AllPlugin;

/* One of the things that a plugin can do. */
struct AllOperation {
  PwasmStr configuration;
  const PwasmHttpContextClass *http_class; /* NULL: has no HTTP streams */
  const PwasmTcpContextClass *tcp_class;   /* NULL: has no TCP connections */
};

/* ---- http-header-operation: logs the request's headers, adds some to the response ---- */

typedef struct HeaderHttp {
  PwasmHttpContext base;
} HeaderHttp;

static PwasmAction
header_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmPairs headers;
  PwasmPair header;
  PwasmStatus status = pwasm_header_get_all(PWASM_MAP_HTTP_REQUEST_HEADERS, &headers);

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  if (status != PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_ERROR, "failed to get request headers: %s", pwasm_status_text(status));
    return PWASM_ACTION_CONTINUE;
  }
  while (pwasm_pairs_next(&headers, &header))
    PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("request header: "), header.name, PWASM_STR(": "),
                   header.value);
  return PWASM_ACTION_CONTINUE;
}

static void
add_response_header(PwasmStr name, PwasmStr value)
{
  PwasmStatus status = pwasm_header_add(PWASM_MAP_HTTP_RESPONSE_HEADERS, name, value);

  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_ERROR, "failed to add a response header: %s", pwasm_status_text(status));
}

static PwasmAction
header_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  AllPlugin *plugin = PWASM_SELF(AllPlugin, pwasm_http_context_plugin(ctx));
  AllVm *vm = PWASM_SELF(AllVm, pwasm_plugin_context_vm(&plugin->base));
  PwasmDigits digits;

  (void)num_headers;
  (void)end_of_stream;
  add_response_header(PWASM_STR("x-all-in-one"), plugin->operation->configuration);
  add_response_header(PWASM_STR("x-plugins-of-vm"),
                      pwasm_str_from_uint64(vm->num_plugins, &digits));
  return PWASM_ACTION_CONTINUE;
}

static const PwasmHttpContextClass header_http_class = {
  PWASM_HTTP_SUBCLASS(HeaderHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, header_on_request_headers),
  PWASM_ON(on_response_headers, header_on_response_headers),
};

/* ---- http-body-operation: replaces the response's body ---- */

typedef struct BodyHttp {
  PwasmHttpContext base;
  bool holds_body; /* waits for the rest of it */
} BodyHttp;

static PwasmAction
body_on_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStatus status;

  (void)ctx;
  (void)num_headers;
  if (end_of_stream)
    return PWASM_ACTION_CONTINUE;
  /* The new body is of another size. */
  status = pwasm_header_remove(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("content-length"));
  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_ERROR, "failed to remove content-length: %s", pwasm_status_text(status));
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
body_on_response_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  BodyHttp *self = PWASM_SELF(BodyHttp, ctx);
  PwasmStatus status;

  (void)body_size;
  self->holds_body = !end_of_stream;
  if (self->holds_body)
    return PWASM_ACTION_PAUSE;
  status =
    pwasm_buffer_replace(PWASM_BUFFER_HTTP_RESPONSE_BODY, PWASM_STR("[this is replaced body]"));
  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_ERROR, "failed to replace response body: %s", pwasm_status_text(status));
  return PWASM_ACTION_CONTINUE;
}

/* Of a body that trailers follow no part is the last one. */
static PwasmAction
body_on_response_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)num_trailers;
  if (!PWASM_SELF(BodyHttp, ctx)->holds_body)
    return PWASM_ACTION_CONTINUE;
  return body_on_response_body(ctx, 0, true);
}

static const PwasmHttpContextClass body_http_class = {
  PWASM_HTTP_SUBCLASS(BodyHttp, pwasm_http_context_class),
  PWASM_ON(on_response_headers, body_on_response_headers),
  PWASM_ON(on_response_body, body_on_response_body),
  PWASM_ON(on_response_trailers, body_on_response_trailers),
};

/* ---- tcp-total-data-size-counter: counts the bytes of connections ---- */

typedef struct CountingTcp {
  PwasmTcpContext base;
  uint64_t total_data_size; /* of both directions */
} CountingTcp;

static PwasmAction
counting_on_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  (void)end_of_stream;
  PWASM_SELF(CountingTcp, ctx)->total_data_size += data_size;
  return PWASM_ACTION_CONTINUE;
}

static void
counting_on_log(PwasmContext *ctx)
{
  CountingTcp *self = PWASM_SELF(CountingTcp, PWASM_SELF(PwasmTcpContext, ctx));
  AllPlugin *plugin = PWASM_SELF(AllPlugin, pwasm_tcp_context_plugin(&self->base));
  PwasmDigits digits;

  PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("total data size: "),
                 pwasm_str_from_uint64(self->total_data_size, &digits));
  if (plugin->has_counter)
    pwasm_ignore(pwasm_counter_increment(plugin->total_data_size, self->total_data_size));
}

static const PwasmTcpContextClass counting_tcp_class = {
  PWASM_TCP_SUBCLASS(CountingTcp, pwasm_tcp_context_class),
  PWASM_ON_BASE(on_log, counting_on_log),
  PWASM_ON(on_downstream_data, counting_on_data),
  PWASM_ON(on_upstream_data, counting_on_data),
};

/* ---- which is which ---- */

static const AllOperation operations[] = {
  {PWASM_STR_INIT("http-header-operation"), .http_class = &header_http_class},
  {PWASM_STR_INIT("http-body-operation"), .http_class = &body_http_class},
  {PWASM_STR_INIT("tcp-total-data-size-counter"), .tcp_class = &counting_tcp_class},
};

static const AllOperation *
find_operation(PwasmStr configuration)
{
  for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
    if (pwasm_str_equal(operations[i].configuration, configuration))
      return &operations[i];
  }
  return NULL;
}

static bool
all_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  AllPlugin *self = PWASM_SELF(AllPlugin, ctx);
  AllVm *vm = PWASM_SELF(AllVm, pwasm_plugin_context_vm(ctx));
  PwasmStr configuration = {0};
  PwasmStatus status = pwasm_plugin_configuration_get(&configuration);
  PwasmDigits digits;

  (void)configuration_size;
  if (status != PWASM_STATUS_OK && status != PWASM_STATUS_NOT_FOUND) {
    pwasm_logf(PWASM_LOG_CRITICAL, "error reading plugin configuration: %s",
               pwasm_status_text(status));
    return false;
  }
  self->operation = find_operation(configuration);
  if (self->operation == NULL) {
    PWASM_LOG_JOIN(PWASM_LOG_CRITICAL, PWASM_STR("unknown plugin configuration: "), configuration);
    return false;
  }
  if (self->operation->tcp_class != NULL)
    self->has_counter = pwasm_counter_define(PWASM_STR("tcp_total_data_size"),
                                             &self->total_data_size) == PWASM_STATUS_OK;
  vm->num_plugins++;
  PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("plugin "),
                 pwasm_str_from_uint64(vm->num_plugins, &digits), PWASM_STR(" of this VM: "),
                 configuration);
  return true;
}

static const PwasmHttpContextClass *
all_create_http_context(PwasmPluginContext *ctx)
{
  const AllOperation *operation = PWASM_SELF(AllPlugin, ctx)->operation;

  return operation == NULL ? NULL : operation->http_class;
}

static const PwasmTcpContextClass *
all_create_tcp_context(PwasmPluginContext *ctx)
{
  const AllOperation *operation = PWASM_SELF(AllPlugin, ctx)->operation;

  return operation == NULL ? NULL : operation->tcp_class;
}

static bool
all_on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  PwasmStr configuration = {0};

  (void)ctx;
  (void)configuration_size;
  /* Without one, the line says so. */
  pwasm_ignore(pwasm_vm_configuration_get(&configuration));
  PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("vm configuration: "), configuration);
  return true;
}

static const PwasmPluginContextClass all_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(AllPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, all_on_configure),
  PWASM_ON(create_http_context, all_create_http_context),
  PWASM_ON(create_tcp_context, all_create_tcp_context),
};

static const PwasmVmContextClass all_vm_class = {
  PWASM_VM_SUBCLASS(AllVm, pwasm_vm_context_class),
  PWASM_ON(on_vm_start, all_on_vm_start),
};

PWASM_PLUGIN(.vm_class = &all_vm_class, .plugin_class = &all_plugin_class);

#include <pwasm/abi.h>

#include "guest_private.h"

/* The plugin has the callbacks that it overrides, and no others. */
#pragma weak proxy_on_vm_start
#pragma weak proxy_on_configure
#pragma weak proxy_on_done
#pragma weak proxy_on_log
#pragma weak proxy_on_request_headers
#pragma weak proxy_on_request_body
#pragma weak proxy_on_request_trailers
#pragma weak proxy_on_request_metadata
#pragma weak proxy_on_response_headers
#pragma weak proxy_on_response_body
#pragma weak proxy_on_response_trailers
#pragma weak proxy_on_response_metadata
#pragma weak proxy_on_new_connection
#pragma weak proxy_on_downstream_data
#pragma weak proxy_on_downstream_connection_close
#pragma weak proxy_on_upstream_data
#pragma weak proxy_on_upstream_connection_close
#pragma weak proxy_on_http_call_response
#pragma weak proxy_on_grpc_receive_initial_metadata
#pragma weak proxy_on_grpc_receive
#pragma weak proxy_on_grpc_receive_trailing_metadata
#pragma weak proxy_on_grpc_close
#pragma weak proxy_on_tick
#pragma weak proxy_on_queue_ready
#pragma weak proxy_on_foreign_function

const PwasmGuest pwasm__native_guest = {.memory_allocate = proxy_on_memory_allocate,
#define FROM_SYMBOL(name, num_arguments, absent) .name = proxy_##name,
                                        PWASM_HOST_CALLBACK_LIST(FROM_SYMBOL)};

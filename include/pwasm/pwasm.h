#ifndef PWASM_PWASM_H
#define PWASM_PWASM_H

/** @file
 *  @brief All of the SDK that is portable between hosts. Plugins include this one header.
 */

// IWYU pragma: begin_exports
#include <pwasm/abi_version.h>
#include <pwasm/action.h>
#include <pwasm/arena.h>
#include <pwasm/buffer.h>
#include <pwasm/call_status.h>
#include <pwasm/context.h>
#include <pwasm/foreign.h>
#include <pwasm/grpc_call.h>
#include <pwasm/header_map.h>
#include <pwasm/http_call.h>
#include <pwasm/http_context.h>
#include <pwasm/log.h>
#include <pwasm/metric.h>
#include <pwasm/pairs.h>
#include <pwasm/panic.h>
#include <pwasm/plugin.h>
#include <pwasm/plugin_context.h>
#include <pwasm/property.h>
#include <pwasm/shared_data.h>
#include <pwasm/shared_queue.h>
#include <pwasm/status.h>
#include <pwasm/str.h>
#include <pwasm/tcp_context.h>
#include <pwasm/time.h>
#include <pwasm/timer.h>
#include <pwasm/value.h>
#include <pwasm/vm_context.h>
// IWYU pragma: end_exports

#endif

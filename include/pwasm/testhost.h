#ifndef PWASM_TESTHOST_H
#define PWASM_TESTHOST_H

/** @file
 *  @brief A Proxy-Wasm host for unit tests of plugins: native, in the test's own process.
 *
 *  It defines the calls of <pwasm/abi.h>, calls the callbacks of the plugin that is linked into the
 *  same program, and behaves like Envoy in all that a plugin can tell, corner cases included. What
 *  the plugin does is recorded and can be looked at.
 *
 *  @snippet testhost/test_example.c example
 */

// IWYU pragma: begin_exports
#include <pwasm/testhost/callback.h>
#include <pwasm/testhost/envoy_dns.h>
#include <pwasm/testhost/envoy_stats.h>
#include <pwasm/testhost/exhaust.h>
#include <pwasm/testhost/expect.h>
#include <pwasm/testhost/fault.h>
#include <pwasm/testhost/foreign.h>
#include <pwasm/testhost/grpc_call.h>
#include <pwasm/testhost/headers.h>
#include <pwasm/testhost/host.h>
#include <pwasm/testhost/http.h>
#include <pwasm/testhost/http_call.h>
#include <pwasm/testhost/metric.h>
#include <pwasm/testhost/plugin.h>
#include <pwasm/testhost/profile.h>
#include <pwasm/testhost/property.h>
#include <pwasm/testhost/record.h>
#include <pwasm/testhost/shared_data.h>
#include <pwasm/testhost/shared_queue.h>
#include <pwasm/testhost/tcp.h>
#include <pwasm/testhost/timer.h>
#include <pwasm/testhost/vm.h>
// IWYU pragma: end_exports

#endif

#ifndef PWASM_ENVOY_H
#define PWASM_ENVOY_H

/** @file
 *  @brief What Envoy has beyond the specification: its attributes by name, its foreign functions, DNS,
 *  statistics.
 *
 *  Not part of <pwasm/pwasm.h>: a plugin that uses it is one for Envoy and what is made of it, such as
 *  Istio. On other hosts attributes are @ref PWASM_STATUS_NOT_FOUND unless they have the same ones,
 *  and so are the functions (ngx_wasm_module traps at these). A module that resolves names (dns.h)
 *  does not even load there.
 *
 *  An attribute `a.b` is pwasm_envoy_a_b(). All of them are as of Envoy 1.40.
 */

// IWYU pragma: begin_exports
#include <pwasm/envoy/compression.h>
#include <pwasm/envoy/connection.h>
#include <pwasm/envoy/dns.h>
#include <pwasm/envoy/expression.h>
#include <pwasm/envoy/filter_state.h>
#include <pwasm/envoy/metadata.h>
#include <pwasm/envoy/plugin.h>
#include <pwasm/envoy/request.h>
#include <pwasm/envoy/response.h>
#include <pwasm/envoy/route.h>
#include <pwasm/envoy/signature.h>
#include <pwasm/envoy/stats.h>
#include <pwasm/envoy/upstream.h>
#include <pwasm/envoy/xds.h>
// IWYU pragma: end_exports

#endif

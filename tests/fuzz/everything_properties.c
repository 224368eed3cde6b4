/* Properties of all types, by path and by the names that Envoy has for them; Envoy's functions. */

#include "everything.h"

static PwasmStatus (*const envoy_strs[])(PwasmStr *) = {
  pwasm_envoy_source_address,
  pwasm_envoy_destination_address,
  pwasm_envoy_connection_requested_server_name,
  pwasm_envoy_connection_tls_version,
  pwasm_envoy_connection_subject_local_certificate,
  pwasm_envoy_connection_subject_peer_certificate,
  pwasm_envoy_connection_dns_san_local_certificate,
  pwasm_envoy_connection_dns_san_peer_certificate,
  pwasm_envoy_connection_uri_san_local_certificate,
  pwasm_envoy_connection_uri_san_peer_certificate,
  pwasm_envoy_connection_sha256_peer_certificate_digest,
  pwasm_envoy_connection_termination_details,
  pwasm_envoy_connection_transport_failure_reason,
  pwasm_envoy_plugin_name,
  pwasm_envoy_plugin_root_id,
  pwasm_envoy_plugin_vm_id,
  pwasm_envoy_request_path,
  pwasm_envoy_request_url_path,
  pwasm_envoy_request_query,
  pwasm_envoy_request_host,
  pwasm_envoy_request_scheme,
  pwasm_envoy_request_method,
  pwasm_envoy_request_referer,
  pwasm_envoy_request_useragent,
  pwasm_envoy_request_id,
  pwasm_envoy_request_protocol,
  pwasm_envoy_response_code_details,
  pwasm_envoy_upstream_address,
  pwasm_envoy_upstream_local_address,
  pwasm_envoy_upstream_tls_version,
  pwasm_envoy_upstream_subject_local_certificate,
  pwasm_envoy_upstream_subject_peer_certificate,
  pwasm_envoy_upstream_dns_san_local_certificate,
  pwasm_envoy_upstream_dns_san_peer_certificate,
  pwasm_envoy_upstream_uri_san_local_certificate,
  pwasm_envoy_upstream_uri_san_peer_certificate,
  pwasm_envoy_upstream_sha256_peer_certificate_digest,
  pwasm_envoy_upstream_transport_failure_reason,
  pwasm_envoy_upstream_locality,
  pwasm_envoy_xds_node,
  pwasm_envoy_xds_cluster_name,
  pwasm_envoy_xds_cluster_metadata,
  pwasm_envoy_xds_route_name,
  pwasm_envoy_xds_route_metadata,
  pwasm_envoy_xds_virtual_host_name,
  pwasm_envoy_xds_virtual_host_metadata,
  pwasm_envoy_xds_upstream_host_metadata,
  pwasm_envoy_xds_upstream_host_locality_metadata,
  pwasm_envoy_xds_filter_chain_name,
  pwasm_envoy_xds_listener_metadata,
};

static PwasmStatus (*const envoy_int64s[])(int64_t *) = {
  pwasm_envoy_source_port,
  pwasm_envoy_destination_port,
  pwasm_envoy_request_size,
  pwasm_envoy_request_total_size,
  pwasm_envoy_response_code,
  pwasm_envoy_response_flags,
  pwasm_envoy_response_grpc_status,
  pwasm_envoy_response_size,
  pwasm_envoy_response_total_size,
  pwasm_envoy_upstream_port,
  pwasm_envoy_xds_listener_direction,
};

static PwasmStatus (*const envoy_uint64s[])(uint64_t *) = {
  pwasm_envoy_connection_id,
  pwasm_envoy_request_time,
  pwasm_envoy_request_duration,
  pwasm_envoy_response_backend_latency,
  pwasm_envoy_upstream_request_attempt_count,
  pwasm_envoy_upstream_cx_pool_ready_duration,
};

static PwasmStatus (*const envoy_bools[])(bool *) = {
  pwasm_envoy_connection_mtls,
};

static PwasmStatus (*const envoy_maps[])(PwasmPairs *) = {
  pwasm_envoy_request_headers,
  pwasm_envoy_response_headers,
  pwasm_envoy_response_trailers,
};

#define LEN(array) (sizeof(array) / sizeof(array)[0])

/* A property through a getter of any table. */
#define CALL_ANY(table, variable) table[any_below(LEN(table))](&(variable))

static void
get_envoy_property(void)
{
  PwasmStr str = UNTOUCHED;
  PwasmPairs pairs = UNTOUCHED_PAIRS;
  int64_t int64 = 77;
  uint64_t uint64 = 77;
  bool boolean = true;
  PwasmStatus status;

  switch (any_below(5)) {
  case 0:
    status = CALL_ANY(envoy_strs, str);
    check_str(status, str);
    break;
  case 1:
    status = CALL_ANY(envoy_int64s, int64);
    CHECK_NUMBER(status, int64);
    break;
  case 2:
    status = CALL_ANY(envoy_uint64s, uint64);
    CHECK_NUMBER(status, uint64);
    break;
  case 3:
    status = CALL_ANY(envoy_bools, boolean);
    FUZZ_CHECK(status == PWASM_STATUS_OK || boolean);
    break;
  default:
    status = CALL_ANY(envoy_maps, pairs);
    check_pairs(status, pairs);
    break;
  }
}

static void
get_property(PwasmStr path)
{
  PwasmStr str = UNTOUCHED;
  PwasmPairs pairs = UNTOUCHED_PAIRS;
  PwasmList list = {UNTOUCHED_PAIRS};
  int64_t int64 = 77;
  uint64_t uint64 = 77;
  double number = 77;
  bool boolean = true;
  PwasmStatus status;

  switch (any_below(9)) {
  case 0:
    check_str(pwasm_property_get(path, &str), str);
    break;
  case 1:
    status = pwasm_property_get_int64(path, &int64);
    CHECK_NUMBER(status, int64);
    break;
  case 2:
    status = pwasm_property_get_uint64(path, &uint64);
    CHECK_NUMBER(status, uint64);
    break;
  case 3:
    status = pwasm_property_get_double(path, &number);
    FUZZ_CHECK(status == PWASM_STATUS_OK || (number >= 77 && number <= 77));
    break;
  case 4:
    status = pwasm_property_get_bool(path, &boolean);
    FUZZ_CHECK(status == PWASM_STATUS_OK || boolean);
    break;
  case 5:
    status = pwasm_property_get_time(path, &uint64);
    CHECK_NUMBER(status, uint64);
    break;
  case 6:
    status = pwasm_property_get_duration(path, &uint64);
    CHECK_NUMBER(status, uint64);
    break;
  case 7:
    check_pairs(pwasm_property_get_map(path, &pairs), pairs);
    break;
  default:
    status = pwasm_property_get_list(path, &list);
    check_pairs(status, list.pairs);
    break;
  }
}

void
act_with_properties(PwasmContext *ctx)
{
  const PwasmStr segments[] = {PWASM_STR("a"), any_str()};
  PwasmStr path = UNTOUCHED;
  PwasmStatus status;

  (void)ctx;
  switch (any_below(4)) {
  case 0:
    get_envoy_property();
    break;
  case 1:
    get_property(PWASM_PATH("a", "b"));
    break;
  case 2:
    status = pwasm_path_join(pwasm_scratch(), segments, 2, &path);
    check_str(status, path);
    if (status == PWASM_STATUS_OK)
      get_property(path);
    break;
  default:
    pwasm_ignore(pwasm_property_set(PWASM_PATH("a"), any_str()));
    break;
  }
}

static void
sign(void)
{
  PwasmEnvoyVerification verification = {.hash_function = PWASM_STR("sha256"),
                                         .public_key = any_str(),
                                         .signature = any_str(),
                                         .text = any_str()};
  PwasmEnvoySigning signing = {
    .hash_function = PWASM_STR("sha256"), .private_key_pem = any_str(), .text = any_str()};
  bool is_valid = true;
  PwasmStr result = UNTOUCHED;
  PwasmStatus status;

  if (any_below(2) == 0) {
    check_str(pwasm_envoy_signature_create(&signing, &result), result);
    return;
  }
  status = pwasm_envoy_signature_verify(&verification, &is_valid, &result);
  check_str(status, result);
  FUZZ_CHECK(status == PWASM_STATUS_OK || is_valid);
}

static void
evaluate(void)
{
  PwasmEnvoyExpression expression = {77};
  PwasmStr value = UNTOUCHED;
  PwasmStatus status = pwasm_envoy_expression_create(any_str(), &expression);

  CHECK_NUMBER(status, expression.token);
  check_str(pwasm_envoy_expression_evaluate(expression, &value), value);
  pwasm_ignore(pwasm_envoy_expression_delete(expression));
}

static void
declare(void)
{
  PwasmEnvoyDeclaration declaration = {.name = any_str(),
                                       .type = (PwasmEnvoyType)any_below(5),
                                       .schema = any_str(),
                                       .read_only = any_below(2),
                                       .span = (PwasmEnvoySpan)any_below(3)};

  pwasm_ignore(pwasm_envoy_property_declare(&declaration));
  pwasm_ignore(pwasm_envoy_filter_state_set(any_str(), any_str(), (PwasmEnvoySpan)any_below(3)));
}

void
act_with_envoy(PwasmContext *ctx)
{
  PwasmStr result = UNTOUCHED;

  (void)ctx;
  switch (any_below(9)) {
  case 0:
    sign();
    break;
  case 1:
    evaluate();
    break;
  case 2:
    declare();
    break;
  case 3:
    check_str(pwasm_envoy_metadata_get(any_str(), any_str(), &result), result);
    break;
  case 4:
    check_str(pwasm_envoy_filter_state_get(any_str(), &result), result);
    break;
  case 5:
    check_str(pwasm_envoy_upstream_filter_state_get(any_str(), &result), result);
    break;
  case 6:
    pwasm_ignore(pwasm_envoy_route_cache_clear());
    break;
  case 7:
    check_str(any_below(2) == 0 ? pwasm_envoy_compress(any_str(), &result)
                                : pwasm_envoy_uncompress(any_str(), &result),
              result);
    break;
  default:
    check_str(pwasm_foreign_call(any_str(), any_str(), &result), result);
    break;
  }
}

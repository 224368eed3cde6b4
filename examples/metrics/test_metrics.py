"""metrics in Envoy."""

from __future__ import annotations

from pwasm_e2e import Envoy

PROMETHEUS = 'custom_header_value_counts{value="%s",reporter="wasmgosdk"} %d\n'


def test_counts_requests_by_the_value_of_a_header(envoy_example: Envoy) -> None:
    for value, count in [("foo", 3), ("bar", 5)]:
        for _ in range(count):
            response = envoy_example.request("GET", "/", headers={"my-custom-header": value})
            assert response.status_code == 200
    envoy_example.request("GET", "/")

    prometheus = envoy_example.admin("/stats/prometheus")
    assert PROMETHEUS % ("foo", 3) in prometheus
    assert PROMETHEUS % ("bar", 5) in prometheus
    name = "wasmcustom.custom_header_value_counts_value=foo_reporter=wasmgosdk"
    assert envoy_example.stats("^wasmcustom.*value=foo") == {name: 3}

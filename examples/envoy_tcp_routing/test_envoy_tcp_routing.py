"""envoy_tcp_routing in Envoy."""

from __future__ import annotations

import httpx
import pytest
from pwasm_e2e import Envoy


@pytest.mark.parametrize(
    ("source", "cluster"), [("127.0.0.1", "egress-router2"), ("127.0.0.2", "egress-router1")]
)
def test_routes_by_the_last_byte(envoy_example: Envoy, source: str, cluster: str) -> None:
    transport = httpx.HTTPTransport(local_address=source)
    with httpx.Client(transport=transport, trust_env=False) as client:
        response = client.get(envoy_example.url())

    assert response.text == f"{cluster}\n"
    envoy_example.wait_for_log('[TCP WASM] Configuration: "standalone"')
    envoy_example.wait_for_log(f"[TCP WASM] Routed source {source}:")
    envoy_example.wait_for_log(f" to {cluster}")

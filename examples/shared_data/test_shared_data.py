"""shared_data in Envoy."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pwasm_e2e import Envoy
from pwasm_e2e.plugin import StartEnvoy


def test_counts_requests(envoy_example: Envoy) -> None:
    for _ in range(10):
        assert envoy_example.request("GET", "/").status_code == 200

    envoy_example.wait_for_log("wasm log: shared value: 10")


def test_no_request_of_any_worker_is_lost(start_envoy: StartEnvoy) -> None:
    envoy = start_envoy(Path(__file__).parent / "envoy.yaml", concurrency=4)

    with ThreadPoolExecutor(16) as pool:
        responses = list(pool.map(lambda _: envoy.request("GET", "/"), range(200)))

    assert {response.status_code for response in responses} == {200}
    envoy.wait_for_log("wasm log: shared value: 200")

"""shared_queue in Envoy."""

from __future__ import annotations

import re

from pwasm_e2e import Envoy


def dequeued(queue: str, data: str) -> re.Pattern[str]:
    return re.compile(
        rf"wasm log receiver: \(contextID=\d+\) dequeued data from {queue}\(queueID=\d+\): {data}$",
        re.MULTILINE,
    )


def test_headers_arrive(envoy_example: Envoy) -> None:
    assert envoy_example.request("GET", "/").status_code == 200

    envoy_example.wait_for_log('wasm log sender: enqueued data: {"key": ":method","value": "GET"}')
    envoy_example.wait_for_log(
        dequeued("http_request_headers", '{"key": ":method","value": "GET"}')
    )
    envoy_example.wait_for_log(
        dequeued("http_response_headers", '{"key": ":status","value": "200"}')
    )


def test_hashes_of_data_arrive(envoy_example: Envoy) -> None:
    assert envoy_example.request("GET", "/ready", port=18001).status_code == 200

    envoy_example.wait_for_log(dequeued("tcp_data_hashes", "[0-9a-f]{32}"))

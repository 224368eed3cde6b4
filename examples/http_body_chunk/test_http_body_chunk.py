"""http_body_chunk in Envoy."""

from __future__ import annotations

from pwasm_e2e import Envoy


def test_passes_a_body_without_the_word(envoy_example: Envoy) -> None:
    response = envoy_example.request("POST", "/", content="x" * 100_000)

    assert response.status_code == 200
    assert response.text == "example body\n"
    envoy_example.wait_for_log("wasm log: OnHttpRequestBody called. BodySize: ")
    envoy_example.wait_for_log("totalRequestBodyReadSize: 100000, endOfStream: true")
    envoy_example.wait_for_log("wasm log: pattern not found")


def test_refuses_a_body_with_the_word(envoy_example: Envoy) -> None:
    response = envoy_example.request("POST", "/", content="there is a pattern here")

    assert response.status_code == 403
    assert response.text == "pattern found in chunk: 1"
    assert response.headers["powered-by"] == "proxy-wasm-go-sdk"
    envoy_example.wait_for_log("wasm log: pattern found in chunk: 1")
    envoy_example.wait_for_log("wasm log: local 403 response sent")

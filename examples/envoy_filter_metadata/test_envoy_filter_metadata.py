"""envoy_filter_metadata in Envoy."""

from __future__ import annotations

from pwasm_e2e import Envoy


def test_answers_with_the_metadata(envoy_example: Envoy) -> None:
    response = envoy_example.request("GET", "/", headers={"x-custom-metadata": "some-value"})

    assert response.status_code == 200
    assert response.text == 'Custom response with Envoy metadata: "SOME-VALUE"\n'
    assert response.headers["powered-by"] == "proxy-wasm"
    assert response.headers["uppercased-metadata"] == "SOME-VALUE"


def test_goes_on_without(envoy_example: Envoy) -> None:
    response = envoy_example.request("GET", "/")

    assert response.text == (
        "Welcome, set the `x-custom-metadata` header to change the response!\n"
    )
    assert "uppercased-metadata" not in response.headers

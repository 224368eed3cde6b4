"""hello_http in Envoy."""

from __future__ import annotations

from pwasm_e2e import Envoy


def test_adds_its_header(envoy_example: Envoy) -> None:
    response = envoy_example.request("GET", "/")

    assert response.status_code == 200
    assert response.headers.get_list("x-hello") == ["world"]
    assert response.text == "example body\n"


def test_adds_its_header_with_http2(envoy_example: Envoy) -> None:
    response = envoy_example.client(http2=True).get("/")

    assert response.http_version == "HTTP/2"
    assert response.headers.get_list("x-hello") == ["world"]

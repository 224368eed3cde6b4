"""http_headers in Envoy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pwasm_e2e import Envoy, EnvoyError, config
from pwasm_e2e.plugin import StartEnvoy

INVALID = (
    "wasm log: invalid configuration format; "
    'expected {"header": "<header name>", "value": "<header value>"}'
)


def test_headers_and_log(envoy_example: Envoy) -> None:
    response = envoy_example.request("GET", "/uuid", headers={"this-is-key": "this-is-value"})

    assert response.status_code == 200
    assert response.headers["x-wasm-header"] == "demo-wasm"
    assert response.headers["x-proxy-wasm-go-sdk-example"] == "http_headers"

    for line in [
        "wasm log: loading plugin config",
        "wasm log: header from config: x-wasm-header = demo-wasm",
        "wasm log: request header --> :path: /uuid",
        "wasm log: request header --> this-is-key: this-is-value",
        "wasm log: request header --> test: best",
        "wasm log: adding header: x-wasm-header=demo-wasm",
        "wasm log: response header <-- server: envoy",
        "wasm log: response header <-- x-wasm-header: demo-wasm",
        "wasm log: response header <-- x-proxy-wasm-go-sdk-example: http_headers",
    ]:
        envoy_example.wait_for_log(line)
    envoy_example.wait_for_log(re.compile(r"wasm log: \d+ finished$", re.MULTILINE))


def test_replaces_the_header_of_the_request(envoy_example: Envoy) -> None:
    envoy_example.request("GET", "/", headers={"test": "worst"})

    envoy_example.wait_for_log("request header --> test: best")
    assert "test: worst" not in envoy_example.log


@pytest.mark.parametrize(
    "configuration",
    [
        pytest.param("not JSON", id="not_json"),
        pytest.param("[1, 2]", id="no_object"),
        pytest.param('{"header": "x-a"}', id="no_value"),
        pytest.param('{"header": " ", "value": "b"}', id="blank_header"),
        pytest.param('{"header": 1, "value": "b"}', id="header_is_a_number"),
        pytest.param('{"header": "x-a", "value": "b"} x', id="more_than_an_object"),
    ],
)
def test_refuses_a_wrong_configuration(start_envoy: StartEnvoy, configuration: str) -> None:
    settings = config.load(Path(__file__).parent / "envoy.yaml")
    filter_config = config.wasm_filter(settings, listener="main")
    filter_config["configuration"]["value"] = configuration

    with pytest.raises(EnvoyError, match=re.escape(INVALID)):
        start_envoy(settings, expect_failures=True)


def test_works_without_configuration(start_envoy: StartEnvoy) -> None:
    settings = config.load(Path(__file__).parent / "envoy.yaml")
    del config.wasm_filter(settings, listener="main")["configuration"]

    response = start_envoy(settings).request("GET", "/")

    assert response.headers["x-proxy-wasm-go-sdk-example"] == "http_headers"
    assert "x-wasm-header" not in response.headers

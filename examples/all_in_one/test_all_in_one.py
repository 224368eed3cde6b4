"""all_in_one in Envoy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pwasm_e2e import Envoy, EnvoyError, config
from pwasm_e2e.connection import Request, exchange_http2
from pwasm_e2e.plugin import StartEnvoy
from pwasm_e2e.upstream import running_upstream

BODY_PORT = 18001
TCP_PORT = 18002

# Passes trailers on.
UPSTREAM_PROTOCOL = {
    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http_protocol_options": {"enable_trailers": True}},
    }
}


def test_header_operation(envoy_example: Envoy) -> None:
    response = envoy_example.request("GET", "/", headers={"this-is-key": "this-is-value"})

    assert response.text == "example body\n"
    assert response.headers["x-all-in-one"] == "http-header-operation"
    envoy_example.wait_for_log("wasm log: request header: this-is-key: this-is-value")


def test_body_operation(envoy_example: Envoy) -> None:
    response = envoy_example.request("GET", "/", port=BODY_PORT)

    assert response.status_code == 200
    assert response.text == "[this is replaced body]"
    assert "x-all-in-one" not in response.headers


def test_body_operation_with_trailers(start_envoy: StartEnvoy) -> None:
    settings = config.load(Path(__file__).parent / "envoy.yaml")
    resources = settings["static_resources"]
    body = next(listener for listener in resources["listeners"] if listener["name"] == "body")
    manager = body["filter_chains"][0]["filters"][0]["typed_config"]
    manager["route_config"]["virtual_hosts"][0]["routes"] = [
        {"match": {"prefix": "/"}, "route": {"cluster": "web_service"}}
    ]
    cluster = resources["clusters"][0]
    cluster["typed_extension_protocol_options"] = UPSTREAM_PROTOCOL
    address = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]
    # The upstream sends back what it gets.
    request = Request(
        b"PUT",
        b"/",
        [(b"x-up", b"trailers")],
        body=b"body",
        trailers=[(b"x-a", b"b")],
        content_length=False,
    )

    with running_upstream() as port:
        address["socket_address"]["port_value"] = port
        response = exchange_http2(start_envoy(settings).port(BODY_PORT), request)

    assert response.body == b"[this is replaced body]"
    assert response.trailers == [(b"x-a", b"b")]


def test_tcp_operation(start_envoy: StartEnvoy) -> None:
    envoy = start_envoy(config.load(Path(__file__).parent / "envoy.yaml"))
    line = r"wasm log: total data size: (\d+)\n"
    headers = {"connection": "close"}
    assert envoy.request("GET", "/", port=TCP_PORT, headers=headers).text == "example body\n"
    envoy.wait_for_log(re.compile(line))
    envoy.request("GET", "/" + "x" * 1000, port=TCP_PORT, headers=headers)
    envoy.wait_for_log(re.compile(f"{line}(?:.|\\n)*{line}"))
    sizes = [int(size) for size in re.findall(line, envoy.log)]

    assert len(sizes) == 2
    assert sizes[1] - sizes[0] == 1000
    assert list(envoy.stats("tcp_total_data_size").values()) == [sum(sizes)]


def test_all_share_one_vm(envoy_example: Envoy) -> None:
    # A worker's VM answers: all three were configured in it.
    assert envoy_example.request("GET", "/").headers["x-plugins-of-vm"] == "3"
    for line in [
        "wasm log: vm configuration: my-vm-configuration",
        "wasm log: plugin 1 of this VM: http-header-operation",
        "wasm log: plugin 2 of this VM: http-body-operation",
        "wasm log: plugin 3 of this VM: tcp-total-data-size-counter",
    ]:
        envoy_example.wait_for_log(line)


def test_refuses_another_configuration(start_envoy: StartEnvoy) -> None:
    settings = config.load(Path(__file__).parent / "envoy.yaml")
    config.wasm_filter(settings, listener="header")["configuration"]["value"] = "other"

    with pytest.raises(EnvoyError, match="wasm log: unknown plugin configuration: other"):
        start_envoy(settings, expect_failures=True)

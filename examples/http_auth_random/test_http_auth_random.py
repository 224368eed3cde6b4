"""http_auth_random in Envoy."""

from __future__ import annotations

import contextlib
import copy
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pwasm_e2e import Envoy, config
from pwasm_e2e.plugin import StartEnvoy
from pwasm_e2e.upstream import running_upstream


SECONDS_TO_DECIDE = 0.5
FORBIDDEN = b'{"uuid": "1"}'


class SlowRefusal(BaseHTTPRequestHandler):
    """A service that takes its time to forbid."""

    def do_POST(self) -> None:
        time.sleep(SECONDS_TO_DECIDE)
        self.send_response(200)
        self.send_header("content-length", str(len(FORBIDDEN)))
        self.end_headers()
        self.wfile.write(FORBIDDEN)

    def log_message(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def slow_refusal() -> Iterator[int]:
    """Runs the service; gives its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), SlowRefusal) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def set_port(cluster: config.Config, port: int) -> None:
    endpoint = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]
    endpoint["address"]["socket_address"]["port_value"] = port


def test_grants_and_forbids(envoy_example: Envoy) -> None:
    seen = set()
    deadline = time.monotonic() + 30
    while seen != {200, 403}:
        assert time.monotonic() < deadline
        response = envoy_example.request("GET", "/uuid", headers={"this-is-key": "this-is-value"})
        seen.add(response.status_code)
        if response.status_code == 403:
            assert response.text == "access forbidden"
            assert response.headers["powered-by"] == "proxy-wasm-go-sdk!!"
        else:
            assert response.json()["uuid"] in {"0", "1"}

    for line in [
        "wasm log: request header: this-is-key: this-is-value",
        "wasm log: http call dispatched to httpbin",
        "wasm log: response header from httpbin: :status: 200",
        "wasm log: access granted",
        "wasm log: access forbidden",
    ]:
        envoy_example.wait_for_log(line)


def test_asks_without_the_requests_length(start_envoy: StartEnvoy) -> None:
    settings = config.load(Path(__file__).parent / "envoy.yaml")

    # This service reads the whole request before it answers, and sends its body back: for the
    # call, which has none, an empty one.
    with running_upstream() as port:
        set_port(settings["static_resources"]["clusters"][0], port)
        response = start_envoy(settings).request("POST", "/", content="body")

    assert response.status_code == 403


@pytest.mark.parametrize("stops_iteration", [False, True])
def test_nothing_goes_on_before_the_answer(
    start_envoy: StartEnvoy, stops_iteration: bool
) -> None:
    settings = config.load(Path(__file__).parent / "envoy.yaml")
    resources = settings["static_resources"]
    web = copy.deepcopy(resources["clusters"][0]) | {"name": "web"}
    resources["clusters"].append(web)
    main = resources["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]
    main["route_config"]["virtual_hosts"][0]["routes"][0]["route"]["cluster"] = "web"
    plugin = main["http_filters"][0]["typed_config"]["config"]
    plugin["allow_on_headers_stop_iteration"] = stops_iteration

    with slow_refusal() as service_port, running_upstream() as web_port:
        set_port(resources["clusters"][0], service_port)
        set_port(web, web_port)
        envoy = start_envoy(settings)
        response = envoy.request("POST", "/", content="body")
        requests = envoy.stats("cluster.web.upstream_rq_total")

    assert response.status_code == 403
    assert response.text == "access forbidden"
    assert set(requests.values()) == {0}

"""grpc_stream in Envoy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from pwasm_e2e import Envoy, config
from pwasm_e2e.grpc_process import load_methods
from pwasm_e2e.grpc_server import GrpcServer, Method
from pwasm_e2e.plugin import StartEnvoy

HERE = Path(__file__).parent
SERVER_PORT = 9000
WATCH = "/pwasm.example.Blocklist/Watch"


def start(start_envoy: StartEnvoy, server: GrpcServer) -> Envoy:
    settings = config.load(HERE / "envoy.yaml")
    return start_envoy(config.move_ports(settings, {SERVER_PORT: server.port}))


def status(envoy: Envoy, path: str) -> int:
    return envoy.request("GET", path).status_code


def test_blocks_until_the_service_has_heard(start_envoy: StartEnvoy) -> None:
    with GrpcServer(load_methods(HERE / "blocklist.py")) as server:
        envoy = start(start_envoy, server)
        envoy.wait_for_log("wasm log: message: +/secret")
        envoy.wait_for_log("wasm log: initial metadata: x-list: of the day")
        assert status(envoy, "/") == 200

        response = envoy.request("GET", "/admin?and=more")
        assert (response.status_code, response.text) == (403, "blocked\n")
        envoy.wait_for_log("wasm log: message: -/admin")

        assert status(envoy, "/admin") == 200
        assert status(envoy, "/secret") == 403


@pytest.fixture
def ended() -> threading.Event:
    return threading.Event()


@pytest.fixture
def methods(ended: threading.Event) -> dict[str, Method]:
    """A service that blocks one path for each stream, and ends the first with its first report."""
    watchers: list[str] = []

    def watch(reports: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        watchers.append(dict(context.invocation_metadata())["x-watcher"])
        yield b"+/%d" % len(watchers)
        context.set_trailing_metadata((("x-watchers", " ".join(watchers)),))
        if len(watchers) == 1:
            next(reports)
            context.abort(grpc.StatusCode.UNAVAILABLE, "for now")
        # Until the client half-closes.
        for _ in reports:
            pass
        ended.set()

    return {WATCH: watch}


def test_opens_another_stream(start_envoy: StartEnvoy, methods: dict[str, Method]) -> None:
    with GrpcServer(methods) as server:
        envoy = start(start_envoy, server)
        envoy.wait_for_log("wasm log: message: +/1")
        assert status(envoy, "/1") == 403
        envoy.wait_for_log("wasm log: trailing metadata: x-watchers: pwasm")
        envoy.wait_for_log("wasm log: the stream has ended with status 14")

        envoy.wait_for_log("wasm log: message: +/2")
        assert [status(envoy, path) for path in ("/1", "/2")] == [200, 403]


def test_half_closes_in_the_end(
    start_envoy: StartEnvoy, methods: dict[str, Method], ended: threading.Event
) -> None:
    with GrpcServer(methods) as server:
        envoy = start(start_envoy, server)
        envoy.wait_for_log("wasm log: message: +/1")
        status(envoy, "/1")
        envoy.wait_for_log("wasm log: message: +/2")

        assert envoy.stop() == 0

        assert ended.wait(10)


def test_tries_again(start_envoy: StartEnvoy) -> None:
    settings = config.load(HERE / "envoy.yaml")
    (cluster,) = settings["static_resources"]["clusters"]
    del cluster["load_assignment"]["endpoints"]
    envoy = start_envoy(settings)

    envoy.wait_for_log("wasm log: the list can't be watched: internal failure of the host")
    assert status(envoy, "/admin") == 200

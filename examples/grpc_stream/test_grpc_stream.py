"""grpc_stream in Envoy."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import grpc
from pwasm_e2e import Envoy, config
from pwasm_e2e.grpc_process import load_methods
from pwasm_e2e.grpc_server import GrpcServer
from pwasm_e2e.plugin import StartEnvoy

HERE = Path(__file__).parent
SERVER_PORT = 9000
OTHER_PORT = 18001
WATCH = "/pwasm.example.Blocklist/Watch"


def start(start_envoy: StartEnvoy, server: GrpcServer) -> Envoy:
    return start_envoy(HERE / "envoy.yaml", upstream_ports={SERVER_PORT: server.port})


def status(envoy: Envoy, path: str) -> int:
    return envoy.request("GET", path).status_code


def test_blocks_until_the_service_has_heard(start_envoy: StartEnvoy) -> None:
    with GrpcServer(load_methods(HERE / "blocklist.py")) as server:
        envoy = start(start_envoy, server)
        # In the main thread and in the worker; requests are the worker's.
        envoy.wait_for_log(re.compile(r"(?s)(wasm log: message: \+/secret.*){2}"))
        envoy.wait_for_log("wasm log: initial metadata: x-list: of the day")
        assert status(envoy, "/") == 200

        response = envoy.request("GET", "/admin?and=more")
        assert (response.status_code, response.text) == (403, "blocked\n")
        envoy.wait_for_log("wasm log: message: -/admin")

        assert status(envoy, "/admin") == 200
        assert status(envoy, "/secret") == 403


def test_opens_another_stream(start_envoy: StartEnvoy) -> None:
    num_streams = itertools.count(1)

    def watch(reports: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        """Blocks another path in each stream, and ends it when that is asked for."""
        yield b"+/%d" % next(num_streams)
        watcher = dict(context.invocation_metadata())["x-watcher"]
        context.set_trailing_metadata((("x-goodbye", watcher),))
        context.abort(grpc.StatusCode.UNAVAILABLE, next(reports).decode())

    with GrpcServer({WATCH: watch}) as server:
        envoy = start(start_envoy, server)
        envoy.wait_for_log("wasm log: message: +/1")
        envoy.wait_for_log("wasm log: message: +/2")
        assert sorted(status(envoy, path) for path in ("/1", "/2")) == [200, 403]
        envoy.wait_for_log("wasm log: trailing metadata: x-goodbye: pwasm")
        envoy.wait_for_log("wasm log: the stream has ended with status 14")

        envoy.wait_for_log("wasm log: message: +/3")
        # What was blocked is not any more.
        assert [status(envoy, path) for path in ("/1", "/2", "/3")] == [200, 200, 403]


def test_half_closes_in_the_end(start_envoy: StartEnvoy) -> None:
    half_closed: list[str] = []

    def watch(reports: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        yield b"+/"
        # Raises if the client cancels.
        for _report in reports:
            pass
        half_closed.append(context.peer())
        yield b"-/"

    settings = config.load(HERE / "envoy.yaml")
    # Another plugin in the VM, which lives on then; of a VM that ends Envoy does not wait for the plugin.
    listeners = settings["static_resources"]["listeners"]
    other = copy.deepcopy(listeners[0])
    other["name"] = "other"
    other["address"]["socket_address"]["port_value"] = OTHER_PORT
    listeners.append(other)
    config.wasm_filter(settings, "other")["configuration"] = {
        "@type": "type.googleapis.com/google.protobuf.StringValue",
        "value": "other",
    }
    with GrpcServer({WATCH: watch}) as server:
        envoy = start_envoy(
            settings,
            upstream_ports={SERVER_PORT: server.port},
            discover_listeners=True,
            options=["--drain-time-s", "1", "--drain-strategy", "immediate"],
        )
        envoy.wait_for_log("wasm log: message: +/")

        assert envoy.update_listeners([other])

        envoy.wait_for_log("wasm log: message: -/")
        envoy.wait_for_log("wasm log: the stream has ended with status 0")
        # Both the main thread's and the worker's.
        envoy.wait_for_log(re.compile(r"(?s)(proxy_on_delete\(\d+\).*){2}"))
        assert len(half_closed) == 2


def test_tries_again(start_envoy: StartEnvoy) -> None:
    settings = config.load(HERE / "envoy.yaml")
    (cluster,) = settings["static_resources"]["clusters"]
    del cluster["load_assignment"]["endpoints"]
    envoy = start_envoy(settings)

    envoy.wait_for_log("wasm log: the list can't be watched: internal failure of the host")
    assert status(envoy, "/admin") == 200

"""grpc_auth_random in Envoy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from pwasm_e2e import Envoy, config
from pwasm_e2e.envoy import MAIN_PORT
from pwasm_e2e.grpc_client import GrpcAnswer, call
from pwasm_e2e.grpc_process import load_methods
from pwasm_e2e.grpc_server import GrpcServer, Method
from pwasm_e2e.plugin import StartEnvoy

HERE = Path(__file__).parent
SERVER_PORT = 9000
HELLO = "/hello.HelloService/SayHello"
REFLECTION = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"


@pytest.fixture
def methods() -> dict[str, Method]:
    return load_methods(HERE / "grpcbin.py")


@pytest.fixture
def envoy(start_envoy: StartEnvoy, methods: dict[str, Method]) -> Iterator[Envoy]:
    with GrpcServer(methods) as server:
        settings = config.load(HERE / "envoy.yaml")
        yield start_envoy(config.move_ports(settings, {SERVER_PORT: server.port}))


def fail_with(methods: dict[str, Method], code: grpc.StatusCode) -> None:
    """No chance: RandomError answers with this one."""

    def fail(_: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        context.abort(code, "not at random")
        yield b""

    methods["/grpcbin.GRPCBin/RandomError"] = fail


def say_hello(envoy: Envoy) -> GrpcAnswer:
    return call(envoy.port(MAIN_PORT), HELLO, b"\x0a\x01C")


def expect_hello(answer: GrpcAnswer) -> None:
    assert answer.status is grpc.StatusCode.OK
    assert answer.message == b"\x0a\x07hello C"
    assert answer.metadata["powered-by"] == "proxy-wasm"


def expect_refusal(answer: GrpcAnswer) -> None:
    assert answer.status is grpc.StatusCode.ABORTED
    assert answer.details == "Aborted by Proxy-Wasm!"
    assert answer.metadata["powered-by"] == "proxy-wasm"


def test_grants_and_forbids(envoy: Envoy) -> None:
    seen = set()
    deadline = time.monotonic() + 30
    while seen != {grpc.StatusCode.OK, grpc.StatusCode.ABORTED}:
        assert time.monotonic() < deadline
        answer = say_hello(envoy)
        seen.add(answer.status)
        (expect_hello if answer.status is grpc.StatusCode.OK else expect_refusal)(answer)

    envoy.wait_for_log("wasm log: Access granted.")
    envoy.wait_for_log("wasm log: Access forbidden.")


def test_an_even_error_grants(envoy: Envoy, methods: dict[str, Method]) -> None:
    fail_with(methods, grpc.StatusCode.UNKNOWN)

    expect_hello(say_hello(envoy))


def test_an_odd_error_forbids(envoy: Envoy, methods: dict[str, Method]) -> None:
    fail_with(methods, grpc.StatusCode.NOT_FOUND)

    expect_refusal(say_hello(envoy))


def test_turns_others_away(envoy: Envoy) -> None:
    response = envoy.request("GET", "/")

    assert response.status_code == 503
    assert response.text == "Service accessible only to gRPC clients.\n"
    assert response.headers["powered-by"] == "proxy-wasm"


def test_does_not_ask_for_reflection(envoy: Envoy, methods: dict[str, Method]) -> None:
    fail_with(methods, grpc.StatusCode.NOT_FOUND)

    # The server has none.
    assert call(envoy.port(MAIN_PORT), REFLECTION).status is grpc.StatusCode.UNIMPLEMENTED


def test_refuses_if_nobody_can_be_asked(start_envoy: StartEnvoy) -> None:
    settings = config.load(HERE / "envoy.yaml")
    (cluster,) = settings["static_resources"]["clusters"]
    del cluster["load_assignment"]["endpoints"]
    envoy = start_envoy(settings)

    expect_refusal(say_hello(envoy))
    envoy.wait_for_log("wasm log: failed to ask grpcbin: internal failure of the host")

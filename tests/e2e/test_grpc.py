"""gRPC calls and streams of plugins, from Envoy to a server of gRPC's own library.

The plugin grpc_probe makes the call that a request asks for. On a stream it does what the service's
messages say: "send TEXT", "last TEXT", "close", "cancel".
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import httpx
import pytest
from pwasm_e2e import Envoy, config
from pwasm_e2e.grpc_server import GrpcServer
from pwasm_e2e.plugin import StartEnvoy

SERVER_PORT = 9000
CLOSED = "the stream or plugin has ended"


@dataclass
class Service:
    """What the methods need to know of the test, and the test of them."""

    received: list[bytes] = field(default_factory=list)
    is_cancelled: threading.Event = field(default_factory=threading.Event)
    drop: threading.Event = field(default_factory=threading.Event)

    def echo(self, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        sent = dict(context.invocation_metadata())
        context.send_initial_metadata((("x-initial", sent["x-from"]),))
        context.set_trailing_metadata((("x-trailing", "bye"),))
        for message in requests:
            yield b"echo " + message

    def fail(self, _: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        context.abort(grpc.StatusCode.PERMISSION_DENIED, "not you")

    def hang(self, _: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        context.add_callback(self.is_cancelled.set)
        context.send_initial_metadata((("x-initial", "hang"),))
        self.is_cancelled.wait(30)
        return iter(())

    def two(self, _: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        yield b"one"
        yield b"two"

    def talk(self, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        """In both directions: the client half-closes when it is told, and is answered still."""
        yield b"send question"
        self.received.append(next(requests))
        yield b"close"
        self.received.extend(requests)
        yield b"send more"
        context.set_trailing_metadata((("x-trailing", "bye"),))

    def collect(self, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        self.received.extend(requests)
        yield b"%d received" % len(self.received)

    def ask_to_cancel(
        self, requests: Iterator[bytes], context: grpc.ServicerContext
    ) -> Iterator[bytes]:
        context.add_callback(self.is_cancelled.set)
        yield b"cancel"
        self.is_cancelled.wait(30)

    def dropped(self, _: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        yield b"hello"
        self.drop.set()
        time.sleep(30)


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def server(service: Service) -> Iterator[GrpcServer]:
    methods = {
        "Echo": service.echo,
        "Fail": service.fail,
        "Hang": service.hang,
        "Two": service.two,
        "Talk": service.talk,
        "Collect": service.collect,
        "AskToCancel": service.ask_to_cancel,
        "Dropped": service.dropped,
    }
    paths = {f"/test.Probe/{name}": method for name, method in methods.items()}
    with GrpcServer(paths) as running:
        yield running


@pytest.fixture
def envoy(start_envoy: StartEnvoy, server: GrpcServer) -> Envoy:
    settings = config.load(Path(__file__).with_name("grpc_probe.yaml"))
    return start_envoy(config.move_ports(settings, {SERVER_PORT: server.port}))


def call(envoy: Envoy, upstream: str = "server", **options: str) -> str:
    """Makes the plugin make a call; gives what its reply says, which is how the call ended."""
    headers = {"x-open": "call", "x-upstream": upstream, "x-message": "hello", **named(options)}
    return envoy.request("GET", headers=headers).text


def stream(envoy: Envoy, upstream: str = "server", **options: str) -> str:
    return envoy.request(
        "GET", headers={"x-open": "stream", "x-upstream": upstream, **named(options)}
    ).text


def named(options: dict[str, str]) -> dict[str, str]:
    return {f"x-{name.replace('_', '-')}": value for name, value in options.items()}


def grpc_service(cluster: bytes) -> str:
    """A serialized GrpcService with envoy_grpc and its cluster_name, in hexadecimal."""
    inner = b"\x0a" + bytes([len(cluster)]) + cluster
    return (b"\x0a" + bytes([len(inner)]) + inner).hex()


def events(envoy: Envoy) -> list[str]:
    """What the plugin logged."""
    return [
        entry.message.removeprefix("wasm log: ")
        for entry in envoy.log_entries
        if entry.from_plugin
    ]


# ---- calls ----


@pytest.mark.parametrize(
    "upstream",
    [
        pytest.param({"upstream": "server"}, id="name"),
        pytest.param({"upstream": "users"}, id="name-that-protobuf-can-read"),
        pytest.param({"upstream_hex": grpc_service(b"server")}, id="message"),
    ],
)
def test_call_is_answered(envoy: Envoy, upstream: dict[str, str]) -> None:
    assert call(envoy, method="Echo", **upstream) == "answered 0 [] [echo hello]"


def test_call_may_have_empty_messages(envoy: Envoy) -> None:
    assert call(envoy, method="Echo", message="") == "answered 0 [] [echo ]"


# Envoy adds to the message where it comes from.
@pytest.mark.parametrize(
    ("method", "end"), [("Fail", r"failed 7 \[not you.*\] \[\]"), ("None", r"failed 12 .*")]
)
def test_call_fails(envoy: Envoy, method: str, end: str) -> None:
    assert re.fullmatch(end, call(envoy, method=method))


def test_call_takes_too_long(envoy: Envoy) -> None:
    # By Envoy's clock, or by the server's, which Envoy has told.
    assert re.fullmatch(r"failed (13|14|4) .*", call(envoy, method="Hang", timeout="300"))


@pytest.mark.parametrize("owner", ["plugin", "vm"])
def test_call_of(envoy: Envoy, owner: str) -> None:
    assert call(envoy, method="Echo", owner=owner) == "passed"
    envoy.wait_for_log("wasm log: answered 0 [] [echo hello]")


@pytest.mark.parametrize("open_", ["call", "stream"])
def test_client_goes(envoy: Envoy, service: Service, open_: str) -> None:
    headers = {"x-open": open_, "x-upstream": "server", "x-method": "Hang", "x-message": "x"}
    with pytest.raises(httpx.ReadTimeout):
        envoy.request("GET", headers=headers, timeout=0.5)

    envoy.wait_for_log("wasm log: cancelled 1" if open_ == "call" else "wasm log: closed 1")
    # And the server hears of it.
    assert service.is_cancelled.wait(10)


@pytest.mark.parametrize("open_", ["call", "stream"])
@pytest.mark.parametrize(
    ("upstream", "answer"),
    [
        pytest.param({"upstream": "nobody"}, "internal failure of the host", id="unknown"),
        pytest.param({"upstream": "empty"}, "internal failure of the host", id="no-endpoint"),
        pytest.param({"upstream_hex": "0a00"}, "internal failure of the host", id="no-name"),
        pytest.param({"upstream_hex": "0aff"}, "can't be parsed", id="no-message"),
    ],
)
def test_cannot_be_opened(
    envoy: Envoy, open_: str, upstream: dict[str, str], answer: str
) -> None:
    headers = named({"open": open_, "method": "Echo", **upstream})

    assert envoy.request("GET", headers=headers).text == answer
    # Not even the end is told, of what never began.
    assert call(envoy, method="Echo") == "answered 0 [] [echo hello]"
    assert events(envoy) == [f"open: {answer}", "open: success", "answered 0 [] [echo hello]"]


# ---- streams ----


def test_stream_in_both_directions(envoy: Envoy, service: Service) -> None:
    assert stream(envoy, method="Talk").startswith("closed 0 ")
    assert service.received == [b"question"]
    assert [event for event in events(envoy) if not re.search(r"grpc-|:status|content-", event)] == [
        "open: success",
        "message send question",
        "send question: success",
        "message close",
        "close: success",
        "message send more",
        f"send more: {CLOSED}",
        "trailing x-trailing: bye",
        f"send late: {CLOSED}",
        "closed 0 [via_upstream] []",
    ]


def test_stream_metadata(envoy: Envoy) -> None:
    assert stream(envoy, method="Echo", message="last question").startswith("closed 0 ")
    told = events(envoy)
    assert "initial x-initial: probe" in told
    assert told.index("initial x-initial: probe") < told.index("message echo question")
    assert told.index("message echo question") < told.index("trailing x-trailing: bye")


def test_stream_from_the_service(envoy: Envoy) -> None:
    assert stream(envoy, method="Two").startswith("closed 0 ")
    assert [event for event in events(envoy) if event.startswith("message")] == [
        "message one",
        "message two",
    ]


@pytest.mark.parametrize(
    ("message", "received"), [("last one", [b"one"]), ("last", [b""]), ("close", [])]
)
def test_stream_to_the_service(
    envoy: Envoy, service: Service, message: str, received: list[bytes]
) -> None:
    assert stream(envoy, method="Collect", message=message).startswith("closed 0 ")
    assert service.received == received
    assert f"message {len(received)} received" in events(envoy)


@pytest.mark.parametrize(("method", "status"), [("Fail", 7), ("None", 12)])
def test_stream_fails(envoy: Envoy, method: str, status: int) -> None:
    assert stream(envoy, method=method).startswith(f"closed {status} ")


def test_stream_is_cancelled(envoy: Envoy, service: Service) -> None:
    assert stream(envoy, method="AskToCancel") == "closed 1 [] []"
    assert service.is_cancelled.wait(10)


def test_stream_is_cancelled_at_once(envoy: Envoy) -> None:
    assert stream(envoy, method="Hang", message="cancel") == "closed 1 [] []"


@pytest.mark.parametrize("owner", ["plugin", "vm"])
def test_stream_of(envoy: Envoy, service: Service, owner: str) -> None:
    assert stream(envoy, method="Talk", owner=owner) == "passed"
    envoy.wait_for_log("wasm log: closed 0")
    assert service.received == [b"question"]


def test_server_goes_in_mid_stream(envoy: Envoy, server: GrpcServer, service: Service) -> None:
    threading.Thread(target=lambda: service.drop.wait(10) and server.stop()).start()

    assert re.fullmatch(r"closed (1|13|14) .*", stream(envoy, method="Dropped"))
    assert "message hello" in events(envoy)


def test_streams_that_ended_leave_nothing_behind(envoy: Envoy) -> None:
    for _ in range(50):
        assert stream(envoy, method="Two").startswith("closed 0 ")
        assert stream(envoy, method="Echo", message="close").startswith("closed 0 ")

    assert envoy.stats(r"cluster\.server\.upstream_rq_active$") == {
        "cluster.server.upstream_rq_active": 0
    }
    # Each was told once, and Envoy asked once to forget it.
    assert sum(event.startswith("closed") for event in events(envoy)) == 100
    assert envoy.log.count("proxy_grpc_cancel(") >= 100

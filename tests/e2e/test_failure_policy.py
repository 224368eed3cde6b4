"""What Envoy makes of plugins that trap or refuse: each sentence of docs/failure.md."""

from __future__ import annotations

import contextlib
import copy
import re
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from pwasm_e2e import Envoy, EnvoyError, config, discovery
from pwasm_e2e.envoy import MAIN_PORT
from pwasm_e2e.plugin import StartEnvoy
from pwasm_e2e.upstream import running_upstream

TRAP = Path(__file__).with_name("trap.yaml")
NEIGHBOUR_PORT, STRANGER_PORT, TCP_PORT, UPSTREAM_PORT = 18001, 18002, 18003, 18100

CLOSED, OPEN, RELOAD = POLICIES = ["FAIL_CLOSED", "FAIL_OPEN", "FAIL_RELOAD"]

# What becomes of a stream.
SERVED = "served"  # by the plugin
PASSED = "passed, without the plugin"
REFUSED = "503"
CLOSED_EARLY = "the connection breaks off"
HANGS = "no answer"

BACK_OFF_S = 0.3
# Envoy adds up to a half to the back-off.
AFTER_BACK_OFF_S = 2 * BACK_OFF_S
HANG_TIMEOUT_S = 1.5

WASM_FILTER = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm"

StartTrap = Callable[..., Envoy]


# ---- setting up ----


@pytest.fixture
def start_trap(start_envoy: StartEnvoy) -> Iterator[StartTrap]:
    """Starts an Envoy with an upstream server; failures of plugins are expected."""
    with running_upstream() as port:

        def start(settings: config.Config, **options: Any) -> Envoy:
            return start_envoy(
                settings,
                expect_failures=True,
                wasm_log_level="info",
                upstream_ports={UPSTREAM_PORT: port},
                **options,
            )

        yield start


def settings_with(policy: str, **plugins: str) -> config.Config:
    """The policy for all plugins, and more words of the configuration for some, by name."""
    settings = config.load(TRAP)
    for name in ("main", "neighbour", "stranger", "tcp"):
        plugin = config.wasm_filter(settings, name)
        plugin["failure_policy"] = policy
        if policy == RELOAD:
            plugin["reload_config"] = {"backoff": {"base_interval": f"{BACK_OFF_S}s"}}
        plugin["configuration"]["value"] += f" {plugins.get(name, '')}"
    return settings


def set_vm(settings: config.Config, **fields: Any) -> None:
    """Gives the plugin "main" a VM that differs from the others' in some fields."""
    plugin = config.wasm_filter(settings, "main")
    plugin["vm_config"] = {**plugin["vm_config"], **fields}


def string_value(value: str) -> dict[str, str]:
    return {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": value}


# ---- looking what happens ----


def send(envoy: Envoy, port: int = MAIN_PORT, **headers: str) -> str:
    """Sends a request on a new connection; underscores in names of headers are hyphens."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with httpx.Client(trust_env=False, timeout=HANG_TIMEOUT_S) as client:
            response = client.post(envoy.url(port), headers=fields, content=b"0123456789")
    except httpx.ReadTimeout:
        return HANGS
    except httpx.TransportError:
        return CLOSED_EARLY
    if response.status_code != 200:
        return str(response.status_code)
    return SERVED if "x-plugin" in response.headers else PASSED


class Connection:
    """A TCP connection on which HTTP/1.1 is spoken by hand."""

    def __init__(self, envoy: Envoy, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", envoy.port(port)), timeout=5)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def receive(self) -> str:
        """The status code of what comes."""
        try:
            data = self._socket.recv(4096)
        except ConnectionError:
            data = b""
        return data.split(b" ")[1].decode() if data else CLOSED_EARLY

    def exchange(self) -> str:
        with contextlib.suppress(ConnectionError):
            self.send(b"GET / HTTP/1.1\r\nhost: trap\r\n\r\n")
        return self.receive()


def send_over_tcp(envoy: Envoy) -> str:
    return Connection(envoy, TCP_PORT).exchange()


def trap(envoy: Envoy) -> None:
    assert send(envoy, x_trap="request-headers") == REFUSED


# ---- traps in a stream ----


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    ("place", "outcome"),
    [
        ("request-headers", REFUSED),
        ("request-body", REFUSED),
        ("response-headers", REFUSED),
        ("response-body", CLOSED_EARLY),
        ("log", SERVED),
        ("done", SERVED),
        ("call", HANGS),
    ],
)
def test_the_stream_that_traps(
    start_trap: StartTrap, policy: str, place: str, outcome: str
) -> None:
    envoy = start_trap(settings_with(policy))

    assert send(envoy, x_trap=place) == outcome
    assert len(envoy.failures) == 1


def test_a_panic_says_where(start_trap: StartTrap) -> None:
    envoy = start_trap(settings_with(CLOSED))

    trap(envoy)

    panic, failure = (e for e in envoy.log_entries if e.level in ("critical", "error"))
    assert re.fullmatch(r"wasm log main trap: .*trap\.c:\d+: on purpose", panic.message)
    assert "proxy_on_request_headers failed: Uncaught RuntimeError" in failure.message
    # The back trace has the names of functions.
    assert "trap_on_request_headers" in failure.message


# ---- the streams after that, and the others ----


def test_fail_closed_stays_so(start_trap: StartTrap) -> None:
    envoy = start_trap(settings_with(CLOSED))

    trap(envoy)

    for _ in range(2):
        assert send(envoy) == REFUSED
        assert send(envoy, NEIGHBOUR_PORT) == REFUSED
        assert send(envoy, STRANGER_PORT) == SERVED
        assert send_over_tcp(envoy) == CLOSED_EARLY
        time.sleep(1.5)


def test_fail_open_lets_new_streams_pass(start_trap: StartTrap) -> None:
    envoy = start_trap(settings_with(OPEN))

    trap(envoy)

    assert send(envoy) == PASSED
    assert send(envoy, NEIGHBOUR_PORT) == PASSED
    assert send(envoy, STRANGER_PORT) == SERVED
    assert send_over_tcp(envoy) == "200"


def test_each_plugin_follows_its_own_policy(start_trap: StartTrap) -> None:
    settings = settings_with(CLOSED)
    config.wasm_filter(settings, "neighbour")["failure_policy"] = OPEN
    envoy = start_trap(settings)

    trap(envoy)

    assert (send(envoy), send(envoy, NEIGHBOUR_PORT)) == (REFUSED, PASSED)


def test_fail_reload_serves_again(start_trap: StartTrap) -> None:
    envoy = start_trap(settings_with(RELOAD))
    time.sleep(AFTER_BACK_OFF_S)

    # The VM was older than the back-off: the next stream gets a new one.
    trap(envoy)
    assert send(envoy) == SERVED

    # The new one is not.
    trap(envoy)
    assert send(envoy) == REFUSED
    time.sleep(AFTER_BACK_OFF_S)
    assert send(envoy) == SERVED
    assert send(envoy, NEIGHBOUR_PORT) == SERVED
    assert send_over_tcp(envoy) == "200"
    assert envoy.stats(r"^wasm\.main\.vm_reload_success$").popitem()[1] == 2


@pytest.mark.parametrize("policy", POLICIES)
def test_streams_under_way_are_refused(start_trap: StartTrap, policy: str) -> None:
    envoy = start_trap(settings_with(policy))
    half_sent = Connection(envoy, MAIN_PORT)
    half_sent.send(b"POST / HTTP/1.1\r\nhost: trap\r\ncontent-length: 10\r\n\r\n01234")
    envoy.wait_for(
        lambda: envoy.stats(r"^http\.main\.downstream_rq_active$").popitem()[1] == 1, "a stream"
    )
    # The plugin has seen the headers when another request, sent later, is through.
    assert send(envoy) == SERVED

    trap(envoy)

    half_sent.send(b"56789")
    assert half_sent.receive() == REFUSED


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("idle_timeout", "outcome"), [("300s", HANGS), ("0.5s", REFUSED)])
def test_a_paused_stream_hangs(
    start_trap: StartTrap, policy: str, idle_timeout: str, outcome: str
) -> None:
    settings = settings_with(policy)
    chain = settings["static_resources"]["listeners"][0]["filter_chains"][0]
    chain["filters"][0]["typed_config"]["stream_idle_timeout"] = idle_timeout
    envoy = start_trap(settings)

    with ThreadPoolExecutor() as pool:
        paused = pool.submit(send, envoy, x_pause="yes")
        time.sleep(0.2)
        trap(envoy)
        assert paused.result() == outcome


@pytest.mark.parametrize(("policy", "outcome"), [(CLOSED, REFUSED), (OPEN, PASSED)])
def test_a_tick_that_traps(start_trap: StartTrap, policy: str, outcome: str) -> None:
    envoy = start_trap(settings_with(policy, neighbour="tick:trap"))

    # Also in the main thread, which nobody misses: wait for the worker.
    envoy.wait_for(lambda: send(envoy) == outcome, outcome)
    assert send(envoy, NEIGHBOUR_PORT) == outcome
    assert send(envoy, STRANGER_PORT) == SERVED


# ---- connections ----


@pytest.mark.parametrize("policy", POLICIES)
def test_connections_under_way_are_closed(start_trap: StartTrap, policy: str) -> None:
    envoy = start_trap(settings_with(policy))
    connection = Connection(envoy, TCP_PORT)
    assert connection.exchange() == "200"

    trap(envoy)

    assert connection.exchange() == CLOSED_EARLY


@pytest.mark.parametrize("place", ["new-connection", "downstream-data"])
@pytest.mark.parametrize(("policy", "next_one"), [(CLOSED, CLOSED_EARLY), (OPEN, "200")])
def test_the_connection_that_traps(
    start_trap: StartTrap, place: str, policy: str, next_one: str
) -> None:
    envoy = start_trap(settings_with(policy, tcp=f"{place}:trap"))

    assert send_over_tcp(envoy) == CLOSED_EARLY
    assert send_over_tcp(envoy) == next_one


# ---- plugins that do not come to be ----

FAILURES = [("trap", ""), ("refuse", ""), ("", "trap"), ("", "refuse")]


def fail(settings: config.Config, on_configure: str, on_vm_start: str) -> config.Config:
    """Makes the plugin "main" fail at its beginning."""
    if on_configure:
        plugin = config.wasm_filter(settings, "main")
        plugin["configuration"]["value"] += f"configure:{on_configure}"
    if on_vm_start:
        set_vm(settings, configuration=string_value(f"start:{on_vm_start}"))
    return settings


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("on_configure", "on_vm_start"), FAILURES)
def test_envoy_does_not_start(
    start_trap: StartTrap, policy: str, on_configure: str, on_vm_start: str
) -> None:
    settings = fail(settings_with(policy), on_configure, on_vm_start)

    with pytest.raises(EnvoyError, match=r"(?s)exited with code 1.*Unable to create Wasm plugin"):
        start_trap(settings)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_listener_is_rejected(start_trap: StartTrap, policy: str) -> None:
    envoy = start_trap(settings_with(policy), discover_listeners=True)

    for number, failure in enumerate(FAILURES):
        bad = fail(settings_with(policy), *failure)
        assert not envoy.update_listeners(bad["static_resources"]["listeners"])
        assert send(envoy) == SERVED

        good = settings_with(policy, main=f"{number}")
        assert envoy.update_listeners(good["static_resources"]["listeners"])
        assert send(envoy) == SERVED


@pytest.mark.parametrize("policy", POLICIES)
def test_a_discovered_filter_is_rejected(
    start_trap: StartTrap, tmp_path: Path, policy: str
) -> None:
    path = tmp_path / "filter.yaml"
    settings = settings_with(policy)
    filters = _http_filters(settings)
    good = copy.deepcopy(filters[0])
    bad = copy.deepcopy(good)
    bad["typed_config"]["config"]["configuration"]["value"] += "configure:refuse"
    filters[0] = {
        "name": good["name"],
        "config_discovery": {
            "config_source": discovery.source(path),
            "type_urls": [WASM_FILTER],
        },
    }
    settings["node"] = {"id": "test", "cluster": "test"}
    discovery.write(path, discovery.TYPED_EXTENSION, [bad])
    scope = f"extension_config_discovery.http_filter.{good['name']}"
    envoy = start_trap(settings)

    # There is nothing yet that the listener could run with.
    assert send(envoy) == "500"
    assert envoy.update_resources(path, discovery.TYPED_EXTENSION, [good], scope)
    assert send(envoy) == SERVED
    assert not envoy.update_resources(path, discovery.TYPED_EXTENSION, [bad], scope)
    assert send(envoy) == SERVED


def _http_filters(settings: config.Config) -> list[config.Config]:
    chain = settings["static_resources"]["listeners"][0]["filter_chains"][0]
    filters: list[config.Config] = chain["filters"][0]["typed_config"]["http_filters"]
    return filters


# ---- plugins that come to be on trial only ----


def with_one_listener(main: str, **vm: Any) -> config.Config:
    """Only "main", so that each of the first plugins to be configured is this one."""
    settings = settings_with(CLOSED, main=main)
    del settings["static_resources"]["listeners"][1:]
    set_vm(settings, **vm)
    return settings


@pytest.mark.parametrize("failure", ["trap", "refuse"])
def test_who_fails_in_a_worker_is_missing(start_trap: StartTrap, failure: str) -> None:
    # On trial and in the main thread it is well.
    settings = with_one_listener(f"configure:{failure}-3")
    envoy = start_trap(settings, discover_listeners=True)

    assert send(envoy) == PASSED

    # And Envoy has no more confidence in the VM.
    for number in range(2):
        good = with_one_listener(f"{number}")
        assert not envoy.update_listeners(good["static_resources"]["listeners"])
        assert send(envoy) == PASSED
    other = with_one_listener("other", vm_id="other")
    assert envoy.update_listeners(other["static_resources"]["listeners"])
    assert send(envoy) == SERVED


def test_it_is_configured_on_trial_in_the_main_thread_and_in_each_worker(
    start_trap: StartTrap,
) -> None:
    envoy = start_trap(with_one_listener(""), concurrency=3)

    envoy.wait_for_log(re.compile(r"configured 5: "))
    time.sleep(0.2)
    assert "configured 6: " not in envoy.log

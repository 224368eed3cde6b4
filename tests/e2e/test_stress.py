"""A plugin that uses all of HTTP, under a load in which much goes wrong, all of it accounted for.

scripts/soak runs it with more requests.
"""

from __future__ import annotations

import asyncio
import copy
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pwasm_e2e import Envoy, EnvoyError, config
from pwasm_e2e.envoy import MAIN_PORT
from pwasm_e2e.load import Account, Load
from pwasm_e2e.plugin import StartEnvoy
from pwasm_e2e.ports import ReservedPort
from pwasm_e2e.stress_plan import Exchange, Plan
from pwasm_e2e.upstream import running_upstream

STRESS = Path(__file__).with_name("stress.yaml")
UPSTREAM_PORT, REFUSED_PORT = 18100, 18101

NUM_WORKERS = 2
NUM_WARM_UP = 600
NUM_RELOADS = 4
# Of the plugin's configuration, bytes.
CONFIGURATION_SIZE = 32 * 1024
PROGRESS_INTERVAL_S = 10.0

SEED = 1


@pytest.fixture
def envoy(start_envoy: StartEnvoy) -> Iterator[Envoy]:
    refused = ReservedPort()
    with running_upstream() as port:
        yield start_envoy(
            STRESS,
            concurrency=NUM_WORKERS,
            wasm_log_level="warn",
            upstream_ports={UPSTREAM_PORT: port, REFUSED_PORT: refused.number},
            discover_listeners=True,
            options=["--drain-time-s", "3", "--drain-strategy", "immediate"],
        )
    refused.close()


def test_stress(envoy: Envoy, num_requests: int) -> None:
    plan = Plan(SEED)
    reloader = Reloader(envoy)

    warm_up = send(
        envoy, reloader.between(plan.heaviest(NUM_WARM_UP), NUM_WARM_UP), http1=64, http2=8
    )
    wait_until_drained(envoy, reloader)
    account = send(envoy, reloader.between(plan.exchanges(num_requests), num_requests))
    wait_until_drained(envoy, reloader)

    for part in (warm_up, account):
        assert not part.problems, "\n" + "\n".join(part.problems)
    assert account.num_done == num_requests
    assert len(account.generations) == NUM_RELOADS + 1
    assert peaks(account) == peaks(warm_up)
    check_metrics(envoy, warm_up, account)
    assert not complaints(envoy)


def send(envoy: Envoy, exchanges: Iterator[Exchange], **connections: int) -> Account:
    load = Load(envoy.port(MAIN_PORT), **connections)
    asyncio.run(load.run(with_progress(exchanges, load.account)))
    print(f"\n{load.account}")
    return load.account


def with_progress(exchanges: Iterator[Exchange], account: Account) -> Iterator[Exchange]:
    start = last = time.monotonic()
    for exchange in exchanges:
        now = time.monotonic()
        if now - last > PROGRESS_INTERVAL_S:
            print(f"{now - start:6.0f} s {account.num_done:8} requests, "
                  f"{len(account.problems)} problems", file=sys.stderr, flush=True)  # fmt: skip
            last = now
        yield exchange


class Reloader:
    """Gives the plugin another configuration, again and again, while requests are under way."""

    def __init__(self, envoy: Envoy) -> None:
        self._envoy = envoy
        self._listeners = config.load(STRESS)["static_resources"]["listeners"]
        self.generation = 0

    def between(self, exchanges: Iterator[Exchange], count: int) -> Iterator[Exchange]:
        """Reloads several times, evenly between so many exchanges."""
        interval = count // (NUM_RELOADS + 1)
        for number, exchange in enumerate(exchanges, start=1):
            if number % interval == 0 and number <= NUM_RELOADS * interval:
                self.reload()
            yield exchange

    def reload(self) -> None:
        self.generation += 1
        listeners = copy.deepcopy(self._listeners)
        settings = config.wasm_filter({"static_resources": {"listeners": listeners}}, "main")
        text = f"{self.generation} {'x' * CONFIGURATION_SIZE}"
        settings["configuration"]["value"] = text
        assert self._envoy.update_listeners(listeners)


def peaks(account: Account) -> dict[bytes, int]:
    """The most pages that each VM had."""
    return {vm: history[-1][1] for vm, history in account.pages.items()}


def metrics(envoy: Envoy) -> dict[str, int]:
    """The plugin's own."""
    found = envoy.stats("^wasmcustom.stress")
    return {name.removeprefix("wasmcustom.stress."): value for name, value in found.items()}


def wait_until_drained(envoy: Envoy, reloader: Reloader) -> None:
    """Waits until only the last configuration is left, and all has come to its end."""
    # The last one is in each worker and in the main thread. What was tried out before, once for each
    # configuration, was thrown away with its VM, and has no end that could be counted.
    num_plugins = NUM_WORKERS + 1 + reloader.generation + 1

    def ended() -> bool:
        n = metrics(envoy)
        return (
            n["streams_live"] == 0
            and n["plugins_live"] == num_plugins
            and n["calls"] == n["call_answers"] + n["call_failures"] + n["call_cancels"]
            and n["enqueued"] == n["dequeued"]
            and n["shared_logs"] == n["logs"]
        )

    try:
        envoy.wait_for(ended, "all to end", timeout=30)
    except EnvoyError as error:
        raise EnvoyError(f"{metrics(envoy)}\n{error}") from None


def check_metrics(envoy: Envoy, *accounts: Account) -> None:
    """What the plugin has counted adds up."""
    n = metrics(envoy)
    print(n)
    assert n["unexpected"] == 0
    assert n["streams"] == n["logs"] == n["cleanups"]
    # Not all that was aborted has come as far as the plugin.
    num_sent = sum(account.num_done + account.num_retries for account in accounts)
    num_aborted = sum(account.num_aborted for account in accounts)
    assert num_sent - num_aborted <= n["streams"] <= num_sent


def complaints(envoy: Envoy) -> list[str]:
    """Warnings of the plugin, the SDK or Envoy about it."""
    return [
        entry.message
        for entry in envoy.log_entries
        if entry.component == "wasm" and entry.level in ("warning", "error", "critical")
    ]

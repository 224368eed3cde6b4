"""Many requests with bodies: none fails, and the plugin's memory does not grow."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
from pwasm_e2e import Envoy, config
from pwasm_e2e.plugin import StartEnvoy

HTTP_BODY = config.REPO_ROOT / "examples" / "http_body" / "envoy.yaml"

NUM_REQUESTS = 10_000
NUM_WARM_UP = 500
NUM_WARM_UPS = 4
NUM_THREADS = 8
MAX_BODY_SIZE = 64 * 1024

MODES = list(itertools.product(["request", "response"], ["append", "prepend", "replace"]))


@dataclass
class Exchange:
    where: str
    operation: str
    body: bytes

    def expected(self) -> bytes:
        return {
            "append": self.body + b"[this is appended body]",
            "prepend": b"[this is prepended body]" + self.body,
            "replace": b"[this is replaced body]",
        }[self.operation]


def exchanges(count: int) -> list[Exchange]:
    """The same ones in every run: all modes in turn, bodies from the smallest to the largest."""
    rng = random.Random(1)
    # Small bodies as often as large ones: each power of two gets its share.
    sizes = [1, MAX_BODY_SIZE, *(int(2 ** rng.uniform(0, 16)) for _ in range(count - 2))]
    content = rng.randbytes(MAX_BODY_SIZE)
    modes = itertools.cycle(MODES)
    return [Exchange(*next(modes), content[:size]) for size in sizes]


def send(client: httpx.Client, exchange: Exchange) -> httpx.Response:
    headers = {"buffer-replace-at": exchange.where, "buffer-operation": exchange.operation}
    response = client.put("/anything", headers=headers, content=exchange.body)
    assert response.status_code == 200, response.text[:200]
    return response


def send_all(
    envoy: Envoy, to_send: Iterable[Exchange], num_threads: int = NUM_THREADS
) -> list[httpx.Response]:
    """Sends them from several threads, over connections that are kept."""
    client = envoy.client()
    with ThreadPoolExecutor(num_threads) as pool:
        return list(pool.map(lambda exchange: send(client, exchange), to_send))


def test_many_bodies(start_envoy: StartEnvoy) -> None:
    # The example logs every body.
    envoy = start_envoy(HTTP_BODY, wasm_log_level="warn")
    to_send = exchanges(NUM_REQUESTS)

    wrong = [
        f"{exchange.where} {exchange.operation}, {len(exchange.body)} bytes"
        for exchange, response in zip(to_send, send_all(envoy, to_send), strict=True)
        if response.content != exchange.expected()
    ]

    assert not wrong


def test_memory_stays_the_same(start_envoy: StartEnvoy) -> None:
    envoy = start_memory_pages(start_envoy)

    # More at once than later, all of the largest size: whatever comes then, the plugin had worse.
    # Several times: how many are really there at once is a matter of luck.
    rounds = range(NUM_WARM_UPS)
    before = max(peak(send_all(envoy, warm_up(), num_threads=2 * NUM_THREADS)) for _ in rounds)
    after = {pages(response) for response in send_all(envoy, exchanges(NUM_REQUESTS))}

    assert after == {before}


def start_memory_pages(start_envoy: StartEnvoy) -> Envoy:
    """http_body's configuration, with the plugin that tells its memory in front of the echo."""
    settings = config.load(HTTP_BODY)
    config.set_module(config.wasm_filter(settings, listener="main"), "memory_pages")
    return start_envoy(settings, wasm_log_level="warn")


def warm_up() -> list[Exchange]:
    modes = itertools.cycle(MODES)
    return [Exchange(*next(modes), bytes(MAX_BODY_SIZE)) for _ in range(NUM_WARM_UP)]


def pages(response: httpx.Response) -> int:
    """How much memory the plugin had, in units of 64 KiB."""
    return int(response.headers["x-memory-pages"])


def peak(responses: Iterable[httpx.Response]) -> int:
    return max(pages(response) for response in responses)

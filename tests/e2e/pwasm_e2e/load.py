"""Sends exchanges over many connections at once, and keeps account of what came of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from .connection import Connection, ConnectionLost, Http1Connection, Http2Connection
from .http1 import Message
from .stress_plan import Exchange, Outcome

_MAX_PROBLEMS = 20
_TIMEOUT_S = 60.0
_MAX_TRIES = 3


@dataclass
class Account:
    """What became of the exchanges."""

    num_done: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    num_retries: int = 0
    problems: list[str] = field(default_factory=list)
    # The plugin's memory, by VM: after how many exchanges it was how many pages, where it grew.
    pages: dict[bytes, list[tuple[int, int]]] = field(default_factory=dict)
    generations: Counter[bytes] = field(default_factory=Counter)

    @property
    def num_aborted(self) -> int:
        return sum(
            count for outcome, count in self.outcomes.items() if outcome.startswith("abort:")
        )

    def __str__(self) -> str:
        lines = [f"{self.num_done} requests, {self.num_retries} of them sent again"]
        lines += [f"{count:8}  {outcome}" for outcome, count in sorted(self.outcomes.items())]
        for vm, history in sorted(self.pages.items()):
            growth = ", ".join(f"{pages} after {num_done}" for num_done, pages in history)
            lines.append(f"  memory of VM {vm.decode()}, in pages: {growth}")
        return "\n".join(lines)

    def note(self, exchange: Exchange, outcome: Outcome, response: Message | None) -> None:
        self.num_done += 1
        problems = [] if outcome in exchange.outcomes else [f"was {outcome.value}"]
        if response:
            problems += exchange.problems(response)
            self._note_plugin(response)
        status = f" {response.status}" if response else ""
        self.outcomes[f"{exchange.kind}: {outcome.value}{status}"] += 1
        if problems and len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(f"{exchange}\n    " + "\n    ".join(problems))

    def _note_plugin(self, response: Message) -> None:
        if memory := response.get(b"x-memory"):
            vm, _, pages = memory.partition(b":")
            history = self.pages.setdefault(vm, [])
            # A response may come after one that was begun later, when there was more memory.
            if not history or history[-1][1] < int(pages):
                history.append((self.num_done, int(pages)))
        if generation := response.get(b"x-generation"):
            self.generations[generation] += 1


class Load:
    """Runs exchanges in order, as many at once as there are slots."""

    def __init__(self, port: int, *, http1: int = 32, http2: int = 4, streams: int = 8) -> None:
        """`http1` and `http2` connections, the latter with so many `streams` at a time."""
        self._port = port
        self._num_http1, self._num_http2, self._num_streams = http1, http2, streams
        self.account = Account()

    async def run(self, exchanges: Iterator[Exchange]) -> None:
        queues: dict[bool, asyncio.Queue[Exchange | None]] = {
            False: asyncio.Queue(2 * self._num_http1),
            True: asyncio.Queue(2 * self._num_http2 * self._num_streams),
        }
        slots = [_Slot(self._port, Http1Connection) for _ in range(self._num_http1)]
        slots2 = [_Slot(self._port, Http2Connection) for _ in range(self._num_http2)]
        workers = [asyncio.create_task(self._work(queues[False], slot)) for slot in slots]
        workers += [
            asyncio.create_task(self._work(queues[True], slot))
            for slot in slots2
            for _ in range(self._num_streams)
        ]
        for exchange in exchanges:
            await queues[exchange.http2].put(exchange)
        for http2, count in ((False, len(slots)), (True, len(slots2) * self._num_streams)):
            for _ in range(count):
                await queues[http2].put(None)
        await asyncio.gather(*workers)
        for slot in [*slots, *slots2]:
            slot.close()

    async def _work(self, queue: asyncio.Queue[Exchange | None], slot: _Slot) -> None:
        while (exchange := await queue.get()) is not None:
            try:
                async with asyncio.timeout(_TIMEOUT_S):
                    await self._exchange(exchange, slot)
            except TimeoutError:
                self.account.problems.append(f"{exchange}\n    no answer")
                slot.close()

    async def _exchange(self, exchange: Exchange, slot: _Slot) -> None:
        for left in reversed(range(_MAX_TRIES)):
            connection = await slot.connection()
            try:
                response = await connection.exchange(exchange.request)
            except ConnectionLost as lost:
                if exchange.request.abort_after is not None:
                    self.account.note(exchange, Outcome.ABORTED, None)
                    return
                # A connection that was kept may be closed just when it is used again.
                if lost.had_begun or not left or Outcome.LOST in exchange.outcomes:
                    self.account.note(exchange, Outcome.LOST, None)
                    return
                self.account.num_retries += 1
            else:
                self.account.note(exchange, Outcome.ANSWERED, response)
                return


class _Slot:
    """A connection, and the next one when it can't be used any more."""

    def __init__(self, port: int, protocol: type[Http1Connection] | type[Http2Connection]) -> None:
        self._port = port
        self._protocol = protocol
        self._connection: Connection | None = None
        self._lock = asyncio.Lock()

    async def connection(self) -> Connection:
        async with self._lock:
            if self._connection is None or not self._connection.usable:
                loop = asyncio.get_running_loop()
                _, self._connection = await loop.create_connection(
                    self._protocol, "127.0.0.1", self._port
                )
            return self._connection

    def close(self) -> None:
        if self._connection:
            self._connection.close()

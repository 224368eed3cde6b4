"""An upstream server, in a process of its own, that does what the request says.

It sends the body back, and the headers and trailers whose names begin with `x-r-`. The header
`x-up` can ask for something else, in words:

    chunked      the response has no content-length, its body comes in several chunks
    trailers     the same, with the request's trailers at the end
    size=N       the body is N bytes
    status=N     the status code
    reset        the connection is reset instead of a response
    reset-mid    the connection is reset in the middle of the response's body

What arrived is told in headers: `x-got`, and for trailers `x-got-trailers`, with the numbers of the
fields `x-added`, `x-replaced`, `x-removed` and `x-set-all`.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .http1 import Fields, Message, MessageReader, format_chunked, format_head

_COUNTED = (b"x-added", b"x-replaced", b"x-removed", b"x-set-all")
_CHUNKS = 3
_NO_BODY = (204, 304)


@contextlib.contextmanager
def running_upstream() -> Iterator[int]:
    """Runs the server; gives its port."""
    command = [sys.executable, "-m", __spec__.name]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin and process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            # The server ends when its standard input does, also when this process is killed.
            process.stdin.close()


def count_fields(fields: Fields) -> bytes:
    """The numbers that the server tells."""
    names = [name for name, _ in fields]
    return b" ".join(b"%d" % names.count(name) for name in _COUNTED)


def reset(transport: asyncio.BaseTransport) -> None:
    """Ends a connection so that the other side gets a reset."""
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert isinstance(transport, asyncio.Transport)
    transport.abort()


class _Server(asyncio.Protocol):
    def __init__(self) -> None:
        self._reader = MessageReader()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        while (request := self._reader.next()) is not None:
            self._answer(request)

    def _answer(self, request: Message) -> None:
        orders = (request.get(b"x-up") or b"").split()
        if b"reset" in orders:
            reset(self._transport)
            return
        response = _response(request, _values(orders))
        if b"reset-mid" in orders:
            self._transport.write(response[: -(len(request.body) // 2 + 1)])
            # Not at once: what a reset overtakes is lost.
            asyncio.get_running_loop().call_later(0.005, reset, self._transport)
            return
        self._transport.write(response)


def _values(orders: list[bytes]) -> dict[bytes, bytes]:
    return dict(order.partition(b"=")[::2] for order in orders)


def _response(request: Message, orders: dict[bytes, bytes]) -> bytes:
    status = int(orders.get(b"status", b"200"))
    body = b"u" * int(orders[b"size"]) if b"size" in orders else request.body
    headers = [pair for pair in request.headers if pair[0].startswith(b"x-r-")]
    headers += [
        (b"x-got", count_fields(request.headers)),
        (b"x-got-trailers", count_fields(request.trailers)),
        (b"x-removed", b"1"),
        (b"x-replaced", b"1"),
        (b"x-replaced", b"2"),
    ]
    first_line = b"HTTP/1.1 %d Fine" % status
    if status in _NO_BODY:
        return format_head(first_line, headers)
    in_chunks = b"chunked" in orders or b"trailers" in orders
    if in_chunks:
        headers.append((b"transfer-encoding", b"chunked"))
    else:
        headers.append((b"content-length", b"%d" % len(body)))
    head = format_head(first_line, headers)
    if request.first_line.startswith(b"HEAD "):
        return head
    if not in_chunks:
        return head + body
    trailers = request.trailers if b"trailers" in orders else []
    size = len(body) // _CHUNKS + 1
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return head + format_chunked(pieces, [pair for pair in trailers if pair[0].startswith(b"x-")])


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Server, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())

"""Client connections, HTTP/1.1 and HTTP/2, that can also break off."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions

from .http1 import Fields, Message, MessageReader, format_chunked, format_head
from .upstream import reset

_WINDOW_SIZE = 2**24


class ConnectionLost(Exception):
    """The connection or the stream ended before the response did."""

    def __init__(self, *, had_begun: bool) -> None:
        super().__init__("a response that had begun" if had_begun else "no response")
        self.had_begun = had_begun


@dataclass
class Request:
    method: bytes
    path: bytes
    headers: Fields
    body: bytes | None = None  # None: the headers end the request
    trailers: Fields = field(default_factory=list)
    content_length: bool = True
    # Break off after this many bytes of the body; the number may be that of all.
    abort_after: int | None = None


class Connection:
    """What both versions of HTTP have in common."""

    @property
    def usable(self) -> bool:
        """Whether another request may be sent."""
        raise NotImplementedError

    async def exchange(self, request: Request) -> Message:
        """Sends a request, gives the response; an aborted request has none: it raises."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class Http1Connection(asyncio.Protocol, Connection):
    """One request at a time."""

    def __init__(self) -> None:
        self._reader = MessageReader()
        self._response: asyncio.Future[Message] | None = None
        self._without_body = False
        self._usable = True

    @property
    def usable(self) -> bool:
        return self._usable and not self._transport.is_closing()

    async def exchange(self, request: Request) -> Message:
        self._response = asyncio.get_running_loop().create_future()
        self._without_body = request.method == b"HEAD"
        self._transport.write(_format_request(request))
        if request.abort_after is not None:
            # The bytes have to be on their way, a reset drops those that are not.
            await asyncio.sleep(0.002)
            reset(self._transport)
        response = await self._response
        if response.get(b"connection") == b"close":
            self._usable = False
            self._transport.close()
        return response

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        response = self._reader.next(without_body=self._without_body)
        if response and response.status in (204, 304):
            assert not response.body
        if response and self._response and not self._response.done():
            self._response.set_result(response)

    def connection_lost(self, exc: Exception | None) -> None:
        self._usable = False
        if self._response and not self._response.done():
            self._response.set_exception(ConnectionLost(had_begun=self._reader.has_begun))


def _format_request(request: Request) -> bytes:
    headers = [(b"host", b"stress"), *request.headers]
    body = b""
    if request.body is not None and request.content_length and not request.trailers:
        headers.append((b"content-length", b"%d" % len(request.body)))
        body = request.body
    elif request.body is not None:
        headers.append((b"transfer-encoding", b"chunked"))
        half = len(request.body) // 2
        body = format_chunked([request.body[:half], request.body[half:]], request.trailers)
    head = format_head(b"%b %b HTTP/1.1" % (request.method, request.path), headers)
    return head + (body if request.abort_after is None else body[: request.abort_after])


@dataclass
class _Stream:
    response: asyncio.Future[Message]
    unsent: memoryview
    trailers: Fields
    pieces: list[bytes] = field(default_factory=list)
    message: Message | None = None
    end_sent: bool = False


class _Http2(h2.connection.H2Connection):
    """h2 takes in nothing more after a GOAWAY, though streams under way go on until they end."""

    def _receive_goaway_frame(self, frame: Any) -> tuple[list[Any], list[h2.events.Event]]:
        return [], [h2.events.ConnectionTerminated()]


class Http2Connection(asyncio.Protocol, Connection):
    """Many requests at a time."""

    def __init__(self) -> None:
        # Envoy is to judge what is sent, not this library.
        config = h2.config.H2Configuration(
            header_encoding=None, validate_outbound_headers=False, normalize_outbound_headers=False
        )
        self._h2 = _Http2(config)
        self._streams: dict[int, _Stream] = {}
        self._usable = True
        self._handlers: dict[type, Callable[[Any], None]] = {
            h2.events.ResponseReceived: self._on_headers,
            h2.events.DataReceived: self._on_data,
            h2.events.TrailersReceived: self._on_trailers,
            h2.events.StreamEnded: self._on_end,
            h2.events.StreamReset: self._on_reset,
            h2.events.WindowUpdated: self._on_window,
            h2.events.ConnectionTerminated: self._on_goaway,
        }

    @property
    def usable(self) -> bool:
        return self._usable and not self._transport.is_closing()

    async def exchange(self, request: Request) -> Message:
        stream_id = self._h2.get_next_available_stream_id()
        response = asyncio.get_running_loop().create_future()
        body = request.body or b""
        if request.abort_after is not None:
            body = body[: request.abort_after]
        stream = _Stream(response, memoryview(body), request.trailers)
        stream.end_sent = request.body is None
        self._streams[stream_id] = stream
        self._h2.send_headers(stream_id, _http2_headers(request), end_stream=request.body is None)
        if request.abort_after is not None:
            stream.end_sent = True
            window = self._h2.local_flow_control_window(stream_id)
            self._h2.send_data(stream_id, body[: min(window, self._h2.max_outbound_frame_size)])
            self._h2.reset_stream(stream_id, h2.errors.ErrorCodes.CANCEL)
            self._finish(stream_id)
        elif request.body is not None:
            self._send_body(stream_id, stream)
        self._flush()
        return await response

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._h2.initiate_connection()
        self._h2.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW_SIZE})
        self._h2.increment_flow_control_window(_WINDOW_SIZE)
        self._flush()

    def data_received(self, data: bytes) -> None:
        try:
            events = self._h2.receive_data(data)
        except h2.exceptions.ProtocolError:
            self._transport.close()
            return
        for event in events:
            handler = self._handlers.get(type(event))
            if handler:
                handler(event)
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self._usable = False
        for stream_id in list(self._streams):
            self._finish(stream_id)

    def _flush(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(self._h2.data_to_send())

    def _send_body(self, stream_id: int, stream: _Stream) -> None:
        """Sends what the windows let pass, and the end after the last of it."""
        while not stream.end_sent:
            window = self._h2.local_flow_control_window(stream_id)
            size = min(len(stream.unsent), window, self._h2.max_outbound_frame_size)
            if size == 0 and stream.unsent:
                return
            piece, stream.unsent = stream.unsent[:size], stream.unsent[size:]
            stream.end_sent = not stream.unsent
            ends_here = stream.end_sent and not stream.trailers
            if size or ends_here:
                self._h2.send_data(stream_id, bytes(piece), end_stream=ends_here)
            if stream.end_sent and stream.trailers:
                self._h2.send_headers(stream_id, stream.trailers, end_stream=True)

    def _on_headers(self, event: h2.events.ResponseReceived) -> None:
        headers = list(event.headers or [])
        status = next(value for name, value in headers if name == b":status")
        if stream := self._streams.get(event.stream_id):
            stream.message = Message(b"HTTP/2 " + status, headers)

    def _on_data(self, event: h2.events.DataReceived) -> None:
        if stream := self._streams.get(event.stream_id):
            stream.pieces.append(event.data or b"")
        if event.flow_controlled_length:
            self._h2.increment_flow_control_window(event.flow_controlled_length)

    def _on_trailers(self, event: h2.events.TrailersReceived) -> None:
        if (stream := self._streams.get(event.stream_id)) and stream.message:
            stream.message.trailers = list(event.headers or [])

    def _on_end(self, event: h2.events.StreamEnded) -> None:
        stream = self._streams.pop(event.stream_id, None)
        if stream and stream.message and not stream.response.done():
            stream.message.body = b"".join(stream.pieces)
            stream.response.set_result(stream.message)

    def _on_reset(self, event: h2.events.StreamReset) -> None:
        self._finish(event.stream_id)

    def _on_window(self, event: h2.events.WindowUpdated) -> None:
        ids = [event.stream_id] if event.stream_id else list(self._streams)
        for stream_id in ids:
            if (stream := self._streams.get(stream_id)) and not stream.end_sent:
                # Envoy may have closed it: the events of that come next.
                with contextlib.suppress(h2.exceptions.StreamClosedError):
                    self._send_body(stream_id, stream)

    def _on_goaway(self, _: h2.events.ConnectionTerminated) -> None:
        self._usable = False

    def _finish(self, stream_id: int) -> None:
        """The stream ends without a whole response."""
        stream = self._streams.pop(stream_id, None)
        if stream and not stream.response.done():
            stream.response.set_exception(ConnectionLost(had_begun=stream.message is not None))


def exchange_http2(port: int, request: Request) -> Message:
    """Sends one request over HTTP/2, on a connection of its own, and gives the response."""

    async def exchange() -> Message:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(Http2Connection, "127.0.0.1", port)
        response = await asyncio.wait_for(connection.exchange(request), timeout=10)
        connection.close()
        return response

    return asyncio.run(exchange())


def _http2_headers(request: Request) -> Fields:
    headers = [
        (b":method", request.method),
        (b":path", request.path),
        (b":scheme", b"http"),
        (b":authority", b"stress"),
        *request.headers,
    ]
    if request.body is not None and request.content_length:
        headers.append((b"content-length", b"%d" % len(request.body)))
    return headers

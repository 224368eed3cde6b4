"""HTTP/1.1 messages as bytes: fast, and without an opinion on what they say.

Client libraries refuse to send, or to take in, some of what Envoy lets pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Fields = list[tuple[bytes, bytes]]


@dataclass
class Message:
    """A request or a response. The first line is without a line end."""

    first_line: bytes
    headers: Fields
    body: bytes = b""
    trailers: Fields = field(default_factory=list)

    @property
    def status(self) -> int:
        """A response's status code."""
        return int(self.first_line.split(b" ", 2)[1])

    def get(self, name: bytes) -> bytes | None:
        """The first header of a name."""
        return next((value for key, value in self.headers if key == name), None)

    def count(self, name: bytes) -> int:
        return sum(key == name for key, _ in self.headers)


def format_head(first_line: bytes, headers: Fields) -> bytes:
    return b"\r\n".join([first_line, *(b"%b: %b" % pair for pair in headers), b"", b""])


def format_chunked(pieces: list[bytes], trailers: Fields) -> bytes:
    chunks = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece]
    lines = [b"%b: %b\r\n" % pair for pair in trailers]
    return b"".join([*chunks, b"0\r\n", *lines, b"\r\n"])


class MessageReader:
    """Finds the messages in what comes over a connection."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._message: Message | None = None
        self._pieces: list[bytes] = []

    @property
    def has_begun(self) -> bool:
        """Whether a part of a message is here."""
        return self._message is not None or bool(self._buffer)

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def next(self, *, without_body: bool = False) -> Message | None:
        """The next message, when it is whole."""
        if self._message is None and not self._read_head():
            return None
        message = self._message
        assert message
        if not without_body and not self._read_body(message):
            return None
        self._message = None
        return message

    def _read_head(self) -> bool:
        head = self._take_until(b"\r\n\r\n")
        if head is None:
            return False
        first_line, *lines = head.split(b"\r\n")
        self._message = Message(first_line, _split(lines))
        self._pieces = []
        return True

    def _read_body(self, message: Message) -> bool:
        if message.get(b"transfer-encoding") == b"chunked":
            return self._read_chunks(message)
        size = int(message.get(b"content-length") or 0)
        if len(self._buffer) < size:
            return False
        message.body = self._take(size)
        return True

    def _read_chunks(self, message: Message) -> bool:
        while (end := self._buffer.find(b"\r\n")) >= 0:
            size = int(self._buffer[:end], 16)
            if size == 0:
                return self._read_trailers(message, end + 2)
            if len(self._buffer) < end + 2 + size + 2:
                return False
            del self._buffer[: end + 2]
            self._pieces.append(self._take(size))
            del self._buffer[:2]
        return False

    def _read_trailers(self, message: Message, start: int) -> bool:
        lines = []
        while (end := self._buffer.find(b"\r\n", start)) > start:
            lines.append(bytes(self._buffer[start:end]))
            start = end + 2
        if end < 0:
            return False
        del self._buffer[: start + 2]
        message.body = b"".join(self._pieces)
        message.trailers = _split(lines)
        return True

    def _take_until(self, mark: bytes) -> bytes | None:
        end = self._buffer.find(mark)
        if end < 0:
            return None
        taken = self._take(end)
        del self._buffer[: len(mark)]
        return taken

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


def _split(lines: list[bytes]) -> Fields:
    fields = []
    for line in lines:
        name, _, value = line.partition(b":")
        fields.append((name.lower(), value.strip(b" \t")))
    return fields

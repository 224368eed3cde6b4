"""Random requests to the plugin tests/plugins/stress, and what has to come of each."""

from __future__ import annotations

import enum
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from .connection import Request
from .http1 import Fields, Message
from .upstream import count_fields

# What Envoy may hold back: stress.yaml has the same number.
BUFFER_LIMIT = 64 * 1024
REPLY_STATUS = 418

_HELD_SIZE = 40 * 1024
_PASSING_SIZE = 200 * 1024
_OVERSIZE = 5 * BUFFER_LIMIT

_NAME_BYTES = b"abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"
_VALUE_BYTES = bytes([*range(0x21, 0x7F), *range(0x80, 0x100)])
_XOR = bytes(byte ^ 0x20 for byte in range(256))

_HELD = [b"append", b"prepend", b"replace", b"clear"]
_PASSING = [b"xor", b"prepend-early"]


class Outcome(enum.Enum):
    ANSWERED = "answered"
    LOST = "lost"  # the connection or stream breaks off, and has to
    ABORTED = "aborted"  # by the client


@dataclass
class Exchange:
    kind: str
    http2: bool
    request: Request
    outcomes: frozenset[Outcome] = frozenset({Outcome.ANSWERED})
    status: int = 200
    # What is None is not looked at.
    body: bytes | None = None
    headers: dict[bytes, bytes | None] = field(default_factory=dict)
    trailers: dict[bytes, list[bytes]] = field(default_factory=dict)

    def problems(self, response: Message) -> list[str]:
        """What is wrong with a response."""
        problems = []
        if response.status != self.status:
            problems.append(f"status {response.status} instead of {self.status}")
        if self.body is not None and response.body != self.body:
            problems.append(f"body {response.body[:60]!r}… ({len(response.body)}) instead of "
                            f"{self.body[:60]!r}… ({len(self.body)})")  # fmt: skip
        for name, expected in self.headers.items():
            if (value := response.get(name)) != expected:
                problems.append(f"{name!r}: {value!r} instead of {expected!r}")
        for name, values in self.trailers.items():
            found = [value for key, value in response.trailers if key == name]
            if found != values:
                problems.append(f"trailer {name!r}: {found!r} instead of {values!r}")
        return problems

    def __str__(self) -> str:
        orders = b", ".join(b"%b: %b" % pair for pair in self.request.headers
                            if pair[0].startswith((b"x-do", b"x-up", b"x-id")))  # fmt: skip
        version = "HTTP/2" if self.http2 else "HTTP/1.1"
        size = "no" if self.request.body is None else str(len(self.request.body))
        return (
            f"{self.kind}: {version} {self.request.method.decode()} {self.request.path.decode()}, "
            f"{size} bytes, {len(self.request.trailers)} trailers; {orders.decode()}"
        )


class Plan:
    """Makes exchanges; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._noise = self._random.randbytes(_OVERSIZE)
        self._number = 0
        self._kinds = [
            (self._ordinary, 860),
            (self._reply, 60),
            (self._refused, 15),
            (self._upstream_reset, 15),
            (self._upstream_reset_midway, 10),
            (self._too_large_request, 5),
            (self._too_large_response, 5),
            (self._abort, 30),
        ]

    def exchanges(self, count: int) -> Iterator[Exchange]:
        makers, weights = zip(*self._kinds, strict=True)
        for _ in range(count):
            yield self._random.choices(makers, weights)[0]()

    def heaviest(self, count: int) -> Iterator[Exchange]:
        """What costs the plugin more memory than all that exchanges() makes."""
        for _ in range(count):
            yield self._random.choice(
                [self._held, self._passing, self._too_large_request, self._too_large_response]
            )()

    # ---- kinds of exchanges ----

    def _held(self) -> Exchange:
        place = self._random.choice([b"request-headers", b"response-headers"])
        draft = self._heavy(b"append", place)
        draft.body = self._noise[: BUFFER_LIMIT - 2048]
        return draft.exchange("held")

    def _passing(self) -> Exchange:
        # All of it comes in one piece when it has waited for the headers.
        draft = self._heavy(b"xor", b"response-headers")
        draft.up = b"size=%d" % _OVERSIZE
        return draft.exchange("passing")

    def _heavy(self, change: bytes, call_at: bytes) -> _Draft:
        draft = self._draft(body=b"body")
        draft.changes, draft.call_at = (change, change), call_at
        draft.headers.append((b"x-r-large", b"v" * 8000))
        draft.trailers, draft.content_length = [], False
        return draft

    def _ordinary(self) -> Exchange:
        draft = self._draft()
        if self._random.random() < 0.25:
            draft.call_at = self._random.choice(
                [b"request-headers", b"request-end", b"response-headers", b"response-end"]
            )
            draft.callee = self._random.choice([b"upstream", b"upstream", b"refused", b"empty"])
        draft.set_all = self._random.choice([b"", b"", b"", b"request", b"response", b"both"])
        draft.up = self._random.choice([b"", b"chunked", b"trailers", b"status=404", b"status=204",
                                        b"status=500", b"size=30000"])  # fmt: skip
        return draft.exchange("ordinary")

    def _reply(self) -> Exchange:
        draft = self._draft()
        draft.reply_at = self._random.choice(
            [b"request-headers", b"request-end", b"response-headers", b"call"]
        )
        if draft.reply_at == b"call":
            draft.call_at = self._random.choice(
                [b"request-headers", b"request-end", b"response-headers"]
            )
        return draft.exchange("reply")

    def _refused(self) -> Exchange:
        draft = self._draft()
        draft.path = self._random.choice([b"/refused", b"/empty"])
        exchange = draft.exchange("refused")
        return _fails(exchange, 503)

    def _upstream_reset(self) -> Exchange:
        draft = self._draft()
        draft.up = b"reset"
        return _fails(draft.exchange("upstream reset"), 503)

    def _upstream_reset_midway(self) -> Exchange:
        draft = self._draft(body=self._noise[: self._random.randint(2000, 30000)])
        draft.changes = (self._random.choice([b"", b"append", *_PASSING]), draft.changes[1])
        draft.up = b"reset-mid"
        exchange = _fails(draft.exchange("upstream reset midway"), 503)
        exchange.outcomes = frozenset({Outcome.LOST})
        return exchange

    def _too_large_request(self) -> Exchange:
        draft = self._draft(body=self._noise)
        draft.changes = (self._random.choice(_HELD), draft.changes[1])
        return _fails(draft.exchange("too large request"), 413)

    def _too_large_response(self) -> Exchange:
        draft = self._draft()
        draft.method, draft.up = b"POST", b"size=%d" % _OVERSIZE
        draft.changes = (draft.changes[0], self._random.choice(_HELD))
        exchange = _fails(draft.exchange("too large response"), 500)
        # The headers are through when the limit is reached.
        exchange.outcomes = frozenset({Outcome.LOST})
        return exchange

    def _abort(self) -> Exchange:
        draft = self._draft(body=self._noise[: self._random.randint(1, 30000)])
        if self._random.random() < 0.5:
            draft.call_at = self._random.choice([b"request-headers", b"request-end"])
        exchange = draft.exchange("abort")
        size = len(exchange.request.body or b"")
        exchange.request.abort_after = self._random.choice([size, self._random.randint(0, size)])
        # The response may be faster than the client that sent all.
        exchange.outcomes = frozenset({Outcome.ABORTED, Outcome.ANSWERED})
        return exchange

    # ---- their parts ----

    def _draft(self, body: bytes | None = None) -> _Draft:
        rng = self._random
        self._number += 1
        draft = _Draft(b"%d" % self._number, http2=rng.random() < 0.25)
        draft.changes = (self._change(), self._change())
        draft.headers = self._fields(60)
        draft.body = body
        if body is None:
            draft.method = rng.choice([b"GET", b"HEAD", b"POST", b"PUT", b"POST"])
            if draft.method in (b"POST", b"PUT"):
                draft.body = self._body(held=any(change in _HELD for change in draft.changes))
        if draft.body is not None:
            draft.content_length = rng.random() < 0.5
            if not draft.content_length and rng.random() < 0.4:
                draft.trailers = self._fields(8) or [(b"x-r-one", b"1")]
        return draft

    def _change(self) -> bytes:
        return self._random.choice([b"", b"", *_HELD, *_PASSING, *_PASSING])

    def _body(self, *, held: bool) -> bytes:
        """Small bodies as often as large ones: each power of two gets its share."""
        limit = _HELD_SIZE if held else _PASSING_SIZE
        size = min(int(2 ** self._random.uniform(0, 18)) - 1, limit)
        start = self._random.randrange(len(self._noise) - size)
        return self._noise[start : start + size]

    def _fields(self, limit: int) -> Fields:
        """None, a few or many; some with the same name, some empty, now and then a large one."""
        rng = self._random
        fields: Fields = []
        count = min(int(rng.expovariate(0.2)), limit)
        while len(fields) < count:
            name = b"x-r-" + bytes(rng.choices(_NAME_BYTES, k=rng.randint(1, 10)))
            for _ in range(rng.choice([1, 1, 1, 2, 3, 30])):
                fields.append((name, self._value(large=rng.random() < 0.01)))
        return fields[:count]

    def _value(self, *, large: bool) -> bytes:
        size = self._random.choice([0, 1, 3, 10, 30]) if not large else 6000
        return bytes(self._random.choices(_VALUE_BYTES, k=size))



def _fails(exchange: Exchange, status: int) -> Exchange:
    """Envoy itself answers: all that is known is the status, and that nothing was unexpected."""
    return Exchange(
        exchange.kind, exchange.http2, exchange.request,
        status=status, headers={b"x-unexpected": b"0"},
    )  # fmt: skip


@dataclass
class _Draft:
    number: bytes
    http2: bool
    method: bytes = b"POST"
    path: bytes = b"/"
    headers: Fields = field(default_factory=list)
    body: bytes | None = None
    trailers: Fields = field(default_factory=list)
    content_length: bool = True
    changes: tuple[bytes, bytes] = (b"", b"")
    reply_at: bytes = b""
    call_at: bytes = b""
    callee: bytes = b"upstream"
    set_all: bytes = b""
    up: bytes = b""

    def exchange(self, kind: str) -> Exchange:
        if self.call_at == b"request-end" and not self.changes[0]:
            # With a content-length the upstream server would have all, and answer, too early.
            self.changes = (b"xor", self.changes[1])
        if self.trailers:
            self.changes = (
                self._without_envoys_bug(b"request-headers", self.changes[0]),
                self._without_envoys_bug(b"response-headers", self.changes[1]),
            )
        if not self.body and not self.http2 and self.content_length:
            # On the wire a body of no bytes looks like none.
            self.body = None
        exchange = Exchange(kind, self.http2, self._request())
        if self.reply_at:
            self._expect_reply(exchange)
        else:
            self._expect_response(exchange)
        return exchange

    def _without_envoys_bug(self, pause: bytes, change: bytes) -> bytes:
        """Envoy 1.40 loses the body of a message that was paused in its headers, is held back after
        that, and ends in trailers, for which it then calls twice. See docs/hosts.md."""
        return b"xor" if self.call_at == pause and change in _HELD else change

    def _request(self) -> Request:
        orders = [
            (b"x-id", self.number),
            (b"x-do-request-body", self.changes[0]),
            (b"x-do-response-body", self.changes[1]),
            (b"x-do-reply", self.reply_at),
            (b"x-do-call", self.call_at),
            (b"x-do-callee", self.callee),
            (b"x-do-set-all", self.set_all),
            (b"x-up", self.up),
        ]
        headers = [pair for pair in orders if pair[1]] + self.headers
        headers += [(b"x-removed", b"1"), (b"x-replaced", b"1"), (b"x-replaced", b"")]
        return Request(self.method, self.path, headers, self.body, self.trailers,
                       content_length=self.content_length)  # fmt: skip

    def _expect_reply(self, exchange: Exchange) -> None:
        exchange.status = REPLY_STATUS
        exchange.headers = {b"x-replied": self.reply_at, b"x-empty": b""}
        in_response = b"response-headers" in (self.reply_at, self.call_at)
        body = b"[reply]"
        if not in_response:
            # The plugin's own response callbacks see the reply.
            body = _changed(self.changes[1], body)
            exchange.headers[b"x-unexpected"] = b"0"
        exchange.body = b"" if self.method == b"HEAD" else body

    def _expect_response(self, exchange: Exchange) -> None:
        orders = self.up.split(b"=")
        status = int(orders[1]) if orders[0] == b"status" else 200
        has_trailers = self.up == b"trailers" and bool(self.trailers)
        exchange.status = status
        upstream_has = self._upstream_body()
        sent = b"u" * int(orders[1]) if orders[0] == b"size" else upstream_has
        in_chunks = self.up in (b"chunked", b"trailers")
        if self.method == b"HEAD" or status == 204:
            exchange.body = b""
        else:
            comes = bool(sent) or (in_chunks and not has_trailers)
            exchange.body = _changed(self.changes[1], sent) if comes else b""
        exchange.headers = self._expected_headers()
        if has_trailers and self.method != b"HEAD":
            exchange.trailers = {
                b"x-seen-trailers": [digest(self.trailers)] * 2,
                b"x-added": [b"a\xff\x80"] * 2,
                b"x-replaced": [b""],
            }
        if self.call_at and self.call_at != b"response-end":
            # Where there is no endpoint at all, Envoy does not even begin.
            outcomes = {b"upstream": b"answered 200", b"refused": b"answered 503"}
            exchange.headers[b"x-called"] = outcomes.get(self.callee, b"not begun")

    def _upstream_body(self) -> bytes:
        """What the upstream server gets."""
        if self.body is None:
            return b""
        return _changed(self.changes[0], self.body) if self._body_comes else self.body

    @property
    def _body_comes(self) -> bool:
        """Whether there are body callbacks for the request: not for no bytes before trailers."""
        return self.body is not None and (self.body != b"" or not self.trailers)

    def _expected_headers(self) -> dict[bytes, bytes | None]:
        got = b"2 1 0 %d" % (self.set_all in (b"request", b"both"))
        body = None
        if self._body_comes:
            assert self.body is not None
            body = b"%d-%d" % (len(self.body), zlib.adler32(self.body))
        return {
            b"x-unexpected": b"0",
            b"x-seen-headers": digest(self.headers),
            b"x-seen-response-headers": digest(self.headers),
            b"x-seen-body": body,
            b"x-got": got,
            b"x-got-trailers": b"2 1 0 0" if self.trailers else count_fields([]),
            b"x-replaced": b"",
            b"x-removed": None,
            b"x-set-all": b"yes" if self.set_all in (b"response", b"both") else None,
        }


def digest(fields: Fields) -> bytes:
    """As the plugin tells it: the number of fields, and a checksum of them."""
    return b"%d-%d" % (len(fields), zlib.adler32(b"".join(b"%b=%b" % pair for pair in fields)))


def _changed(change: bytes, body: bytes) -> bytes:
    """What becomes of a body for which there are body callbacks."""
    match change:
        case b"append":
            return body + b"[appended]"
        case b"prepend":
            return b"[prepended]" + body
        case b"replace":
            return b"[replaced]"
        case b"clear":
            return b""
        case b"xor":
            return body.translate(_XOR)
        case b"prepend-early":
            return b"[early]" + body
    return body

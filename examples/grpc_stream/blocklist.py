"""A service that keeps a list of blocked paths, and shows what it may do with it."""

from __future__ import annotations

from collections.abc import Iterator

import grpc


def watch(reports: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
    """Blocks /admin and /secret, each until somebody has asked for it once."""
    context.send_initial_metadata((("x-list", "of the day"),))
    yield b"+/admin"
    yield b"+/secret"
    num_reports = 0
    for path in reports:
        num_reports += 1
        yield b"-" + path
    context.set_trailing_metadata((("x-reports", str(num_reports)),))


METHODS = {"/pwasm.example.Blocklist/Watch": watch}

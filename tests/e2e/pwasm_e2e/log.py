"""Envoy's log, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

# [2025-01-31 12:00:00.000][1234][info][wasm] [source/…/wasm/context.cc:1195] wasm log: hello
_FIRST_LINE = re.compile(
    r"\[\d{4}-\d\d-\d\d [\d:.]+\]\[\d+\]\[(?P<level>\w+)\]\[(?P<component>\w+)\] "
    r"(?:\[(?P<source>[^\]]+:\d+)\] )?(?P<message>.*)"
)


@dataclass
class LogEntry:
    """One entry; its message can have several lines."""

    level: str
    component: str
    message: str

    @property
    def from_plugin(self) -> bool:
        """The plugin logged it, not Envoy."""
        return self.component == "wasm" and self.message.startswith("wasm log")

    @property
    def tells_of_failure(self) -> bool:
        """Envoy says that the plugin trapped, or could not be loaded or configured."""
        return (
            self.component == "wasm"
            and self.level in ("error", "critical")
            and not self.from_plugin
        )


def is_call_trace(line: str) -> bool:
    """Envoy wrote the line, at its trace level, about a call between the plugin and itself."""
    return re.search(r"^\[[^]]+\]\[\d+\]\[trace\]\[wasm\] (?!.*\bwasm log\b)", line) is not None


def parse_log(text: str) -> list[LogEntry]:
    """The entries of a log. A line without Envoy's prefix belongs to the entry before it."""
    entries: list[LogEntry] = []
    for line in text.splitlines():
        first = _FIRST_LINE.fullmatch(line)
        if first:
            entries.append(LogEntry(first["level"], first["component"], first["message"]))
        elif entries:
            entries[-1].message += "\n" + line
    return entries

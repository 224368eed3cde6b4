"""Checks what the native tests reach of src/: enough lines, and each branch that they don't is explained.

usage: check_coverage.py EXPORT UNREACHED [--list]

EXPORT is what `llvm-cov export` writes. UNREACHED is a TOML file with a table [[branch]] for each
condition that no test makes true, or false: `file` and `code` (the source line, without blanks around
it; one entry stands for all equal lines of the file), and `why`. A table [[pattern]] does the same for a
kind of line that is in many places: `file` is then a glob, `code` a regular expression for all of the
line. With --list the conditions that are not explained are printed in the form of [[branch]].
"""

from __future__ import annotations

import argparse
import collections
import fnmatch
import json
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MIN_LINES_PERCENT = 95.0

# Columns of a branch in the export.
_LINE, _COUNT_TRUE, _COUNT_FALSE = 0, 4, 5


@dataclass(frozen=True, order=True)
class Place:
    """A line of source that has a condition of which one outcome never occurred."""

    file: str
    code: str


def folder(file: str) -> str:
    return "/".join(file.split("/")[:2])


def unreached_lines(source: Path, branches: list[list[int]]) -> set[int]:
    """The lines with a condition that was never true, or never false, in any program.

    Inline functions are compiled into many programs; an outcome in one of them is enough.
    """
    outcomes: dict[tuple[int, ...], list[int]] = collections.defaultdict(lambda: [0, 0])
    for branch in branches:
        counts = outcomes[tuple(branch[:4])]
        counts[0] += branch[_COUNT_TRUE]
        counts[1] += branch[_COUNT_FALSE]
    return {place[_LINE] for place, counts in outcomes.items() if 0 in counts}


def read_export(path: Path) -> tuple[dict[str, dict[str, int]], set[Place]]:
    """Lines by folder, {"count": …, "covered": …}, and the places that are not reached."""
    lines: dict[str, dict[str, int]] = collections.defaultdict(lambda: {"count": 0, "covered": 0})
    places = set()
    for record in json.loads(path.read_text(encoding="utf-8"))["data"][0]["files"]:
        file = Path(record["filename"])
        if not file.is_relative_to(ROOT / "src"):
            continue
        name = str(file.relative_to(ROOT))
        for key in ("count", "covered"):
            lines[folder(name)][key] += record["summary"]["lines"][key]
        text = file.read_text(encoding="utf-8").splitlines()
        places |= {
            Place(name, text[line - 1].strip())
            for line in unreached_lines(file, record["branches"])
        }
    return lines, places


def explains(kind: str, entry: dict[str, Any], place: Place) -> bool:
    if kind == "branch":
        return place == Place(entry["file"], entry["code"])
    return fnmatch.fnmatchcase(place.file, entry["file"]) and bool(
        re.fullmatch(entry["code"], place.code)
    )


def explain(path: Path, places: set[Place]) -> tuple[set[Place], list[str]]:
    """The places that the file explains, and its entries that explain none."""
    explained: set[Place] = set()
    outdated = []
    for kind, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for entry in entries:
            name = f"{entry['file']}: {entry['code']}"
            if not entry.get("why", "").strip():
                sys.exit(f"{path.name}: {name}: no reason is given")
            found = {place for place in places if explains(kind, entry, place)}
            explained |= found
            if not found:
                outdated.append(name)
    return explained, outdated


def print_lines(lines: dict[str, dict[str, int]]) -> float:
    """Prints a table; gives the percentage of all."""
    total = {"count": 0, "covered": 0}
    for name, counts in sorted(lines.items()):
        print(f"{name:16} {percent(counts):6.2f} % of {counts['count']:5} lines")
        for key in total:
            total[key] += counts[key]
    print(f"{'src':16} {percent(total):6.2f} % of {total['count']:5} lines")
    return percent(total)


def percent(counts: dict[str, int]) -> float:
    return 100.0 * counts["covered"] / max(counts["count"], 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("export", type=Path)
    parser.add_argument("unreached", type=Path)
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()

    lines, places = read_export(arguments.export)
    explained, outdated = explain(arguments.unreached, places)
    is_enough = print_lines(lines) >= MIN_LINES_PERCENT
    if not is_enough:
        print(f"less than {MIN_LINES_PERCENT:g} % of the lines are reached")

    unexplained = sorted(places - explained)
    print(f"{len(places)} lines have a branch that is not reached, {len(unexplained)} unexplained")
    for place in unexplained:
        if arguments.list:
            code = place.code.replace("\\", "\\\\").replace('"', '\\"')
            print(f'\n[[branch]]\nfile = "{place.file}"\ncode = "{code}"\nwhy = ""')
        else:
            print(f"  {place.file}: {place.code}")
    for name in outdated:
        print(f"explained, but reached or no longer there: {name}")
    return 0 if is_enough and not unexplained and not outdated else 1


if __name__ == "__main__":
    sys.exit(main())

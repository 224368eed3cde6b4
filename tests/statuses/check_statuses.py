"""What the documentation of a function says that it returns, tests have seen; and nothing else.

usage: check_statuses.py INCLUDE DOXYFILE EXCEPTIONS RECORD…

Each record is what one test program has seen: lines of a function and a number.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from public_functions import Function, read_functions, read_imports, read_statuses

# What any call of the host can return: status.h says so once for all.
FROM_ANY_HOSTCALL = {"INVALID_MEMORY_ACCESS", "INTERNAL_FAILURE", "UNIMPLEMENTED"}
UNLISTED = "a status that pwasm does not know"


def read_seen(records: list[Path], names: dict[int, str]) -> dict[str, set[str]]:
    seen: dict[str, set[str]] = defaultdict(set)
    for record in records:
        if not record.exists():
            sys.exit(f"{record.stem} has recorded nothing: run it with ctest first")
        for line in record.read_text().splitlines():
            function, number = line.split()
            seen[function].add(names.get(int(number), UNLISTED))
    return seen


def read_exceptions(path: Path) -> set[tuple[str, str]]:
    """Lines of a function, a status, and the reason."""
    exceptions = set()
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            words = line.split(maxsplit=2)
            if len(words) < 3:
                sys.exit(f"{path.name}: no reason why not: {line}")
            exceptions.add((words[0], words[1]))
    return exceptions


def complaints_about(
    function: Function, seen: set[str], exceptions: set[tuple[str, str]], imports: set[str]
) -> Iterator[tuple[str, set[str]]]:
    expected = set(function.retvals)
    if function.hostcalls:
        expected |= FROM_ANY_HOSTCALL | {UNLISTED}
    excepted = {status for name, status in exceptions if name == function.name}
    yield "has no @retval for", {"OK"} - function.retvals
    yield "says that it calls what is no hostcall", set(function.hostcalls) - imports
    yield "is documented to return, but does so in no test", expected - seen - excepted
    if not function.is_open:
        yield "has returned in a test, but is not documented to", seen - expected
    yield "is excepted, but has returned in a test", excepted & seen
    yield "is excepted, but not documented to return", excepted - expected


def main() -> int:
    include, doxyfile, exceptions_path = map(Path, sys.argv[1:4])
    functions = read_functions(include, doxyfile)
    exceptions = read_exceptions(exceptions_path)
    seen = read_seen([Path(name) for name in sys.argv[4:]], read_statuses(include))
    imports = read_imports(include)

    num_complaints = 0
    num_pairs = 0
    for function in functions:
        for complaint, about in complaints_about(function, seen[function.name], exceptions, imports):
            if about:
                names = ", ".join(sorted(about))
                print(f"{function.header}: {function.name}() {complaint}: {names}")
                num_complaints += 1
        num_pairs += len(seen[function.name])
    for name in sorted({name for name, _ in exceptions} - {function.name for function in functions}):
        print(f"{exceptions_path.name}: there is no function {name}()")
        num_complaints += 1
    print(f"{len(functions)} functions, {num_pairs} statuses seen, {len(exceptions)} excepted")
    return num_complaints > 0


sys.exit(main())

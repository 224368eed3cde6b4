"""Reads from the public headers which functions return a status, and which ones their documentation names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DECLARATION = re.compile(
    r"/\*\*(?P<doc>(?:(?!\*/).)*)\*/\s*"
    r"(?P<specifiers>(?:\w+(?:\([^)]*\))?\s+)*)PwasmStatus\s+"
    r"(?P<name>pwasm_[a-z0-9]\w*)\((?P<parameters>[^;{]*)\)\s*[;{]",
    re.DOTALL,
)
ANY_DECLARATION = re.compile(r"\bPwasmStatus\s+(pwasm_[a-z0-9]\w*)\(")
PRIVATE = re.compile(r"/\*\* @cond private.*?@endcond \*/", re.DOTALL)
ALIAS = re.compile(r'^ALIASES\s*\+?=\s*(\w+)(?:\{\d+\})?="(.*)"$', re.MULTILINE)


@dataclass
class Function:
    header: str
    name: str
    parameters: str  # as in C
    retvals: set[str]  # without PWASM_STATUS_
    hostcalls: list[str]  # those whose status it passes on
    is_open: bool  # it returns also what somebody else says, who is not the host

    @property
    def is_variadic(self) -> bool:
        return self.parameters.endswith("...")

    @property
    def arguments(self) -> str:
        """The parameters' names, to pass them on."""
        if self.parameters == "void":
            return ""
        return ", ".join(_name(one) for one in _split(self.parameters))


def read_functions(include: Path, doxyfile: Path) -> list[Function]:
    aliases = {
        name: text for name, text in ALIAS.findall(doxyfile.read_text()) if "@retval" in text
    }
    functions = []
    for path in read_headers(include):
        text = PRIVATE.sub("", (include / path).read_text())
        found = [_function(path, match, aliases) for match in DECLARATION.finditer(text)]
        missed = set(ANY_DECLARATION.findall(text)) - {function.name for function in found}
        if missed:
            raise SystemExit(f"{path}: can't read {', '.join(sorted(missed))}")
        functions += found
    if not functions:
        raise SystemExit(f"no functions in {include}")
    return functions


def read_headers(include: Path) -> list[str]:
    """What plugins include."""
    headers = sorted(path.relative_to(include).as_posix() for path in include.rglob("*.h"))
    return [path for path in headers if not path.startswith("pwasm/testhost")]


def read_imports(include: Path) -> set[str]:
    """The calls that hosts have."""
    texts = [(include / path).read_text() for path in read_headers(include)]
    return {name for text in texts for name in re.findall(r"^PWASM_IMPORT\((\w+)\)", text, re.M)}


def read_statuses(include: Path) -> dict[int, str]:
    text = (include / "pwasm/status.h").read_text()
    return {int(value): name for name, value in re.findall(r"\bX\((\w+), (\d+), ", text)}


def _function(header: str, match: re.Match, aliases: dict[str, str]) -> Function:
    doc = match["doc"]
    for name, expansion in aliases.items():
        doc = re.sub(rf"@{name}\b", lambda alias: f"{alias[0]} {expansion}", doc)
    return Function(
        header=header,
        name=match["name"],
        parameters=" ".join(match["parameters"].split()),
        retvals=set(re.findall(r"@retval\s+PWASM_STATUS_(\w+)", doc)),
        hostcalls=re.findall(r"@hostcall\{(\w+)\}", doc),
        is_open=re.search(r"@return\s+or\b", doc) is not None,
    )


def _split(parameters: str) -> list[str]:
    """At the commas that are not inside of parentheses."""
    return re.split(r",\s*(?![^()]*\))", parameters)


def _name(parameter: str) -> str:
    match = re.search(r"\(\*(\w+)\)", parameter) or re.search(r"(\w+)(?:\[\])?$", parameter)
    return match[1]

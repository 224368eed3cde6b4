"""The plugin in README.md is the one in examples/hello_http, which is compiled and tested."""

from __future__ import annotations

import difflib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    readme = (ROOT / "README.md").read_text()
    source = (ROOT / "examples/hello_http/hello_http.c").read_text()

    shown = re.search(r"^```c\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    if shown is None:
        sys.exit("README.md has no block of C")
    compiled = "".join(
        line for line in source.splitlines(keepends=True) if not line.startswith("//! [")
    )

    difference = difflib.unified_diff(
        compiled.splitlines(), shown[1].splitlines(), "hello_http.c", "README.md", lineterm=""
    )
    text = "\n".join(difference)
    if text:
        print(text, file=sys.stderr)
    return bool(text)


sys.exit(main())

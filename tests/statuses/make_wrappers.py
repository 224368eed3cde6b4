"""Writes a header that puts a recorder around every public function that returns a status.

usage: make_wrappers.py INCLUDE DOXYFILE OUTPUT
"""

from __future__ import annotations

import sys
from pathlib import Path

from public_functions import Function, read_functions, read_headers

# The macro has no parentheses: a function that is passed to another is recorded too.
WRAPPER = """
PWASM_NODISCARD static inline PwasmStatus
recorded_{name}({parameters})
{{
  static RecordedFunction function = {{.name = "{name}"}};

  return record_status(&function, {name}({arguments}));
}}
#define {name} recorded_{name}
"""

VARIADIC_WRAPPER = """
__attribute__((unused)) static RecordedFunction recorded_{name} = {{.name = "{name}"}};
#define {name}(...) record_status(&recorded_{name}, {name}(__VA_ARGS__))
"""


def wrapper(function: Function) -> str:
    if function.is_variadic:
        return VARIADIC_WRAPPER.format(name=function.name)
    return WRAPPER.format(
        name=function.name, parameters=function.parameters, arguments=function.arguments
    )


def main() -> None:
    include, doxyfile, output = map(Path, sys.argv[1:])
    lines = [f"#include <{header}>\n" for header in read_headers(include)]
    lines += [wrapper(function) for function in read_functions(include, doxyfile)]
    output.write_text(
        f"/* Made by {Path(__file__).name}. */\n"
        "#ifndef PWASM_TESTS_WRAPPERS_H\n#define PWASM_TESTS_WRAPPERS_H\n\n"
        f'#include "recorder.h"\n{"".join(lines)}\n#endif\n'
    )


main()

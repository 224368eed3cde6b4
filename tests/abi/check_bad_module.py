#!/usr/bin/env python3
"""Assembles a module whose first line names what is wrong with it, and expects check_module.py to say that, and no more."""

import subprocess
import sys
import tempfile
from pathlib import Path


def features_section(names):
    """The custom section in which compilers note what they have used, which .wat has no words for."""
    entries = b"".join(b"+" + bytes([len(name)]) + name.encode() for name in names)
    content = b"\x0ftarget_features" + bytes([len(names)]) + entries
    return b"\0" + bytes([len(content)]) + content


def main():
    source, wat2wasm, objdump = sys.argv[1:]
    lines = Path(source).read_text().splitlines()
    complaint = lines[0].removeprefix(";; ")
    features = [line.removeprefix(";; features: ").split() for line in lines if line.startswith(";; features: ")]
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder, Path(source).stem).with_suffix(".wasm")
        subprocess.run([wat2wasm, source, "-o", module], check=True)
        for names in features:
            with module.open("ab") as file:
                file.write(features_section(names))
        check = Path(__file__).with_name("check_module.py")
        run = subprocess.run([sys.executable, check, module, "--objdump", objdump], capture_output=True, text=True)
    complaints = run.stderr.splitlines()
    is_right = (
        (run.returncode, complaints) == (0, [])
        if complaint == "nothing"
        else run.returncode == 1 and len(complaints) == 1 and complaint in complaints[0]
    )
    if not is_right:
        sys.exit(f"expected: {complaint}\ngot, with exit code {run.returncode}:\n{run.stdout}{run.stderr}")


if __name__ == "__main__":
    main()

"""Reads what the ABI checks look at from a WebAssembly module."""

from dataclasses import dataclass, field
from pathlib import Path

VALUE_TYPES = {0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64"}
KINDS = ["func", "table", "memory", "global"]
CUSTOM, TYPE, IMPORT, FUNCTION, TABLE, MEMORY, GLOBAL, EXPORT, START, ELEMENT, CODE, DATA = range(12)
I32_CONST = 0x41


@dataclass
class Import:
    module: str
    name: str
    kind: str
    signature: str

    def __str__(self):
        return f"{self.module}.{self.name}{self.signature}"


@dataclass
class Export:
    name: str
    kind: str
    signature: str
    index: int

    def __str__(self):
        return f"{self.name}{self.signature}"


@dataclass
class Module:
    """A module; `signature` is "(i32, i32) -> i32" for a function and " memory" and the like for the others."""

    imports: list = field(default_factory=list)
    exports: list = field(default_factory=list)
    has_start: bool = False
    memory_max: int | None = None  # bytes
    globals: list = field(default_factory=list)  # (type, mutable, initial value); None if not a constant
    segments: list = field(default_factory=list)  # (address, bytes) of active data
    features: set = field(default_factory=set)
    custom_sections: list = field(default_factory=list)
    code: bytes = b""
    stripped_size: int = 8  # bytes of the file without custom sections, as after wasm-strip


class _Reader:
    def __init__(self, data):
        self.data = data
        self.pos = 0

    def __bool__(self):
        return self.pos < len(self.data)

    def byte(self):
        self.pos += 1
        return self.data[self.pos - 1]

    def number(self, signed=False):
        """A LEB128 number."""
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return result - (1 << shift) if signed and byte & 0x40 else result

    def bytes(self):
        size = self.number()
        self.pos += size
        return self.data[self.pos - size : self.pos]

    def name(self):
        return self.bytes().decode()

    def limits(self):
        flags = self.byte()
        minimum = self.number()
        return minimum, self.number() if flags & 1 else None

    def constant(self):
        """A constant expression; None unless it is an i32.const."""
        opcode = self.byte()
        value = self.number(signed=True)  # right for the indices of other instructions too
        if self.byte() != 0x0B:
            raise ValueError("a constant expression of several instructions")
        return value if opcode == I32_CONST else None


def read_module(path):
    """Reads the module in the file `path`."""
    data = Path(path).read_bytes()
    if data[:8] != b"\0asm\1\0\0\0":
        raise ValueError(f"{path} is no WebAssembly module")
    module = Module()
    types = []
    functions = []  # their types, imported ones first

    reader = _Reader(data)
    reader.pos = 8
    while reader:
        start = reader.pos
        section_id = reader.byte()
        section = _Reader(reader.bytes())
        if section_id == CUSTOM:
            name = section.name()
            module.custom_sections.append(name)
            if name == "target_features":
                for _ in range(section.number()):
                    section.byte()  # + or -
                    module.features.add(section.name())
            continue

        module.stripped_size += reader.pos - start
        if section_id == CODE:
            module.code = section.data
        elif section_id == START:
            module.has_start = True
        elif section_id in (TYPE, IMPORT, FUNCTION, MEMORY, GLOBAL, EXPORT, DATA):
            for _ in range(section.number()):
                _read_entry(module, section_id, section, types, functions)
    return module


def _read_entry(module, section_id, section, types, functions):
    if section_id == TYPE:
        section.byte()  # 0x60, a function
        params, results = ([VALUE_TYPES.get(t, hex(t)) for t in section.bytes()] for _ in range(2))
        types.append(f"({', '.join(params)})" + (f" -> {', '.join(results)}" if results else ""))
    elif section_id == IMPORT:
        module_name, name, kind = section.name(), section.name(), KINDS[section.byte()]
        signature = f" {kind}"
        if kind == "func":
            functions.append(types[section.number()])
            signature = functions[-1]
        elif kind == "global":
            section.byte(), section.byte()
        else:
            if kind == "table":
                section.byte()
            section.limits()
        module.imports.append(Import(module_name, name, kind, signature))
    elif section_id == FUNCTION:
        functions.append(types[section.number()])
    elif section_id == MEMORY:
        _, maximum = section.limits()
        module.memory_max = None if maximum is None else maximum * 65536
    elif section_id == GLOBAL:
        value_type, mutable = VALUE_TYPES.get(section.byte()), bool(section.byte())
        module.globals.append((value_type, mutable, section.constant()))
    elif section_id == EXPORT:
        name, kind, index = section.name(), KINDS[section.byte()], section.number()
        module.exports.append(Export(name, kind, functions[index] if kind == "func" else f" {kind}", index))
    elif section_id == DATA:
        if section.number() == 0:
            address = section.constant()
            module.segments.append((address, section.bytes()))
        else:
            section.bytes()

#!/usr/bin/env python3
"""Turn data/option*.tsv into python/stubs/_options.pyi: a typed attribute for each option.

gen_option_stubs.py [--check]
"""

import argparse
import keyword
import pathlib
import sys

import optiondata

ROOT = pathlib.Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "python" / "stubs" / "_options.pyi"
# enum csk_optkind -> what is read, what may be set besides text
TYPES = {
    "NONE": ("None", "None"), "LENGTH": ("int", "int"), "BOOL": ("bool", "bool"),
    "INT": ("int", "int"), "UINT": ("int", "int"), "TIMEVAL": ("float", "_Time"),
    "IN_ADDR": ("str", "_Address"), "IN6_ADDR": ("str", "_Address"),
    "SOCKADDR": ("str", "_Address"), "SOCKADDRS": ("tuple[str, ...]", "Iterable[str]"),
    "IFINDEX": ("int", "int"), "TEXT": ("str", "bytes"), "BYTES": ("bytes", "_Bytes"),
    "FD": ("int", "int"), "FILTER": ("bytes", "_Bytes"),
}  # fmt: skip
HEAD = """# Made by tools/gen_option_stubs.py from data/option*.tsv.
import datetime
import ipaddress
from collections.abc import Iterable
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from typing_extensions import TypeAlias

_Time: TypeAlias = float | datetime.timedelta
_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_Bytes: TypeAlias = bytes | bytearray | memoryview
_Struct: TypeAlias = tuple[Any, ...] | list[Any] | dict[str, Any] | bytes
_On: TypeAlias = bool | Literal[0, 1, "on", "off", "yes", "no", "true", "false"] | bytes
_G = TypeVar("_G")
_S = TypeVar("_S")

class _Read(Generic[_G]):
    def __get__(self, sock: Any, owner: Any) -> _G: ...

class _Write(Generic[_S]):
    def __set__(self, sock: Any, value: _S | str) -> None: ...

class _Both(Generic[_G, _S]):
    def __get__(self, sock: Any, owner: Any) -> _G: ...
    def __set__(self, sock: Any, value: _S | str) -> None: ...

class _Switch:
    def __get__(self, sock: Any, owner: Any) -> bool: ...
    def __set__(self, sock: Any, value: _On) -> None: ...
"""


def scalar(kind, unit):
    """(read, set) of a scalar kind."""
    name = optiondata.KINDS["bytes" if kind == "bytes4" else kind][0]
    if name in optiondata.NUMBERS and optiondata.TIMES.get(unit):
        name = "TIMEVAL"
    return TYPES[name]


def forms(catalogue, name):
    """A struct, or whichever is there in its place for some numbers of its selector."""
    return f"_{name}" if "variant" in catalogue.structs[name].flags else name


def alias(catalogue, name):
    names = [s.name for s in catalogue.structs.values() if name in (s.name, s.variant_of)]
    line = f"_{name}: TypeAlias = {' | '.join(names)}\n"
    if len(line) <= 100:
        return line
    rest = "".join(f"    | {n}\n" for n in names[1:])
    return f"_{name}: TypeAlias = (\n    {names[0]}\n{rest})\n"


def fields(catalogue, struct, prefix="", since="-"):
    """(name, type, first Linux) of each field that Python sees, as the extension names them."""
    for field in struct.fields:
        name = prefix + field.name
        first = field.since if since == "-" else since
        if field.structs:
            yield name, f"tuple[{forms(catalogue, field.nested)}, ...]", first
        elif field.nested:
            yield from fields(catalogue, catalogue.structs[field.nested], name + "_", first)
        elif field.hidden:
            continue
        elif field.array and field.base not in ("text", "bytes", "bytes4"):
            read = scalar(field.base, field.unit)[0]
            yield from ((f"{name}_{i}", read, first) for i in range(field.array))
        else:
            read = scalar(field.base, field.unit)[0]
            many = "tail" in field.flags and field.base not in ("bytes", "addrs")
            yield name, f"tuple[{read}, ...]" if many else read, first


def struct_class(catalogue, struct):
    """A field is None where the kernel's struct ends before it: if the field is younger than the
    struct, or if fewer bytes are enough and nothing is said of its fields."""
    found = list(fields(catalogue, struct))
    short = "min" in struct.flags and all(since == "-" for _, _, since in found)
    # A field may have the name of a tuple's method, which it hides.
    ignore = dict.fromkeys(("count", "index"), "  # type: ignore[assignment]")
    rows = "".join(
        f"    {name + '_' * keyword.iskeyword(name)}:"
        f" {kind}{' | None' if short or since != '-' else ''}{ignore.get(name, '')}\n"
        for name, kind, since in found
    )
    return f"class {struct.name}(NamedTuple):\n{rows or '    pass' + chr(10)}"


def side(catalogue, kind, unit, setting):
    if kind.struct:
        single = "_Struct" if setting else forms(catalogue, kind.struct)
        single = f"{single} | int | _Address" if setting else single
    else:
        single = scalar(kind.scalar, unit)[setting]
    if not kind.list:
        return single
    return f"Iterable[{single}]" if setting else f"list[{single}]"


def attribute(catalogue, option):
    real = option.target or option
    read = side(catalogue, real.get, real.unit, False)
    write = side(catalogue, real.kind, real.unit, True)
    if real.kind.struct and catalogue.structs[real.kind.struct].flags.get("min") == "0":
        write += " | None"
        read += " | None" if "maybeempty" in real.flags else ""
    if real.dir == "get":
        return f"_Read[{read}]"
    if real.dir == "both" and read == write == "bool":
        return "_Switch"
    return f"_Write[{write}]" if real.dir == "set" else f"_Both[{read}, {write}]"


def text(catalogue):
    parts = [HEAD]
    parts += [struct_class(catalogue, s) for s in catalogue.structs.values()]
    parts.append(
        "".join(
            alias(catalogue, s.name) for s in catalogue.structs.values() if "variant" in s.flags
        )
    )
    rows = {}
    for option in catalogue.options:
        if option.linux:
            rows.setdefault(option.name.lower(), attribute(catalogue, option))
    lines = "".join(f"    {name}: {kind}\n" for name, kind in rows.items())
    parts.append(f"class OptionAttributes:\n{lines}")
    return "\n".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="fail if it is not current")
    made = text(optiondata.load(ROOT / "data"))
    if not parser.parse_args().check:
        OUTPUT.write_text(made, encoding="utf-8")
    elif not OUTPUT.exists() or OUTPUT.read_text(encoding="utf-8") != made:
        sys.exit(f"{OUTPUT} is not current: run tools/gen_option_stubs.py")


if __name__ == "__main__":
    main()

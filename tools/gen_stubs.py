#!/usr/bin/env python3
"""Make the package's type stubs: python/stubs/*.pyi from *.pyi.in and data/constants.tsv.

    gen_stubs.py [--check]

What is written by hand in a template is the functions and classes; the line "# @constants" stands
for the constants of the low-level module, "# @more" for those that the package has besides,
"# @enums" for the four enums that the package makes, "# @reexports" for all that the package has
from its low-level module, "# @all" for __all__.
"""

import argparse
import ast
import keyword
import pathlib
import re
import sys

import gen_constants

ROOT = pathlib.Path(__file__).resolve().parents[1]
STUBS = ROOT / "python" / "stubs"
HEAD = "# Made by tools/gen_stubs.py from {template} and data/constants.tsv.\n"
ENUMS = {  # prefix of the names: the enum, its base
    "AF_": ("AddressFamily", "IntEnum"),
    "SOCK_": ("SocketKind", "IntEnum"),
    "MSG_": ("MsgFlag", "IntFlag"),
    "AI_": ("AddressInfo", "IntFlag"),
}
PLATFORMS = {"all", "unix", "linux"}  # the package is for Linux; others get their own stubs


def typed(rows):
    kinds = {"int": "int", "str": "str"}
    return "\n".join(f"{row.name}: Final[{kinds[row.kind]}]" for row in rows)


def is_common(row):
    """Python's constants and the enums' are in the low-level module, all others in the package."""
    return row.python in ("all", "linux") or bool(prefix_of(row))


def constants(rows):
    return typed(filter(is_common, rows))


def more(rows):
    return typed(row for row in rows if not is_common(row))


def prefix_of(row):
    if not row.name.isupper():
        return None
    return next((prefix for prefix in ENUMS if row.name.startswith(prefix)), None)


def is_exported(row):
    """As python/ext/constants.c decides it: what would spoil an enum is not there."""
    if row.name.startswith(tuple(ENUMS)):
        if row.group + "_" not in ENUMS:
            return False
        return row.alias == "-" or row.python in ("all", "linux")
    return True


def enums(rows):
    parts = []
    for prefix, (name, base) in ENUMS.items():
        members = [row for row in rows if prefix_of(row) == prefix]
        parts.append(f"class {name}({base}):")
        parts += [f"    {row.name} = {row.value}" for row in members]
        parts.append("")
        parts += [f"{row.name}: Final = {name}.{row.name}" for row in members]
        parts.append("")
    return "\n".join(parts).rstrip()


def defined(stub):
    """The public names that a template defines by hand; timeout depends on the version."""
    text = (STUBS / f"{stub}.pyi.in").read_text(encoding="utf-8")
    pattern = re.compile(r"^(?:class |def )?([A-Za-z]\w*)(?= =|\(|:)", re.MULTILINE)
    names = {name for name in pattern.findall(text) if not keyword.iskeyword(name)}
    return names | {"timeout"} if stub == "_socket" else names


def reexports(rows):
    """What is in the low-level stub and is not defined anew in the package's."""
    names = defined("_socket") - defined("__init__")
    names |= {row.name for row in rows if is_common(row) and not prefix_of(row)}
    names |= {"_Address", "_Catalogue", "_RetAddress", "_Seconds"}
    return "".join(
        ["from ._socket import (\n", *(f"    {name} as {name},\n" for name in sorted(names)), ")"]
    )


def all_names(rows):
    """As the package computes its __all__: of constants, Python's and the enums'."""
    tree = ast.parse((ROOT / "python" / "csocket" / "__init__.py").read_text(encoding="utf-8"))
    listed = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__"
    )
    names = {*listed, *defined("_socket"), *(row.name for row in rows if is_common(row))}
    return "".join(["__all__ = [\n", *(f'    "{name}",\n' for name in sorted(names)), "]"])


MARKS = {
    "constants": constants,
    "more": more,
    "enums": enums,
    "reexports": reexports,
    "all": all_names,
}


def made(template, rows):
    text = template.read_text(encoding="utf-8")
    for mark, make in MARKS.items():
        if f"# @{mark}\n" in text:
            text = text.replace(f"# @{mark}", make(rows))
    return HEAD.format(template=template.name) + text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="fail if they are not current")
    check = parser.parse_args().check
    rows = gen_constants.load(ROOT / "data" / "constants.tsv")
    rows = [row for row in rows if PLATFORMS & set(row.platforms.split(",")) and is_exported(row)]
    for template in sorted(STUBS.glob("*.pyi.in")):
        output, text = template.with_suffix(""), made(template, rows)
        if not check:
            output.write_text(text, encoding="utf-8")
        elif not output.exists() or output.read_text(encoding="utf-8") != text:
            sys.exit(f"{output} is not current: run tools/gen_stubs.py")


if __name__ == "__main__":
    main()

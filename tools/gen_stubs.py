#!/usr/bin/env python3
"""Make the package's type stubs: python/stubs/csocket/*.pyi from *.pyi.in and the tables in data/.

    gen_stubs.py [--check]

The functions and classes in a template are written by hand; the line "# @constants" is replaced by
the constants of the low-level module, "# @more" by the other constants of the package, "# @enums"
by the four enums that the package creates, "# @reexports" by all names of the package from its
low-level module, "# @all" for __all__, "# @options" for the types of options by attribute, "#
@items" by name.
"""

import argparse
import ast
import keyword
import pathlib
import re
import sys

import controldata
import gen_constants
import optiondata

ROOT = pathlib.Path(__file__).resolve().parents[1]
STUBS = ROOT / "python" / "stubs" / "csocket"
HEAD = "# Made by tools/gen_stubs.py from {template} and data/.\n"
ENUMS = {  # prefix of the names: the enum, its base
    "AF_": ("AddressFamily", "IntEnum"),
    "SOCK_": ("SocketKind", "IntEnum"),
    "MSG_": ("MsgFlag", "IntFlag"),
    "AI_": ("AddressInfo", "IntFlag"),
}
# enum csk_field_kind -> type of a value read, types that may be set besides text
TYPES = {
    "NONE": ("None", "None"), "LENGTH": ("int", "int"), "BOOL": ("bool", "bool"),
    "INT": ("int", "int"), "UINT": ("int", "int"), "TIMEVAL": ("float", "_Time"),
    "IN_ADDR": ("str", "_Address"), "IN6_ADDR": ("str", "_Address"),
    "SOCKADDR": ("str", "_Address"), "SOCKADDRS": ("tuple[str, ...]", "Iterable[str]"),
    "IFINDEX": ("int", "int"), "TEXT": ("str", "bytes"), "BYTES": ("bytes", "_Bytes"),
    "FD": ("int", "int"), "FILTER": ("bytes", "_Bytes"),
}  # fmt: skip
PLATFORMS = {"all", "unix", "linux"}  # the package is for Linux; others get their own stubs


def typed(rows):
    kinds = {"int": "int", "str": "str"}
    return "\n".join(f"{row.name}: Final[{kinds[row.kind]}]" for row in rows)


def is_common(row):
    """Python's constants and those of the enums are in the low-level module, all others in the
    package."""
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
    """As in python/ext/constants.c, which omits constants that would become wrong members of an
    enum."""
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


def interface_flags(rows):
    return "\n".join(f"    {row.name} = {row.value}" for row in rows if row.group == "IFF")


def defined(stub):
    """The public names that a template defines by hand; timeout depends on the version."""
    text = (STUBS / f"{stub}.pyi.in").read_text(encoding="utf-8")
    pattern = re.compile(r"^(?:class |def )?([A-Za-z]\w*)(?= =|\(|:)", re.MULTILINE)
    names = {name for name in pattern.findall(text) if not keyword.iskeyword(name)}
    return names | {"timeout"} if stub == "_socket" else names


def reexports(rows):
    """Definitions in the low-level stub that the package's does not redefine."""
    names = defined("_socket") - defined("__init__")
    names |= {row.name for row in rows if is_common(row) and not prefix_of(row)}
    names |= {"_Address", "_Catalogue", "_RetAddress", "_Seconds"}
    return "".join(
        ["from ._socket import (\n", *(f"    {name} as {name},\n" for name in sorted(names)), ")"]
    )


def all_names(rows):
    """Computed like the package's __all__, whose constants are Python's and those of the enums."""
    tree = ast.parse((ROOT / "python" / "csocket" / "__init__.py").read_text(encoding="utf-8"))
    listed = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__"
    )
    names = {*listed, *defined("_socket"), *(row.name for row in rows if is_common(row))}
    return "".join(["__all__ = [\n", *(f'    "{name}",\n' for name in sorted(names)), "]"])


# Return the options: a typed attribute for each, and a class for each struct.


def scalar(kind, unit):
    """(read, set) of a scalar kind."""
    name = optiondata.KINDS["bytes" if kind == "bytes4" else kind][0]
    if name in optiondata.NUMBERS and optiondata.TIMES.get(unit):
        name = "TIMEVAL"
    if kind.startswith("timespec"):
        return "int", "_Time"  # nanoseconds
    return TYPES[name]


def struct_type(catalogue, name):
    """A struct, or a variant that replaces it for some numbers of its selector."""
    return f"_{name}" if "variant" in catalogue.structs[name].flags else name


def alias(catalogue, name):
    names = [s.name for s in catalogue.structs.values() if name in (s.name, s.variant_of)]
    line = f"_{name}: TypeAlias = {' | '.join(names)}\n"
    if len(line) <= 100:
        return line
    rest = "".join(f"    | {n}\n" for n in names[1:])
    return f"_{name}: TypeAlias = (\n    {names[0]}\n{rest})\n"


def fields(catalogue, struct, prefix="", since="-"):
    """Return (name, type, first Linux) of each field visible in Python, with the extension's
    names."""
    for field in struct.fields:
        name = prefix + field.name
        first = field.since if since == "-" else since
        if field.structs:
            yield name, f"tuple[{struct_type(catalogue, field.nested)}, ...]", first
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
    """A field is None if the kernel's struct ends before it: it may be newer than the struct, or
    fewer bytes may suffice in a struct whose fields have no versions."""
    found = list(fields(catalogue, struct))
    short = "min" in struct.flags and all(since == "-" for _, _, since in found)
    # A field may have the name of a tuple method, which it hides.
    ignore = dict.fromkeys(("count", "index"), "  # type: ignore[assignment]")
    rows = "".join(
        f"    {name + '_' * keyword.iskeyword(name)}:"
        f" {kind}{' | None' if short or since != '-' else ''} = ...{ignore.get(name, '')}\n"
        for name, kind, since in found
    )
    return f"class {struct.name}(NamedTuple):\n{rows or '    pass' + chr(10)}"


def visible(catalogue, struct):
    """Return the fields visible in Python, with inner structs replaced by their fields."""
    for field in struct.fields:
        if field.nested and not field.structs:
            yield from visible(catalogue, catalogue.structs[field.nested])
        elif not field.hidden:
            yield field


def sole_type(catalogue, struct):
    """Return the type of the value that may be set instead of a struct; its field is found as by
    sole_required_field() in python/ext/option/write.c."""
    found = list(visible(catalogue, struct))
    required = [field for field in found if "opt" not in field.flags]
    positional = [field for field in found if "pos" in field.flags]
    if len(required) > 1 or any(field not in positional for field in required):
        return ""
    for field in [*required, *positional][:1]:
        kind = "_Struct" if field.structs else scalar(field.base, field.unit)[1]
        many = "tail" in field.flags and field.base not in ("bytes", "bytes4")
        return f" | Sequence[{kind}]" if many and not kind.startswith("Iterable") else f" | {kind}"
    return ""


def side(catalogue, kind, unit, setting):
    if kind.struct:
        single = struct_type(catalogue, kind.struct)
        if setting:
            single = "_Struct" + sole_type(catalogue, catalogue.structs[kind.struct])
    else:
        single = scalar(kind.scalar, unit)[setting]
    if not kind.list:
        return single
    return f"Sequence[{single}]" if setting else f"list[{single}]"


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


def options(catalogue):
    structs = catalogue.structs.values()
    parts = [struct_class(catalogue, s) for s in structs]
    parts.append("".join(alias(catalogue, s.name) for s in structs if "variant" in s.flags))
    rows = {o.name.lower(): attribute(catalogue, o) for o in catalogue.options if o.linux}
    parts += ["class OptionAttributes:", *(f"    {name}: {kind}" for name, kind in rows.items())]
    return "\n".join(parts)


def items(catalogue):
    """Return overloads of __getitem__ and get: one per type of value, for the names of its
    options."""
    names = {}
    for option in catalogue.options:
        real = option.target or option
        if option.linux and real.dir != "set":
            read = side(catalogue, real.get, real.unit, False)
            if "maybeempty" in real.flags:
                read += " | None"
            names.setdefault(read, []).extend((option.name, option.name.lower()))
    aliases, overloads = [], []
    for number, (read, known) in enumerate(names.items()):
        quoted = "".join(f'    "{name}",\n' for name in dict.fromkeys(known))
        aliases.append(f"_Names{number}: TypeAlias = Literal[\n{quoted}]")
        name = f"self, name: _Names{number}"
        overloads += ["    @overload", f"    def __getitem__({name}, /) -> {read}: ..."]
    overloads += ["    @overload", "    def __getitem__(self, name: str, /) -> Any: ..."]
    for number, read in enumerate(names):
        rest = f"self, name: _Names{number}, default: None = None, input: Any = None"
        result = read if read.endswith("None") else f"{read} | None"
        line = f"    def get({rest}) -> {result}: ..."
        if len(line) > 100:
            line = f"    def get(\n        {rest}\n    ) -> {result}: ..."
        overloads += ["    @overload", line]
    rest = "default: Any = None, input: Any = None"
    overloads += ["    @overload", f"    def get(self, name: str, {rest}) -> Any: ..."]
    return "\n".join([*aliases, "", "class OptionItems:", *overloads])


def structs(catalogue):
    """Return the classes of structs, for a module that exports them."""
    # A struct inside another one has no class: its fields belong to the outer one.
    inner = {f.nested for s in catalogue.structs.values() for f in s.fields if not f.structs}
    kinds = {kind for o in catalogue.options for kind in (o.kind, o.get)}
    whole = {getattr(kind, "struct", None) for kind in kinds}
    ordered = [s for s in catalogue.structs.values() if s.name not in inner - whole]
    ordered.sort(key=lambda struct: struct.name)
    return "\n".join(f"from ._options import {s.name} as {s.name}" for s in ordered)


def controls(catalogue):
    """Return the control messages, under their names with and without prefix."""
    rows, aliases = {}, []
    names = {m.name.lower() for m in catalogue.options}
    for message in catalogue.options:
        real, name = message.target or message, message.name.lower()
        if real.dir == "set":
            continue
        kind = side(catalogue, real.get, real.unit, False)
        if kind in names:  # inside the class the name is the attribute's
            aliases.append(f"_{kind}: TypeAlias = {kind}")
            kind = f"_{kind}"
        for known in (name, name.removeprefix("scm_").removeprefix("so_")):
            rows.setdefault(known, f"    {known}: _Read[{kind}]")
    return "\n".join([*dict.fromkeys(aliases), "", "class ControlAttributes:", *rows.values()])


MARKS = {
    "constants": constants,
    "more": more,
    "enums": enums,
    "reexports": reexports,
    "all": all_names,
    "interface_flags": interface_flags,
}


def made(template, rows):
    text = template.read_text(encoding="utf-8")
    for mark, make in MARKS.items():
        if f"# @{mark}\n" in text:
            text = text.replace(f"# @{mark}", make(rows))
    if "# @options\n" in text:
        text = text.replace("# @options", options(optiondata.load(ROOT / "data")))
    if "# @items\n" in text:
        text = text.replace("# @items", items(optiondata.load(ROOT / "data")))
    if "# @structs\n" in text:
        text = text.replace("# @structs", structs(optiondata.load(ROOT / "data")))
    if "# @controls\n" in text:
        text = text.replace("# @controls", controls(controldata.load(ROOT / "data")))
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

#!/usr/bin/env python3
"""Write docs/python-to-c.md: every name of Python's socket module with its equivalent in C.

    gen_python_to_c.py [--check]

The names are in data/spec-names.txt; the equivalents come from the lines "Python:" in the public
headers and from data/constants.tsv; the exceptions are in BY_HAND.  A name without a row is an
error, and so is an unnecessary row in BY_HAND.  --check writes nothing and reports errors.
"""

import argparse
import csv
import pathlib
import sys

import headers

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/python-to-c.md"

SYSTEMS = {
    "freebsd": "FreeBSD",
    "netbsd": "NetBSD",
    "openbsd": "OpenBSD",
    "dragonfly": "DragonFly BSD",
    "macos": "macOS",
    "windows": "Windows",
    "solaris": "Solaris",
    "other": "another system",
}
WINDOWS = "not available: only Windows has it"

# (kind, name): the equivalent in C, and a remark.
BY_HAND = {
    ("attribute", "family"): ("`csk_socket.family`", "a member of the struct"),
    ("attribute", "type"): ("`csk_socket.type`", "a member of the struct"),
    ("attribute", "proto"): ("`csk_socket.proto`", "a member of the struct"),
    ("data", "SocketType"): ("`struct csk_socket`", "the type of sockets"),
    ("exception", "error"): (
        "a negative return value",
        "`csk_strerror` returns its message; errors of system calls are `-errno`",
    ),
    ("exception", "gaierror"): (
        "`CSK_EAI(EAI_*)`",
        "codes for which `csk_error_kind` is `CSK_KIND_EAI`",
    ),
    ("exception", "herror"): (
        "`CSK_EHOST(h_errno)`",
        "codes for which `csk_error_kind` is `CSK_KIND_HOST`",
    ),
    ("exception", "timeout"): (
        "`CSK_ETIMEDOUT`",
        "`csk_error_kind` is `CSK_KIND_TIMEOUT`; a timeout of the network is `-ETIMEDOUT`",
    ),
    ("function", "fromshare"): ("–", WINDOWS),
    ("method", "share"): ("–", WINDOWS),
    ("method", "ioctl"): ("–", WINDOWS + "; on other systems use `ioctl(csk_fileno(s), ...)`"),
}

# Differences between a C function and its Python name.
REMARKS = {
    "makefile": "buffering is `setvbuf`; encoding, errors and newline have no C form: bytes",
}

SECTIONS = [
    ("The module's functions", ("function",)),
    ("Sockets", ("class", "method", "attribute")),
    ("Exceptions", ("exception",)),
    ("Constants", ("data", "constant")),
    ("Groups of constants", ("family",)),
]

INTRODUCTION = """\
<!-- Made by tools/gen_python_to_c.py of the public headers: change those, then run it again. -->
# From Python to C

Every name in the documentation of Python 3.15's `socket` module, and its equivalent in C. Most have
the same name after the prefix `csk_`: `sock.recv` is `csk_recv`, `socket.create_connection` is
`csk_create_connection`. The manual page of each function describes its arguments: `man csk_recv`.
"""

CONSTANTS = """\
Constants have the same name in C and are defined in the system's headers. `csk_constant_find` finds
one by name at run time, even if the headers are too old to define it; [constants.md](constants.md)
lists all that the library knows.
"""


def read_names():
    """Return [(kind, name)] of the specification."""
    lines = (ROOT / "data/spec-names.txt").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split()) for line in lines if line and not line.startswith("#")]


def read_constants():
    with (ROOT / "data/constants.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["name"]: row for row in rows}


def unavailable(row):
    """Return the reason why a constant is missing here, or "" if Linux has it."""
    names = row["platforms"].split(",")
    if {"linux", "unix", "all"} & set(names):
        return ""
    spelt = [SYSTEMS[name] for name in names]
    listed = " and ".join(filter(None, [", ".join(spelt[:-1]), spelt[-1]]))
    return f"not available: only {listed} {'have' if spelt[1:] else 'has'} it"


def name_in_c(row):
    """Return the name in Linux's headers: those of the CAN broadcast manager differ from
    Python's."""
    other = row["symbol"] != "-" and row["platforms"] == "linux"
    return row["symbol"] if other else row["name"]


def constant_row(row):
    if unavailable(row):
        return "–", f"{unavailable(row)}: {row['meaning']}"
    place = "the library's table" if row["header"] == "-" else f"`<{row['header']}>`"
    if row["kind"] == "str":
        return f'`csk_constant_find("{row["name"]}")->text`', row["meaning"]
    return f"`{name_in_c(row)}` of {place}", row["meaning"]


def group_row(name, constants):
    prefix = name.rstrip("*")
    rows = [row for key, row in constants.items() if key.startswith(prefix)]
    if not rows:
        return None
    here = sum(not unavailable(row) for row in rows)
    if not here:
        return "–", unavailable(rows[0])
    return f"`{name}`", f"{here} on Linux"


def twins(functions):
    """{"socket.recv": [function], "recv_fds": [function]}."""
    found = {}
    for function in functions:
        for name in dict.fromkeys(function.twins):
            found.setdefault(name, []).append(function)
    return found


def function_row(name, functions):
    """The function of the same name comes first; its purpose is the remark."""
    functions = sorted(functions, key=lambda f: f.name != f"csk_{name}")
    names = ", ".join(f"`{function.name}`" for function in functions)
    remark = f" ({REMARKS[name]})" if name in REMARKS else ""
    return names, functions[0].doc.purpose + remark


def find_row(kind, name, found, constants):
    """Return (the equivalent in C, a remark), or None if it is unknown."""
    if kind == "family":
        return group_row(name, constants)
    if kind == "exception":
        return None
    key = f"socket.{name}" if kind in ("method", "attribute") else name
    if key in found:
        return function_row(name, found[key])
    if kind in ("data", "constant") and name in constants:
        return constant_row(constants[name])
    return None


def cell(text):
    return text.replace("|", "\\|")


def table(head, rows):
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join(lines + [f"| {' | '.join(map(cell, row))} |" for row in rows]) + "\n"


def shown(kind, name):
    return f"`sock.{name}`" if kind in ("method", "attribute") else f"`{name}`"


def beyond(functions, names):
    """The functions that have no counterpart in the specification."""
    known = {f"socket.{n}" if k in ("method", "attribute") else n for k, n in names}
    for function in sorted(functions, key=lambda f: f.name):
        if not known & set(function.twins):
            yield f"`{function.name}`", function.doc.python, function.doc.purpose


def page(found, names, constants):
    """(text, [problems])."""
    functions = headers.functions(found)
    by_twin, by_hand, wrong = twins(functions), dict(BY_HAND), []
    out = [INTRODUCTION]
    for heading, kinds in SECTIONS:
        rows = []
        for kind, name in (pair for pair in names if pair[0] in kinds):
            row = find_row(kind, name, by_twin, constants)
            hand = by_hand.pop((kind, name), None)
            if row and hand:
                wrong.append(f"{kind} {name}: has a row by hand, but needs none")
            if not row and not hand:
                wrong.append(f"{kind} {name}: no row; no header names it in a line Python:")
            rows.append((shown(kind, name), *(row or hand or ("", ""))))
        text = CONSTANTS + "\n" if "constant" in kinds else ""
        out.append(f"## {heading}\n\n{text}" + table(("Python", "C", ""), rows))
    wrong += [f"{kind} {name}: a row by hand, but no such name" for kind, name in by_hand]
    text = "Functions without a Python name, and the features that Python provides instead.\n\n"
    rows = beyond(functions, names)
    out.append(f"## In C alone\n\n{text}" + table(("C", "Python", ""), rows))
    return "\n".join(out), wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text, wrong = page(headers.load(ROOT / "include/csocket"), read_names(), read_constants())
    if options.check and not (PAGE.exists() and PAGE.read_text(encoding="utf-8") == text):
        wrong.append(f"{PAGE.name} is not current: run tools/gen_python_to_c.py")
    if wrong:
        sys.exit("\n".join(wrong))
    if not options.check:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

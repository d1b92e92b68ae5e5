#!/usr/bin/env python3
"""Turn data/constants.tsv into the library's table of constants and into docs/constants.md.

    gen_constants.py table --data constants.tsv --output const_table.c --cc cc [ARGUMENT...]
    gen_constants.py docs  --data constants.tsv --output constants.md [--check]

The numbers of the table come from the headers of the target machine: a probe, compiled but never
run (so cross-compiling works), contains them in its object file.  If a header lacks a name, the
number of the Linux ABI is used, because the kernel that runs the program may be newer than the
headers, except on architectures whose ABI has a different number (column abi), and on other
systems.

The columns of the table:

    name       as in Python; the lines within a group are in order of preference
    group      the names among which a number is looked up
    kind       int or str
    platforms  systems that have it, separated by commas; unix: Linux and most others; all: Windows
               too; other: none of the systems below, or no known header
    header     the header that defines it, or -
    symbol     another C name with the same number, if the name itself may be undefined, or -
    value      the Linux ABI's number, or that of the first system of platforms; - if not known
    abi        -        the kernel's number, on every architecture
               fixed    the same number on every system, regardless of headers
               libc     the C library's number: only the header decides
               version  grows with the version of the header
               or the architectures, separated by commas, on which only the header decides
    since      the first CPython version that exports it (2.7: or earlier; 3.6: 3.0 to 3.6), or -
    python     where CPython 3.15 exports it: all, linux, other (everywhere but on Linux), or -
    alias      the preferred name for the same number, or -
    meaning    a few words
"""

import argparse
import collections
import pathlib
import subprocess
import sys
import tempfile

COLUMNS = ("name group kind platforms header symbol value abi since python alias meaning").split()
Row = collections.namedtuple("Row", COLUMNS)

SYSTEMS = {
    "linux": "__linux__",
    "freebsd": "__FreeBSD__",
    "netbsd": "__NetBSD__",
    "openbsd": "__OpenBSD__",
    "dragonfly": "__DragonFly__",
    "macos": "__APPLE__",
    "solaris": "__sun",
    "windows": "_WIN32",
}
# Architectures whose Linux ABI differs from the generic one somewhere.
ARCHITECTURES = {
    "alpha": "defined(__alpha__)",
    "mips": "defined(__mips__)",
    "parisc": "defined(__hppa__)",
    "powerpc": "defined(__powerpc__)",
    "sh": "defined(__sh__)",
    "sparc": "defined(__sparc__)",
    "xtensa": "defined(__xtensa__)",
    "32-bit": "__SIZEOF_LONG__ == 4",
}
# Headers that must come first, and headers to omit: the kernel's counterparts of libc's headers
# declare the same structs again.  Names only in the kernel's headers are enumerators or newer than
# libc, so the ABI's number is used.
FIRST = """stddef.h sys/types.h time.h winsock2.h ws2tcpip.h sys/socket.h sys/ioctl.h net/if.h
    netinet/in.h netinet/tcp.h netinet/udp.h netdb.h net/ethernet.h sys/un.h linux/atm.h
    linux/atmdev.h""".split()
NEVER = {
    "-",
    "linux/tcp.h",
    "linux/udp.h",
    "linux/in6.h",
    "linux/icmp.h",
    "linux/icmpv6.h",
    "linux/un.h",
    "linux/ax25.h",
    "linux/rose.h",
    "linux/netrom.h",
    "linux/socket.h",
}
MARK = b"csocket constants begin here >>>"


def load(path):
    """The rows of the table, checked for form."""
    rows, names = [], set()
    with open(path, encoding="utf-8") as file:
        if tuple(file.readline().rstrip("\n").split("\t")) != Row._fields:
            raise SystemExit(f"{path}:1: the columns must be {' '.join(COLUMNS)}")
        for number, line in enumerate(file, 2):
            cells = line.rstrip("\n").split("\t")
            if len(cells) != len(COLUMNS) or not all(cells):
                raise SystemExit(f"{path}:{number}: {len(COLUMNS)} filled cells are needed")
            row = Row(*cells)
            if row.name in names:
                raise SystemExit(f"{path}:{number}: {row.name} is there twice")
            names.add(row.name)
            rows.append(row)
    return rows


# The probe


def headers_of(rows):
    """The headers to include, in order."""
    found = dict.fromkeys(FIRST)
    found.update(dict.fromkeys(row.header for row in rows if row.header not in NEVER))
    return list(found)


def probe_source(rows, headers):
    """Return a C file whose only array holds, after the mark, a record of 9 bytes per row: defined,
    value."""
    out = ["#include <stdint.h>"]
    for header in headers:
        out += [f"#if __has_include(<{header}>)", f"#include <{header}>", "#endif"]
    out += [
        "#define BYTE(x, n) (unsigned char)((uint64_t)(int64_t)(x) >> (n))",
        "#define VALUE(x) 1, BYTE(x, 0), BYTE(x, 8), BYTE(x, 16), BYTE(x, 24), BYTE(x, 32), "
        "BYTE(x, 40), BYTE(x, 48), BYTE(x, 56)",
        "#define NONE 0, 0, 0, 0, 0, 0, 0, 0, 0",
        "const unsigned char cski_probe[] = {",
        ",".join(str(byte) for byte in MARK) + ",",
    ]
    for macro in SYSTEMS.values():
        out += [f"#ifdef {macro}", "1,", "#else", "0,", "#endif"]
    for condition in ARCHITECTURES.values():
        out += [f"#if {condition}", "1,", "#else", "0,", "#endif"]
    lines = {}
    for row in rows:
        out.append(f"#ifdef {row.name}")
        lines[len(out) + 1] = row.name
        out.append(f"VALUE({row.name}),")
        if row.symbol != "-":
            out.append(f"#elif defined({row.symbol})")
            lines[len(out) + 1] = row.name
            out.append(f"VALUE({row.symbol}),")
        out += ["#else", "NONE,", "#endif"]
    out += [
        "};",
        "const unsigned char *cski_probe_use(void);",
        "const unsigned char *cski_probe_use(void) { return cski_probe; }",
        "",
    ]
    return "\n".join(out), lines


class Compiler:
    """Compiles probes in a separate directory."""

    def __init__(self, command, directory):
        self.command = command
        self.source = pathlib.Path(directory) / "probe.c"
        self.object = pathlib.Path(directory) / "probe.o"
        self.depfile = pathlib.Path(directory) / "probe.d"

    def run(self, source):
        self.source.write_text(source, encoding="ascii")
        return subprocess.run(
            [
                *self.command,
                "-w",
                "-O0",
                "-fno-lto",
                "-MD",
                "-MF",
                str(self.depfile),
                "-c",
                str(self.source),
                "-o",
                str(self.object),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )

    def accepts(self, headers):
        source = "".join(f"#if __has_include(<{h}>)\n#include <{h}>\n#endif\n" for h in headers)
        return self.run(source + "int cski_probe_nothing;\n").returncode == 0


def working_headers(compiler, headers):
    """Omit headers that conflict with earlier ones (other C libraries)."""
    good = []
    for header in headers:
        if compiler.accepts([*good, header]):
            good.append(header)
        else:
            print(f"gen_constants: <{header}> left out, it does not compile here", file=sys.stderr)
    return good


def bad_lines(compiler, message):
    """Return the lines of the probe that the compiler's messages or notes mention."""
    prefix = f"{compiler.source}:"
    for line in message.splitlines():
        number = line[len(prefix) :].split(":")[0]
        if line.startswith(prefix) and number.isdigit():
            yield int(number)


def compile_probe(compiler, rows):
    """Compile the probe; if necessary, without the rows that this machine's headers do not
    support."""
    headers = headers_of(rows)
    source, _ = probe_source(rows, headers)
    if compiler.run(source).returncode == 0:
        return rows
    if not compiler.accepts([]):
        raise SystemExit(f"gen_constants: {' '.join(compiler.command)} compiles nothing")
    headers = working_headers(compiler, headers)
    while True:
        source, lines = probe_source(rows, headers)
        result = compiler.run(source)
        if result.returncode == 0:
            return rows
        bad = {lines[n] for n in bad_lines(compiler, result.stdout) if n in lines}
        if not bad:
            raise SystemExit(f"gen_constants: the probe does not compile:\n{result.stdout[:4000]}")
        print(f"gen_constants: not a number here: {' '.join(sorted(bad))}", file=sys.stderr)
        rows = [row for row in rows if row.name not in bad]


Probe = collections.namedtuple("Probe", "values system traits headers")


def measure(rows, command):
    """Read the numbers, the system's name and properties of the machine from the headers."""
    rows = [row for row in rows if row.kind == "int"]
    with tempfile.TemporaryDirectory() as directory:
        compiler = Compiler(command, directory)
        rows = compile_probe(compiler, rows)
        data = compiler.object.read_bytes()
        depends = compiler.depfile.read_text().replace("\\\n", " ").split()
        used = [name for name in depends[1:] if name != str(compiler.source)]
    start = data.find(MARK)
    if start < 0:
        raise SystemExit("gen_constants: the compiler's object file does not hold the probe")
    start += len(MARK)
    systems = [name for i, name in enumerate(SYSTEMS) if data[start + i]]
    start += len(SYSTEMS)
    traits = {name for i, name in enumerate(ARCHITECTURES) if data[start + i]}
    start += len(ARCHITECTURES)
    values = {}
    for i, row in enumerate(rows):
        record = data[start + 9 * i : start + 9 * i + 9]
        if record[0]:
            values[row.name] = int.from_bytes(record[1:], "little", signed=True)
    return Probe(values, systems[0] if systems else "unknown", traits, used)


# The table


def available(row, probe):
    """The constant's value on this machine, or None.  For a string: the string."""
    platforms = row.platforms.split(",")
    here = (
        probe.system in platforms
        or row.abi == "fixed"
        or (probe.system == "linux" and platforms[0] in ("unix", "all"))
    )
    if row.kind == "str":
        return row.value if here or platforms[0] == "all" else None
    if row.name in probe.values:
        return probe.values[row.name]
    if not here or row.value == "-" or row.abi == "libc":
        return None
    if probe.traits & set(row.abi.split(",")):
        return None
    return int(row.value, 0)


def exported(row, probe):
    """Return whether CPython's _socket has the name if the headers define it."""
    return row.python == "all" or row.python == ("linux" if probe.system == "linux" else "other")


Entry = collections.namedtuple("Entry", "row value text rank")


def entries_of(rows, probe):
    """Return the constants that exist on this machine, in the order of names."""
    found = []
    for rank, row in enumerate(rows):
        value = available(row, probe)
        if value is not None:
            number, text = (0, value) if row.kind == "str" else (value, None)
            found.append(Entry(row, number, text, (row.alias != "-", rank)))
    return sorted(found, key=lambda entry: entry.row.name)


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def table_source(entries, probe, texts=True):
    """The C file: entries in the order of names, their order by group and value, their meanings."""
    by_value = sorted(
        range(len(entries)), key=lambda i: (entries[i].row.group, entries[i].value, entries[i].rank)
    )
    first = {}
    for i in by_value:
        first.setdefault((entries[i].row.group, entries[i].value), i)
    out = [
        "/* Made by tools/gen_constants.py of data/constants.tsv. */",
        "#include <csocket/const.h>",
        '#include "internal.h"',
        "",
        f"const size_t cski_constants_count = {len(entries)};",
        "",
        "const struct csk_constant cski_constants[] = {",
    ]
    meanings, places = {}, []
    size = 0
    for i, entry in enumerate(entries):
        flags = ["CSK_CONSTANT_PYTHON"] if exported(entry.row, probe) else []
        flags += ["CSK_CONSTANT_TEXT"] if entry.text is not None else []
        flags += (
            ["CSK_CONSTANT_ALIAS"]
            if entry.text is None and first[entry.row.group, entry.value] != i
            else []
        )
        text = "NULL" if entry.text is None else c_string(entry.text)
        out.append(
            f'    {{"{entry.row.name}", "{entry.row.group}", {text}, '
            f"INT64_C({entry.value}), {' | '.join(flags) or '0'}}},"
        )
        meaning = entry.row.meaning if texts else ""
        if meaning not in meanings:
            meanings[meaning] = size
            size += len(meaning.encode()) + 1
        places.append(meanings[meaning])
    out += ["};", "", "const uint16_t cski_constants_by_value[] = {"]
    out += numbers(by_value) + ["};", "", "const uint32_t cski_constants_meaning_at[] = {"]
    out += numbers(places) + ["};", "", "const char cski_constants_meanings[] ="]
    out += [f'    {c_string(meaning)} "\\0"' for meaning in meanings] + [";", ""]
    return "\n".join(out)


def numbers(values):
    return [
        "    " + ", ".join(map(str, values[i : i + 16])) + "," for i in range(0, len(values), 16)
    ]


# The reference page

INTRODUCTION = """\
<!-- Made by tools/gen_constants.py of data/constants.tsv: change that, then run it again. -->
# Constants

{count} names in {groups} groups. `csk_constant_find("SO_REUSEADDR")` looks one up by name,
`csk_constant_by_value("SO", 2)` by group and number; the Python package has all of them as
attributes.

* **value**: the number in the Linux ABI, or, for names that Linux lacks, on the system that has
  them. The library uses the number of the headers with which it is compiled, if they define the
  name.
* **where**: `linux`, the names of other systems, `unix` (Linux and most other Unix systems, each
  with its own number) or `all` (Windows too). A * marks numbers that differ between Linux
  architectures: on some, only the headers' number is used. A + marks numbers that grow with the
  version of the header.
* **header**: the C header that defines the name; after a colon, its name there if that differs.
* **Python**: the CPython version that first exported the name (2.7: that one or earlier; 3.6:
  between 3.0 and 3.6); in parentheses if it does so only on systems other than Linux; - if it
  does not export the name.
"""


def where(row):
    mark = {"-": "", "fixed": "", "libc": "", "version": " +"}.get(row.abi, " *")
    return row.platforms.replace(",", ", ") + mark


def reference(rows):
    """docs/constants.md"""
    groups = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    out = [INTRODUCTION.format(count=len(rows), groups=len(groups))]
    for group, members in groups.items():
        out += [
            f"## {group}",
            "",
            "| name | value | where | header | Python | meaning |",
            "|---|---|---|---|---|---|",
        ]
        for row in members:
            since = f"({row.since})" if row.python == "other" else row.since
            meaning = row.meaning + (f" (= {row.alias})" if row.alias != "-" else "")
            header = row.header
            if row.symbol != "-" and row.platforms == "linux":
                header += f": {row.symbol}"
            out.append(
                f"| {row.name} | {row.value} | {where(row)} | {header} | {since} | {meaning} |"
            )
        out.append("")
    return "\n".join(out)


def write(path, text, check):
    path = pathlib.Path(path)
    if check:
        if path.read_text(encoding="utf-8") != text:
            raise SystemExit(f"{path} is not current: run tools/gen_constants.py docs")
    else:
        path.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["table", "docs"])
    parser.add_argument("--data", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--depfile", help="where to list the headers that were read")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--no-texts", action="store_true", help="a table without meanings")
    parser.add_argument("--cc", nargs=argparse.REMAINDER, help="the compiler, last")
    options = parser.parse_args()
    rows = load(options.data)
    if options.what == "docs":
        text = reference(rows)
    else:
        probe = measure(rows, options.cc)
        text = table_source(entries_of(rows, probe), probe, not options.no_texts)
        if options.depfile:
            write(options.depfile, f"{options.output}: {' '.join(probe.headers)}\n", False)
    write(options.output, text, options.check)


if __name__ == "__main__":
    main()

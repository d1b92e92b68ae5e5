"""Compare data/constants.tsv with the headers, CPython and the specification's names.

Run by meson, which sets in the environment where the library's constants (CSOCKET_DUMP, a program
that prints them) and the compiler (CSOCKET_CC) are.  CSOCKET_INCLUDE names additional directories
of headers, such as another distribution's, separated by ':'; CSOCKET_PYTHONS additional
interpreters, as commands separated by ';'.
"""

import contextlib
import glob
import io
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(SOURCE / "tests/data"), str(SOURCE / "tools")]

import gen_constants as gen  # noqa: E402
import header_names  # noqa: E402

CC = shlex.split(os.environ.get("CSOCKET_CC", "cc"))
PYTHON, TEXT, ALIAS = 1, 2, 4  # enum csk_constant_flags

# The option tables mean another number: AF_VSOCK is the level that they call SOL_VSOCK (which is
# the level of its control messages), and no header has a level of Hyper-V's.  ICMP types are bits
# in ICMP_FILTER, fan-out flags are a byte in PACKET_FANOUT, and SO_TXREHASH accepts -1 for 255.
# (IPV6_USE_MIN_MTU has a number in Linux's headers, but inside an #if 0.)
OTHER_LEVELS = {"SOL_VSOCK", "HV_PROTOCOL_RAW"}
OTHER_VALUES = {"icmp_types", "packet_fanout_flags", "txrehash"}

PAGES = ("constants.md", "python-to-c.md")

# Names of the specification that are data rather than constants.
NOT_CONSTANTS = {"SocketType", "has_ipv6"}

SHOW = """
import json, sys, _socket
names = {k: v for k, v in vars(_socket).items()
         if type(v) in (int, str) and not k.startswith('_')}
print(json.dumps([list(sys.version_info[:2]), names]))
"""


def data(name):
    return SOURCE / "data" / name


def table_lines(name):
    """The lines of a table as dictionaries; lines that begin with # are comments."""
    lines = data(name).read_text(encoding="utf-8").splitlines()
    columns, *rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [dict(zip(columns, row)) for row in rows]


def include_directories():
    more = os.environ.get("CSOCKET_INCLUDE", "")
    return ["/usr/include", *filter(None, more.split(":"))]


def header_values(header, names, include):
    """Return {name: value} for the names that the header, included alone, defines as numbers."""
    root = (
        []
        if include == "/usr/include"
        else [
            "-nostdinc",
            "-isystem",
            gcc_include(),
            "-isystem",
            f"{include}/{multiarch()}",
            "-isystem",
            include,
        ]
    )
    first = ["stddef.h", "sys/types.h", "time.h", "sys/socket.h", "sys/ioctl.h"]
    with tempfile.TemporaryDirectory() as directory:
        compiler = gen.Compiler([*CC, "-D_GNU_SOURCE", *root], directory)
        names = list(names)
        while names:
            lines = [
                "#include <stdint.h>",
                *(f"#include <{h}>" for h in [*first, header]),
                "#define B(x, n) (unsigned char)((uint64_t)(int64_t)(x) >> n)",
                "const unsigned char probe[] = {",
                ",".join(str(byte) for byte in gen.MARK) + ",",
            ]
            start = len(lines)
            lines += ["".join(f"B({name}, {8 * i})," for i in range(8)) for name in names]
            result = compiler.run("\n".join([*lines, "};", ""]))
            if result.returncode == 0:
                break
            bad = {n - start - 1 for n in gen.bad_lines(compiler, result.stdout) if n > start}
            left = [name for i, name in enumerate(names) if i not in bad]
            if len(left) == len(names):
                raise AssertionError(f"<{header}> cannot be included alone:\n{result.stdout}")
            names = left
        else:
            return {}
        blob = compiler.object.read_bytes()
    at = blob.index(gen.MARK) + len(gen.MARK)
    return {
        name: int.from_bytes(blob[at + 8 * i : at + 8 * i + 8], "little", signed=True)
        for i, name in enumerate(names)
    }


def compiler_says(*arguments):
    return subprocess.run(
        [*CC, *arguments], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()


def gcc_include():
    return str(pathlib.Path(compiler_says("-print-file-name=include")))


def multiarch():
    return compiler_says("-print-multiarch") or compiler_says("-dumpmachine")


def interpreters():
    """Return commands of this machine's CPython interpreters, one per version."""
    found = [sys.executable, *(f"python3.{minor}" for minor in range(9, 20)), "/usr/bin/python3"]
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    found += glob.glob(f"{pyenv}/versions/3.*/bin/python3")
    commands = [[shutil.which(name)] for name in found if shutil.which(name)]
    more = os.environ.get("CSOCKET_PYTHONS", "")
    return commands + [shlex.split(command) for command in more.split(";") if command.strip()]


def dump():
    """{name: (group, value or text, flags)} of the library."""
    program = [os.environ["CSOCKET_DUMP"]]
    out = subprocess.run(program, stdout=subprocess.PIPE, text=True, check=True).stdout
    result = {}
    for line in out.splitlines():
        name, group, value, flags, text, _ = line.split("\t")
        flags = int(flags)
        result[name] = (group, text if flags & TEXT else int(value), flags)
    return result


class Table(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows = gen.load(data("constants.tsv"))
        cls.by_name = {row.name: row for row in cls.rows}

    def test_cells_have_the_form_that_the_columns_ask_for(self):
        systems = {*gen.SYSTEMS, "unix", "all", "other"}
        traits = set(gen.ARCHITECTURES)
        for row in self.rows:
            with self.subTest(row.name):
                self.assertRegex(row.name, r"\A[A-Z][A-Za-z0-9_]{1,46}\Z")
                self.assertRegex(row.group, r"\A[A-Z][A-Z0-9_]{0,22}\Z")
                self.assertIn(row.kind, ("int", "str"))
                self.assertLessEqual(set(row.platforms.split(",")), systems)
                if row.kind == "int" and row.value != "-":
                    self.assertTrue(-(2**63) <= int(row.value, 0) < 2**63)
                if row.abi not in ("-", "fixed", "libc", "version"):
                    self.assertLessEqual(set(row.abi.split(",")), traits)
                self.assertRegex(row.since, r"\A(-|2\.7|3\.\d+)\Z")
                self.assertIn(row.python, ("all", "linux", "other", "-"))
                self.assertEqual(row.since == "-", row.python == "-")
                self.assertRegex(row.meaning, r"\A[^\t|]{2,90}[^\s.|]\Z")

    def test_a_group_is_in_one_place(self):
        order = [row.group for row in self.rows]
        runs = [g for i, g in enumerate(order) if i == 0 or order[i - 1] != g]
        self.assertEqual(sorted(runs), sorted(set(runs)))

    def test_an_alias_names_the_preferred_constant_of_its_group(self):
        for row in self.rows:
            if row.alias == "-":
                continue
            with self.subTest(row.name):
                other = self.by_name[row.alias]
                self.assertEqual(other.alias, "-")
                self.assertEqual((other.group, int(other.value, 0)), (row.group, int(row.value, 0)))

    def test_the_reference_page_is_current(self):
        page = (SOURCE / "docs" / "constants.md").read_text(encoding="utf-8")
        self.assertEqual(page, gen.reference(self.rows), "run tools/gen_constants.py docs")

    def test_every_constant_of_the_specification_is_there(self):
        families = []
        for line in data("spec-names.txt").read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            kind, name = line.split()
            if kind in ("data", "constant") and name not in NOT_CONSTANTS:
                self.assertIn(name, self.by_name)
            elif kind == "family":
                families.append(name)
        for family in families:
            prefix = family.rstrip("*")
            self.assertTrue(any(name.startswith(prefix) for name in self.by_name), family)

    def test_the_option_tables_have_the_same_names_and_numbers(self):
        compared = 0
        for name, number in self.options():
            with self.subTest(name):
                self.assertIn(name, self.by_name, "an option needs its row in constants.tsv")
                if number is not None:
                    self.assertEqual(int(self.by_name[name].value, 0), int(number, 0))
                    compared += 1
        self.assertGreater(compared, 700)

    def options(self):
        """(name, number on Linux) of levels, options, and those values that are constants."""
        for line in table_lines("option-levels.tsv"):
            comparable = line["level"] not in OTHER_LEVELS
            yield line["level"], line["number"] if comparable else None
        for line in table_lines("options.tsv"):
            name, number = line["name"], line["number"]
            if number.startswith("="):
                number = self.by_name[number[1:]].value
            comparable = line["platform"] == "linux" and name != "IPV6_USE_MIN_MTU"
            yield name, number if comparable else None
        for line in table_lines("option-values.tsv"):
            if line["name"] in self.by_name and line["set"] not in OTHER_VALUES:
                yield line["name"], line["number"]

    def test_nothing_of_the_headers_is_missing_without_a_reason(self):
        known = header_names.known_names(data("constants.tsv"))
        rules = list(header_names.exceptions(data("constants-exceptions.tsv")))
        for rule in rules:
            self.assertEqual(len(rule), 3, rule)
        for include in include_directories():
            found = header_names.scan(include)
            self.assertGreater(len(found), 500, f"{include} does not hold the system's headers")
            self.assertEqual(header_names.unexplained(found, known, rules), {}, include)


class Values(unittest.TestCase):
    """The numbers are those of every header that defines the name."""

    @classmethod
    def setUpClass(cls):
        cls.rows = gen.load(data("constants.tsv"))
        cls.probe = gen.measure(cls.rows, [*CC, "-D_GNU_SOURCE"])
        cls.dump = dump()
        cls.headers = {}
        for include in include_directories():
            cls.headers[include] = cls.read(include)

    @classmethod
    def read(cls, include):
        """{(header, name): value}"""
        rules = list(header_names.exceptions(data("constants-exceptions.tsv")))
        wanted = {}
        for row in cls.rows:
            for name in (row.name, row.symbol):
                if row.kind == "int" and name != "-":
                    wanted[name] = row.name
        by_header = {}
        known = set(wanted)
        for name, headers in header_names.scan(include).items():
            for header in headers:
                alone = not re.search(r"/(bits|asm)/|^/asm-generic/", "/" + header)
                counts = header_names.unexplained({name: {header}}, (), rules)
                if name in known and alone and counts:
                    by_header.setdefault(header, set()).add(name)
        by_header["sys/socket.h"] = {n for n in known if re.match(r"(SO|SOL|SCM|MSG|SOCK)_", n)} | {
            n for n in known if re.match(r"[AP]F_|SOMAXCONN|SHUT_", n)
        }
        by_header["linux/can/bcm.h"] = {
            row.symbol for row in cls.rows if row.group in ("CAN_BCM", "CAN_BCM_FLAG")
        }
        return {
            (header, wanted[name]): value
            for header, names in sorted(by_header.items())
            for name, value in header_values(header, sorted(names), include).items()
        }

    def test_enough_headers_were_read(self):
        for include, values in self.headers.items():
            self.assertGreater(len(values), 1000, include)

    def test_the_table_has_the_numbers_of_the_headers(self):
        by_name = {row.name: row for row in self.rows}
        for include, values in self.headers.items():
            for (header, name), value in values.items():
                row = by_name[name]
                if row.abi == "version" or row.value == "-":
                    continue
                if self.probe.traits & set(row.abi.split(",")) or self.probe.system != "linux":
                    continue
                self.assertEqual(int(row.value, 0), value, f"{name} of <{header}> in {include}")

    def test_the_library_has_the_numbers_of_the_headers(self):
        by_name = {row.name: row for row in self.rows}
        for (header, name), value in self.headers["/usr/include"].items():
            if by_name[name].abi == "version":
                self.assertGreaterEqual(self.dump[name][1], value, f"{name} of <{header}>")
            else:
                self.assertEqual(self.dump[name][1], value, f"{name} of <{header}>")

    def test_every_row_of_the_pages_compiles_with_its_header(self):
        """Names missing from all headers are newer; those only in Linux's headers are newer than
        libc."""
        pages = [(SOURCE / "docs" / name).read_text("utf-8") for name in PAGES]
        for include, values in self.headers.items():
            places = {}
            for header, name in values:
                places.setdefault(name, []).append(header)
            by_header = {}
            for row in self.rows:
                linux = {"linux", "unix", "all"} & set(row.platforms.split(","))
                exists = os.path.exists(f"{include}/{row.header}")
                if row.kind == "int" and row.header != "-" and linux and exists:
                    differs = row.symbol != "-" and row.platforms == "linux"
                    name = row.symbol if differs else row.name
                    by_header.setdefault(row.header, {})[name] = row
            compiled = 0
            for header, names in sorted(by_header.items()):
                found = header_values(header, sorted(names), include)
                compiled += len(found)
                for name, row in names.items():
                    if name not in found:
                        others = places.get(row.name, [])
                        newer = all(other.startswith("linux/") for other in others)
                        self.assertTrue(newer, f"{name} is in {others}, not in <{header}>")
                    elif name != row.name:
                        self.assertIn(f"| {header}: {name} |", pages[0])
                        if f"| `{row.name}` |" in pages[1]:
                            self.assertIn(f"`{name}` of `<{header}>`", pages[1])
            self.assertGreater(compiled, 1500, include)

    def test_the_library_has_the_table_of_the_generator(self):
        entries = gen.entries_of(self.rows, self.probe)
        self.assertEqual([entry.row.name for entry in entries], list(self.dump))
        for entry in entries:
            group, value, flags = self.dump[entry.row.name]
            self.assertEqual(group, entry.row.group)
            self.assertEqual(value, entry.value if entry.text is None else entry.text)
            self.assertEqual(bool(flags & PYTHON), gen.exported(entry.row, self.probe))


class CPython(unittest.TestCase):
    """The constants of CPython's _socket: the names, numbers and versions are the same."""

    def test_interpreters_agree(self):
        table = {row.name: row for row in gen.load(data("constants.tsv"))}
        library = dump()
        seen = []
        for command in interpreters():
            result = subprocess.run(
                [*command, "-c", SHOW], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            if result.returncode:
                continue  # known to pyenv, but not available in this shell
            version, names = json.loads(result.stdout)
            if version < [3, 9] or (version, len(names)) in seen:
                continue
            seen.append((version, len(names)))
            print(f"CPython {version[0]}.{version[1]}: {len(names)} names", file=sys.stderr)
            with self.subTest(command=command, version=version):
                self.compare(table, library, version, names)
        self.assertTrue(seen, "no interpreter was found, not even this one")

    def compare(self, table, library, version, names):
        for name, value in names.items():
            self.assertIn(name, library)
            self.assertTrue(library[name][2] & PYTHON, f"{name} is not marked as CPython's")
            since = [int(part) for part in table[name].since.split(".")]
            self.assertLessEqual(since, version, f"{name} is older than the table says")
            if table[name].abi != "version":
                self.assertEqual(library[name][1], value, name)
        if version >= [3, 15] and "SOL_BLUETOOTH" in names:
            marked = {name for name, entry in library.items() if entry[2] & PYTHON}
            self.assertEqual(marked - set(names), set(), "CPython does not have these")


class Generator(unittest.TestCase):
    """Run the generator with headers that are old, broken, or of another system."""

    def row(self, **cells):
        base = dict.fromkeys(gen.COLUMNS, "-")
        base.update(name="XY_ONE", group="XY", kind="int", platforms="linux", value="1")
        return gen.Row(**{**base, **cells})

    def available(self, row, values=(), system="linux", traits=()):
        return gen.available(row, gen.Probe(dict(values), system, set(traits), []))

    def measure(self, header, *rows):
        with tempfile.TemporaryDirectory() as directory:
            (pathlib.Path(directory) / "xy.h").write_text(header, encoding="ascii")
            return gen.measure(rows, [*CC, "-D_GNU_SOURCE", f"-I{directory}"])

    def test_a_header_wins_over_the_table(self):
        self.assertEqual(self.available(self.row(), {"XY_ONE": 7}), 7)

    def test_numbers_of_the_abi_replace_a_missing_header(self):
        self.assertEqual(self.available(self.row()), 1)
        self.assertEqual(self.available(self.row(platforms="all")), 1)

    def test_numbers_of_the_abi_are_not_used_on_other_architectures(self):
        self.assertIsNone(self.available(self.row(abi="mips,sparc"), traits=["mips"]))
        self.assertEqual(self.available(self.row(abi="mips,sparc"), traits=["powerpc"]), 1)

    def test_the_c_librarys_numbers_come_from_its_headers_alone(self):
        self.assertIsNone(self.available(self.row(abi="libc")))
        self.assertEqual(self.available(self.row(abi="libc"), {"XY_ONE": 4}), 4)

    def test_names_of_linux_are_defined_elsewhere_only_if_a_header_has_them(self):
        self.assertIsNone(self.available(self.row(), system="freebsd"))
        self.assertIsNone(self.available(self.row(platforms="all"), system="freebsd"))
        self.assertEqual(self.available(self.row(), {"XY_ONE": 3}, system="freebsd"), 3)

    def test_names_of_other_systems_are_not_defined_on_linux(self):
        self.assertIsNone(self.available(self.row(platforms="windows,macos")))
        self.assertEqual(self.available(self.row(platforms="windows,macos"), system="macos"), 1)

    def test_numbers_in_the_table_are_used_everywhere(self):
        self.assertEqual(self.available(self.row(abi="fixed"), system="other"), 1)

    def test_strings_are_where_their_system_is(self):
        row = self.row(kind="str", value="text", platforms="windows")
        self.assertIsNone(self.available(row))
        self.assertEqual(self.available(row, system="windows"), "text")

    def test_the_probe_reads_numbers_of_any_size_and_sign(self):
        probe = self.measure(
            "#define XY_ONE (-5)\n#define XY_TWO 0xffffffffU\n#define XY_THREE (1LL << 62)\n"
            "enum { XY_FOUR_E = 9 };\n#define XY_FOUR XY_FOUR_E\n#define XY_OTHER 6\n",
            self.row(header="xy.h"),
            self.row(name="XY_TWO"),
            self.row(name="XY_THREE"),
            self.row(name="XY_FOUR"),
            self.row(name="XY_FIVE"),
            self.row(name="XY_SIX", symbol="XY_OTHER"),
        )
        self.assertEqual(
            probe.values,
            {"XY_ONE": -5, "XY_TWO": 0xFFFFFFFF, "XY_THREE": 1 << 62, "XY_FOUR": 9, "XY_SIX": 6},
        )

    def test_a_header_that_does_not_compile_is_left_out(self):
        with self.no_messages():
            probe = self.measure(
                "#error no\n",
                self.row(header="xy.h"),
                self.row(name="AF_INET", header="sys/socket.h"),
            )
        self.assertNotIn("XY_ONE", probe.values)
        self.assertIn("AF_INET", probe.values)

    def test_a_name_that_is_not_a_number_is_left_out(self):
        with self.no_messages():
            probe = self.measure(
                '#define XY_ONE "text"[\n#define XY_TWO undeclared\n',
                self.row(header="xy.h"),
                self.row(name="XY_TWO"),
                self.row(name="AF_INET", header="sys/socket.h"),
            )
        self.assertEqual(set(probe.values), {"AF_INET"})

    def test_a_compiler_that_does_not_work_is_named(self):
        with self.assertRaisesRegex(SystemExit, "false compiles nothing"):
            gen.measure([self.row()], ["false"])

    def no_messages(self):
        return contextlib.redirect_stderr(io.StringIO())


if __name__ == "__main__":
    unittest.main()

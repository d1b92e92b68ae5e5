"""The examples of docs/families.md: the C code compiles, the Python code runs, and both contain the
same address."""

import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/families.md").read_text()
CC = shlex.split(os.environ.get("CSOCKET_CC", "cc"))
LINES = [
    line.split("\t")
    for line in (ROOT / "data/constants.tsv").read_text().splitlines()
    if not line.startswith("#")
]
TABLE = {cells[0]: dict(zip(LINES[0], cells)) for cells in LINES[1:]}
SECTIONS = {part.splitlines()[0]: part for part in re.split(r"^## ", PAGE, flags=re.M)[1:]}


def example(section, language):
    return re.search(rf"```{language}\n(.*?)```", section, re.S)[1]


def definitions(names):
    """Return lines that define the names for a C compiler: their headers, and the numbers of those
    missing there."""
    headers = {TABLE[name]["header"] for name in names}
    yield from (f"#if __has_include(<{h}>)\n#include <{h}>\n#endif" for h in sorted(headers))
    for name in names:
        number = TABLE[name]["value"]
        # Headers may define the name as an enumerator, with the same number.
        yield f"#ifndef {name}\nenum {{ example_{name} = {number} }};"
        yield f"#define {name} example_{name}\n#endif"


class Recorder:
    """A stand-in for a socket that records its calls."""

    calls = []

    def __init__(self, family, kind=1, proto=0):
        self.calls.append(("socket", (family, kind, proto)))

    def __getattr__(self, name):
        return lambda *args: self.calls.append((name, args))


class FamiliesPage(unittest.TestCase):
    def test_every_family_has_an_example_in_both_languages(self):
        self.assertGreater(len(SECTIONS), 30)
        for name, section in SECTIONS.items():
            self.assertIn("```c\n", section, name)
            self.assertIn("```python\n", section, name)

    def test_the_examples_in_c_compile(self):
        examples = [example(section, "c") for section in SECTIONS.values()]
        words = re.findall(r"\b[A-Z][A-Z0-9]*_\w+", re.sub('".*"', "", "".join(examples)))
        names = sorted(set(words))
        lines = ["#include <csocket/csocket.h>", *definitions(names)]
        for number, text in enumerate(examples):
            lines += [
                f"void example_{number}(void);",
                f"void example_{number}(void)",
                "{ struct csk_socket s; struct csk_addr addr; struct csk_error error;",
                "(void)s, (void)addr, (void)error;",
                text + "}",
            ]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "examples.c")
            path.write_text("\n".join(lines) + "\n")
            result = subprocess.run(
                [*CC, "-std=c11", "-D_GNU_SOURCE", "-fsyntax-only", "-Wall", "-Wno-uninitialized"]
                + ["-Werror", f"-I{ROOT}/include", str(path)],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_the_examples_in_python_run(self):
        module = types.SimpleNamespace(
            socket=Recorder,
            **{
                name: int(cells["value"], 0)
                for name, cells in TABLE.items()
                if re.fullmatch(r"-?(0x)?[0-9a-f]+", cells["value"])
            },
        )
        for name, section in SECTIONS.items():
            with self.subTest(name):
                Recorder.calls.clear()
                scope = {"socket": module}
                exec(example(section, "python"), scope)
                done = [call for call in Recorder.calls if call[0] != "socket"]
                for verb, args in done:
                    self.assertIn(f"csk_{verb}(&s, &addr, &error)", example(section, "c"))
                    self.assertEqual(len(args), 1)
                self.assertEqual(len(done), section.count("(&s, &addr, &error)"))

    def test_every_constant_is_in_the_table(self):
        used = set(re.findall(r"\bsocket\.([A-Z]\w+)", PAGE))
        self.assertGreater(len(used), 30)
        self.assertEqual(used - set(TABLE), set())


if __name__ == "__main__":
    sys.exit(unittest.main())

"""Each public header compiles alone: as strict C11, and as C++ if there is a compiler for it."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import headers  # noqa: E402

HEADERS = sorted((ROOT / "include/csocket").glob("*.h"))
WARNINGS = ["-pedantic", "-Wall", "-Wextra", "-Werror"]


def compiler(variable, default):
    command = shlex.split(os.environ.get(variable, default))
    return command if shutil.which(command[0]) else None


def compile_text(command, text, suffix, output=None):
    """Return the compiler's messages, or ""."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "t" + suffix)
        source.write_text(text, encoding="utf-8")
        what = ["-c", "-o", output] if output else ["-fsyntax-only"]
        done = subprocess.run(
            [*command, *WARNINGS, "-I", ROOT / "include", *what, source],
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    return done.stderr if done.returncode else ""


class Alone(unittest.TestCase):
    def check_all(self, command, suffix):
        self.assertGreater(len(HEADERS), 8)
        for header in HEADERS:
            with self.subTest(header=header.name):
                text = f"#include <csocket/{header.name}>\n"
                self.assertEqual(compile_text(command, text, suffix), "")

    def test_c(self):
        cc = compiler("CC", "cc")
        self.check_all([*cc, "-std=c11"], ".c")
        self.check_all([*cc, "-std=c11", "-D_POSIX_C_SOURCE=200809L"], ".c")

    def test_errors_in_a_header_are_detected(self):
        command = [*compiler("CC", "cc"), "-std=c11"]
        self.assertNotEqual(compile_text(command, "int x;;", ".c"), "")

    def test_cpp(self):
        # clang++ detects more extensions of C++ than g++ does.
        found = [c for c in (compiler("CXX", "c++"), compiler("", "clang++")) if c]
        if not found:
            self.skipTest("there is no C++ compiler")
        for cxx in found:
            for standard in ("c++11", "c++17"):
                with self.subTest(cxx=cxx, standard=standard):
                    self.check_all([*cxx, f"-std={standard}"], ".cc")

    def test_examples(self):
        commands = [([*compiler("CC", "cc"), "-std=c11"], ".c")]
        for cxx in (compiler("CXX", "c++"), compiler("", "clang++")):
            if cxx:
                commands.append(([*cxx, "-x", "c++", "-std=c++17"], ".cc"))
        examples = sorted((ROOT / "examples").glob("*.c"))
        self.assertGreater(len(examples), 8)
        for path in examples:
            text = path.read_text(encoding="utf-8")
            for command, suffix in commands:
                with self.subTest(example=path.name, command=command):
                    self.assertEqual(compile_text(command, text, suffix), "")

    def test_exports_have_their_c_names_in_cpp(self):
        cxx, nm = compiler("CXX", "c++"), shutil.which("nm")
        if not (cxx and nm):
            self.skipTest("there is no C++ compiler" if nm else "there is no nm")
        names = [f.name for f in headers.functions(headers.load(ROOT / "include/csocket"))]
        uses = "".join(f"auto *volatile use_{name} = {name};\n" for name in names)
        with tempfile.TemporaryDirectory() as folder:
            made = str(Path(folder, "t.o"))
            text = "#include <csocket/csocket.h>\n" + uses
            self.assertEqual(compile_text([*cxx, "-std=c++11"], text, ".cc", made), "")
            symbols = subprocess.run([nm, "-u", made], capture_output=True, text=True, check=True)
        found = re.findall(r"\bU (csk_\w+)$", symbols.stdout, re.M)
        self.assertEqual(sorted(found), sorted(names))


if __name__ == "__main__":
    unittest.main()

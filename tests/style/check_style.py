#!/usr/bin/env python3
"""Check the house rules: layers, conditionals, sizes, names, tests, generated documents.

    check_style.py [--list] [--only RULE] [ROOT]

Each finding is a line "file:line: rule: description"; the exit status is then 1.  style_c.py lists
exceptions with their reason; sizes may only be exceeded by the numbers in exceptions.txt, which
must be lowered as the code shrinks.
"""

import argparse
import ast
import json
import os
import pathlib
import re
import subprocess
import sys
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import style_c  # noqa: E402
from csource import Source  # noqa: E402

FUNCTION_MAX, FILE_MAX, LINE_MAX = 60, 600, 100
FOLDERS = (
    "include", "src", "cli", "python", "examples", "bench", "tests", "tools", "data", "docs",
    ".ci", ".github",
)  # fmt: skip
CODE = {".c", ".h", ".py", ".sh", ".build", ".options", ".toml", ".yml"}
TEXT = CODE | {".md", ".txt", ".tsv", ".def", ".pyi", ".in", ".supp"}
TABS = {"Makefile", ".tsv"}
CTAGS = "ctags --output-format=json --sort=no --fields=+ne --kinds-C=f --langmap=C:.c.h -o - -L -"
EXCEPTIONS = "tests/style/exceptions.txt"
IDIOMS = "tests/style/idioms.tsv"
NAME_OF_A_TEST = re.compile(r"(?<=def test_)\w+|(?<=TEST\()\w+")
# Committed documents that are generated from others, and the commands that check whether they are
# current.
DOCUMENTS = {
    "docs/control-messages.md": (
        "tools/gen_control.py", "docs", "--data", "data",
        "--output", "docs/control-messages.md", "--check",
    ),
    "docs/constants.md": (
        "tools/gen_constants.py", "docs", "--data", "data/constants.tsv",
        "--output", "docs/constants.md", "--check",
    ),
    "docs/options.md": (
        "tools/gen_options.py", "docs", "--data", "data", "--output", "docs/options.md", "--check",
    ),
    "docs/python-to-c.md": ("tools/gen_python_to_c.py", "--check"),
    "python/stubs/csocket/_socket.pyi": ("tools/gen_stubs.py", "--check"),
}  # fmt: skip
GENERATED = "Made by tools/"  # in a file's first lines: no limit of size


class Finding(NamedTuple):
    path: str
    line: int
    rule: str
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


class Function(NamedTuple):
    name: str
    line: int
    end: int


class Tree:
    """The files that the rules look at, by their path from the root."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self._texts, self._sources, self._functions = {}, {}, None
        self.paths = sorted(self._walk())

    def _walk(self):
        for path in self.root.glob("*"):
            if path.is_file() and (path.suffix in TEXT or path.name == "Makefile"):
                yield path.name
        for folder in FOLDERS:
            for base, folders, names in os.walk(self.root / folder):
                folders[:] = [f for f in folders if f != "__pycache__" and f[:5] != "build"]
                for name in names:
                    path = pathlib.Path(base, name)
                    if path.suffix in TEXT or self._is_script(path):
                        yield path.relative_to(self.root).as_posix()

    @staticmethod
    def _is_script(path):
        with path.open("rb") as file:
            return not path.suffix and file.read(2) == b"#!"

    def select(self, *suffixes, under=""):
        return [p for p in self.paths if p.endswith(suffixes or "") and p.startswith(under)]

    def text(self, path):
        if path not in self._texts:
            self._texts[path] = (self.root / path).read_text(encoding="utf-8", errors="replace")
        return self._texts[path]

    def source(self, path):
        if path not in self._sources:
            self._sources[path] = Source(self.text(path))
        return self._sources[path]

    def c_files(self, under=""):
        return [(path, self.source(path)) for path in self.select(".c", ".h", under=under)]

    def functions(self, path):
        """The functions of a C file, as ctags finds them."""
        if self._functions is None:
            self._functions = {}
            done = subprocess.run(
                CTAGS.split(), cwd=self.root, check=True, text=True,
                input="\n".join(self.select(".c", ".h")), stdout=subprocess.PIPE,
            )  # fmt: skip
            for tag in map(json.loads, done.stdout.splitlines()):
                function = Function(tag["name"], tag["line"], tag["end"])
                self._functions.setdefault(tag["path"], []).append(function)
        return self._functions.get(path, [])

    def exceptions(self, *rules):
        """{(rule, where): (number, line)} of the exceptions to these rules."""
        found = {}
        text = self.text(EXCEPTIONS) if (self.root / EXCEPTIONS).exists() else ""
        for number, line in enumerate(text.split("\n"), 1):
            fields = line.partition("#")[0].split()
            if fields and fields[0] in rules:
                rule, where, size = fields
                found[rule, where] = int(size), number
        return found

    def shrinking(self, rule, found, unknown=()):
        """Findings, {where: [(path, line, what)]}, less the exceptions, whose numbers must fit.

        Names that begin with one of "unknown" are not checked."""
        exceptions = self.exceptions(rule)
        for where, uses in found.items():
            allowed, at = exceptions.pop((rule, where), (0, 0))
            if len(uses) > allowed:
                for path, line, what in uses:
                    yield path, line, f"{what} ({rule} {where}: {len(uses)}, allowed: {allowed})"
            elif len(uses) < allowed:
                yield EXCEPTIONS, at, f"{rule} {where}: lower the exception to {len(uses)}"
        for (_, where), (_, at) in exceptions.items():
            if not where.startswith(unknown):
                yield EXCEPTIONS, at, f"{rule} {where}: take the exception away"

    def is_generated(self, path):
        return any(GENERATED in line for line in self.text(path).split("\n", 5)[:5])

    def is_code(self, path):
        name = pathlib.PurePath(path)
        written = name.suffix in CODE or not name.suffix
        return written and not self.is_generated(path)


def rule_whitespace(tree):
    """No tab, no blank at a line's end, one line break at the file's end."""
    for path in tree.paths:
        text, name = tree.text(path), pathlib.PurePath(path)
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                yield path, number, "blank at the end of the line"
            if "\t" in line and name.name not in TABS and name.suffix not in TABS:
                yield path, number, "tab"
        if text and (not text.endswith("\n") or text.endswith("\n\n")):
            yield path, text.count("\n") + 1, "the file must end with one line break"


def rule_line(tree):
    """A line of code has at most 100 columns."""
    for path in filter(tree.is_code, tree.paths):
        for number, line in enumerate(tree.text(path).split("\n"), 1):
            if len(line) > LINE_MAX:
                yield path, number, f"{len(line)} columns, {LINE_MAX} are allowed"


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


def sizes(tree):
    """(rule, path, line, name, size, allowed) of every file and function of code."""
    for path in filter(tree.is_code, tree.paths):
        text = tree.text(path)
        yield "file", path, 1, path, text.count("\n"), FILE_MAX
        if path.endswith((".c", ".h")):
            for f in tree.functions(path):
                size = f.end - f.line + 1
                yield "function", path, f.line, f"{path}:{f.name}", size, FUNCTION_MAX
        elif path.endswith(".py"):
            for name, line, lines in python_functions(text):
                yield "function", path, line, f"{path}:{name}", lines, FUNCTION_MAX


def rule_executable(tree):
    """Only files that name their interpreter are executable."""
    for path in tree.paths:
        script, mode = tree.text(path).startswith("#!"), (tree.root / path).stat().st_mode
        if script and not mode & 0o100:
            yield path, 1, "begins with #!, but is not executable"
        elif not script and mode & 0o111:
            yield path, 1, "is executable, but does not begin with #!"


def rule_size(tree):
    """A function has at most 60 lines and a file 600; named exceptions may only shrink."""
    exceptions = tree.exceptions("file", "function")
    for rule, path, line, where, size, allowed in sizes(tree):
        exception, at = exceptions.pop((rule, where), (0, 0))
        if size > max(allowed, exception):
            yield path, line, f"{rule} {where}: {size} lines, {max(allowed, exception)} are allowed"
        elif exception and size <= allowed:
            yield EXCEPTIONS, at, f"{where} has {size} lines: take the exception away"
        elif exception > size:
            yield EXCEPTIONS, at, f"{where} has {size} lines: lower the exception"
    for (_, where), (_, at) in exceptions.items():
        yield EXCEPTIONS, at, f"{where} does not exist"


def rule_generated(tree):
    """Committed documents that are generated from others are current."""
    for path, command in DOCUMENTS.items():
        if path in tree.paths:
            done = subprocess.run(
                [sys.executable, *command],
                cwd=tree.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                check=False,
            )  # fmt: skip
            if done.returncode:
                yield path, 1, " ".join(done.stdout.split()) or f"status {done.returncode}"


def words(text):
    """Return the words of a text; for a file name also the part before the dot."""
    found = set(re.findall(r"[\w.-]+", text))
    return found | {word.partition(".")[0] for word in found}


def rule_dead(tree):
    """A C file is named in the file that builds it, a tool where it is used."""
    builds = [p for p in tree.paths if p.endswith(("meson.build", ".def"))]
    built = set().union(*(words(tree.text(path)) for path in builds))
    for path in tree.select(".c") if builds else ():
        name = pathlib.PurePath(path)
        short = re.sub(r"^(test|fuzz)_", "", name.stem)  # the name in a list of tests
        if not built & {name.name, name.stem, short}:
            yield path, 1, "no meson.build names it"
    users = [p for p in tree.paths if not p.endswith((".md", ".tsv"))]
    for path in tree.select(under="tools/") if builds else ():
        name = re.compile(rf"\b{re.escape(pathlib.PurePath(path).stem)}\b")
        if not any(name.search(tree.text(user)) for user in users if user != path):
            yield path, 1, "nothing uses it"


def idioms(tree):
    """Return [(pattern, replacement)] from idioms.tsv."""
    for line in tree.text(IDIOMS).split("\n") if IDIOMS in tree.paths else ():
        if line and not line.startswith("#"):
            pattern, _, instead = line.partition("\t")
            yield re.compile(pattern, re.I), instead


def rule_idiom(tree):
    """No idiom that idioms.tsv lists, in text or in the name of a test."""
    listed, found = list(idioms(tree)), {}
    for path in tree.paths:
        if path == IDIOMS or tree.is_generated(path):
            continue
        where = path.partition("/")[0] if "/" in path else "."
        for number, line in enumerate(tree.text(path).split("\n"), 1):
            words = NAME_OF_A_TEST.sub(lambda name: name[0].replace("_", " "), line)
            for pattern, instead in listed:
                match = pattern.search(words)
                if match:
                    what = f'"{match[0]}": write: {instead}'
                    found.setdefault(where, []).append((path, number, what))
    exceptions = tree.exceptions("idiom")
    for where, uses in found.items():
        allowed, _ = exceptions.get(("idiom", where), (0, 0))
        if len(uses) > allowed:
            for path, number, what in uses:
                yield path, number, f"{what} (idiom {where}: {len(uses)}, allowed: {allowed})"


RULES = [
    rule_whitespace,
    rule_line,
    rule_executable,
    rule_size,
    rule_generated,
    rule_dead,
    rule_idiom,
    *style_c.RULES,
]


def rule_name(rule):
    return rule.__name__[len("rule_") :].replace("_", "-")


def check(root, only=None):
    tree = Tree(root)
    return [
        Finding(path, line, rule_name(rule), text)
        for rule in RULES
        if only in (None, rule_name(rule))
        for path, line, text in rule(tree)
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", action="store_true", help="say what the rules are")
    parser.add_argument("--only", metavar="RULE", choices=[rule_name(rule) for rule in RULES])
    parser.add_argument("root", nargs="?", default=ROOT)
    options = parser.parse_args()
    if options.list:
        for rule in RULES:
            print(f"{rule_name(rule):14} {rule.__doc__.splitlines()[0]}")
        return 0
    findings = check(options.root, options.only)
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())

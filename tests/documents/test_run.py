"""Test the code of the documents: every block is compiled and run as printed, or has a reason why
not.

A block of C or Python whose first line is a comment with a file's name is that file; a C file is
compiled to a program of its name. A ```console block is a transcript: its commands run in a shell,
in a folder with these files, and must print the output shown (tests/support/transcript.py). A block
of Python without a name is run after those before it.

Blocks of ```sh and indented blocks of commands may change the machine or take minutes: compiler
commands are run, commands of make and of the repository's programs are checked for unknown targets
and options, and ELSEWHERE_RUN has the reason for the others.

Every other block has the comment <!-- fragment: REASON --> above it, or is in a document that
another test runs. A document with <!-- needs: root --> is skipped for other users, one with <!--
needs: IPv6 --> without IPv6.
"""

import fnmatch
import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

import transcript  # noqa: E402

BUILD = pathlib.Path(os.environ.get("CSOCKET_BUILD", ROOT / "build"))
# Absolute, because the shell's PATH has another program called cc, which runs these words.
CC = [shutil.which(w) or w for w in shlex.split(os.environ.get("CSOCKET_CC", "cc"))]
WARNINGS = "-std=gnu11 -Wall -Wextra -Wno-unused-parameter -Werror -pthread"
RUN = ("README.md", "docs/tutorial-*.md", "docs/how-to/*.md", "docs/explanation/*.md")
# Documents whose blocks other tests run.
ELSEWHERE = {
    "docs/command.md": "tests/cli/test_guide.py",
    "docs/options-python.md": "tests/python/test_options_docs.py",
    "docs/time-limits.md": "tests/python/test_time_limits_guide.py",
    "docs/adding-a-family.md": "tests/data/test_adding.py",
    "docs/adding-an-operation.md": "tests/data/test_adding.py",
    "docs/adding-a-command.md": "tests/data/test_adding.py",
    "CONTRIBUTING.md": "tests/data/test_adding.py",
    "docs/families.md": "docs/families_page.c",
    "docs/options.md": "tests/data/test_options.py",
}
# Commands that are not run here: where they are run, or why they cannot run.
ELSEWHERE_RUN = {
    "pip install": "tests/release/run.py",  # needs the package index
    "meson test": "any of the tests, which it runs",
    "meson setup": "the build in which this test runs",
    "ninja": "tests/data/meson.build",
    "git": "a release, by an owner of the repository",
    "valgrind": "bench/meson.build",  # takes minutes
    "callgrind_annotate": "valgrind's output",
    "python": "a change of the environment",
    ".ci/run": "itself, for an hour",
}
COMMAND = re.compile(
    r"(?:make|cc|pip|git|python3?|ninja|meson|valgrind|callgrind_annotate|"
    r"(?:tools|tests|bench|\.ci)/[\w./-]+)\b(?! *=)"
)
FENCE = re.compile(r"^```(?P<language>[\w-]*)\n(?P<text>.*?)^```$", re.M | re.S)
BLOCK = re.compile(
    r"(?:^<!-- fragment: (?P<reason>[^\n]+?) -->\n)?^```(?P<language>[\w-]+)\n(?P<text>.*?)^```$",
    re.M | re.S,
)
NAME = re.compile(r"(?:/\*|#) (?:(?P<name>[\w-]+\.(?:c|py))\b)")
NEEDS_ROOT = "<!-- needs: root -->"
NEEDS_IPV6 = "<!-- needs: IPv6 -->"
LANGUAGES = {"c", "python", "console"}


class Block:
    def __init__(self, match):
        self.reason, self.language, self.text = match["reason"], match["language"], match["text"]
        named = NAME.match(self.text)
        self.name = named["name"] if named and self.language != "console" else None


def blocks(path):
    found = map(Block, BLOCK.finditer(path.read_text(encoding="utf-8")))
    return [block for block in found if block.language in LANGUAGES]


def documents():
    for path in sorted(ROOT.rglob("*.md")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith((".", "build")):
            yield name, path


def is_run(name):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in RUN)


def package():
    """The folder with the Python package for this interpreter, built if necessary."""
    command = [ROOT / "tools/build_python.sh", sys.executable, BUILD]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise unittest.SkipTest(f"the package cannot be built: {done.stderr.strip()[-200:]}")
    return done.stdout.split("\n")[-2]


def may_trace():
    """Whether descriptors of another process can be duplicated: not in a sandbox or before Linux
    5.6."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        result = subprocess.run(
            [BUILD / "cli/csocket", "options", f"--pid={child.pid}"],
            capture_output=True,
            check=False,
        )
        child.communicate(b"\n", timeout=60)
    return result.returncode == 0


def shell_environment(folder, package=""):
    """An environment: PATH with the command, cc and python3; pkg-config finds the library."""
    programs = pathlib.Path(folder) / "bin"
    programs.mkdir()
    for name, words in (("cc", CC), ("python3", [sys.executable])):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
        program.chmod(0o755)
    path = [str(programs), str(BUILD / "cli"), os.environ["PATH"]]
    return {
        **os.environ,
        "LC_ALL": "C.UTF-8",
        "HOME": str(folder),
        "PATH": os.pathsep.join(path),
        "PYTHONPATH": package,
        "PYTHONUNBUFFERED": "1",
        "PKG_CONFIG_PATH": str(BUILD / "meson-uninstalled"),
        "LD_LIBRARY_PATH": str(BUILD / "src"),
    }


def commands(path):
    """The commands of blocks of ```sh, and of blocks that are only indented."""
    text = path.read_text(encoding="utf-8")
    lines = [m["text"].split("\n") for m in FENCE.finditer(text) if m["language"] == "sh"]
    indented = re.findall(r"(?<=\n\n)(?: {4}[^\n]+\n)+", FENCE.sub("", text))
    lines += [[line[4:] for line in block.split("\n")] for block in indented]
    for block in lines:
        for line in block:
            if COMMAND.match(line):
                yield re.split(r" {2,}| # ", line)[0].rstrip("| ")


def has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


class Commands(unittest.TestCase):
    def check(self, command):
        words = command.split()
        if words[0] == "make":
            targets = [word for word in words[1:] if word[0] != "-"]
            return self.run_here(["make", "-n", "-C", ROOT, *targets])
        if words[0].startswith(("tools/", "tests/", "bench/")):
            program = ROOT / words[0]
            self.assertTrue(os.access(program, os.X_OK), command)
            text = program.read_text(encoding="utf-8")
            for option in (word for word in words[1:] if word.startswith("--")):
                self.assertIn(option, text, command)
            return None
        found = [key for key in ELSEWHERE_RUN if command.startswith(key)]
        self.assertTrue(found, f"{command}: neither run nor in ELSEWHERE_RUN")
        where = ELSEWHERE_RUN[found[0]]
        if "/" in where:
            self.assertTrue((ROOT / where).exists(), where)
        return None

    def run_here(self, command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), command)

    def test_commands_exist_and_have_their_options(self):
        count = 0
        for name, path in documents():
            for command in commands(path):
                count += 1
                with self.subTest(f"{name}: {command}"):
                    if not command.startswith("cc "):
                        self.check(command)
        self.assertGreater(count, 50)

    def test_the_compilers_commands_build_a_program_that_runs(self):
        (program,) = (b for b in blocks(ROOT / "README.md") if b.name == "page.c")
        text = program.text.replace("localhost:8080", "127.0.0.1:1")
        found = [c for _, path in documents() for c in commands(path) if c.startswith("cc ")]
        self.assertGreater(len(found), 1)
        for command in found:
            with self.subTest(command), tempfile.TemporaryDirectory() as temporary:
                folder = pathlib.Path(temporary)
                (folder / "program.c").write_text(text, encoding="utf-8")
                environment = shell_environment(folder)
                done = subprocess.run(
                    command, shell=True, cwd=folder, env=environment, capture_output=True, text=True
                )
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                done = subprocess.run(
                    folder / "a.out", env=environment, capture_output=True, text=True, check=False
                )
                self.assertIn("Connection refused", done.stderr)


class Rule(unittest.TestCase):
    def test_every_block_is_run_or_has_a_reason(self):
        count = 0
        for name, path in documents():
            for block in blocks(path):
                count += 1
                if is_run(name) or name in ELSEWHERE:
                    continue
                first = block.text.split("\n")[0]
                self.assertTrue(block.reason, f"{name}: {first}: neither run nor a fragment")
        self.assertGreater(count, 60)

    def test_other_tests_that_run_documents_name_them(self):
        for name, test in ELSEWHERE.items():
            self.assertIn(name.split("/")[-1], (ROOT / test).read_text(encoding="utf-8"))

    def test_every_file_of_a_document_is_run_by_its_transcripts(self):
        for name, path in documents():
            if not is_run(name):
                continue
            found = blocks(path)
            typed = "\n".join(b.text for b in found if b.language == "console")
            for block in found:
                if block.name and not block.reason:
                    command = block.name if block.language == "python" else block.name[:-2]
                    self.assertRegex(typed, rf"(?m)^\$ .*\b{re.escape(command)}\b", name)
                elif block.language == "c" and not block.reason:
                    self.fail(f"{name}: C without a file's name: {block.text[:60]!r}")


class Document(unittest.TestCase):
    """One document, in a separate folder and shell."""

    @classmethod
    def setUpClass(cls):
        cls.package = package()

    def write_files(self, found, folder, environment):
        for block in found:
            if block.name and not block.reason:
                (folder / block.name).write_text(block.text, encoding="utf-8")
                if block.language == "c":
                    self.compile(block.name, folder, environment)

    def compile(self, name, folder, environment):
        flags = "$(pkg-config --cflags --libs csocket)"
        command = f"cc {WARNINGS} {name} -o {name[:-2]} {flags}"
        if "openssl" in (folder / name).read_text():
            command += " $(pkg-config --cflags --libs openssl)"
        done = subprocess.run(
            command, shell=True, cwd=folder, env=environment, capture_output=True, text=True
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""), name)

    def run_python(self, found, folder, environment):
        """Run the unnamed blocks of Python sequentially in one process."""
        parts = [b.text for b in found if b.language == "python" and not (b.name or b.reason)]
        if parts:
            done = subprocess.run(
                [sys.executable, "-c", "\n".join(parts)],
                cwd=folder, env=environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def run_document(self, path):
        found, text = blocks(path), path.read_text(encoding="utf-8")
        if NEEDS_ROOT in text and os.geteuid() != 0:
            self.skipTest("its programs need root")
        if NEEDS_IPV6 in text and not has_ipv6():
            self.skipTest("this machine has no IPv6")
        if " --pid=" in text and not may_trace():
            self.skipTest("other processes' descriptors cannot be had here (pidfd_getfd)")
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            environment = shell_environment(folder, self.package)
            self.write_files(found, folder, environment)
            self.run_python(found, folder, environment)
            consoles = [b for b in found if b.language == "console" and not b.reason]
            if not consoles:
                return
            shell = transcript.Shell(folder, environment)
            self.addCleanup(shell.close)
            for block in consoles:
                for command, lines in transcript.steps(block.text):
                    with self.subTest(command):
                        expected = rf"\A{transcript.pattern(lines)}\Z"
                        self.assertRegex(shell.step(command, expected), expected)


def add_tests():
    """One test per document."""
    for name, path in documents():
        if is_run(name):
            title = "test_" + re.sub(r"\W+", "_", name.removeprefix("docs/").removesuffix(".md"))
            setattr(Document, title, lambda self, path=path: self.run_document(path))


add_tests()

if __name__ == "__main__":
    unittest.main()

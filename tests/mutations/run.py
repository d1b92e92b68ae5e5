#!/usr/bin/env python3
"""Change the code in small ways, one at a time: each change must make a test fail.

    run.py [--python INTERPRETER] [--count N] [--seed N] [--match REGEX] [--listed]
           [--folder FOLDER] [--tests FILE...]

Selects N places at random in src/ (with --python, in python/ext/), makes a change in each and runs
the tests until one fails; of the package's tests only those of --tests. --listed uses the changes
in listed.txt instead. Works in a copy of the committed tree, in FOLDER. Changes that no test
detects are printed, except those in equivalent.txt, which has the reason for each; the last line is
`N passed, N failed, N skipped`.
"""

import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import csource  # noqa: E402

# (pattern to find in code without comments and strings, replacement)
CHANGES = [
    (r"(?<=[\w)\]] )<(?= [\w(])", "<="), (r"(?<=[\w)\]] )>(?= [\w(-])", ">="),
    (r"(?<= )<=(?= )", "<"), (r"(?<= )>=(?= )", ">"),
    (r"(?<= )==(?= )", "!="), (r"(?<= )!=(?= )", "=="),
    (r"(?<= )&&(?= )", "||"), (r"(?<= )\|\|(?= )", "&&"),
    (r"(?<= )\+(?= )", "-"), (r"(?<= )-(?= )", "+"), (r"(?<= )\+=(?= )", "-="),
    (r"(?<=\()!(?=\w)", ""), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
    (r"(?<=return )0(?=;)", "1"), (r"(?<=[ (])0(?=[;,)])", "1"), (r"(?<=[ (])1(?=[;,) ])", "2"),
    (r"(?m)^        +(?!return|break|continue|goto|case|const|struct|int|size_t|char)"
     r"\w[\w.>*\[\] -]* [|&+-]?= [^;{}]*;$", ";"),
    (r"(?m)^        +(?!return|sizeof)\w+\([^;{}]*\);$", ";"),
]  # fmt: skip


def git(*arguments):
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def candidates(root, folder):
    """(path, start, end, replacement) of every possible change in the functions of a folder."""
    paths = [p for p in sorted(root.glob(f"{folder}/**/*.c")) if "platform" not in p.parts]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        code = csource.Source(text).code
        for pattern, replacement in CHANGES:
            for match in re.finditer(pattern, code):
                line = code.rfind("\n", 0, match.start()) + 1
                if code[line : line + 1] == " ":  # inside a function or an initializer
                    yield path, match.start(), match.end(), replacement


def lines_of(text, start, end, replacement):
    """(the line number, the changed lines before and after)."""
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    before = text[first:last]
    after = text[first:start] + replacement + text[end:last]
    return text.count("\n", 0, start) + 1, " ".join(before.split()), " ".join(after.split())


class Copy:
    """A copy of the tree with a build, where a change is made and reverted."""

    def __init__(self, folder, python, tests):
        self.root, self.python, self.tests = pathlib.Path(folder), python, tests
        if not self.root.exists():
            self.root.mkdir(parents=True)
            archive = subprocess.Popen(
                ["git", "-C", str(ROOT), "archive", "HEAD"], stdout=subprocess.PIPE
            )
            subprocess.run(["tar", "-x", "-C", self.root], stdin=archive.stdout, check=True)
            archive.wait()
        if not (self.root / "build/build.ninja").exists() and not python:
            self.run("meson", "setup", "build", "-Ddebug=false", "-Doptimization=0", "-Ddocs=false")
        if not self.builds():
            raise SystemExit(f"{self.root} does not build")

    def run(self, *command):
        # A change may make anything run forever.
        try:
            done = subprocess.run(
                ["env", "--default-signal=INT,QUIT", *map(str, command)], cwd=self.root,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                timeout=600, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return 1, "timeout"
        return done.returncode, done.stdout

    def builds(self):
        if self.python:
            return self.run("tools/build_python.sh", self.python, "build")[0] == 0
        return self.run("ninja", "-C", "build")[0] == 0

    def noticed(self):
        """Return the tests that fail, or ""."""
        if self.python:
            command = ("tests/python/run.py", "--python", self.python, "-x", "-q", *self.tests)
            status, text = self.run(*command, "--deselect=tests/python/test_types.py")
            failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", text, re.M)
        else:
            suites = [f"--suite={name}" for name in ("core", "fault", "fuzz", "cli", "option")]
            status, text = self.run(
                "meson", "test", "-C", "build", "--no-rebuild", "--maxfail=1", *suites
            )
            failed = re.findall(r"- csocket:(\w+) +(?:FAIL|TIMEOUT|ERROR)", text)
        return " ".join(failed) or "something" if status else ""

    def attempt(self, path, text):
        """Return the tests that detect a change of a file, or None if it does not compile."""
        old = path.read_text(encoding="utf-8")
        path.write_text(text, encoding="utf-8")
        try:
            return self.noticed() if self.builds() else None
        finally:
            path.write_text(old, encoding="utf-8")


def listed(root, python):
    """Return the changes in listed.txt, one {"file", "old", "new"} per line."""
    for line in (HERE / "listed.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            row = json.loads(line)
            if row["file"].startswith("python/") == bool(python):
                path = root / row["file"]
                text = path.read_text(encoding="utf-8")
                if text.count(row["old"]) != 1:
                    raise SystemExit(f"{row['file']}: {row['old']!r} is there not exactly once")
                start = text.index(row["old"])
                yield path, start, start + len(row["old"]), row["new"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--match", default="", help="a regular expression for the files' paths")
    parser.add_argument("--listed", action="store_true")
    parser.add_argument("--folder", default=os.path.join(ROOT, "build", "mutations"))
    parser.add_argument("--tests", nargs="+", default=["tests/python"])
    options = parser.parse_args()
    copy = Copy(options.folder, options.python, options.tests)
    if options.listed:
        chosen = list(listed(copy.root, options.python))
    else:
        chosen = list(candidates(copy.root, "python/ext" if options.python else "src"))
        chosen = [row for row in chosen if re.search(options.match, str(row[0]))]
        random.Random(options.seed).shuffle(chosen)
    equivalent = (HERE / "equivalent.txt").read_text(encoding="utf-8")
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for path, start, end, replacement in chosen:
        if counts["passed"] + counts["failed"] >= options.count:
            break
        text = path.read_text(encoding="utf-8")
        line, before, after = lines_of(text, start, end, replacement)
        name = path.relative_to(copy.root).as_posix()
        change = f"{name}: {before} -> {after}"
        if change in equivalent:
            counts["skipped"] += 1
            continue
        noticed = copy.attempt(path, text[:start] + replacement + text[end:])
        if noticed is None:
            continue  # the compiler notices it
        counts["passed" if noticed else "failed"] += 1
        verdict = f"noticed by {noticed}" if noticed else "SURVIVES"
        print(f"{name}:{line}: {before} -> {after}: {verdict}", flush=True)
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())

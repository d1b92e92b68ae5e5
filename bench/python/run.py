#!/usr/bin/env python3
"""Compare csocket with the standard library's socket: instructions per call, and time.

    run.py [--python INTERPRETER] [--sid] [--built FOLDER] [--rows REGEX] [--only ratios|times]
           [--free] [--write FILE]
    run.py --check

FOLDER is the output of `make python`; without it the package is built. What is measured is in
rows.py, how in instructions.py and clock.py. --sid: the interpreter is one of the Debian sid root,
python3.14 or python3.15 (tests/cpython/sid). --write puts the tables into a Markdown file, between
the lines that mark it for this version. --check, as TAP: every row of the times runs, on both
libraries.

The exit status reports whether a row exceeds its limit of instructions by more than the state of
Python's heap explains. Times depend on the load of the machine: a row that misses its target is
only reported. The standard library is measured twice: a row whose target is 1 misses it if it is
further below 1 than chance takes the quotient of the two.
"""

import argparse
import dataclasses
import pathlib
import re
import shutil
import subprocess
import sys

import clock
import instructions
import interpreter
import rows

# The instructions that another state of Python's heap may add before a row fails.
HEAP = 1.05
SKIPPED = 77


def line(good, name, standard, ours, *rest):
    text = f"| {name} | {standard:,.0f} | {ours:,.0f} | {' | '.join(rest)} |"
    print(text + ("" if good else "  <- missed"), flush=True)
    return text


def ratios(python, environment, chosen):
    """Return a table, and the names of the rows that miss their target."""
    lines = ["| instructions per call | socket | csocket | ratio | target |"]
    lines += ["|---|--:|--:|--:|--:|"]
    missed = []
    counted = instructions.compare(python, environment, [row.name for row in chosen])
    for row in chosen:
        standard, ours = counted[row.name]
        if round(ours / standard, 2) > row.target:
            # Depending on the heap's state after earlier rows, one more allocation may be
            # necessary.
            standard, ours = instructions.compare(python, environment, [row.name])[row.name]
        ratio = ours / standard
        if ratio > row.target * HEAP:
            missed.append(row.name)
        good = round(ratio, 2) <= row.target
        lines.append(line(good, row.name, standard, ours, f"{ratio:.2f}", f"≤ {row.target:.2f}"))
    print(f"{len(chosen) - len(missed)} passed, {len(missed)} failed, 0 skipped")
    return lines, missed


def times(python, environment, chosen, free):
    lines = [
        "| ns per call | socket | csocket | times faster | half of the rounds | by chance "
        "| target |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in chosen:
        if row.needs and not interpreter.has(python, environment, row.needs):
            print(f"skipped: {row.name}: {row.needs} is not installed", flush=True)
            continue
        standard, ours, ratio, low, high, chance = clock.compare(python, environment, row, free)
        good = round(ratio, 2) >= (round(chance, 2) if row.target == 1.0 else row.target)
        half = f"{low:.2f}–{high:.2f}"
        cells = [f"{ratio:.2f}", half, f"{chance:.2f}", f"≥ {row.target:.1f}"]
        lines.append(line(good, row.name, standard, ours, *cells))
    return lines


def check(python, environment, chosen):
    """TAP: each row runs on both libraries."""
    failed = 0
    print(f"1..{len(chosen)}")
    for number, row in enumerate(chosen, 1):
        name = f"{number} - {row.name}".replace("#", "")
        if row.needs and not interpreter.has(python, environment, row.needs):
            print(f"ok {name} # SKIP {row.needs} is not installed", flush=True)
            continue
        few = dataclasses.replace(row, loops=2)
        try:
            clock.compare(python, environment, few, False, rounds=1, turns=1)
        except (subprocess.CalledProcessError, ValueError) as error:
            failed += 1
            print(f"not ok {name}: {error}", flush=True)
        else:
            print(f"ok {name}", flush=True)
    return 1 if failed else 0


def tables(python, environment, options):
    lines, missed = [], []

    def chosen(all_rows):
        return [row for row in all_rows if not options.rows or re.search(options.rows, row.name)]

    if options.only != "times" and chosen(rows.RATIOS):
        table, missed = ratios(python, environment, chosen(rows.RATIOS))
        lines += [*table, ""]
    if options.only != "ratios":
        lines += [*times(python, environment, chosen([*rows.TIMES, rows.IMPORT]), options.free), ""]
    return lines, missed


def write(path, version, lines):
    begin, end = f"<!-- begin {version} -->", f"<!-- end {version} -->"
    text = path.read_text(encoding="utf-8")
    before, found, rest = text.partition(begin)
    if not found:
        raise SystemExit(f"{path} has no line {begin}")
    after = rest.partition(end)[2]
    path.write_text("\n".join([before + begin, *lines, end + after]), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    interpreter.add_options(parser)
    parser.add_argument("--rows", help="only rows whose name matches")
    parser.add_argument("--only", choices=["ratios", "times"])
    parser.add_argument("--free", action="store_true", help="on any processor, and not on one")
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.only != "times" and not options.check and not shutil.which("valgrind"):
        print("skipped: valgrind is not installed")
        return SKIPPED
    environment = interpreter.prepare(options)
    # Without the user's own packages.
    python = [options.python, "-S", "-s"]
    if options.check:
        return check(python, environment, [*rows.TIMES, rows.IMPORT])
    version = interpreter.version(python)
    print(f"CPython {version}\n", flush=True)
    lines, missed = tables(python, environment, options)
    if options.write:
        write(options.write, ".".join(version.split(".")[:2]), lines)
    if missed:
        print("more instructions than allowed:", ", ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Compare csocket with the standard library's socket: instructions a call, and time.

    run.py [--python INTERPRETER] [--built FOLDER] [--rows TEXT] [--only ratios|times]
           [--write FILE]

Instructions are those in user space, counted by valgrind's callgrind: the loop is run 200 and 1200
times, the difference of the two counts is taken, and that of an empty loop subtracted. Times are
the least of many turns, in which the two libraries alternate batch by batch, each in a process of
its own. --write puts the table into a Markdown file, between the lines that mark it for this
version.
The exit status says whether a row misses its target.
"""

import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys

import rows

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FEW, MANY = 200, 1200
TURNS = 25
SIDES = ("socket", "csocket")


class Bench:
    def __init__(self, python, built):
        self.python = python
        self.environment = dict(
            os.environ, PYTHONPATH=built, PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1"
        )
        self.empty = None

    def command(self, *arguments):
        return [self.python, "-S", "-s", str(HERE / "child.py"), *arguments]

    def output(self, command):
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}:\n{done.stderr}")
        return done

    # Instructions.

    def instructions(self, side, name):
        counts = []
        for loops in (FEW, MANY):
            command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
            done = self.output(command + self.command(side, name, "count", str(loops)))
            counts.append(int(re.search(r"Collected : (\d+)", done.stderr).group(1)))
        return (counts[1] - counts[0]) / (MANY - FEW)

    def ratio(self, row):
        if self.empty is None:
            self.empty = self.instructions("socket", "empty")
        standard, ours = (self.instructions(side, row.name) - self.empty for side in SIDES)
        return standard, ours, ours / standard

    # Time.

    def fresh(self, side, name):
        return int(self.output(self.command(side, name, "time")).stdout)

    def imported(self, side):
        return int(self.output(self.command(side, "import", "time")).stdout)

    def times(self, row):
        """Nanoseconds a call: the standard library's and ours."""
        if row is rows.IMPORT:
            found = [[self.imported(side) for side in SIDES] for _ in range(TURNS)]
            return [min(column) for column in zip(*found)]
        if row.fresh:
            found = [[self.fresh(side, row.name) for side in SIDES] for _ in range(TURNS)]
            return [statistics.median(column) for column in zip(*found)]
        children = [
            subprocess.Popen(
                self.command(side, row.name, "time"),
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for side in SIDES
        ]
        found = [[], []]
        for _ in range(TURNS):
            for child, results in zip(children, found):
                print(row.loops, file=child.stdin, flush=True)
                results.append(int(child.stdout.readline()) / row.loops)
        for child in children:
            child.stdin.close()
            child.stdout.close()
            child.wait()
        return [min(results) for results in found]

    def speed(self, row):
        standard, ours = self.times(row)
        return standard, ours, standard / ours


def table(bench, options):
    """Lines of Markdown, and the rows that miss their target."""
    lines, missed = [], []

    def wanted(row):
        return not options.rows or re.search(options.rows, row.name)

    def report(row, standard, ours, ratio, target, good):
        line = f"| {row.name} | {standard:,.0f} | {ours:,.0f} | {ratio:.2f} | {target} |"
        lines.append(line)
        print(line + ("" if good else "  <- missed"), flush=True)
        if not good:
            missed.append(row.name)

    if options.only != "times":
        lines += [
            "| instructions a call | socket | csocket | ratio | target |",
            "|---|--:|--:|--:|--:|",
        ]
        for row in filter(wanted, rows.RATIOS):
            standard, ours, ratio = bench.ratio(row)
            report(row, standard, ours, ratio, f"≤ {row.target:.2f}", ratio <= row.target)
        lines.append("")
    if options.only != "ratios":
        lines += [
            "| ns a call | socket | csocket | times faster | target |",
            "|---|--:|--:|--:|--:|",
        ]
        for row in filter(wanted, [*rows.TIMES, rows.IMPORT]):
            standard, ours, ratio = bench.speed(row)
            # Where nothing is promised but "not slower", the clock's own noise is granted.
            floor = row.target if row.target > 1 else 0.95
            report(row, standard, ours, ratio, f"≥ {row.target:.1f}", ratio >= floor)
        lines.append("")
    return lines, missed


def write(path, version, lines):
    begin, end = f"<!-- begin {version} -->", f"<!-- end {version} -->"
    text = path.read_text(encoding="utf-8")
    before, found, rest = text.partition(begin)
    if not found:
        raise SystemExit(f"{path} has no line {begin}")
    after = rest.partition(end)[2]
    path.write_text("\n".join([before + begin, *lines, end + after]), encoding="utf-8")


def build(python):
    command = [str(ROOT / "tools" / "build_python.sh"), python]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--built")
    parser.add_argument("--rows", help="only rows whose name matches")
    parser.add_argument("--only", choices=["ratios", "times"])
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    bench = Bench(options.python, options.built or build(options.python))
    code = "import platform as p; print(p.python_version())"
    version = bench.output([options.python, "-c", code]).stdout.strip()
    print(f"CPython {version}\n")
    lines, missed = table(bench, options)
    if options.write:
        write(options.write, ".".join(version.split(".")[:2]), lines)
    if missed:
        print("missed:", ", ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

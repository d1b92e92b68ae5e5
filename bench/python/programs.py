#!/usr/bin/env python3
"""Whole programs on the standard library's socket, on csocket, and on other libraries.

    programs.py [--python INTERPRETER] [--sid] [--built FOLDER] [--rows REGEX] [--write FILE]
    programs.py --check

The processes of a program, one per library, take turns, on one processor: clock.py explains the
measurement. Peers are uvloop and gevent, if peers.txt could be installed for the interpreter.
--write puts the table into a Markdown file, and draws programs.svg beside it with matplotlib.
--check, as TAP: each program runs on each library.
"""

import argparse
import contextlib
import itertools
import os
import pathlib
import re
import statistics
import subprocess
import sys

import clock
import interpreter
import program_list

CHILD = str(pathlib.Path(__file__).with_name("program.py"))
ROUNDS, TURNS = 7, 15
MARKS = "<!-- programs -->\n", "<!-- end of programs -->\n"
COLORS = {"csocket": "#2563eb", "uvloop": "#8b6fc0", "gevent": "#57a773"}


@contextlib.contextmanager
def children(python, environment, program, libraries):
    started = [
        subprocess.Popen(
            [*python, CHILD, library, program.name], env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )
        for library in libraries
    ]  # fmt: skip
    try:
        yield started
    finally:
        for child in started:
            with contextlib.suppress(OSError):
                child.stdin.close()
            child.wait()
            child.stdout.close()


def measure(python, environment, program, libraries, rounds=ROUNDS, turns=TURNS):
    """The nanoseconds of each library per round; the standard library is first and last."""
    found = []
    for _ in range(rounds):
        with children(python, environment, program, [*libraries, libraries[0]]) as started:
            found.append(
                clock.fastest(turns, lambda child: clock.batch(child, program.loops), started)
            )
    return found


def libraries_of(program, present):
    return ["socket", "csocket", *(peer for peer in program.peers if peer in present)]


def table(python, environment, chosen, present):
    yield "| program | socket, us | csocket | by chance | uvloop | gevent |"
    yield "|---|--:|--:|--:|--:|--:|"
    for program in chosen:
        if program.needs and not interpreter.has(python, environment, program.needs):
            print(f"skipped: {program.name}: {program.needs} is not installed", flush=True)
            continue
        libraries = libraries_of(program, present)
        with clock.one_processor(False):
            rounds = measure(python, environment, program, libraries)
        faster = {
            library: clock.quartiles([times[0] / times[place] for times in rounds])
            for place, library in enumerate(libraries)
        }
        chance = clock.quartiles([times[0] / times[-1] for times in rounds])
        cells = [f"{faster[name][1]:.2f}" if name in faster else "–" for name in COLORS]
        cells.insert(1, f"{min(chance[0], 1 / chance[2]):.2f}")
        standard = statistics.median(times[0] for times in rounds) / 1000
        missed = ", below 1" if float(cells[0]) < min(1, float(cells[1])) else ""
        yield f"| {program.name} | {standard:,.1f} | {cells[0]}{missed} | {' | '.join(cells[1:])} |"


def draw(lines, path):
    """A bar per program and library: how many times as fast as the standard library."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "csocket"})
    matplotlib.rcParams.update({"font.family": "sans-serif", "text.color": "#57606a"})
    from matplotlib import pyplot

    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    figure, axes = pyplot.subplots(figsize=(6.2, 0.42 * len(rows) + 0.4))
    for place, (name, _, csocket, _, *peers) in enumerate(reversed(rows)):
        bars = [(COLORS["csocket"], float(csocket.split(",")[0]))]
        bars += [(COLORS[k], float(n)) for k, n in zip(("uvloop", "gevent"), peers) if n != "–"]
        height = 0.8 / len(bars)
        for bar, (color, number) in enumerate(bars):
            at = place + 0.4 - height * (bar + 0.5)
            axes.barh(at, number, height * 0.9, color=color)
            axes.text(number + 0.02, at, f"{number:.2f}", va="center", fontsize=8)
        axes.text(-0.03, place, name, ha="right", va="center")
    for place, (name, color) in enumerate(COLORS.items()):
        axes.text(2.2, len(rows) - 4 - place * 0.8, name, color=color, va="center")
    axes.axvline(1, color="#9aa5b1", linewidth=1)
    axes.text(1, len(rows) - 0.3, "socket", color="#9aa5b1", ha="center")
    axes.axis("off")
    figure.savefig(
        path, transparent=True, bbox_inches="tight", metadata={"Date": None, "Creator": None}
    )


def check(python, environment, chosen, present):
    cases = [(p, library) for p in chosen for library in libraries_of(p, present)]
    print(f"1..{len(cases)}")
    failed = 0
    for number, (program, library) in enumerate(cases, 1):
        name = f"{number} - {program.name}, {library}"
        if program.needs and not interpreter.has(python, environment, program.needs):
            print(f"ok {name} # SKIP {program.needs} is not installed", flush=True)
            continue
        try:
            with children(python, environment, program, [library]) as started:
                clock.batch(started[0], 2)
        except ValueError:  # it has ended
            failed += 1
            name = "not ok " + name
        else:
            name = "ok " + name
        print(name, flush=True)
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    interpreter.add_options(parser)
    parser.add_argument("--rows", default="", help="only programs whose name matches")
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    environment = interpreter.prepare(options)
    python = [options.python, "-S", "-s"]
    chosen = [p for p in program_list.PROGRAMS if re.search(options.rows, p.name)]
    present = [
        peer for peer in ("uvloop", "gevent") if interpreter.has(python, environment, peer)
    ]  # fmt: skip
    if options.check:
        return check(python, environment, chosen, present)
    heading = f"CPython {interpreter.version(python)}; times as fast as `socket`:"
    lines = itertools.chain([heading, ""], table(python, environment, chosen, present))
    lines = interpreter.report(lines, options.write, MARKS)
    if options.write:
        draw(lines[4:], options.write.with_name("programs.svg"))
    return 0


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(main())

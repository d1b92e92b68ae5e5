"""Nanoseconds a call.

A round is three processes that take turns, a batch of calls each: the standard library, csocket,
and the standard library again. The fastest turn of each process is the least disturbed one. The
quotient of the first two is the result of the round; that of the first and the third is how far
chance alone takes it. Memory layout favours some processes by chance, so the median of several
rounds is used. All run on the same processor: where the kernel puts a process, or the second one
of a row, would be another matter of luck.

The first call of a process, and the import, need a new process per turn.
"""

import contextlib
import os
import pathlib
import statistics
import subprocess
import typing

import rows

CHILD = str(pathlib.Path(__file__).with_name("child.py"))
ROUNDS = 15
TURNS = 21
# For rows in which each turn is a process.
FRESH_TURNS = 9
IMPORT = """
import time
start = time.perf_counter_ns()
import {}
print(time.perf_counter_ns() - start)
"""


class Compared(typing.NamedTuple):
    standard: float  # ns, the median of the processes' fastest turns
    ours: float
    ratio: float  # the median of the rounds' quotients
    low: float  # between these two is the middle half of them
    high: float
    chance: float  # the lower of these two of the standard library's quotients with itself


@contextlib.contextmanager
def one_processor(free):
    """For this process and its children, if the system supports it."""
    if free or not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def first(command, environment):
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout)


def batch(child, loops):
    print(loops, file=child.stdin, flush=True)
    return int(child.stdout.readline()) / loops


def fastest(turns, measure, sides):
    """The fastest turn of each side; each goes first in every third turn."""
    found = [[] for _ in sides]
    for turn in range(turns):
        for place in range(len(sides)):
            side = (turn + place) % len(sides)
            found[side].append(measure(sides[side]))
    return [min(times) for times in found]


def turns_of(sides, environment, row, turns):
    if row.fresh:
        return fastest(min(turns, FRESH_TURNS), lambda side: first(side, environment), sides)
    children = [
        subprocess.Popen(
            side, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for side in sides
    ]
    found = fastest(turns, lambda child: batch(child, row.loops), children)
    for child in children:
        child.communicate()
    return found


def compare(python, environment, row, free, rounds=ROUNDS, turns=TURNS):
    """The standard library's time of a row, and ours; free: on any processor."""
    if row.name == rows.IMPORT.name:
        sides = [[*python, "-c", IMPORT.format(side)] for side in rows.SIDES]
    else:
        sides = [[*python, CHILD, side, "time", row.name] for side in rows.SIDES]
    sides.append(sides[0])
    with one_processor(free):
        found = [turns_of(sides, environment, row, turns) for _ in range(rounds)]
    standard, ours, _ = (statistics.median(column) for column in zip(*found))
    low, ratio, high = quartiles([a / b for a, b, _ in found])
    chance = quartiles([a / c for a, _, c in found])
    # Either of the two may be the slower one: what is above 1 would be below 1 the other way round.
    return Compared(standard, ours, ratio, low, high, min(chance[0], 1 / chance[2]))


def quartiles(numbers):
    return statistics.quantiles(numbers) if len(numbers) > 1 else numbers * 3

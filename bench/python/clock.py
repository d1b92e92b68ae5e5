"""Nanoseconds a call.

A pair is two processes, one a library, that take turns: a batch of calls each. The fastest turn of
each process is the least disturbed one, and the quotient of the two is the result of the pair.
Memory layout favours some processes by chance, so the median of several pairs is used. All run on
the same processor: where the kernel puts a process, or the second one of a row, would be another
matter of luck.

The first call of a process, and the import, take a new process a turn.
"""

import contextlib
import os
import pathlib
import statistics
import subprocess
import typing

import rows

CHILD = str(pathlib.Path(__file__).with_name("child.py"))
PAIRS = 15
TURNS = 21
# Of rows whose turns are processes.
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
    ratio: float  # the median of the pairs' quotients
    low: float  # between these two is the middle half of them
    high: float


@contextlib.contextmanager
def one_processor(free):
    """For this process and those that it starts, where the system has a word for that."""
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
    """The fastest turn of each side; each goes first in every other turn."""
    found = {0: [], 1: []}
    for turn in range(turns):
        for side in (0, 1) if turn % 2 == 0 else (1, 0):
            found[side].append(measure(sides[side]))
    return [min(found[side]) for side in (0, 1)]


def pair(sides, environment, row):
    if row.fresh:
        return fastest(FRESH_TURNS, lambda side: first(side, environment), sides)
    children = [
        subprocess.Popen(
            side, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for side in sides
    ]
    found = fastest(TURNS, lambda child: batch(child, row.loops), children)
    for child in children:
        child.communicate()
    return found


def compare(python, environment, row, free):
    """The standard library's time of a row, and ours; free: on any processor."""
    if row is rows.IMPORT:
        sides = [[*python, "-c", IMPORT.format(side)] for side in rows.SIDES]
    else:
        sides = [[*python, CHILD, side, "time", row.name] for side in rows.SIDES]
    with one_processor(free):
        found = [pair(sides, environment, row) for _ in range(PAIRS)]
    standard, ours = (statistics.median(column) for column in zip(*found))
    low, ratio, high = statistics.quantiles([a / b for a, b in found])
    return Compared(standard, ours, ratio, low, high)

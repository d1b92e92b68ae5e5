"""Nanoseconds a call.

The two sides are two processes that take turns, one batch of calls each, so that whatever else the
machine does meets both; the median of the turns is what counts. The first call of a process, and
the import, take a new process a turn.
"""

import pathlib
import statistics
import subprocess

import rows

CHILD = str(pathlib.Path(__file__).with_name("child.py"))
TURNS = 41
IMPORT = """
import time
start = time.perf_counter_ns()
import {}
print(time.perf_counter_ns() - start)
"""


def first(command, environment):
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout)


def batch(child, loops):
    print(loops, file=child.stdin, flush=True)
    return int(child.stdout.readline()) / loops


def compare(python, environment, row):
    """The standard library's time of a row, and ours."""
    if row is rows.IMPORT:
        sides = [[*python, "-c", IMPORT.format(side)] for side in rows.SIDES]
    else:
        sides = [[*python, CHILD, side, "time", row.name] for side in rows.SIDES]
    if row.fresh:
        found = [[first(side, environment) for side in sides] for _ in range(TURNS)]
    else:
        children = [
            subprocess.Popen(
                side, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for side in sides
        ]
        found = [[batch(child, row.loops) for child in children] for _ in range(TURNS)]
        for child in children:
            child.communicate()
    return [statistics.median(column) for column in zip(*found)]

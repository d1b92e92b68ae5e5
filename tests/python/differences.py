"""Where csocket differs from the standard library on purpose.

Each entry is a row of docs/compatibility.md (a test compares the two lists), says on which versions
the difference exists, recognises it, and names calls that show it: a call that no longer shows it
fails (test_differential.py).
"""

import dataclasses
import sys
from typing import Callable

from differ import Case  # noqa: F401


@dataclasses.dataclass(frozen=True)
class Difference:
    row: str  # the first column in docs/compatibility.md
    witnesses: tuple  # cases whose outcomes differ
    covers: Callable  # (case, standard, ours) -> bool
    since: tuple = (3, 9)
    until: tuple = (3, 99)  # the last version that has it


DIFFERENCES = []


def active():
    return [entry for entry in DIFFERENCES if entry.since <= sys.version_info[:2] <= entry.until]


def covers(case, standard, ours):
    return any(entry.covers(case, standard, ours) for entry in active())

#!/usr/bin/env python3
"""Calls of one thread and of two, on an interpreter without the global lock.

    threads.py [--python INTERPRETER] [--built FOLDER] [--write FILE]
    threads.py --check

Each thread sends and receives 64 bytes on a socket pair of its own, or both on the same pair.
Turns of one thread and of two alternate, as do the two libraries. "calls" compares the calls per
second of two threads with those of one; "processor" compares the processor time per call, which
is the same on a busy machine and grows if the threads disturb each other. Without --python: the
interpreter of tests/cpython/python-nogil (NOGIL_VERSION=3.14 for that version). --check, as TAP:
all of this runs, and two threads with sockets of their own do not take twice the processor time.
"""

import argparse
import itertools
import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time

ROWS = {"own": "a socket pair per thread", "shared": "one socket pair"}
GOAL = 1.95
TURNS, SECONDS = 15, 0.4
# --check: twice would be two threads that only take turns, waiting in a loop.
CHECK_TURNS, CHECK_SECONDS, CHECK_LIMIT = 3, 0.1, 2.0
MARKS = "<!-- threads -->\n", "<!-- end of threads -->\n"
SKIPPED = 77


def talk(pair, end, totals, ready):
    a, b = pair
    send, receive, data, clock = a.send, b.recv, b"x" * 64, time.monotonic
    count = 0
    ready.wait()
    stop = clock() + end
    while clock() < stop:
        for _ in range(50):
            send(data)
            receive(64)
        count += 50
    totals.append(count)


def run(pairs, seconds):
    """Calls per second, and processor time per call."""
    totals, ready = [], threading.Barrier(len(pairs))
    threads = [threading.Thread(target=talk, args=(pair, seconds, totals, ready)) for pair in pairs]
    begin, used = time.monotonic(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    calls = 2 * sum(totals)
    return calls / (time.monotonic() - begin), (time.process_time() - used) / calls


def child(module, row, seconds):
    """For each line "1" or "2" of the standard input: the numbers of so many threads."""
    if module == "csocket":
        import csocket as socket
    else:
        import socket
    shared = row == "shared"
    # Datagrams: a thread never receives half of another thread's message.
    pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(2)]
    run(pairs[:1], seconds / 4)
    for line in sys.stdin:
        threads = int(line)
        print(*run([pairs[0]] * threads if shared else pairs[:threads], seconds), flush=True)


def ask(process, threads):
    print(threads, file=process.stdin, flush=True)
    return tuple(map(float, process.stdout.readline().split()))


def measure(command, environment, row, turns, seconds):
    """{library: (calls of one thread, of two, their quotient, that of the processor times)}"""
    processes = {
        side: subprocess.Popen(
            [*command, side, row, str(seconds)], env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )
        for side in ("socket", "csocket")
    }  # fmt: skip
    found = {side: [] for side in processes}
    for _ in range(turns):
        for side, process in processes.items():
            (one, cost), (two, costs) = ask(process, 1), ask(process, 2)
            found[side].append((one, two, two / one, costs / cost))
    for process in processes.values():
        process.stdin.close()
        process.wait()
    return {side: list(map(statistics.median, zip(*rows))) for side, rows in found.items()}


def table(command, environment):
    yield "| | library | calls/s, 1 thread | 2 threads | calls | processor | goal |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    for row, text in ROWS.items():
        found = measure(command, environment, row, TURNS, SECONDS)
        for side, (one, two, calls, cost) in found.items():
            goal = "–"
            if side == "csocket":
                goal = f"≥ {GOAL}" if row == "own" else f"≥ {found['socket'][1]:,.0f} calls/s"
            cells = f"{one:,.0f} | {two:,.0f} | {calls:.2f} | {cost:.2f} | {goal}"
            yield f"| {text} | {side} | {cells} |"


def check(command, environment):
    print(f"1..{len(ROWS)}")
    failed = False
    for number, (row, text) in enumerate(ROWS.items(), 1):
        found = measure(command, environment, row, CHECK_TURNS, CHECK_SECONDS)
        calls, cost = found["csocket"][2:]
        good = row != "own" or cost < CHECK_LIMIT
        failed |= not good
        result = "ok" if good else "not ok"
        print(f"{result} {number} - {text}: {calls:.2f} times the calls, {cost:.2f} the processor")
    return failed


def without_lock():
    """The interpreter that tests/cpython/python-nogil has built, or None."""
    version = os.environ.get("NOGIL_VERSION", "3.13")
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    folder = cache / "csocket" / ("nogil" if version == "3.13" else f"nogil-{version}")
    path = os.environ.get("NOGIL_ROOT") or folder
    found = pathlib.Path(path, "bin", f"python{version}t")
    return str(found) if found.exists() else None


def main():
    if sys.argv[1:2] == ["--child"]:
        return child(sys.argv[2], sys.argv[3], float(sys.argv[4]))
    import interpreter

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    interpreter.add_options(parser)
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    parser.set_defaults(python=without_lock(), packages="")
    options = parser.parse_args()
    if not options.python:
        reason = "no interpreter without the global lock; tests/cpython/python-nogil builds one"
        print(f"1..0 # SKIP {reason}" if options.check else f"skipped: {reason}")
        return 0 if options.check else SKIPPED
    environment = interpreter.prepare(options)
    environment["PYTHON_GIL"] = "0"
    command = [options.python, "-S", "-s", __file__, "--child"]
    if options.check:
        return check(command, environment)
    heading = f"CPython {interpreter.version([options.python])}, without the global lock:"
    lines = itertools.chain([heading, ""], table(command, environment))
    interpreter.report(lines, options.write, MARKS)
    return 0


if __name__ == "__main__":
    sys.exit(main())

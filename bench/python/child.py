"""Run rows on one implementation in a separate process, which run.py starts.

child.py MODULE count ROW...    run each row's loop FEW times, then MANY times, and call os.getppid
                                before, between and after: instructions.py counts from one such
                                call to the next
child.py MODULE time ROW        for each line "N" of standard input run the loop N times and answer
                                with the nanoseconds it took
"""

import gc
import itertools
import os
import sys
import time

import rows


def load(module):
    if module == "socket":
        import socket
    else:
        import csocket as socket

        sys.modules["socket"] = socket
        sys.modules["_socket"] = socket._socket
    return socket


def compiled(module, row):
    namespace = {"socket": module}
    lines = "".join(f"        {line}\n" for line in row.body.split("\n"))
    source = f"def run(repeat, n):\n    for _ in repeat(None, n):\n{lines}"
    exec(row.setup, namespace)
    exec(source, namespace)
    return lambda n: namespace["run"](itertools.repeat, n)


def count(module, row):
    run = compiled(module, row)
    gc.collect()
    run(rows.WARM)
    for loops in (rows.FEW, rows.MANY):
        os.getppid()
        run(loops)
    os.getppid()


def clock(run, loops):
    start = time.perf_counter_ns()
    run(loops)
    print(time.perf_counter_ns() - start, flush=True)


def main():
    side, what, *names = sys.argv[1:]
    module = load(side)
    if what == "count":
        for name in names:
            count(module, rows.named(name))
        return
    row = rows.named(*names)
    run = compiled(module, row)
    if row.fresh:
        clock(run, 1)
        return
    run(20)
    for line in sys.stdin:
        clock(run, int(line))


if __name__ == "__main__":
    main()

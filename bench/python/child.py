"""One row on one implementation, in a process of its own (run.py starts it).

child.py MODULE ROW count N      run the loop N times and end: somebody counts instructions
child.py MODULE ROW time         for each line "N" of standard input run the loop N times and
                                 answer with the nanoseconds it took
child.py MODULE - import time    the same for the import statement
"""

import itertools
import sys
import time


def load(module):
    if module == "socket":
        import socket
    else:
        import csocket as socket

        sys.modules["socket"] = socket
        sys.modules["_socket"] = socket._socket
    return socket


def compiled(row, namespace):
    lines = "".join(f"        {line}\n" for line in row.body.split("\n"))
    source = f"def run(repeat, n):\n    for _ in repeat(None, n):\n{lines}"
    exec(row.setup, namespace)
    exec(source, namespace)
    return lambda n: namespace["run"](itertools.repeat, n)


def answer(run):
    for line in sys.stdin:
        count = int(line)
        start = time.perf_counter_ns()
        run(count)
        print(time.perf_counter_ns() - start, flush=True)


def main():
    module, name, what, *rest = sys.argv[1:]
    if name == "import":
        start = time.perf_counter_ns()
        __import__(module)
        print(time.perf_counter_ns() - start)
        return
    import rows

    if name == "empty":
        row = rows.Row("empty", "pass")
    else:
        row = next(row for row in rows.RATIOS + rows.TIMES if row.name == name)
    namespace = {"socket": load(module)}
    run = compiled(row, namespace)
    if what == "count":
        run(100)
        run(int(rest[0]))
    elif row.fresh:
        start = time.perf_counter_ns()
        run(1)
        print(time.perf_counter_ns() - start)
    else:
        run(20)
        answer(run)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""The cost of a call while a process has 1, 10,000 and 100,000 sockets open.

    scaling.py [--python INTERPRETER] [--sid] [--built FOLDER] [--sizes N,N...] [--write FILE]
    scaling.py --check

Two processes, one per library, take turns with each size. Their sockets are pairs of AF_UNIX,
connected through one listener, so that the system's ports are no limit. The limit on descriptors
is raised for the two processes only, if the system permits it (CAP_SYS_RESOURCE); otherwise the
table has as many sockets as are allowed. A garbage collection needs no descriptors: its sockets
are closed ones. --check, as TAP, counts instructions instead, with few sockets: they are the same
on a busy machine. --write puts the table into a Markdown file.
"""

import argparse
import gc
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

SIZES = 1, 10_000, 100_000
OBJECTS = 1_000, 10_000, 100_000
OPERATIONS = {
    "create": "socket() and close",
    "accept": "connect, accept and close",
    "talk": "send and recv, the sockets in turn",
    "collect": "gc.collect(), per object",
}
LOOPS = 2000
TURNS = 7
SPARE = 64  # descriptors beside the sockets
MARKS = "<!-- scaling -->\n", "<!-- end of scaling -->\n"
# --check: the sizes, the calls per count, and the growth that Python's allocator may cause.
FEW, MANY, CALLS = 16, 360, 200
GROWTH = 1.05


class Sockets:
    """The child's side: open sockets, and the operations while they are open."""

    def __init__(self, module):
        if module == "csocket":
            import csocket as socket
        else:
            import socket
        self.socket = socket
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind("")  # a free abstract address
        self.listener.listen()
        self.name = self.listener.getsockname()
        self.pairs = []
        self.closed = []
        self.next = 0

    def pair(self):
        client = self.socket.socket(self.socket.AF_UNIX, self.socket.SOCK_STREAM)
        client.connect(self.name)
        return client, self.listener.accept()[0]

    def grow(self, count):
        while len(self.pairs) * 2 < count:
            self.pairs.append(self.pair())

    def create(self, count):
        new, family, kind = self.socket.socket, self.socket.AF_UNIX, self.socket.SOCK_STREAM
        for _ in range(count):
            new(family, kind).close()

    def accept(self, count):
        pair = self.pair
        for _ in range(count):
            a, b = pair()
            a.close()
            b.close()

    def talk(self, count):
        """The pairs are used in turn: none is in the processor's caches if there are many."""
        for place in range(self.next, self.next + count):
            a, b = self.pairs[place % len(self.pairs)]
            a.send(b"x")
            b.recv(1)
        self.next += count

    def collect(self, count):
        del count
        gc.collect()

    def prepare(self, operation, size):
        if operation == "collect":
            kind = self.socket.socket
            self.closed = [kind.__new__(kind) for _ in range(size)]
        else:
            self.grow(size)


def child(module, count):
    """Serve requests: the number of sockets, an operation, and how often to do it."""
    sockets = Sockets(module)
    gc.disable()
    for line in sys.stdin:
        size, operation, loops = line.split()
        sockets.prepare(operation, int(size))
        run = getattr(sockets, operation)
        if count:
            run(int(loops))  # what the first call makes is not counted
            os.getppid()
            run(int(loops))
            os.getppid()
            continue
        begin = time.perf_counter_ns()
        run(int(loops))
        print(time.perf_counter_ns() - begin, flush=True)


def ask(process, size, operation, loops):
    """Nanoseconds per call."""
    print(size, operation, loops, file=process.stdin, flush=True)
    return int(process.stdout.readline()) / loops


def once(process, size, operation):
    if operation != "collect":
        return ask(process, size, operation, LOOPS)
    # Without the objects of the interpreter itself.
    return (ask(process, size, operation, 1) - ask(process, 0, operation, 1)) / size


def measure(processes, size, operation):
    """The median of the turns of each process."""
    found = [[] for _ in processes]
    for process in processes:
        once(process, size, operation)  # opens the sockets
    for turn in range(TURNS):
        for side in (0, 1) if turn % 2 else (1, 0):
            found[side].append(once(processes[side], size, operation))
    return [sorted(times)[TURNS // 2] for times in found]


def table(command, environment, sizes):
    processes = [
        subprocess.Popen(
            [*command, side], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )
        for side in ("socket", "csocket")
    ]  # fmt: skip
    yield "| ns per call | open sockets | socket | csocket | ratio | growth, socket | csocket |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for operation in sorted(OPERATIONS, key="collect".__ne__):  # before there are open sockets
        text, first = OPERATIONS[operation], None
        for size in OBJECTS if operation == "collect" else sizes:
            a, b = measure(processes, size, operation)
            first = first or (a, b)
            grown = f"{a / first[0]:.2f} | {b / first[1]:.2f}"
            yield f"| {text} | {size:,} | {a:,.0f} | {b:,.0f} | {b / a:.2f} | {grown} |"
    for process in processes:
        process.stdin.close()
        process.wait()


def counts(command, environment):
    """{(operation, size): instructions of csocket}"""
    import instructions

    # Open sockets remain, and would be collected as well: they come last.
    wanted = [(size, "collect") for size in (FEW, MANY // 2, MANY)]
    wanted += [(size, name) for size in (FEW, MANY) for name in ("create", "accept", "talk")]
    lines = "".join(f"{size} {name} {CALLS}\n" for size, name in wanted)
    with tempfile.TemporaryDirectory() as folder:
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/profile"]
        valgrind += ["--dump-after=getppid", "--dump-line=no", *command, "csocket", "--count"]
        done = subprocess.run(
            valgrind, env=environment, input=lines, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        found = list(instructions.parts(pathlib.Path(folder)))
    return {(name, size): n for (size, name), n in zip(wanted, found[1::2])}


def check(command, environment):
    """TAP: the instructions of a call do not grow with the number of open sockets."""
    found = counts(command, environment)
    results = []
    for name in ("create", "accept", "talk"):
        few, many = (found[name, size] / CALLS for size in (FEW, MANY))
        text = f"{few:,.0f} instructions with {FEW} sockets, {many:,.0f} with {MANY}"
        results.append((many <= few * GROWTH, f"{OPERATIONS[name]}: {text}"))
    few, half, many = (found["collect", size] for size in (FEW, MANY // 2, MANY))
    first, second = (half - few) / (MANY // 2 - FEW), (many - half) / (MANY - MANY // 2)
    text = f"{first:,.0f} instructions per object of the first ones, {second:,.0f} of the others"
    results.append((second <= first * 1.5 + 50, f"gc.collect(): {text}"))
    print(f"1..{len(results)}")
    for number, (good, text) in enumerate(results, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {text}")
    return not all(good for good, _ in results)


def fitting(sizes):
    """The sizes, at most as many as descriptors are allowed."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    need = max(sizes) + SPARE
    if hard != resource.RLIM_INFINITY and need > hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (need, need))
        except (OSError, ValueError):
            print(f"{need:,} descriptors are not allowed here, only {hard:,}\n")
            sizes = sorted({min(size, hard - SPARE) for size in sizes})
            need = hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (need, max(need, hard)))
    return sizes


def main():
    if sys.argv[1:2] == ["--child"]:
        return child(sys.argv[2], "--count" in sys.argv)
    import interpreter

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    interpreter.add_options(parser)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check and not shutil.which("valgrind"):
        print("1..0 # SKIP valgrind is not installed")
        return 0
    environment = interpreter.prepare(options)
    command = [options.python, "-S", "-s", __file__, "--child"]
    if options.check:
        return check(command, environment)
    sizes = fitting([int(size) for size in options.sizes.split(",")])
    print(f"CPython {interpreter.version([options.python])}\n")
    interpreter.report(table(command, environment, sizes), options.write, MARKS)
    return 0


if __name__ == "__main__":
    sys.exit(main())

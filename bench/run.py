#!/usr/bin/env python3
"""Measure the overhead of csocket over the bare system calls, and compare it with its limits.

    run.py BENCH_IO            print the table
    run.py BENCH_IO --check    the operations that have a target, as TAP
    run.py BENCH_IO --write    put the table into docs/performance.md

Instructions and system calls are counted by valgrind in two runs of different length, whose
difference is the cost of one call; they are the same on every run and machine of one kind.  Times
are the fastest of many rounds, and depend on the machine.
"""

import argparse
import pathlib
import platform
import re
import shutil
import subprocess
import sys

PAGE = pathlib.Path(__file__).resolve().parents[1] / "docs/performance.md"
MODES = ("blocking", "timeout")
# User-space instructions that a call may add.  Without a target: only reported.
TARGETS = {"blocking": 60, "timeout": 90}
WITH_TARGET = ("send", "recv", "sendto", "recvfrom")
WALL = 1.03
FEW, MANY = 64, 192
ROUNDS = 4000
SKIPPED = 77


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr.strip() or done.returncode}")
    return done


def instructions(*command):
    err = run("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command).stderr
    return int(re.search(r"Collected\s*:\s*(\d+)", err)[1])


def system_calls(*command):
    err = run("valgrind", "--tool=none", "--trace-syscalls=yes", *command).stderr
    return len(re.findall(r"^SYSCALL\[.*?\) sys_", err, re.M))


def per_call(count, bench, name, layer, mode):
    few, many = (count(bench, "run", name, layer, mode, str(n)) for n in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def added(count, bench, name, mode):
    """The cost of csocket per call in addition to the bare call."""
    csocket, bare = (per_call(count, bench, name, layer, mode) for layer in ("csocket", "bare"))
    return csocket - bare


def wall(bench, name, mode):
    bare, csocket = map(float, run(bench, "time", name, mode, str(ROUNDS)).stdout.split())
    return bare, csocket


def check(bench):
    """Write TAP: instructions and system calls of the operations that have a target."""
    print(f"1..{len(MODES) * len(WITH_TARGET) * 2}")
    number, failed = 0, False
    for mode in MODES:
        for name in WITH_TARGET:
            more = added(instructions, bench, name, mode)
            calls = added(system_calls, bench, name, mode)
            for good, what in (
                (more <= TARGETS[mode], f"adds {more:.0f} instructions, {TARGETS[mode]} allowed"),
                (calls == 0, f"adds {calls:g} system calls"),
            ):
                number, failed = number + 1, failed or not good
                print(f"{'ok' if good else 'not ok'} {number} - {name}, {mode}: {what}")
    return 1 if failed else 0


def row(bench, name, mode):
    more = added(instructions, bench, name, mode)
    calls = added(system_calls, bench, name, mode)
    bare, csocket = wall(bench, name, mode)
    target = TARGETS[mode] if name in WITH_TARGET else "–"
    return (
        f"| `{name}` | {mode} | {more:.0f} | {target} | {calls:g} "
        f"| {bare:.0f} | {csocket:.0f} | {csocket / bare:.3f} |"
    )


def table(bench):
    yield "| | mode | instructions added | at most | system calls added | bare, ns | csocket, ns "
    yield "| ratio |\n|---|---|---|---|---|---|---|---|\n"
    for name in run(bench, "list").stdout.split():
        for mode in MODES:
            yield row(bench, name, mode) + "\n"


def machine():
    version = ".".join(platform.release().split(".")[:2])
    return f"{platform.system()} {version}, {platform.machine()}"


def write(bench):
    text = PAGE.read_text(encoding="utf-8")
    begin, end = "<!-- begin: bench/run.py --write -->\n", "<!-- end -->"
    head, rest = text.split(begin)
    tail = rest.split(end)[1]
    middle = f"\n{machine()}:\n\n{''.join(table(bench))}\n"
    PAGE.write_text(head + begin + middle + end + tail, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", type=pathlib.Path, help="the program bench_io")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--unfit", default="", help="reason why this build cannot be compared")
    options = parser.parse_args()
    reason = options.unfit or (not shutil.which("valgrind") and "valgrind is not installed")
    if reason:
        print(f"1..0 # SKIP {reason}" if options.check else f"skipped: {reason}")
        return 0 if options.check else SKIPPED
    bench = options.bench.resolve()
    if options.check:
        return check(bench)
    if options.write:
        write(bench)
        return 0
    for part in table(bench):
        print(part, end="", flush=True)
    print(f"\n{machine()}. Instructions and system calls a call; times of the fastest round.")
    print(f"The ratio may be {WALL} at most, on a machine that does nothing else.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

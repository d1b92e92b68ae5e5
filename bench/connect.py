#!/usr/bin/env python3
"""Measure the time to connect to hosts that are hard to reach, and compare it with other programs.

    connect.py BENCH_CONNECT [--python INTERPRETER] [--built FOLDER] [--write FILE]

The network is in a namespace (see connect_network.py): root or user namespaces are needed. Each
connection is made by a new process, the programs take turns, and the median counts. Processes
measure themselves; their start is not included. The time depends on whether the processor's caches
still contain the name server and the kernel's network code, so an interpreter with the same imports
is also started before programs not written in Python. On a busy machine, run this with chrt --rr
20. FOLDER is the output of `make python`; without it the package is built. --write puts the table
into a Markdown file.
"""

import argparse
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
from typing import NamedTuple

import connect_network as network

HERE = pathlib.Path(__file__).resolve().parent
MARKS = "<!-- connect -->\n", "<!-- end of connect -->\n"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "csocket")
MODULES = pathlib.Path(os.environ.get("CSOCKET_TOOLS") or CACHE / "tools") / "modules"
DELAY = 0.25
SLACK = 1.1  # of the best other program's time
DEAD = 1.05  # seconds, for a limit of 1
PATIENCE = 60  # seconds for each process
SKIPPED = 77


class Case(NamedTuple):
    text: str
    host: str
    rounds: int
    result: tuple  # acceptable families of the connection
    limit: float = 0


IPV4, IPV6 = "IPv4", "IPv6"
CASES = (
    Case("IPv6 without answer", "blackhole.test", 15, (IPV4,)),
    Case("both answer", "both.test", 61, (IPV4, IPV6)),
    Case("the first refuses", "refused.test", 61, (IPV4,)),
    Case("dead name server, limit 1 s", network.SILENT, 7, (), 1),
    Case("AAAA after 2 s", "slow.test", 7, (IPV4, IPV6)),
)


class Client(NamedTuple):
    name: str
    command: tuple = ()
    missing: str = ""  # reason why it cannot be measured
    is_ours: bool = False
    before: tuple = ()  # a command to run first


def curl(case):
    command = ["curl", "-q", "--silent", "--noproxy", "*", "--output", "/dev/null"]
    command += ["--happy-eyeballs-timeout-ms", str(round(DELAY * 1000))]
    command += ["--write-out", "%{time_connect} %{time_total} %{remote_ip}\n"]
    if case.limit:
        command += ["--connect-timeout", str(case.limit)]
    status, output = run([*command, f"http://{case.host}:{network.PORT}/"])
    connect, total, *address = output.split()
    if not address:
        return float(total), f"status {status}"
    return float(connect), IPV6 if ":" in address[0] else IPV4


def run(command, **how):
    done = subprocess.run(
        command, stdout=subprocess.PIPE, check=False, text=True, timeout=PATIENCE, **how
    )
    return done.returncode, done.stdout


def measure(client, case, environment):
    """(seconds, the family or the error)"""
    if client.before:
        run(client.before, env=environment)
    if client.command[0] == "curl":
        return curl(case)
    command = [*client.command, case.host, str(network.PORT), str(case.limit)]
    status, output = run(command, env=environment)
    if status:
        sys.exit(f"{client.name}: status {status}")
    seconds, result = output.strip().split(" ", 1)
    return float(seconds), result


def medians(clients, case, environment):
    """{client's name: seconds}"""
    found = {client.name: [] for client in clients}
    for turn in range(case.rounds):
        first = turn % len(clients)
        for client in clients[first:] + clients[:first]:
            seconds, result = measure(client, case, environment)
            if result not in case.result and (case.result or result in (IPV4, IPV6)):
                sys.exit(f"{case.text}: {client.name}: {result}")
            found[client.name].append(seconds)
    return {name: statistics.median(times) for name, times in found.items()}


def printed(*command, environment=None):
    """Return the first line of a command's output, or "" if it fails."""
    status, output = run(command, env=environment, stderr=subprocess.DEVNULL)
    return output.splitlines()[0] if status == 0 and output else ""


def programs(bench, python, environment):
    child = (python, str(HERE / "connect_client.py"))
    start = (*child, "start")
    version = printed(python, "-c", "import platform; print(platform.python_version())")
    found = [
        Client("csocket in C", (str(bench),), is_ours=True, before=start),
        Client(f"csocket in Python {version}", (*child, "csocket"), is_ours=True),
        Client(f"asyncio of Python {version}", (*child, "asyncio")),
    ]
    hint = "not installed; tools/bootstrap.sh bench installs it"
    script = "import aiohappyeyeballs as a; print(a.__name__, a.__version__)"
    name = printed(python, "-c", script, environment=environment)
    command = (*child, "aiohappyeyeballs")
    found.append(Client(name, command) if name else Client("aiohappyeyeballs", missing=hint))
    name = " ".join(printed("curl", "--version").split()[:2]) if shutil.which("curl") else ""
    found.append(Client(name, ("curl",), before=start) if name else Client("curl", missing=hint))
    return found


def milliseconds(seconds):
    return f"{seconds * 1000:,.{2 if seconds < 0.01 else 1}f}"


def table(clients, environment):
    present = [client for client in clients if not client.missing]
    columns = []
    for case in CASES:
        found = medians(present, case, environment)
        print(case.text, found, file=sys.stderr, flush=True)
        best = min(found[client.name] for client in present if not client.is_ours)
        columns.append((found, DEAD if case.limit else best * SLACK))
    yield f"| ms to connect | {' | '.join(case.text for case in CASES)} |"
    yield "|---|" + "--:|" * len(CASES)
    for client in clients:
        cells = [client.missing, *[""] * (len(CASES) - 1)]
        if not client.missing:
            cells = [cell(client, *column) for column in columns]
        yield f"| {client.name} | {' | '.join(cells)} |"
    goals = " | ".join(f"≤ {milliseconds(goal)}" for _, goal in columns)
    yield f"| goal for csocket | {goals} |"


def cell(client, found, goal):
    seconds = found[client.name]
    return milliseconds(seconds) + (", missed" if client.is_ours and seconds > goal else "")


def machine():
    version = ".".join(platform.release().split(".")[:2])
    library = " ".join(platform.libc_ver()).strip() or "unknown C library"
    return f"{platform.system()} {version}, {platform.machine()}, {library}:"


def build_package(python):
    build = [str(HERE.parent / "tools/build_python.sh"), python]
    done = subprocess.run(build, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", type=pathlib.Path, help="the program bench_connect")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--built")
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    if not network.inside():
        if not options.built:
            sys.argv += ["--built", build_package(options.python)]
        print(f"skipped: {network.enter()}")
        return SKIPPED
    network.set_up()
    path = os.pathsep.join([str(options.built), str(MODULES)])
    environment = dict(os.environ, PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1")
    lines = [machine(), ""]
    lines += table(programs(options.bench.resolve(), options.python, environment), environment)
    print(*lines, sep="\n")
    if options.write:
        text = options.write.read_text(encoding="utf-8")
        head, rest = text.split(MARKS[0])
        text = head + "\n".join([MARKS[0], *lines, "", MARKS[1]]) + rest.split(MARKS[1])[1]
        options.write.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

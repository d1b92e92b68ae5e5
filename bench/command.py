#!/usr/bin/env python3
"""Compare the command with nc, ncat and socat: latency of small messages, and throughput.

    command.py CSOCKET            print the tables
    command.py CSOCKET --check    the system calls per message, compared with nc's, as TAP
    command.py CSOCKET --write    put the tables into docs/performance.md

Latency: a message of 32 bytes is written to standard input, a server sends it back, and it is read
from standard output. Throughput: one process sends its standard input to another, whose standard
output is /dev/null. The programs take turns in every round, so that a busy machine slows all of
them, and the ratios are medians over the rounds.
"""

import argparse
import contextlib
import os
import pathlib
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

PAGE = pathlib.Path(__file__).resolve().parents[1] / "docs/performance.md"
MESSAGE = b"x" * 32
FEW, MANY = 100, 300
SKIPPED = 77


def reply(server):
    """Send everything back, to one peer at a time."""
    with contextlib.suppress(OSError):
        while True:
            if server.type == socket.SOCK_DGRAM:
                data, sender = server.recvfrom(65536)
                server.sendto(data, sender)
                continue
            conn = server.accept()[0]
            with conn:
                if conn.family == socket.AF_INET:
                    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while data := conn.recv(65536):
                    conn.sendall(data)


def servers(folder):
    """Start one server process per kind; yield the kind and how each program connects to it."""
    path = os.path.join(folder, "echo")
    tcp = socket.create_server(("127.0.0.1", 0))
    udp = socket.socket(type=socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    local = socket.socket(socket.AF_UNIX)
    local.bind(path)
    local.listen()
    child = os.fork()
    if child == 0:
        for s in (tcp, udp, local):
            threading.Thread(target=reply, args=(s,)).start()
        signal.pause()
    ports = [str(s.getsockname()[1]) for s in (tcp, udp)]
    for s in (tcp, udp, local):
        s.close()
    clients = {
        "TCP": {"csocket": ["connect", "127.0.0.1", ports[0]], "nc": ["-N", "127.0.0.1", ports[0]],
                "ncat": ["127.0.0.1", ports[0]], "socat": ["-", f"TCP:127.0.0.1:{ports[0]}"]},
        "UDP": {"csocket": ["connect", "--udp", "127.0.0.1", ports[1]],
                "nc": ["-u", "-w1", "127.0.0.1", ports[1]], "ncat": ["-u", "127.0.0.1", ports[1]],
                "socat": ["-T1", "-", f"UDP:127.0.0.1:{ports[1]}"]},
        "AF_UNIX": {"csocket": ["connect", path], "nc": ["-N", "-U", path], "ncat": ["-U", path],
                    "socat": ["-", f"UNIX:{path}"]},
    }  # fmt: skip
    return child, clients


def exchange(words, count):
    """Return the round-trip times of messages through a client, in nanoseconds, sorted."""
    client = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
                              stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
    there, back = client.stdin.fileno(), client.stdout.fileno()
    times = []
    for _ in range(count):
        begin = time.perf_counter_ns()
        os.write(there, MESSAGE)
        if len(os.read(back, 4096)) != len(MESSAGE):
            sys.exit(f"{' '.join(words)}: the message did not come back")
        times.append(time.perf_counter_ns() - begin)
    client.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        client.wait(0.2)
    with contextlib.suppress(ProcessLookupError):  # strace, if killed, leaves its program running
        os.killpg(client.pid, signal.SIGKILL)
    client.wait()
    client.stdout.close()
    return sorted(times)


def calls_per_message(words, folder):
    """Return a client's system calls per message and reply, from the difference between MANY and
    FEW messages."""
    log, totals = os.path.join(folder, "calls"), []
    for count in (FEW, MANY):
        exchange(["strace", "-f", "-o", log, *words], count)
        lines = pathlib.Path(log).read_text(errors="replace").splitlines()
        totals.append(len([line for line in lines if re.match(r"\d+ +\w+\(", line)]))
    return (totals[1] - totals[0]) / (MANY - FEW)


def latency(programs, clients, rounds):
    """Return, per kind and program, the median time in us and the median ratio to nc's time in the
    same round."""
    rows = []
    for kind, words in clients.items():
        times = {name: [] for name in programs}
        for _ in range(rounds):
            for name, path in programs.items():
                found = exchange([path, *words[name]], 600)
                times[name].append(statistics.median(found) / 1000)
        for name, own in times.items():
            ratio = statistics.median(a / b for a, b in zip(own, times["nc"]))
            rows.append((kind, name, statistics.median(own), ratio))
    return rows


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return str(s.getsockname()[1])


def listens(port):
    with open("/proc/net/tcp", encoding="ascii") as file:
        return f"0100007F:{int(port):04X} 00000000:0000 0A" in file.read()


def transfer(programs, name, source, from_pipe):
    """Return the seconds until the file has been sent from one process of the program to
    another."""
    port = free_port()
    listen, connect = {
        "csocket": (["listen", "127.0.0.1", port], ["connect", "127.0.0.1", port]),
        "nc": (["-l", "127.0.0.1", port], ["-N", "127.0.0.1", port]),
        "ncat": (["-l", "127.0.0.1", port], ["--send-only", "127.0.0.1", port]),
        "socat": (["-u", f"TCP-LISTEN:{port},bind=127.0.0.1", "-"],
                  ["-u", "-", f"TCP:127.0.0.1:{port}"]),
    }[name]  # fmt: skip
    quiet = {"stderr": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    receiver = subprocess.Popen([programs[name], *listen], stdin=subprocess.DEVNULL, **quiet)
    while not listens(port):
        time.sleep(0.01)
    begin = time.perf_counter()
    with open(source, "rb") as file:
        cat = subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE) if from_pipe else None
        sender = subprocess.Popen([programs[name], *connect], stdin=cat.stdout if cat else file,
                                  **quiet)  # fmt: skip
        if cat:
            cat.stdout.close()
        receiver.wait()
        seconds = time.perf_counter() - begin
        sender.wait()
        if cat:
            cat.wait()
    return seconds


def throughput(programs, folder, size, rounds):
    """Return, per kind of input and program, the median time in s and the median ratio to nc's."""
    source, rows = os.path.join(folder, "data"), []
    with open(source, "wb") as file:
        for _ in range(size >> 20):
            file.write(bytes(1 << 20))
    for from_pipe in (False, True):
        times = {name: [] for name in programs}
        for _ in range(rounds):
            for name, own in times.items():
                own.append(transfer(programs, name, source, from_pipe))
        for name, own in times.items():
            ratio = statistics.median(a / b for a, b in zip(own, times["nc"]))
            rows.append(("a pipe" if from_pipe else "a file", name, statistics.median(own), ratio))
    return rows


def tables(programs, clients, folder, rounds, size):
    yield f"Linux {'.'.join(platform.release().split('.')[:2])}, {platform.machine()}:\n"
    calls = {}
    if shutil.which("strace"):
        calls = {(kind, name): calls_per_message([path, *words[name]], folder)
                 for kind, words in clients.items() for name, path in programs.items()}  # fmt: skip
    yield "| 32 bytes there and back | | time, us | ratio to nc's | system calls |"
    yield "|---|---|---|---|---|"
    for kind, name, time_, ratio in latency(programs, clients, rounds):
        count = f"{calls[kind, name]:.1f}" if calls else "–"
        yield f"| {kind} | {name} | {time_:.1f} | {ratio:.2f} | {count} |"
    yield f"\n| {size >> 20} MiB over 127.0.0.1 from | | time, s | ratio to nc's |"
    yield "|---|---|---|---|"
    for kind, name, time_, ratio in throughput(programs, folder, size, max(rounds // 4, 1)):
        yield f"| {kind} | {name} | {time_:.2f} | {ratio:.2f} |"


def check(programs, clients, folder):
    """Write TAP: the cost of a message in system calls does not depend on the machine's load."""
    print(f"1..{len(clients)}")
    for number, (kind, words) in enumerate(clients.items(), 1):
        own, other = (calls_per_message([programs[name], *words[name]], folder)
                      for name in ("csocket", "nc"))  # fmt: skip
        good = "ok" if own < other else "not ok"
        print(f"{good} {number} - {kind}: {own:.1f} system calls per message, nc {other:.1f}")


def write(lines):
    page = PAGE.read_text(encoding="utf-8")
    begin, end = "<!-- begin: bench/command.py --write -->\n", "<!-- end -->"
    head, rest = page.split(begin)
    tail = rest[rest.index(end) :]
    PAGE.write_text(head + begin + "\n" + "\n".join(lines) + "\n\n" + tail, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csocket")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--size", type=int, default=512, help="MiB to transfer")
    parser.add_argument("--unfit", default="", help="why the figures are meaningless")
    args = parser.parse_args()
    programs = {"csocket": os.path.abspath(args.csocket)}
    programs.update(
        {name: path for name in ("nc", "ncat", "socat") if (path := shutil.which(name))}
    )
    lacks = args.unfit or ("nc" not in programs and "nc is not installed")
    lacks = lacks or (args.check and not shutil.which("strace") and "strace is not installed")
    if lacks:
        print(f"1..0 # SKIP {lacks}")
        return 0 if args.check else SKIPPED
    folder = tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    child, clients = servers(folder)
    try:
        if args.check:
            check(programs, clients, folder)
        else:
            lines = list(tables(programs, clients, folder, args.rounds, args.size << 20))
            write(lines) if args.write else print("\n".join(lines))
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())

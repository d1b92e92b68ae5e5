#!/usr/bin/env python3
"""Datagrams in bulk: csocket's recv_many and send_many against the standard library's calls.

    datagrams.py [--python INTERPRETER] [--write FILE]
    datagrams.py --check

Each row runs in a process a library, which take turns; the median of the turns counts, and of
each turn the tenth of its rounds that was disturbed least. All sockets are in one process, on
loopback. --write puts the table into a Markdown file, and the picture beside it. --check, as TAP:
each row runs on each library.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys

import interpreter

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARKS = "<!-- datagrams -->\n", "<!-- end of datagrams -->\n"
TURNS = 5
CHILD = """
import importlib, sys, time
library, work, count, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
socket = importlib.import_module("csocket" if library != "socket" else "socket")
many = library == "csocket"
def udp():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    return sock
server, data, clock = udp(), b"x" * size, time.perf_counter_ns
there = server.getsockname()
clients = [udp() for _ in range(count if work == "serve" else 1)]
def bulk():
    client, left, begin = clients[0], count, clock()
    if many:
        client.send_many([(data, there)] * count)
        while left > 0:
            left -= len(server.recv_many(64, 2048))
    else:
        for _ in range(count): client.sendto(data, there)
        for _ in range(count): server.recvfrom(2048)
    return clock() - begin
def serve():
    for client in clients: client.sendto(data, there)
    left, begin = count, clock()
    if many:
        while left > 0:
            requests = server.recv_many(64, 2048)
            server.send_many(requests)
            left -= len(requests)
    else:
        for _ in range(count):
            message, peer = server.recvfrom(2048)
            server.sendto(message, peer)
    time_taken = clock() - begin
    for client in clients: client.recvfrom(2048)
    return time_taken
if many and work == "bulk":
    try:
        server.setsockopt(17, 104, 1)  # UDP_GRO
    except OSError:
        pass
work = globals()[work]
for _ in range(50 if sys.argv[5:] == [] else 1): work()
repeats = max(300, 20_000 // count) if sys.argv[5:] == [] else 2
rounds = sorted(work() for _ in range(repeats))
print(rounds[len(rounds) // 10] / count)
"""
# what, count, bytes, text, required speedup
ROWS = (
    ("bulk", 64, 64, "64 datagrams of 64 bytes to one peer", 25.0),
    ("bulk", 64, 512, "64 datagrams of 512 bytes to one peer", 20.0),
    ("bulk", 64, 1200, "64 datagrams of 1200 bytes to one peer", 12.0),
    ("serve", 64, 64, "a server answers 64 requests of 64 clients", 1.6),
    ("serve", 8, 64, "a server answers 8 requests of 8 clients", 1.4),
    ("serve", 1, 64, "a server answers one request", 1.0),
)
LIBRARIES = "socket", "recvfrom", "csocket"  # the second is csocket with single calls


def measure(python, built, row):
    found = {library: [] for library in LIBRARIES}
    environment = dict(os.environ, PYTHONPATH=built)
    for _ in range(TURNS):
        for library in LIBRARIES:
            command = [python, "-c", CHILD, library, row[0], str(row[1]), str(row[2])]
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
            found[library].append(float(done.stdout))
    return [statistics.median(found[library]) for library in LIBRARIES]


def check(python, built):
    """TAP: each row runs on each library."""
    cases = [(row, library) for row in ROWS for library in LIBRARIES]
    print(f"1..{len(cases)}")
    failed = False
    environment = dict(os.environ, PYTHONPATH=built)
    for number, (row, library) in enumerate(cases, 1):
        command = [python, "-c", CHILD, library, row[0], str(row[1]), str(row[2]), "few"]
        good = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode == 0
        failed |= not good
        print(f"{'ok' if good else 'not ok'} {number} - {row[3]}, {library}", flush=True)
    return 1 if failed else 0


def picture(rows):
    """Return bars of the times, relative to the standard library's."""
    parts, y = [], 10
    for text, standard, single, ours in rows:
        parts.append(f'<text x="0" y="{y + 12}" font-weight="bold">{text}</text>')
        for label, ns in (("socket", standard), ("csocket, single", single), ("in bulk", ours)):
            y += 20
            width = max(1, round(420 * ns / standard))
            parts.append(f'<text x="0" y="{y + 12}">{label}</text>')
            parts.append(f'<rect x="110" y="{y + 1}" width="{width}" height="14"/>')
            parts.append(f'<text x="{width + 116}" y="{y + 12}">{ns:,.0f} ns</text>')
        y += 30
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 {y}" font-family="sans-serif"'
    return f'{head} font-size="12" fill="#456">\n' + "\n".join(parts) + "\n</svg>\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check and (reason := interpreter.obstacle(options.python)):
        print(f"1..0 # SKIP {reason}")
        return 0
    built = interpreter.output(ROOT / "tools/build_python.sh", options.python).splitlines()[-1]
    if options.check:
        return check(options.python, built)
    lines = [
        "| ns per datagram | socket | csocket, single calls | csocket in bulk "
        "| times faster | goal |"
    ]
    lines += ["|---|--:|--:|--:|--:|--:|"]
    rows = []
    print(*lines, sep="\n")
    for row in ROWS:
        standard, single, ours = measure(options.python, built, row)
        rows.append((row[3], standard, single, ours))
        numbers = f"{standard:,.0f} | {single:,.0f} | {ours:,.0f} | {standard / ours:.2f}"
        lines.append(f"| {row[3]} | {numbers} | ≥ {row[4]} |")
        print(lines[-1], flush=True)
    if options.write:
        text = options.write.read_text(encoding="utf-8")
        head, rest = text.split(MARKS[0])
        table = "\n".join(lines) + "\n\n"
        text = head + MARKS[0] + "\n" + table + MARKS[1] + rest.split(MARKS[1])[1]
        options.write.write_text(text, encoding="utf-8")
        options.write.with_name("datagrams.svg").write_text(picture(rows), encoding="utf-8")

    return 0


if __name__ == "__main__":
    sys.exit(main())

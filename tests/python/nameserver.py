"""Programs in a network namespace whose name server is dead, or slow.

run_with_name_server runs a program there. Run as a program, this file is the slow name server:
nameserver.py MILLISECONDS answers until its standard input is closed.
"""

import os
import selectors
import socket
import subprocess
import sys
import textwrap
import time

A = b"\0\1"
# The namespace has no route to the last one, so the resolver sorts it last.
MANY = [bytes([127, 0, 1, i]) for i in range(1, 70)] + [bytes([192, 0, 2, 1])]
PRELUDE = """
    import csocket, fcntl, os, signal, struct, subprocess, sys, threading, time, warnings
    probe = csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM)
    fcntl.ioctl(probe, 0x8914, struct.pack("16sh14x", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
"""
DEAD = """
    server = csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))  # and never answers
"""
SLOW = """
    name_server = subprocess.Popen(
        [sys.executable, {file!r}, "{milliseconds}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    name_server.stdout.readline()
"""


def environment():
    return dict(os.environ, PYTHONPATH=os.pathsep.join(filter(None, sys.path)))


def run_with_name_server(tmp_path, code, milliseconds=None):
    """Run a program; the name server answers after that many milliseconds, or never if None.

    Every name has the address 127.0.0.1; many.name has more: MANY. The resolver gives up after 2
    seconds.
    """
    resolv = tmp_path / "resolv.conf"
    resolv.write_text("nameserver 127.0.0.1\noptions timeout:2 attempts:1\n")
    server = DEAD if milliseconds is None else SLOW
    server = server.format(file=__file__, milliseconds=milliseconds)
    program = "".join(map(textwrap.dedent, (PRELUDE, server, code)))
    inside = 'mount --bind "$0" /etc/resolv.conf && exec "$1" -c "$2"'
    spaces = ["unshare", "--net", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    try:
        subprocess.run([*spaces, "true"], check=True, stderr=subprocess.PIPE)
    except (OSError, subprocess.CalledProcessError) as exc:
        import pytest

        pytest.skip(f"needs namespaces: {getattr(exc, 'stderr', None) or exc}")
    command = [*spaces, "sh", "-c", inside, resolv, sys.executable, program]
    subprocess.run(command, check=True, env=environment(), timeout=100)


def reply(query):
    """Return the addresses for a query of type A, none for other types."""
    end = query.index(b"\0", 12) + 5
    addresses = MANY if b"\4many\4name" in query else [b"\x7f\0\0\1"]
    if query[end - 4 : end - 2] != A:
        addresses = []
    record = b"\xc0\x0c" + A + b"\0\1" + b"\0\0\0\0" + b"\0\4"
    counts = b"\0\1" + len(addresses).to_bytes(2, "big") + b"\0\0\0\0"
    records = b"".join(record + address for address in addresses)
    return query[:2] + b"\x81\x80" + counts + query[12:end] + records


def serve(delay):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, selectors.DefaultSelector() as s:
        sock.bind(("127.0.0.1", 53))
        print("ready", flush=True)
        s.register(sock, selectors.EVENT_READ)
        s.register(0, selectors.EVENT_READ)
        due = []
        while True:
            events = s.select(max(0, due[0][0] - time.monotonic()) if due else None)
            if any(key.fd == 0 for key, _ in events):
                return
            if events:
                query, address = sock.recvfrom(512)
                due.append((time.monotonic() + delay, reply(query), address))
            while due and due[0][0] <= time.monotonic():
                sock.sendto(*due.pop(0)[1:])


if __name__ == "__main__":
    serve(int(sys.argv[1]) / 1000)

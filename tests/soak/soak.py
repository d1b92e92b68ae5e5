#!/usr/bin/env python3
"""The same through the Python package: soak.py SECONDS, with the package on PYTHONPATH.

Threads echo what a client sends, in all the ways in which a connection can end, while one signal
per millisecond arrives, whose handler raises occasionally. Data is verified; memory and descriptors
stay flat.
"""

import contextlib
import gc
import os
import random
import signal
import struct
import sys
import threading
import time

import csocket as socket

# Each thread's allocator takes up to 1200 KiB in the first seconds, and nothing afterwards.
GROWTH_KIB = 4096
WARM_UP = 2000  # connections
COUNTS = dict.fromkeys(("connections", "resets", "halves", "timeouts", "raised"), 0)


class Raised(Exception):
    """Raised by the signal handler."""


class Alarm:
    """One signal per millisecond; the handler raises occasionally while permitted."""

    def __init__(self):
        self.calls, self.armed = 0, False
        signal.signal(signal.SIGALRM, self.handle)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)

    def handle(self, number, frame):
        self.calls += 1
        if self.armed and self.calls % 53 == 0:
            self.armed = False
            COUNTS["raised"] += 1
            raise Raised

    def stop(self):
        signal.setitimer(signal.ITIMER_REAL, 0)


def echo(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        with conn, contextlib.suppress(OSError):
            conn.settimeout(60)
            while data := conn.recv(4096):
                conn.sendall(data)


def receive(sock, size):
    found = bytearray()
    while len(found) < size:
        data = sock.recv(size - len(found))
        if not data:
            break
        found += data
    return bytes(found)


def in_vain(sock):
    sock.settimeout(random.random() / 200)
    try:
        sock.recv(1)
    except socket.timeout:
        COUNTS["timeouts"] += 1
    sock.settimeout(60)


def cycle(address, alarm):
    data = random.randbytes(random.randrange(1, 20000))
    with socket.create_connection((f"127.0.{random.randrange(256)}.1", address[1]), 60) as sock:
        COUNTS["connections"] += 1
        try:
            alarm.armed = True
            way = random.randrange(8)
            if way == 0:
                in_vain(sock)
            sock.sendall(data)
            if way == 1:
                sock.shutdown(socket.SHUT_WR)
                COUNTS["halves"] += 1
            found = receive(sock, len(data))
            alarm.armed = False
            assert found == data
        except Raised:
            return
        finally:
            alarm.armed = False
        if way > 4:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            COUNTS["resets"] += 1


def resident_kib():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024


def settled():
    """Return the number of descriptors once the threads have closed theirs."""
    gc.collect()
    for _ in range(200):
        count = len(os.listdir("/proc/self/fd"))
        time.sleep(0.01)
        if count == len(os.listdir("/proc/self/fd")):
            break
    return count


def main():
    end = time.monotonic() + float(sys.argv[1] if len(sys.argv) > 1 else 10)
    random.seed(1)
    listener = socket.create_server(("", 0), backlog=1000)
    threads = [threading.Thread(target=echo, args=[listener]) for _ in range(4)]
    for thread in threads:
        thread.start()
    alarm = Alarm()
    try:
        for _ in range(WARM_UP):
            cycle(listener.getsockname(), alarm)
        before, memory = settled(), resident_kib()
        while time.monotonic() < end:
            for _ in range(1000):
                cycle(listener.getsockname(), alarm)
            assert resident_kib() < memory + GROWTH_KIB, resident_kib() - memory
        left = settled()
        assert left <= before + len(threads), (before, left)
    finally:
        alarm.stop()
        listener.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()
        listener.close()
    counts = ", ".join(f"{count} {name}" for name, count in COUNTS.items())
    print(f"Python: {counts}; memory grew by {resident_kib() - memory} KiB")


if __name__ == "__main__":
    main()

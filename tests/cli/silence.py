"""Peers that never answer: a listener, and in a network of its own a name server.

As a program, in the namespaces of `run_in_world`: runs the commands of standard input, a JSON list,
and prints the results of `measure`."""

import concurrent.futures
import contextlib
import fcntl
import json
import select
import shutil
import socket
import struct
import subprocess
import sys
import time
import unittest

from command import ENVIRONMENT, PROGRAM, SECONDS, address_of

HOST = "slow.example.test"  # in that network, its lookup takes half a minute or more
FILES = {
    "nsswitch.conf": "hosts: files dns\nservices: files\nprotocols: files\n",
    "hosts": "127.0.0.1 localhost\n",
    "services": "http 80/tcp\n",
    "resolv.conf": "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n",
}
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


@contextlib.contextmanager
def silent_listener():
    """The address of a listener whose queue is full: further connections get no answer."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(20):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
            if not select.select([], [client], [], 0.3)[1]:
                yield address_of(listener)
                return
    raise unittest.SkipTest("this system's listeners accept more than their backlog")


def measure(cases):
    """Run commands at the same time: status, standard output and error, and seconds of each."""

    def run(arguments):
        begin = time.monotonic()
        done = subprocess.run(
            [PROGRAM, *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10 * SECONDS,
            env=ENVIRONMENT,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr, time.monotonic() - begin

    with concurrent.futures.ThreadPoolExecutor(len(cases)) as pool:
        return list(pool.map(run, cases))


def run_in_world(cases):
    """`measure` where the only name server never answers."""
    spaces = next((s for s in ("-mn", "-rmn") if may_unshare(s)), None)
    if not spaces:
        raise unittest.SkipTest("namespaces cannot be had here (unshare, mount)")
    done = subprocess.run(
        ["unshare", spaces, sys.executable, __file__],
        input=json.dumps(cases), capture_output=True, text=True, timeout=20 * SECONDS,
    )  # fmt: skip
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


def may_unshare(spaces):
    words = ["unshare", spaces, "mount", "-t", "tmpfs", "none", "/etc"]
    return shutil.which("unshare") and subprocess.run(words, capture_output=True).returncode == 0


def make_world():
    subprocess.run(["mount", "-t", "tmpfs", "none", "/etc"], check=True)
    for name, text in FILES.items():
        with open(f"/etc/{name}", "w") as file:
            file.write(text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16xH14x", fcntl.ioctl(s, SIOCGIFFLAGS, request))[0]
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))
    name_server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    name_server.bind(("127.0.0.1", 53))
    return name_server


if __name__ == "__main__":
    with make_world():
        json.dump(measure(json.load(sys.stdin)), sys.stdout)

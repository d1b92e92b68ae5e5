"""System calls that fail from outside: strace injects errors and short counts into a child."""

import errno
import os
import shutil
import subprocess
import sys

import pytest

STRACE = shutil.which("strace")

# The child's program; it prints "done", or the errno of the OSError that ended it.
PROGRAM = """
import os, sys, threading
import csocket
def run():
    one, other = csocket.socketpair()
    with one, other:
        other.settimeout(20)
        one.settimeout({timeout})
        one.send(b"")  # what is injected first concerns nothing
        {operation}
try:
    before = len(os.listdir("/proc/self/fd"))
    run()
    print("done")
except OSError as error:
    print(error.errno)
if len(os.listdir("/proc/self/fd")) != before:
    print("descriptors left open")
"""
TRANSFER = "one.sendall(b'0123456789'); assert other.recv(20) == b'0123456789'"
WAITING = """
        threading.Timer(0.3, one.sendall, [b"x"]).start()
        assert other.recv(1) == b"x"
"""
CONNECT = """
        with csocket.create_server(("127.0.0.1", 0)) as server:
            with csocket.create_connection(server.getsockname(), 20) as client:
                server.settimeout(20)
                conn, address = server.accept()
                with conn:
                    assert address == client.getsockname()
"""
MESSAGE = """
        csocket.send_fds(one, [b"x"], [0])
        for fd in csocket.recv_fds(other, 1, 1)[1]:
            os.close(fd)
"""


def can_trace():
    if not STRACE:
        return False
    command = [STRACE, "-qq", "-o", os.devnull, "-e", "inject=getppid:retval=1", "true"]
    return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0


pytestmark = [
    pytest.mark.skipif(not can_trace(), reason="needs strace, and to be allowed to trace"),
    pytest.mark.usefixtures("isolated"),
]


def outcome(operation, injection, timeout):
    program = PROGRAM.format(operation=operation, timeout=timeout)
    command = [STRACE, "-f", "-qq", "-o", os.devnull, "-e", f"trace={injection.split(':')[0]}"]
    command += ["-e", f"inject={injection}", sys.executable, "-c", program]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=150)
    return done.stdout.strip()


@pytest.mark.parametrize("timeout", [None, 20])
@pytest.mark.parametrize(
    "operation, injection",
    [
        (TRANSFER, "sendto:error=EINTR:when=2"),
        (TRANSFER, "recvfrom:error=EINTR:when=1"),
        (WAITING, "recvfrom:error=EAGAIN:when=1"),
        (WAITING, "poll,ppoll:error=EINTR:when=1"),
        (CONNECT, "accept4:error=EINTR:when=1"),
        (CONNECT, "accept4:error=EAGAIN:when=1"),
        (MESSAGE, "sendmsg:error=EINTR:when=1"),
        (MESSAGE, "recvmsg:error=EINTR:when=1"),
    ],
)
def test_interruptions_are_not_noticed(operation, injection, timeout):
    assert outcome(operation, injection, timeout) == "done"


@pytest.mark.parametrize(
    "operation, calls",
    [
        (TRANSFER, ("recvfrom", "socketpair")),
        (CONNECT, ("socket", "accept4", "bind", "listen", "getsockname")),
        (MESSAGE, ("sendmsg", "recvmsg")),
    ],
)
@pytest.mark.parametrize("name", ["ENOMEM", "EMFILE", "ENOBUFS"])
def test_errors_are_reported_and_nothing_stays_open(operation, calls, name):
    for call in calls:
        assert outcome(operation, f"{call}:error={name}", 20) == str(getattr(errno, name))


def test_short_counts_are_continued():
    """The call reports a byte that the kernel did not send; the rest still follows."""
    short = "one.sendall(b'0123456789'); assert other.recv(20) == b'123456789'"
    assert outcome(short, "sendto:retval=1:when=2", 20) == "done"

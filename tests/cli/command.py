"""Running csocket: once to its end, or in the background as a listener."""

import ctypes
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

PROGRAM = os.environ["CSOCKET_CLI"]
SECONDS = 30  # a program that still runs after this time has failed
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}
# Ends a program that does not exit; for gcov, a signal after which it still writes its counters.
END = signal.SIGURG if os.environ.get("CSOCKET_COVERAGE") else signal.SIGKILL


def run_any(*arguments, data="", **more):
    """Run csocket, and return the finished process."""
    return subprocess.run(
        [PROGRAM, *arguments],
        **({"input": data} if "stdin" not in more else {}),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=ENVIRONMENT,
        **more,
    )


def run(*arguments, data="", status=0, **more):
    """Like run(), but also check the exit status."""
    result = run_any(*arguments, data=data, **more)
    if result.returncode != status:
        raise AssertionError(
            f"csocket {' '.join(arguments)} ended with {result.returncode}, not {status}:\n"
            f"{result.stdout}{result.stderr}"
        )
    return result


def output(*arguments, **more):
    return run(*arguments, **more).stdout


def complaint(*arguments, status=1, **more):
    """The standard error of a run that must fail."""
    result = run(*arguments, status=status, **more)
    if not result.stderr:
        raise AssertionError(f"csocket {' '.join(arguments)} failed without a word")
    return result.stderr


def rows(*arguments, **more):
    """The rows that a run with --json prints under its only key."""
    (found,) = json.loads(output(*arguments, "--json", **more)).values()
    return found


def default_signals():
    """Runs in the child: if this is a background job of a shell, it inherits these signals as
    ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)


class Listener:
    """`csocket listen`, or another command that listens, in the background; `address` is where."""

    def __init__(self, *arguments, command="listen", **more):
        self.process = subprocess.Popen(
            [PROGRAM, command, *arguments],
            stdin=more.pop("stdin", subprocess.PIPE),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,  # data read ahead of a line would be lost for communicate()
            **{"env": ENVIRONMENT, "preexec_fn": default_signals, **more},
        )
        line = self.process.stderr.readline().decode()
        match = re.fullmatch(r"csocket: listening on (.*)\n", line)
        if not match:
            self.process.kill()
            raise AssertionError(line + self.process.communicate()[1].decode())
        self.address = match[1]

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.send_signal(END)
        self.process.communicate()

    def end(self, data=b""):
        """Wait until it exits; return the exit status and the output."""
        out, self.errors = self.process.communicate(data, timeout=SECONDS)
        return self.process.returncode, out

    @property
    def port(self):
        return int(self.address.rpartition(":")[2])


class EchoServer:
    """Sends everything back to everyone; `port` is its port of 127.0.0.1."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def accept(self):
        try:
            while True:
                conn = self.listener.accept()[0]
                threading.Thread(target=self.serve, args=(conn,), daemon=True).start()
        except OSError:
            pass

    @staticmethod
    def serve(conn):
        with conn:
            try:
                while data := conn.recv(4096):
                    conn.sendall(data)
            except OSError:
                pass

    def __exit__(self, *exception):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def serve_one(words, path, kind=socket.SOCK_STREAM, **more):
    """Run a server at a path, with one client if it starts: return status, stdout and stderr."""
    process = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        **{"env": ENVIRONMENT, "preexec_fn": default_signals, **more},
    )  # fmt: skip
    with socket.socket(socket.AF_UNIX, kind) as client:
        while process.poll() is None:
            try:
                client.connect(str(path))
                break
            except OSError:
                time.sleep(0.002)
        try:
            client.settimeout(SECONDS)
            client.sendall(b"ping\n")
            if kind != socket.SOCK_DGRAM:
                client.shutdown(socket.SHUT_WR)
                while client.recv(4096):
                    pass
        except OSError:
            pass
    out, err = process.communicate(timeout=2 * SECONDS)
    return process.returncode, out, err


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as s:
            s.bind(("::1", 0))
    except OSError:
        return False
    return True


def address_of(s):
    """Return an IPv4 socket's address in the command's notation."""
    return "{}:{}".format(*s.getsockname())


def let_trace():
    """Allow the user's other processes to take this one's descriptors, which the Yama module
    forbids."""
    ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER


def may_trace():
    """Whether descriptors of another process can be duplicated: not in a sandbox or before Linux
    5.6."""
    child = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, preexec_fn=let_trace
    )
    result = subprocess.run(
        [PROGRAM, "options", f"--pid={child.pid}"], capture_output=True, check=False
    )
    child.communicate(b"\n", timeout=SECONDS)
    return result.returncode == 0


needs_tracing = unittest.skipUnless(
    may_trace(), "other processes' descriptors cannot be had here (pidfd_getfd)"
)

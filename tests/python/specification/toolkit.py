"""Helpers for the checks: registering a statement, and sockets that are closed at the end."""

import contextlib
import importlib
import os
import signal
import threading
import time

import pytest

# CSOCKET_SPECIFIED=socket runs the checks on the standard library.
socket = importlib.import_module(os.environ.get("CSOCKET_SPECIFIED", "csocket"))

CHECKS = []
LINUX_TIMEOUT = 20  # seconds: long, for slow machines


def states(heading, statement):
    """Register the function as a check of the statement under that heading."""

    def add(function):
        CHECKS.append((heading, statement, function))
        return function

    return add


class Toolkit:
    """Sockets and other things that are closed or undone at the end."""

    def __init__(self, stack, folder):
        self.stack = stack
        self.folder = folder

    def keep(self, sock):
        self.stack.callback(sock.close)
        return sock

    def open(self, *args, **kwargs):
        sock = self.keep(socket.socket(*args, **kwargs))
        sock.settimeout(LINUX_TIMEOUT)
        return sock

    def try_open(self, *args):
        """Return a socket, or skip the check if this kernel does not support it."""
        try:
            return self.open(*args)
        except OSError as error:
            pytest.skip(f"socket{args}: {error.strerror}")

    def server(self, family=None, address=None):
        sock = self.open(family or socket.AF_INET)
        sock.bind(address or ("127.0.0.1", 0))
        sock.listen()
        return sock

    def tcp(self):
        """A connection: (client, server)."""
        listener = self.server()
        client = self.open()
        client.connect(listener.getsockname())
        server = self.keep(listener.accept()[0])
        server.settimeout(LINUX_TIMEOUT)
        return client, server

    def pair(self, *args):
        one, other = socket.socketpair(*args)
        for sock in (one, other):
            self.keep(sock).settimeout(LINUX_TIMEOUT)
        return one, other

    def udp(self, family=None):
        host = "127.0.0.1" if family in (None, socket.AF_INET) else "::1"
        found = []
        for _ in range(2):
            sock = self.open(family or socket.AF_INET, socket.SOCK_DGRAM)
            sock.bind((host, 0))
            found.append(sock)
        return found

    def path(self, name="path"):
        return os.path.join(self.folder, name)

    def thread(self, function, *args):
        """Run a function in a thread that is joined at the end."""
        thread = threading.Thread(target=function, args=args)
        thread.start()
        self.stack.callback(thread.join)
        return thread

    def alarm(self, handler, after=0.05):
        """Call the handler for a signal soon."""
        before = signal.signal(signal.SIGALRM, lambda *_: handler())
        self.stack.callback(signal.signal, signal.SIGALRM, before)
        self.stack.callback(signal.setitimer, signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_REAL, after, after)

    def default_timeout(self, seconds):
        self.stack.callback(socket.setdefaulttimeout, socket.getdefaulttimeout())
        socket.setdefaulttimeout(seconds)

    def disguised(self, family, kind, proto=0):
        """Return a socket that accepts addresses of a family that this kernel may lack."""
        fd = self.open(socket.AF_UNIX, socket.SOCK_DGRAM).detach()
        return self.keep(socket.socket(family, kind, proto, fd))

    def takes(self, sock, address):
        """Return whether an address has the form of the socket's family, regardless of the kernel's
        answer."""
        try:
            sock.bind(address)
        except (TypeError, ValueError, OverflowError):
            return False
        except OSError as error:
            return error.errno is not None
        return True


def raises(kind, call, *args, **kwargs):
    """Return the exception that the call raises, which must be of that class."""
    with pytest.raises(kind) as caught:
        call(*args, **kwargs)
    return caught.value


def fill(sock):
    """Fill a socket's buffer."""
    timeout = sock.gettimeout()
    sock.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            sock.send(b"x" * 65536)
    sock.settimeout(timeout)


def inheritable(sock):
    return os.get_inheritable(sock.fileno())


def elapsed(call, *args):
    start = time.monotonic()
    call(*args)
    return time.monotonic() - start

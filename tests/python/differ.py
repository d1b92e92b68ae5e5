"""Make the same call on the standard library and on csocket, and compare the outcomes.

A case is plain data: where it is called (a module function, or a method of one of the sockets that
World can open), its name and its arguments. Arguments that cannot be shared between the two sides
(sockets, descriptors, buffers that the call may change) are Recipes, which each side evaluates for
itself. An outcome is plain data too, so that outcomes can be compared and printed.
"""

import contextlib
import dataclasses
import enum
import gc
import importlib
import io
import os
import re
import shutil
import stat
import sys
import tempfile
import warnings

TIMEOUT = 0.02  # seconds; the timeout of sockets on which a call may wait


@dataclasses.dataclass(frozen=True)
class Side:
    """One of the two modules compared."""

    high: object
    low: object

    @classmethod
    def named(cls, high, low):
        return cls(importlib.import_module(high), importlib.import_module(low))


@dataclasses.dataclass(frozen=True)
class Recipe:
    """An argument that each side creates for itself: Recipe('buffer', 10)."""

    what: str
    details: tuple = ()

    def __repr__(self):
        return f"<{' '.join(map(str, (self.what, *self.details)))}>"


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    args: tuple = ()
    kwargs: tuple = ()  # (name, value) pairs
    receiver: str = ""  # "" is the module, "_socket" the low-level one, else a socket of World

    def __repr__(self):
        arguments = [*map(repr, self.args), *(f"{name}={value!r}" for name, value in self.kwargs)]
        return f"{self.receiver or 'socket'}.{self.name}({', '.join(arguments)})"


class World:
    """Sockets, descriptors and buffers of one side, for one case."""

    def __init__(self, side):
        self.side = side
        self.socket = side.high
        self.open = {}
        self.ports = {}
        self.buffers = []
        self.folder = None
        self.cleanup = []

    def close(self):
        for thing in self.cleanup:
            with contextlib.suppress(OSError, ValueError):
                os.close(thing) if isinstance(thing, int) else thing.close()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        for entry in os.scandir(b"."):  # names that bind() took (conftest.nowhere_else)
            if stat.S_ISSOCK(entry.stat(follow_symlinks=False).st_mode):
                os.unlink(entry.path)

    def keep(self, sock):
        """Close the socket at the end in any case."""
        self.cleanup.append(sock)
        return sock

    def name_port(self, sock, label):
        self.ports[sock.getsockname()[1]] = label
        return sock

    # Sockets. Each is made with what it needs: a peer, pending data, a connection to accept.

    def sock(self, name):
        if name not in self.open:
            self.open[name] = getattr(self, "make_" + name.replace("-", "_"))()
        return self.open[name]

    def tcp_pair(self, family, host):
        s = self.socket
        with s.socket(family, s.SOCK_STREAM) as listener:
            listener.bind((host, 0))
            listener.listen()
            near = self.keep(s.socket(family, s.SOCK_STREAM))
            near.connect(listener.getsockname())
            far = self.keep(listener.accept()[0])
        near.settimeout(TIMEOUT)
        far.settimeout(1)
        self.name_port(near, "<near>")
        self.name_port(far, "<far>")
        self.open["peer"] = far
        return near

    def make_tcp(self):
        near = self.tcp_pair(self.socket.AF_INET, "127.0.0.1")
        self.sock("peer").sendall(b"0123456789")
        return near

    def make_tcp6(self):
        near = self.tcp_pair(self.socket.AF_INET6, "::1")
        self.sock("peer").sendall(b"0123456789")
        return near

    def make_tcp_quiet(self):
        near = self.tcp_pair(self.socket.AF_INET, "127.0.0.1")
        near.setblocking(False)
        return near

    def make_tcp_ended(self):
        near = self.tcp_pair(self.socket.AF_INET, "127.0.0.1")
        self.sock("peer").close()
        return near

    def make_tcp_fresh(self):
        sock = self.keep(self.socket.socket(self.socket.AF_INET, self.socket.SOCK_STREAM))
        sock.settimeout(TIMEOUT)
        return sock

    def make_tcp_listening(self):
        s = self.socket
        listener = self.name_port(self.make_tcp_bound(), "<listener>")
        listener.listen()
        client = self.keep(s.socket(s.AF_INET, s.SOCK_STREAM))
        client.connect(listener.getsockname())
        self.name_port(client, "<client>")
        return listener

    def make_tcp_bound(self):
        sock = self.make_tcp_fresh()
        sock.bind(("127.0.0.1", 0))
        return self.name_port(sock, "<bound>")

    def make_closed(self):
        sock = self.make_tcp_fresh()
        sock.close()
        return sock

    def udp_pair(self, family, host):
        s = self.socket
        near, far = (self.keep(s.socket(family, s.SOCK_DGRAM)) for _ in range(2))
        near.bind((host, 0))
        far.bind((host, 0))
        self.name_port(near, "<near>")
        self.name_port(far, "<far>")
        far.sendto(b"datagram", near.getsockname())
        near.settimeout(TIMEOUT)
        far.settimeout(1)
        self.open["peer"] = far
        return near

    def make_udp(self):
        return self.udp_pair(self.socket.AF_INET, "127.0.0.1")

    def make_udp6(self):
        return self.udp_pair(self.socket.AF_INET6, "::1")

    def make_udp_connected(self):
        near = self.make_udp()
        near.connect(self.sock("peer").getsockname())
        return near

    def make_udp_low(self):
        """Return an object of the low-level class."""
        near = self.make_udp()
        low = self.keep(self.side.low.socket(fileno=os.dup(near.fileno())))
        low.settimeout(TIMEOUT)
        return low

    def unix_pair(self, kind):
        near, far = map(self.keep, self.socket.socketpair(self.socket.AF_UNIX, kind))
        near.settimeout(TIMEOUT)
        far.settimeout(1)
        self.open["peer"] = far
        return near

    def make_unix(self):
        near = self.unix_pair(self.socket.SOCK_STREAM)
        self.sock("peer").sendall(b"0123456789")
        return near

    def make_unix_dgram(self):
        near = self.unix_pair(self.socket.SOCK_DGRAM)
        self.sock("peer").send(b"datagram")
        return near

    def make_unix_rights(self):
        """A message with a descriptor is pending."""
        s = self.socket
        near = self.unix_pair(s.SOCK_STREAM)
        rights = self.descriptor().to_bytes(4, sys.byteorder)
        self.sock("peer").sendmsg([b"rights"], [(s.SOL_SOCKET, s.SCM_RIGHTS, rights)])
        return near

    def make_unix_fresh(self):
        sock = self.keep(self.socket.socket(self.socket.AF_UNIX, self.socket.SOCK_DGRAM))
        sock.settimeout(TIMEOUT)
        return sock

    # Other arguments.

    def descriptor(self):
        fd = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        self.cleanup.append(fd)
        return fd

    def build(self, value):
        """Return the value with every Recipe in it evaluated."""
        if isinstance(value, Recipe):
            return getattr(self, "recipe_" + value.what)(*value.details)
        if type(value) in (tuple, list):
            return type(value)(map(self.build, value))
        if type(value) is dict:
            return {name: self.build(item) for name, item in value.items()}
        return value

    def recipe_buffer(self, size):
        buffer = bytearray(b"." * size)
        self.buffers.append(buffer)
        return buffer

    def recipe_view(self, size, shape):
        buffer = self.recipe_buffer(size)
        view = memoryview(buffer)
        return {
            "slice": lambda: view[2:],
            "strided": lambda: view[::2],
            "reversed": lambda: view[::-1],
            "readonly": view.toreadonly,
            "words": lambda: view.cast("H"),
            "matrix": lambda: view.cast("B", [2, size // 2]),
            "empty": lambda: view[:0],
        }[shape]()

    def recipe_released_view(self):
        view = memoryview(self.recipe_buffer(4))
        view.release()
        return view

    def recipe_iterator(self, *items):
        return iter([self.build(item) for item in items])

    def recipe_sock(self, name):
        return self.sock(name)

    def recipe_fd(self, name):
        return self.sock(name).fileno()

    def recipe_devnull(self):
        return self.descriptor()

    def recipe_own_fd(self, name):
        """Return a descriptor that the callee may close."""
        fd = os.dup(self.sock(name).fileno())
        self.cleanup.append(self.Loose(fd))
        return fd

    class Loose:
        """Return a descriptor that is closed at the end if it still refers to the same file."""

        def __init__(self, fd):
            self.fd, self.file = fd, os.readlink(f"/proc/self/fd/{fd}")

        def close(self):
            if os.readlink(f"/proc/self/fd/{self.fd}") == self.file:
                os.close(self.fd)

    def recipe_address(self, name):
        return self.sock(name).getsockname()

    def recipe_port(self, name):
        return self.sock(name).getsockname()[1]

    def recipe_path(self, name):
        if not self.folder:
            self.folder = tempfile.mkdtemp(prefix="csk")
        return os.path.join(self.folder, name)

    def recipe_file(self, kind, size):
        content = bytes(i % 251 for i in range(size))
        if kind == "memory":
            return io.BytesIO(content)
        if kind == "text":
            return io.StringIO("x" * size)
        file = open(self.recipe_path("file"), "w+b")  # noqa: SIM115
        self.cleanup.append(file)
        file.write(content)
        file.flush()
        file.seek(0)
        return file

    def recipe_rights(self, count):
        s = self.socket
        data = b"".join(self.descriptor().to_bytes(4, sys.byteorder) for _ in range(count))
        return (s.SOL_SOCKET, s.SCM_RIGHTS, data)


# Outcomes.


def clean(text):
    """A message without parts that differ between runs, with the standard library's names."""
    text = re.sub(r"\bcsocket\._socket\b", "_socket", text)
    text = re.sub(r"\bcsocket\b", "socket", text)
    text = re.sub(r"0x[0-9a-f]{6,}", "0x...", text)
    text = re.sub(r"csk[a-z0-9_]{8}\b", "csk...", text)
    text = re.sub(r"fd=\d+", "fd=N", text)
    return re.sub(r"\b(3[2-9]|[45]\d|60)\d{3}\b", "<port>", text)


def module_of(kind):
    return clean(kind.__module__ or "")


def describe(value, world):
    """Plain data that is equal for values that a program could not distinguish."""
    if isinstance(value, enum.Enum):
        return ("enum", type(value).__name__, module_of(type(value)), repr(value), int(value))
    if type(value) is tuple and len(value) >= 2 and isinstance(value[0], str):
        port = value[1]
        if type(port) is int and (port in world.ports or 32768 <= port <= 60999):
            label = world.ports.get(port, "<port>")
            rest = tuple(describe(item, world) for item in value[2:])
            return ("address", value[0], label, *rest)
    if type(value) in (tuple, list):
        return (type(value).__name__, *(describe(item, world) for item in value))
    if isinstance(value, world.side.low.socket):
        world.keep(value)
        return (
            "socket",
            type(value).__name__,
            module_of(type(value)),
            describe(value.family, world),
            describe(value.type, world),
            value.proto,
            value.gettimeout(),
            "open" if value.fileno() >= 0 else "closed",
            os.get_inheritable(value.fileno()) if value.fileno() >= 0 else None,
        )
    if isinstance(value, io.IOBase):
        world.cleanup.insert(0, value)
        mode = getattr(value, "mode", None)
        return ("file", type(value).__name__, value.readable(), value.writable(), clean(repr(mode)))
    if isinstance(value, str) and not isinstance(value, enum.Enum):
        return (type(value).__name__, clean(value))
    if value is None or isinstance(value, (int, float, bytes, bytearray)):
        return (type(value).__name__, value)
    return ("object", type(value).__name__)


def describe_error(error, world):
    return (
        "raised",
        tuple(kind.__name__ for kind in type(error).__mro__),
        module_of(type(error)),
        clean(str(error)),
        tuple(describe(item, world) for item in error.args),
        describe(getattr(error, "errno", None), world),
        describe(getattr(error, "strerror", None), world),
        describe(getattr(error, "filename", None), world),
        describe_error(error.__cause__, world) if error.__cause__ else None,
        tuple(describe_error(each, world) for each in getattr(error, "exceptions", ())),
    )


def state_of(sock, world):
    """Return the state that a case may have changed."""
    is_open = sock.fileno() >= 0
    arrived = None
    peer = world.open.get("peer")
    if peer is not None and peer.fileno() >= 0:
        peer.setblocking(False)
        try:
            arrived = peer.recv(1 << 20)
        except OSError as error:
            arrived = type(error).__name__
    return (
        is_open,
        sock.gettimeout(),
        os.get_inheritable(sock.fileno()) if is_open else None,
        os.get_blocking(sock.fileno()) if is_open else None,
        arrived,
    )


MASKS = {
    # Descriptors differ between the sides; only their type is compared.
    "fileno": lambda value: value if value == -1 else "descriptor",
    "detach": lambda value: value if value == -1 else "descriptor",
    "dup": lambda value: "descriptor" if type(value) is int else value,
    "_accept": lambda value: ("descriptor", *value[1:]),
    "recv_fds": lambda value: (value[0], len(value[1]), *value[2:]),
}


def open_descriptors():
    found = set()
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the listing's own descriptor is already closed
            os.fstat(int(name))
            found.add(int(name))
    return found


def leaked(before):
    """Close the descriptors that have been opened since then; return their number."""
    if open_descriptors() - before:
        gc.collect()
    new = open_descriptors() - before
    for fd in new:
        os.close(fd)
    return len(new)


def perform(case, side):
    """Run the case on one side. Only csocket's leaks are counted: the standard library has some."""
    before = open_descriptors()
    outcome = observe(case, side)
    count = leaked(before)
    if side.high.__name__ == "socket" or gives_descriptors(case, outcome["result"]):
        count = 0
    outcome["descriptors"] = count
    return outcome


def gives_descriptors(case, result):
    """The caller owns the received descriptors."""
    names = ("recv_fds", "_accept", "recvmsg", "recvmsg_into")
    return case.name in names and result[0] == "returned"


def observe(case, side):
    world = World(side)
    try:
        receiver = {"": side.high, "_socket": side.low}.get(case.receiver)
        if receiver is None:
            receiver = world.sock(case.receiver)
        args = world.build(case.args)
        kwargs = {name: world.build(value) for name, value in case.kwargs}
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                value = getattr(receiver, case.name)(*args, **kwargs)
                if type(value) is int and value >= 0 and case.name in ("dup", "detach"):
                    world.cleanup.append(value)
                if case.name in MASKS:
                    value = MASKS[case.name](value)
                result = ("returned", describe(value, world))
            except Exception as error:
                result = describe_error(error, world)
                value = None
        state = None
        if case.receiver not in ("", "_socket"):
            state = state_of(receiver, world)
        return {
            "result": result,
            "state": state,
            "buffers": tuple(map(bytes, world.buffers)),
            "warnings": tuple((w.category.__name__, clean(str(w.message))) for w in caught),
        }
    finally:
        side.high.setdefaulttimeout(None)
        world.close()


def disagreement(case, one, other):
    """A readable description, or None if the two outcomes agree."""
    if one == other:
        return None
    lines = [repr(case)]
    for part in one:
        if one[part] != other[part]:
            lines += [
                f"  {part}:",
                f"    standard: {one[part]!r}",
                f"    csocket:  {other[part]!r}",
            ]
    return "\n".join(lines)

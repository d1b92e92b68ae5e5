"""Low-level networking interface: a drop-in replacement of the standard library's `socket`.

    import csocket as socket

or, for a whole program with everything that it imports, csocket.install() as its first line, or
`python -m csocket program.py`.

Sockets, functions and constants are those of Python 3.15 on every version. The functions written in
Python are those that must look up their helpers in this namespace, where programs replace them.
"""
# ruff: noqa: F401, F821  # _export below defines the names of _socket

# Exactly the modules that the running version's socket imports: programs use them through this one
# (socket.errno.EADDRINUSE), and gevent requires that selectors is imported before it patches
# select.
import errno
import io
import os
import sys
from enum import IntEnum, IntFlag

if sys.version_info >= (3, 15):
    from functools import partial  # noqa: F401 # a name of the module there

if sys.version_info < (3, 14):
    import array
    import selectors

from . import _socket
from ._socket import (
    _Cancelled as Cancelled,
)
from ._socket import (
    _CancelScope as CancelScope,
)
from ._socket import (
    _create_connection,
    _create_server,
    _getaddrinfo,
    _is_replaced,
    _socketpair,
)
from ._socket import (
    _current_effective_deadline as current_effective_deadline,
)
from ._socket import (
    _getifaddrs as getifaddrs,
)
from ._socket import (
    _ifaddr as ifaddr,
)
from ._socket import (
    _options as options,
)
from ._socket import (
    _options_of as options_of,
)
from ._socket import (
    _SocketIO as SocketIO,
)

__all__ = [
    "AddressFamily",
    "CancelScope",
    "Cancelled",
    "SocketKind",
    "copy_options",
    "create_connection",
    "create_server",
    "current_effective_deadline",
    "fail_after",
    "fail_at",
    "fromfd",
    "getfqdn",
    "getifaddrs",
    "has_dualstack_ipv6",
    "ifaddr",
    "install",
    "move_on_after",
    "move_on_at",
    "options",
    "options_of",
    "recv_fds",
    "send_fds",
]
# Names other than constants that the standard library's module lacks.
_EXTRAS = (
    "CancelScope",
    "Cancelled",
    "copy_options",
    "current_effective_deadline",
    "fail_after",
    "fail_at",
    "getifaddrs",
    "ifaddr",
    "install",
    "move_on_after",
    "move_on_at",
    "options",
    "options_of",
)
# The names of _socket, whose socket is the base class of this module's.
_socket._export(globals(), __all__)
socket = _socket._Socket


def _make_enum(kind, name, group):
    """Create the enum of a group of constants, which its members replace in this module.

    The members after the first one are made in C if the version's enums are known there.
    """
    members = _socket._enum_members(group)
    for few in (members[:1], members):
        source = type(sys.implementation)(**{name: value for value, name in few})
        made = kind._convert_(name, __name__, str.isupper, source=source)
        if len(few) == len(members) or _socket._extend_enum(made, members, globals()):
            break


_make_enum(IntEnum, "AddressFamily", "AF")
_make_enum(IntEnum, "SocketKind", "SOCK")
_make_enum(IntFlag, "MsgFlag", "MSG")
_make_enum(IntFlag, "AddressInfo", "AI")
# Constants of the system's headers that Python's socket lacks.
_socket._add_more_constants(globals())


class _GiveupOnSendfile(Exception):
    """Raised if _sendfile_use_sendfile cannot send this file; _sendfile_use_send may."""


__version__ = _socket._version
_socket._set_namespace(globals())
_socket._set_enums(AddressFamily, SocketKind)
_socket._set_giveup(_GiveupOnSendfile)

EBADF, EAGAIN, EWOULDBLOCK = _socket._errnos
_blocking_errnos = {EAGAIN, EWOULDBLOCK}
_LOCALHOST = "127.0.0.1"
_LOCALHOST_V6 = "::1"
_GLOBAL_DEFAULT_TIMEOUT = object()


def _intenum_converter(value, enum_klass):
    """Return the enum's member, or the number itself if there is no such member."""
    try:
        return enum_klass(value)
    except ValueError:
        return value


def _adopt(family, type, proto, opening):
    """Return a socket with the descriptor that an iterator of built-in functions opens.

    No bytecode runs in between: the exception of a signal handler loses no descriptor.
    """
    return next(map(_socket._adopt, (family,), (type,), (proto,), opening))


def fromfd(fd, family, type, proto=0):
    """Return a socket with a duplicate of a file descriptor."""
    return _adopt(family, type, proto, map(dup, (fd,)))


def _named(name, error):
    """The error with the name of a parameter in its text, instead of that of CMSG_LEN's."""
    return type(error)(f"{name}: {str(error).removeprefix('length: ')}")


def send_fds(sock, buffers, fds, _flags=0, address=None, *, flags=0):
    """Send file descriptors with buffers over an AF_UNIX socket.

    Return the number of bytes sent. flags are honoured as a keyword argument; the fourth
    positional argument is ignored, as in the standard library, because programs pass other
    numbers there.
    """
    if type(sock) is socket and isinstance(fds, (list, tuple)) and not _is_replaced("send_fds"):
        return _socket._send_fds(sock, buffers, fds, flags, address)
    import array

    try:
        rights = (SOL_SOCKET, SCM_RIGHTS, array.array("i", fds))
    except (TypeError, ValueError, OverflowError) as error:
        raise _named("fds", error) from None
    return sock.sendmsg(buffers, [rights], flags, address)


# Space for the other control messages that a socket may be set to receive, which come first:
# credentials, a security context, a pidfd, time stamps.
_OTHER_MESSAGES = 1024


def recv_fds(sock, bufsize, maxfds, flags=0):
    """Receive at most maxfds file descriptors: return (data, descriptors, flags, address).

    The descriptors are close-on-exec. Further descriptors, including those of other control
    messages (SCM_PIDFD), are closed.
    """
    usual = isinstance(maxfds, int) and 0 <= maxfds < 1 << 20
    if usual and type(sock) is socket and not _is_replaced("recv_fds"):
        return _socket._recv_fds(sock, bufsize, maxfds, flags)
    try:
        room = CMSG_LEN(maxfds * 4) + _OTHER_MESSAGES
    except (TypeError, OverflowError) as error:
        raise _named("maxfds", error) from None
    # No bytecode runs in between: the exception of a signal handler loses no descriptor.
    messages = map(sock.recvmsg, (bufsize,), (room,), (flags,))
    return next(map(_socket._take_fds, messages, (maxfds,)))


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0, **limits):
    """Resolve a host and a port into a list of (family, type, proto, canonname, address).

    Raise TimeoutError after timeout seconds, a keyword argument.
    """
    # No additional parameter: programs bind arguments to the signature, and pass on all of them.
    if not limits:
        return _getaddrinfo(host, port, family, type, proto, flags)
    timeout = limits.pop("timeout", None)
    for name in limits:
        raise TypeError(f"getaddrinfo() got an unexpected keyword argument {name!r}")
    return _getaddrinfo(host, port, family, type, proto, flags, timeout=timeout)


def socketpair(family=None, type=SOCK_STREAM, proto=0):
    """Return two sockets that are connected to each other, of AF_UNIX if family is None."""
    return _socketpair(family, type, proto)


def _fallback_socketpair(family=AF_INET, type=SOCK_STREAM, proto=0):
    """Return two connected TCP sockets, for systems without socketpair."""
    hosts = {AF_INET: _LOCALHOST, AF_INET6: _LOCALHOST_V6}
    if family not in list(hosts):
        raise ValueError("Only AF_INET and AF_INET6 socket address families are supported")
    if type != SOCK_STREAM:
        raise ValueError("Only SOCK_STREAM socket type is supported")
    if proto != 0:
        raise ValueError("Only protocol zero is supported")
    client = server = None
    try:
        with socket(family, type, proto) as listener:
            listener.bind((hosts[family], 0))
            listener.listen()
            client = socket(family, type, proto)
            client.setblocking(False)
            # It begins now, and is complete when the other end is accepted.
            client.connect_ex(listener.getsockname()[:2])
            client.setblocking(True)
            server, _ = listener.accept()
        # Another client may have connected first.
        if (
            server.getsockname() != client.getpeername()
            or client.getsockname() != server.getpeername()
        ):
            raise ConnectionError("Unexpected peer connection")
    except BaseException:
        for sock in (client, server):
            if sock is not None:
                sock.close()
        raise
    return server, client


def getfqdn(name="", *, timeout=None):
    """Return the fully qualified name of a host, or of this machine: its first name with a dot.

    Raise TimeoutError after timeout seconds.
    """
    name = name.strip()
    if type(name) is str and not _is_replaced("getfqdn"):
        return _socket._getfqdn(name, timeout)
    if not name or name in ("0.0.0.0", "::"):
        name = gethostname()
    try:
        if timeout is None:
            hostname, aliases, _ = gethostbyaddr(name)
        else:
            hostname, aliases, _ = gethostbyaddr(name, timeout=timeout)
    except error as exc:
        if timeout is not None and isinstance(exc, _socket.timeout):
            raise
        return name
    return next((each for each in [hostname, *aliases] if "." in each), hostname)


def _exception_group(message, errors):
    if sys.version_info >= (3, 11):
        return ExceptionGroup(message, errors)  # noqa: F821
    from ._groups import ExceptionGroup as group

    return group(message, errors)


def _now():
    from time import monotonic

    return monotonic()


def _unix_module():
    # Imported on demand, and not by name in functions that check for replaced names.
    from . import _unix

    return _unix


def _pair(address):
    try:
        host, port = address
    except (TypeError, ValueError) as exc:
        text = f"address must be a pair (host, port), not {address!r}"
        raise type(exc)(text) from None
    return host, port


def _left(until):
    """Return the seconds until a deadline, or None if there is no deadline."""
    return None if until is None else max(until - _now(), 0.0)


def _resolve(host, port, until):
    """Return the result of getaddrinfo, which the program may have replaced."""
    if until is None or _is_replaced("_resolve"):
        return list(getaddrinfo(host, port, 0, SOCK_STREAM))
    return list(getaddrinfo(host, port, 0, SOCK_STREAM, timeout=_left(until)))


def _connect_one(info, timeout, source_address, limit):
    """Connect to one address, within limit seconds even if the timeout is longer."""
    family, kind, proto, _, address = info
    sock = socket(family, kind, proto)
    try:
        if timeout is not _GLOBAL_DEFAULT_TIMEOUT:
            sock.settimeout(timeout)
        if source_address:
            sock.bind(source_address)
        if limit is None:
            sock.connect(address)
            return sock
        before = sock.gettimeout()
        if before is None or before > limit:
            sock.settimeout(max(limit, 1e-9))  # 0 would not wait
        sock.connect(address)
        sock.settimeout(before)
        return sock
    except BaseException:
        sock.close()
        raise


def _connect_in_turn(infos, timeout, source_address, until, errors):
    """Return a socket connected to the first address that answers; or None, with errors filled in.

    Each address has an equal share of the remaining time.
    """
    for place, info in enumerate(infos):
        left = _left(until)
        if left == 0:
            if not errors:
                raise _socket.timeout("timed out")
            break
        share = None if left is None else left / (len(infos) - place)
        try:
            return _connect_one(info, timeout, source_address, share)
        except error as exc:
            errors.append((place, place, exc))
    return None


def _connect_by_text(address, timeout, source, delay, interleave, total):
    """Return a socket, or the list of the exceptions of all addresses."""
    length = _socket._total_of(delay, interleave, total)
    until = None if length is None else _now() + length
    infos = _resolve(*address, until)
    limit = getdefaulttimeout() if timeout is _GLOBAL_DEFAULT_TIMEOUT else timeout
    if limit != 0 and not _is_replaced("_connect_in_turn"):
        return _socket._connect_first(infos, limit, source, delay, interleave, _left(until))
    errors = []
    return _connect_in_turn(infos, timeout, source, until, errors) or errors


def _raise_one(errors, all_errors):
    """Raise the exception of the resolver's last address, or all of them."""
    try:
        if not errors:
            raise error("getaddrinfo returns an empty list")
        errors.sort()
        if all_errors:
            raise _exception_group("create_connection failed", [each[-1] for each in errors])
        raise errors[-1][-1]
    finally:
        # The tracebacks of the errors refer to this frame.
        errors.clear()


def create_connection(
    address,
    timeout=_GLOBAL_DEFAULT_TIMEOUT,
    source_address=None,
    *,
    all_errors=False,
    happy_eyeballs_delay=0.25,
    interleave=1,
    total_timeout=None,
):
    """Connect to (host, port), and return the socket.

    address may also be the path or the abstract name of an AF_UNIX server; the path may be longer
    than an address.

    timeout, in seconds, limits each attempt, and is then the socket's timeout. The socket is bound
    to source_address first. If no attempt succeeds, raise the error of the host's last address, or,
    with all_errors, an ExceptionGroup of all errors.

    If an address has not answered after happy_eyeballs_delay seconds, the next one is tried in
    parallel, and the first to connect is used (RFC 8305); with None, the addresses are tried
    sequentially. The families of addresses alternate after the first interleave addresses of the
    first family; with 0, the resolver's order is kept. Raise TimeoutError after total_timeout
    seconds, which include the resolution of host names.

    If a program has replaced a name in this module or a method of socket, the replacement is used
    and the addresses are tried sequentially.
    """
    source = source_address or None
    if type(address) is not tuple or len(address) != 2:
        if isinstance(address, (str, bytes)) or hasattr(address, "__fspath__"):
            total = _socket._total_of(happy_eyeballs_delay, interleave, total_timeout)
            return _unix_module().create_connection(address, timeout, source, all_errors, total)
        address = _pair(address)
    limit = getdefaulttimeout() if timeout is _GLOBAL_DEFAULT_TIMEOUT else timeout
    found = _create_connection(
        address, limit, source, happy_eyeballs_delay, interleave, total_timeout
    )
    if found is None:
        found = _connect_by_text(
            address, timeout, source, happy_eyeballs_delay, interleave, total_timeout
        )
    if type(found) is list:
        _raise_one(found, all_errors)
    return found


def _about(exc, other):
    """Return exc with the address of the other exception, if that has one."""
    if hasattr(other, "address"):
        exc.address = other.address
    return exc


def copy_options(source, target):
    """Copy the options of source that differ to target, and return their names.

    Both may be any object that options_of accepts. Options that target does not have or that the
    kernel refuses are omitted.
    """
    from .values import copy_options as copy

    views = []
    for name, sock in (("source", source), ("target", target)):
        try:
            views.append(options_of(sock))
        except (TypeError, ValueError, OverflowError) as error:
            raise type(error)(str(error).replace("sock", name, 1)) from None
    return copy(*views)


def has_dualstack_ipv6():
    """Return whether one TCP socket can accept both IPv4 and IPv6 connections."""
    if not _is_replaced("has_dualstack_ipv6"):
        return _socket._has_dualstack_ipv6(AF_INET6)
    if not (has_ipv6 and hasattr(_socket, "IPPROTO_IPV6") and hasattr(_socket, "IPV6_V6ONLY")):
        return False
    try:
        with socket(AF_INET6, SOCK_STREAM) as sock:
            sock.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 0)
            return sock.getsockopt(IPPROTO_IPV6, IPV6_V6ONLY) == 0
    except error:
        return False


def create_server(
    address,
    *,
    family=AF_INET,
    backlog=None,
    reuse_port=False,
    dualstack_ipv6=False,
    mode=None,
    unlink=False,
):
    """Return a TCP socket that listens on (host, port), or an AF_UNIX socket bound to a path.

    reuse_port sets SO_REUSEPORT; with dualstack_ipv6, an AF_INET6 socket also accepts IPv4.

    mode is the mode of the path's file, for example 0o600. With unlink, the file of a server that
    no longer runs is replaced, and the file is removed when this process closes the server.
    """
    if mode is not None or unlink:
        return _unix_module().create_server(address, family, backlog, mode, unlink)
    if reuse_port and not hasattr(_socket, "SO_REUSEPORT"):
        raise ValueError("SO_REUSEPORT not supported on this platform")
    if dualstack_ipv6:
        if not has_dualstack_ipv6():
            raise ValueError("dualstack_ipv6 not supported on this platform")
        if family != AF_INET6:
            raise ValueError("dualstack_ipv6 requires AF_INET6 family")
    # Since Linux 6.12.9 only the internet families accept it.
    reuse_port = bool(reuse_port) and family in (AF_INET, AF_INET6)
    usual = backlog is None or (isinstance(backlog, int) and abs(backlog) < 1 << 31)
    if usual and not _is_replaced("create_server"):
        return _create_server(address, family, backlog, reuse_port, dualstack_ipv6)
    sock = socket(family, SOCK_STREAM)
    try:
        # Allow a server to be restarted at once.
        sock.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        if reuse_port:
            sock.setsockopt(SOL_SOCKET, SO_REUSEPORT, 1)
        if has_ipv6 and family == AF_INET6:
            sock.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, not dualstack_ipv6)
        try:
            sock.bind(address)
        except error as exc:
            text = f"{exc.strerror or exc} (while attempting to bind on address {address!r})"
            raise _about(error(*([] if exc.errno is None else [exc.errno]), text), exc) from None
        sock.listen(*(() if backlog is None else (backlog,)))
        return sock
    except BaseException:
        sock.close()
        raise


def _deadline_after(seconds):
    length = _socket._limit(seconds, "seconds")
    return None if length is None else _now() + length


def fail_after(seconds, *, shield=False):
    """Return a CancelScope that raises TimeoutError (3.9: timeout) if it ended a call."""
    return CancelScope(deadline=_deadline_after(seconds), shield=shield, _fails=True)


def fail_at(deadline, *, shield=False):
    """Like fail_after, but with a deadline in seconds of time.monotonic()."""
    return CancelScope(deadline=deadline, shield=shield, _fails=True)


def move_on_after(seconds, *, shield=False):
    """Return a CancelScope that ends its calls after seconds, without raising an exception."""
    return CancelScope(deadline=_deadline_after(seconds), shield=shield)


def move_on_at(deadline, *, shield=False):
    """Like move_on_after, but with a deadline in seconds of time.monotonic()."""
    return CancelScope(deadline=deadline, shield=shield)


# create_connection and similar functions call the core, and run as Python code only if an object
# that the code looks up was replaced.
_socket._watch()


# The modules with which csocket must be registered: those of multiprocessing, and ssl after
# install().
_TELL = ("multiprocessing.reduction", "multiprocessing.util", "ssl")


class _Processes:
    """A finder that registers csocket with the modules in _TELL when they are imported."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in _TELL:
            return None
        from ._processes import find

        return find(cls, name, path, target)


for _name in _TELL[:2]:
    if _name in sys.modules:
        from ._processes import register as _register

        _register(_name)
sys.meta_path.insert(0, _Processes)


def install():
    """Make csocket the process's `socket`, and csocket._socket its `_socket`.

    Call it before other imports: modules that have already imported socket keep the standard one.
    """
    from ._install import install as _install

    _install()

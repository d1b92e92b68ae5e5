"""Low-level networking interface: a drop-in replacement of the standard library's `socket`.

    import csocket as socket

or, for a whole program with everything that it imports, csocket.install() as its first line, or
`python -m csocket program.py`.

Sockets, functions and constants are those of Python 3.15 on every version. What is written in
Python here is what must look its helpers up in this namespace, because programs replace them there.
"""
# ruff: noqa: F401, F405

# The modules that the running version's socket imports, no others: programs reach them through this
# one (socket.errno.EADDRINUSE), and gevent must find selectors imported before it patches select.
import errno
import io
import os
import sys
from enum import IntEnum, IntFlag

if sys.version_info < (3, 14):
    import array
    import selectors

from . import _socket
from ._socket import *  # noqa: F403
from ._socket import (
    _Cancelled as Cancelled,
)
from ._socket import (
    _CancelScope as CancelScope,
)
from ._socket import (
    _current_effective_deadline as current_effective_deadline,
)
from ._socket import (
    _getaddrinfo,
    _is_replaced,
    _socketpair,
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
    _Socket as socket,
)
from ._socket import (
    _SocketIO as SocketIO,
)

__all__ = [
    "AddressFamily",
    "CancelScope",
    "Cancelled",
    "SocketKind",
    "create_connection",
    "create_server",
    "current_effective_deadline",
    "fail_after",
    "fail_at",
    "fromfd",
    "getfqdn",
    "has_dualstack_ipv6",
    "move_on_after",
    "move_on_at",
    "recv_fds",
    "send_fds",
]
# What the standard library's module does not have, besides constants.
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
__all__ += [name for name in vars(_socket) if name[0] != "_"]


def _make_enum(kind, name, group):
    names = type(sys.implementation)(**_socket._enum_names(group))
    kind._convert_(name, __name__, str.isupper, source=names)


_make_enum(IntEnum, "AddressFamily", "AF")
_make_enum(IntEnum, "SocketKind", "SOCK")
_make_enum(IntFlag, "MsgFlag", "MSG")
_make_enum(IntFlag, "AddressInfo", "AI")
# What the system's headers have and Python's socket has not.
_socket._add_more_constants(globals())


class _GiveupOnSendfile(Exception):
    """_sendfile_use_sendfile cannot send this file; _sendfile_use_send may."""


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
    """The enum's member, or the number itself where there is none."""
    try:
        return enum_klass(value)
    except ValueError:
        return value


def fromfd(fd, family, type, proto=0):
    """A socket around a duplicate of a descriptor."""
    return _socket._adopt(family, type, proto, dup(fd))


def send_fds(sock, buffers, fds, _flags=0, address=None, *, flags=0):
    """Send file descriptors with buffers over an AF_UNIX socket.

    Return the number of bytes sent. flags are honoured as a keyword argument; as the
    fourth positional argument they are ignored, as the standard library ignores them:
    programs pass other numbers there.
    """
    if type(sock) is socket and isinstance(fds, (list, tuple)) and not _is_replaced("send_fds"):
        return _socket._send_fds(sock, buffers, fds, flags, address)
    import array

    rights = (SOL_SOCKET, SCM_RIGHTS, array.array("i", fds))
    return sock.sendmsg(buffers, [rights], flags, address)


# Space for the other control messages that a socket may be set to receive, which come first:
# credentials, a security context, a pidfd, time stamps.
_OTHER_MESSAGES = 1024


def recv_fds(sock, bufsize, maxfds, flags=0):
    """Receive at most maxfds file descriptors: (data, descriptors, flags, address).

    The descriptors are close-on-exec. Further descriptors, including those of other control
    messages (SCM_PIDFD), are closed.
    """
    usual = isinstance(maxfds, int) and 0 <= maxfds < 1 << 20
    if usual and type(sock) is socket and not _is_replaced("recv_fds"):
        return _socket._recv_fds(sock, bufsize, maxfds, flags)
    room = CMSG_LEN(maxfds * 4) + _OTHER_MESSAGES
    return _socket._take_fds(sock.recvmsg(bufsize, room, flags), maxfds)


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0, **limits):
    """Resolve a host and a service: a list of (family, type, proto, canonname, address).

    After timeout seconds, if that is given as a keyword, TimeoutError is raised.
    """
    # No parameter of its own: programs bind arguments to the signature, and pass all of them on.
    if not limits:
        return _getaddrinfo(host, port, family, type, proto, flags)
    timeout = limits.pop("timeout", None)
    for name in limits:
        raise TypeError(f"getaddrinfo() got an unexpected keyword argument {name!r}")
    return _getaddrinfo(host, port, family, type, proto, flags, timeout=timeout)


def socketpair(family=None, type=SOCK_STREAM, proto=0):
    """A pair of connected sockets, of AF_UNIX unless family says otherwise."""
    return _socketpair(family, type, proto)


def _fallback_socketpair(family=AF_INET, type=SOCK_STREAM, proto=0):
    """Two connected TCP sockets, for systems without socketpair."""
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
            # It begins now, and stands when the other end is accepted.
            client.connect_ex(listener.getsockname()[:2])
            client.setblocking(True)
            server, _ = listener.accept()
        # Somebody else may have been faster to connect.
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
    """The fully qualified name of a host, or of this machine: the first of its names with a dot.

    After timeout seconds TimeoutError is raised.
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
    # Imported when it is needed; and not by name in a function that looks at what was replaced.
    from . import _unix

    return _unix


def _pair(address):
    try:
        host, port = address
    except (TypeError, ValueError) as exc:
        text = f"address must be a pair (host, port), not {address!r}"
        raise type(exc)(text) from None
    return host, port


def _check_interleave(number):
    if isinstance(number, bool) or not hasattr(number, "__index__"):
        raise TypeError(f"interleave must be an int, not {type(number).__name__}")
    if not 0 <= number.__index__() < 1 << 31:
        raise ValueError(f"interleave must be 0 or more, not {number!r}")


def _left(until):
    """Seconds until a moment, or None if there is none."""
    return None if until is None else max(until - _now(), 0.0)


def _resolve(host, port, until):
    """What getaddrinfo returns, which may be a program's own."""
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
    """A socket connected to the first address that answers; or None, and errors says why.

    Each address has an equal share of the time that is left.
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

    A path, or an abstract name, is an AF_UNIX server's; it may be longer than an address.

    timeout is for each attempt, and then the socket's. source_address is bound first. When no
    attempt succeeds, the error of the last of the host's addresses is raised; with all_errors, an
    ExceptionGroup of all errors.

    An address that has not answered after happy_eyeballs_delay seconds is joined by the next one,
    and the first to connect wins (RFC 8305); with None, one is tried after the other. The families
    of addresses take turns after the first interleave addresses of the first family; with 0, the
    resolver's order is kept. After total_timeout seconds, host names included, TimeoutError is
    raised.

    Programs that replace a name in this module or a method of socket find it used: then one
    address is tried after the other.
    """
    delay = _socket._limit(happy_eyeballs_delay, "happy_eyeballs_delay")
    total = _socket._limit(total_timeout, "total_timeout")
    _check_interleave(interleave)
    if isinstance(address, (str, bytes)) or hasattr(address, "__fspath__"):
        return _unix_module().create_connection(address, timeout, source_address, all_errors, total)
    host, port = _pair(address)
    until = None if total is None else _now() + total
    errors = []
    try:
        infos = None
        if port is None or _is_replaced("_resolve"):
            infos = _resolve(host, port, until)
        limit = getdefaulttimeout() if timeout is _GLOBAL_DEFAULT_TIMEOUT else timeout
        # A socket that does not wait has nothing to race for.
        if limit == 0 or _is_replaced("_connect_in_turn"):
            if infos is None:
                infos = _resolve(host, port, until)
            sock = _connect_in_turn(infos, timeout, source_address, until, errors)
        else:
            more = delay, interleave, _left(until), errors
            sock = _socket._connect(host, port, infos, limit, source_address or None, *more)
        if sock is not None:
            return sock
        if not errors:
            raise error("getaddrinfo returns an empty list")
        errors.sort()
        if all_errors:
            raise _exception_group("create_connection failed", [each[-1] for each in errors])
        raise errors[-1][-1]
    finally:
        # The errors' tracebacks hold this frame.
        errors.clear()


def _about(exc, other):
    """The same exception, with the address of the other one, if that has one."""
    if hasattr(other, "address"):
        exc.address = other.address
    return exc


def copy_options(source, target):
    """Set the options of a socket to those of another one, where they differ; return their names.

    Both may be anything that options_of takes. Options that only some sockets have, or that the
    kernel refuses, are left out.
    """
    from .values import copy_options as copy

    return copy(options_of(source), options_of(target))


def has_dualstack_ipv6():
    """Whether one TCP socket can serve IPv4 and IPv6 here."""
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
    """A TCP socket that listens on (host, port), or an AF_UNIX socket that listens at a path.

    reuse_port sets SO_REUSEPORT; dualstack_ipv6 serves IPv4 too on an AF_INET6 socket.

    mode is that of the path's file, 0o600 for example. With unlink, the file of a server that no
    longer runs is replaced, and the file is removed when this process closes the server.
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
    # Since Linux 6.12.9 only the internet families take it.
    reuse_port = bool(reuse_port) and family in (AF_INET, AF_INET6)
    usual = backlog is None or (isinstance(backlog, int) and abs(backlog) < 1 << 31)
    if usual and not _is_replaced("create_server"):
        return _socket._create_server(address, family, backlog, reuse_port, dualstack_ipv6)
    sock = socket(family, SOCK_STREAM)
    try:
        # So that a server that was just ended can start again.
        sock.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        if reuse_port:
            sock.setsockopt(SOL_SOCKET, SO_REUSEPORT, 1)
        if has_ipv6 and family == AF_INET6:
            sock.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, not dualstack_ipv6)
        try:
            sock.bind(address)
        except error as exc:
            text = f"{exc.strerror} (while attempting to bind on address {address!r})"
            raise _about(error(exc.errno, text), exc) from None
        sock.listen(*(() if backlog is None else (backlog,)))
        return sock
    except BaseException:
        sock.close()
        raise


def _deadline_after(seconds):
    length = _socket._limit(seconds, "seconds")
    return None if length is None else _now() + length


def fail_after(seconds, *, shield=False):
    """A CancelScope that raises TimeoutError (timeout on 3.9) if it ended a call, then."""
    return CancelScope(deadline=_deadline_after(seconds), shield=shield, _fails=True)


def fail_at(deadline, *, shield=False):
    """The same at a point in time, in seconds of time.monotonic()."""
    return CancelScope(deadline=deadline, shield=shield, _fails=True)


def move_on_after(seconds, *, shield=False):
    """A CancelScope that ends the calls inside it after that time, and goes on behind it."""
    return CancelScope(deadline=_deadline_after(seconds), shield=shield)


def move_on_at(deadline, *, shield=False):
    """The same at a point in time, in seconds of time.monotonic()."""
    return CancelScope(deadline=deadline, shield=shield)


# What is looked up on the class of sockets without being named in the functions' texts.
_IMPLIED = ("__enter__", "__exit__", "__getattribute__", "__init__", "__new__", "_real_close")


_BUILTINS = vars(sys.modules["builtins"])


def _looked_up(code, names):
    """Add the names that a function and this module's functions that it calls look up.

    Others are attributes of something else, or modules that are imported there.
    """
    for name in code.co_names:
        known = name in globals() or name in _BUILTINS or hasattr(socket, name)
        if known and name not in names:
            names.add(name)
            if hasattr(globals().get(name), "__code__"):
                _looked_up(globals()[name].__code__, names)
    for inner in code.co_consts:
        if hasattr(inner, "co_names"):
            _looked_up(inner, names)


# These run the core's functions, and their text only if something that it looks up was replaced.
for _function in (
    _connect_in_turn,
    _resolve,
    create_server,
    getfqdn,
    has_dualstack_ipv6,
    recv_fds,
    send_fds,
):
    _names = set(_IMPLIED)
    _looked_up(_function.__code__, _names)
    _socket._watch(_function.__name__, tuple(map(sys.intern, _names)))
del _function, _names


# The modules that must know of csocket: those of multiprocessing, and ssl once it is installed.
_TELL = ("multiprocessing.reduction", "multiprocessing.util", "ssl")


class _Processes:
    """Finds no module of its own: what is in _TELL learns about csocket's sockets when it comes."""

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

    Call it before anything imports socket: what is imported already keeps the standard library's.
    """
    from ._install import install as _install

    _install()

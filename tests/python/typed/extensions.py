"""csocket's additions to the standard library's interface, for a type checker. It is not run."""

import datetime
import pathlib
import socket as standard
from decimal import Decimal
from fractions import Fraction

import csocket
from csocket import values


def more(sock: csocket.socket) -> standard.socket:
    sock.settimeout(Decimal("0.5"))
    csocket.setdefaulttimeout(Fraction(1, 3))
    sock.options.tcp_nodelay = True
    sock.options.so_rcvtimeo = datetime.timedelta(seconds=1)
    sock.options.tcp_nodelay = "on"
    sock.options.tcp_nodelay = "x"  # type: ignore[assignment]
    sock.options.no_such_option = 1  # type: ignore[attr-defined]
    rtt: float = sock.options.tcp_info.rtt
    young: int | None = sock.options.tcp_info.total_rto
    seconds: float = sock.options.so_linger.linger
    user: int = sock.options.so_peercred.uid
    nodelay: bool = sock.options.tcp_nodelay
    idle: float = sock.options.tcp_keepidle
    mtu: int = csocket.IP_MTU
    text: str = csocket.options["SO_LINGER"].meaning
    print(nodelay, idle, mtu, text, rtt, young, seconds, user)
    for entry in csocket.getifaddrs():
        if entry.family == csocket.AF_INET and entry.address and entry.flags & csocket.IFF_UP:
            host: str = entry.address[0]
            print(entry.name, host, entry[1] + entry.index)
    csocket.create_connection(("localhost", 80), happy_eyeballs_delay=0.25, total_timeout=10)
    csocket.install()
    return sock


def datagrams(sock: csocket.socket) -> list[bytes]:
    sock.enable_timestamps(sent=True)
    assert sock.send_many([(b"a", ("::1", 1)), b"b"]) == 2
    assert sock.send_many(memoryview(b"abcd"), segment_size=2, address=("::1", 1)) == 2
    assert [entry.id for entry in sock.errors() if entry.stage == "sent"]
    with sock.recv_message(100) as message:
        ttl: int = message.control.ip_ttl
        address: str = message.control.ip_pktinfo.addr
        when: int = message.control.timestampns
        print(ttl, address, when, message.take_fds(), message.truncated)
    sock.send_message(b"x", control={"ip_ttl": 5})
    return [data for data, _ in sock.recv_many(64, 2048)]


def by_name(sock: csocket.socket) -> None:
    idle: float = sock.options["TCP_KEEPIDLE"]
    after: float = sock.options["so_linger"].linger
    rtt: float = sock.options["TCP_INFO"].rtt
    nodelay: str = sock.options["TCP_NODELAY"]  # type: ignore[assignment]
    maybe: values.linger | None = sock.options.get("SO_LINGER")
    anything = sock.options["SO_" + "LINGER"].linger
    print(idle, after, rtt, nodelay, maybe, anything)


def rejected(sock: csocket.socket) -> None:
    """Calls that raise a TypeError at run time."""
    sock.options.so_linger = 5  # type: ignore[assignment]
    sock.options.ip_add_membership = 5  # type: ignore[assignment]
    sock.options.so_timestamping = datetime.timedelta(1)  # type: ignore[assignment]
    sock.options.tcp_md5sig = None  # type: ignore[assignment]


def named(sock: csocket.socket) -> tuple[values.Message, values.SocketOptions]:
    error: values.queued_error
    for error in sock.errors():
        print(error.origin, error._asdict())
    option: values.Option = csocket.options["SO_LINGER"]
    field: values.OptionField = option.fields[0]
    print(field.unit, values.linger(1, 5), values.InterfaceFlag.IFF_UP)
    return sock.recv_message(100), sock.options


def addresses(sock: csocket.socket, path: pathlib.Path) -> object:
    limit = datetime.timedelta(seconds=1)
    try:
        sock.bind(path)
        sock.connect(path)
        sock.sendto(b"x", path)
        csocket.create_server(path, family=csocket.AF_UNIX, unlink=True, mode=0o600)
        csocket.create_connection(path, limit)
        with csocket.fail_after(limit), csocket.move_on_at(None):
            pass
    except OSError as error:
        if isinstance(error, values.HasAddress):
            return error.errno, error.address
        return error.address  # type: ignore[attr-defined]
    return None


def limited(sock: csocket.socket) -> bytes:
    """A type checker must see that these scopes suppress nothing, and that the others may."""
    with csocket.fail_after(3) as scope:
        scope.cancel()
        kept: csocket.CancelScope = scope
        with csocket.fail_at(kept.deadline):
            return sock.recv(10)


def moved_on(sock: csocket.socket) -> bytes:  # type: ignore[return]
    with csocket.move_on_after(3):
        return sock.recv(10)

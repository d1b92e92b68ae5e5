"""Option values that do not fit into an int; more buffers than the system accepts."""

import os
import re
import sys

import csocket
import pytest

MARK = csocket.SOL_SOCKET, 36  # SO_MARK: unsigned, 32 bits
BUFFER = csocket.SOL_SOCKET, csocket.SO_RCVBUF  # an int


class Index:
    def __init__(self, number):
        self.number = number

    def __index__(self):
        return self.number


@pytest.fixture
def udp():
    with csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM) as sock:
        yield sock


def is_privileged(sock):
    try:
        sock.setsockopt(*MARK, 0)
    except PermissionError:
        return False
    return True


@pytest.mark.parametrize("number", [2**31, 0xDEADBEEF, 2**32 - 1])
@pytest.mark.parametrize("kind", [int, Index])
def test_an_unsigned_option_accepts_unsigned_numbers(udp, number, kind):
    if not is_privileged(udp):
        with pytest.raises(PermissionError):  # the kernel's answer, not ours
            udp.setsockopt(*MARK, kind(number))
        return
    udp.setsockopt(*MARK, kind(number))
    assert udp.getsockopt(*MARK, 4) == number.to_bytes(4, sys.byteorder)
    assert udp.getsockopt(*MARK) % 2**32 == number


@pytest.mark.parametrize(
    "option, number, accepted",
    [
        (MARK, 2**32, "-2147483648 to 4294967295"),
        (MARK, -(2**31) - 1, "-2147483648 to 4294967295"),
        (MARK, 2**70, "-2147483648 to 4294967295"),
        (BUFFER, 2**31, "-2147483648 to 2147483647"),
        (BUFFER, -(2**70), "-2147483648 to 2147483647"),
        ((12345, 6), 2**31, "-2147483648 to 2147483647"),
    ],
)
@pytest.mark.parametrize("kind", [int, Index])
def test_other_numbers_are_named(udp, option, number, accepted, kind):
    with pytest.raises(OverflowError) as caught:
        udp.setsockopt(*option, kind(number))
    assert str(caught.value) == f"setsockopt(): value {number} is out of range ({accepted})"


def test_an_exception_of_index_is_raised(udp):
    class Broken:
        def __index__(self):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        udp.setsockopt(*MARK, Broken())


def test_a_stream_sends_the_first_of_too_many_buffers():
    limit = os.sysconf("SC_IOV_MAX")
    one, other = csocket.socketpair()
    with one, other:
        for timeout in (None, 5, 0):
            one.settimeout(timeout)
            assert one.sendmsg([b"x"] * (limit + 1)) == limit
            assert other.recvmsg_into([bytearray(1) for _ in range(2 * limit)])[0] == limit
    one, other = csocket.socketpair(csocket.AF_UNIX, csocket.SOCK_DGRAM)
    with one, other, pytest.raises(OSError, match="Message too long"):
        one.sendmsg([b"x"] * (limit + 1))


HUGE = 2**70
PORTS = [HUGE, -HUGE, 2**64, 2**63, 2**32 + 80, 2**31, 70000, 65536, -1]


def of_socket(method, kind=csocket.SOCK_STREAM):
    def call(port):
        with csocket.socket(csocket.AF_INET, kind) as sock:
            sock.settimeout(60)
            getattr(sock, method)(("127.0.0.1", port))

    return call


def send(port):
    with csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM) as sock:
        sock.sendto(b"", ("127.0.0.1", port))


def send_message(port):
    with csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM) as sock:
        sock.sendmsg([b""], [], 0, ("127.0.0.1", port))


TAKE_PORTS = {
    "getaddrinfo": lambda port: csocket.getaddrinfo("127.0.0.1", port),
    "getaddrinfo, str": lambda port: csocket.getaddrinfo("127.0.0.1", str(port)),
    "getaddrinfo, bytes": lambda port: csocket.getaddrinfo("127.0.0.1", b"%d" % port),
    "getnameinfo": lambda port: csocket.getnameinfo(("127.0.0.1", port), 3),
    "getservbyport": csocket.getservbyport,
    "bind": of_socket("bind"),
    "connect": of_socket("connect"),
    "connect_ex": of_socket("connect_ex"),
    "sendto": send,
    "sendmsg": send_message,
    "create_connection": lambda port: csocket.create_connection(("127.0.0.1", port)).close(),
    "create_server": lambda port: csocket.create_server(("127.0.0.1", port)).close(),
}


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("name", TAKE_PORTS)
def test_a_number_that_is_not_a_port_is_named(name, port):
    with pytest.raises((OverflowError, csocket.gaierror)) as caught:
        TAKE_PORTS[name](port)
    text = str(caught.value)
    assert re.search(rf"\bport ([^-\d]* )?(0-65535, not )?{port}\b", text) and "0-65535" in text
    if isinstance(caught.value, csocket.gaierror):
        assert caught.value.errno == csocket.EAI_SERVICE


@pytest.mark.parametrize("port", [b"80".decode(), 1.5, None, [], b"80", bytearray(b"80")])
def test_what_is_not_a_number_is_no_port_of_an_address(port):
    for name in ("getnameinfo", "getservbyport", "bind", "connect", "sendto", "sendmsg"):
        with pytest.raises(TypeError, match="integer"):
            TAKE_PORTS[name](port)
    if isinstance(port, (float, list, bytearray)):
        with pytest.raises(OSError, match=f"for port, not {type(port).__name__}$"):
            csocket.getaddrinfo("127.0.0.1", port)


def of_ipv6(index):
    def call(number):
        with csocket.socket(csocket.AF_INET6, csocket.SOCK_DGRAM) as sock:
            sock.bind(("::1", 0, number)[: index + 1] if index == 2 else ("::1", 0, 0, number))

    return call


def of_name(index):
    def call(number):
        return csocket.getnameinfo(("::1", 80, number) if index == 2 else ("::1", 80, 0, number), 3)

    return call


INT = "-2147483648 to 2147483647"
NUMBERS = {
    "bind: flowinfo": (of_ipv6(2), "0-1048575", [HUGE, -HUGE, 2**20, -1]),
    "bind: scope_id": (of_ipv6(3), "0-4294967295", [HUGE, -HUGE, 2**32, -(2**31) - 1]),
    "getnameinfo: flowinfo": (of_name(2), "0-1048575", [HUGE, -HUGE, 2**20, -1]),
    "getnameinfo: scope_id": (of_name(3), "0-4294967295", [HUGE, -HUGE, 2**32, -(2**31) - 1]),
    "htons": (csocket.htons, "0-65535", [HUGE, -HUGE, 2**40, -1]),
    "ntohs": (csocket.ntohs, "0-65535", [HUGE, -HUGE, 2**40, -1]),
    "htonl": (csocket.htonl, "0-4294967295", [HUGE, -HUGE, 2**32, -1]),
    "ntohl": (csocket.ntohl, "0-4294967295", [HUGE, -HUGE, 2**32, -1]),
    "socket: family": (csocket.socket, INT, [HUGE, -HUGE, 2**31]),
    "socket: type": (lambda n: csocket.socket(csocket.AF_INET, n), INT, [HUGE, -HUGE, 2**31]),
    "socketpair: family": (csocket.socketpair, INT, [HUGE, -HUGE, 2**31]),
    "getaddrinfo: family": (lambda n: csocket.getaddrinfo("::1", 1, n), INT, [HUGE, -HUGE, 2**31]),
    "getnameinfo: flags": (lambda n: csocket.getnameinfo(("::1", 1), n), INT, [HUGE, -HUGE, 2**31]),
    "inet_ntop: family": (lambda n: csocket.inet_ntop(n, bytes(4)), INT, [HUGE, -HUGE, 2**31]),
    "options: SO_MARK": (
        lambda n: csocket.socket().options.__setitem__("SO_MARK", n), "0 to 4294967295",
        [HUGE, -HUGE, 2**64, 2**32],
    ),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_out_of_range_is_named_with_its_range(name):
    call, accepted, numbers = NUMBERS[name]
    for number in numbers:
        with pytest.raises((OverflowError, ValueError)) as caught:
            call(number)
        assert accepted in str(caught.value) and str(number) in str(caught.value)


def test_numbers_that_python_does_not_print():
    """From 3.11 on str() of an int with thousands of digits fails."""
    for name, call in TAKE_PORTS.items():
        if name not in ("getaddrinfo, str", "getaddrinfo, bytes"):
            for number in (10**5000, -(10**5000)):
                with pytest.raises((OverflowError, csocket.gaierror), match="0-65535"):
                    call(number)

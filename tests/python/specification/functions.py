"""Other functions: byte order, numeric addresses, control messages, timeouts, interfaces."""

import os
import socket as standard
import sys

import pytest

from .toolkit import inheritable, raises, socket, states

HEADING = "Other functions"
FOUR = [
    ("127.0.0.1", b"\x7f\0\0\1"),
    ("123.45.67.89", bytes([123, 45, 67, 89])),
    ("255.255.255.255", b"\xff" * 4),
]
SIX = [
    ("::", bytes(16)),
    ("5aef:2b::8", bytes.fromhex("5aef002b000000000000000000000008")),
    ("::ffff:1.2.3.4", bytes(10) + b"\xff\xff\1\2\3\4"),
]


def too_large():
    """The exception for out-of-range numbers, which changed in 3.15 for negative ones."""
    return (OverflowError, ValueError)


@states(f"{HEADING}: close", "closes a socket's descriptor")
def _(t):
    fd = socket.socket().detach()
    socket.close(fd)
    raises(OSError, os.fstat, fd)
    raises(OSError, socket.close, fd)


@states(f"{HEADING}: ntohl", "converts 32 bits from network to host byte order")
def _(t):
    assert socket.ntohl(0x01020304) == int.from_bytes(b"\1\2\3\4", sys.byteorder, signed=False)
    assert socket.ntohl(0xFFFFFFFF) == 0xFFFFFFFF
    raises(too_large(), socket.ntohl, 2**32)
    raises(too_large(), socket.ntohl, -1)


@states(f"{HEADING}: ntohs", "converts 16 bits from network to host byte order")
def _(t):
    assert socket.ntohs(0x0102) == int.from_bytes(b"\1\2", sys.byteorder)


@states(f"{HEADING}: ntohs", "3.10: OverflowError if the number does not fit in 16 bits")
def _(t):
    if sys.version_info >= (3, 10):
        raises(OverflowError, socket.ntohs, 65536)
    else:
        with pytest.warns(DeprecationWarning):
            assert socket.ntohs(65536) == 0


@states(f"{HEADING}: htonl", "converts 32 bits from host to network byte order")
def _(t):
    for number in (0, 1, 0x01020304, 2**32 - 1):
        assert socket.htonl(number).to_bytes(4, sys.byteorder) == number.to_bytes(4, "big")
    raises(too_large(), socket.htonl, 2**32)


@states(f"{HEADING}: htons", "converts 16 bits from host to network byte order")
def _(t):
    for number in (0, 1, 0x0102, 65535):
        assert socket.htons(number).to_bytes(2, sys.byteorder) == number.to_bytes(2, "big")


@states(f"{HEADING}: htons", "3.10: OverflowError if the number does not fit in 16 bits")
def _(t):
    if sys.version_info >= (3, 10):
        raises(OverflowError, socket.htons, 65536)
    else:
        with pytest.warns(DeprecationWarning):
            assert socket.htons(65536) == 0


@states(f"{HEADING}: inet_aton", "an IPv4 address becomes 4 bytes")
def _(t):
    for text, packed in FOUR:
        assert socket.inet_aton(text) == packed and type(socket.inet_aton(text)) is bytes


@states(f"{HEADING}: inet_aton", "fewer than three dots are accepted")
def _(t):
    assert socket.inet_aton("127.1") == b"\x7f\0\0\1"
    assert socket.inet_aton("1.2.772") == b"\1\2\3\4"
    assert socket.inet_aton("16909060") == b"\1\2\3\4"


@states(f"{HEADING}: inet_aton", "OSError for an invalid address, an IPv6 address among them")
def _(t):
    for text in ("", "1.2.3.4.5", "256.1.1.1", "name", "::1"):
        raises(OSError, socket.inet_aton, text)


@states(f"{HEADING}: inet_ntoa", "4 bytes become an IPv4 address")
def _(t):
    for text, packed in FOUR:
        assert socket.inet_ntoa(packed) == text


@states(f"{HEADING}: inet_ntoa", "OSError if there are not exactly 4 bytes")
def _(t):
    for size in (0, 3, 5, 16):
        raises(OSError, socket.inet_ntoa, bytes(size))


@states(f"{HEADING}: inet_ntoa", "writable bytes-like objects are accepted")
def _(t):
    assert socket.inet_ntoa(bytearray(4)) == socket.inet_ntoa(memoryview(bytes(4))) == "0.0.0.0"


@states(f"{HEADING}: inet_pton", "an address of AF_INET or AF_INET6 becomes bytes")
def _(t):
    for family, cases in ((socket.AF_INET, FOUR), (socket.AF_INET6, SIX)):
        for text, packed in cases:
            assert socket.inet_pton(family, text) == packed


@states(f"{HEADING}: inet_pton", "OSError for an invalid address or another family")
def _(t):
    for family, text in ((2, "127.1"), (2, "::1"), (10, "1.2.3.4"), (10, ":::"), (1, "path")):
        raises(OSError, socket.inet_pton, family, text)


@states(f"{HEADING}: inet_ntop", "bytes become an address of AF_INET or AF_INET6")
def _(t):
    for family, cases in ((socket.AF_INET, FOUR), (socket.AF_INET6, SIX)):
        for text, packed in cases:
            assert socket.inet_ntop(family, packed) == text
    assert socket.inet_ntop(socket.AF_INET, bytes([7, 10, 0, 5])) == "7.10.0.5"


@states(f"{HEADING}: inet_ntop", "ValueError if the length is wrong for the family")
def _(t):
    for family, size in ((2, 3), (2, 5), (2, 16), (10, 4), (10, 15), (10, 17)):
        raises(ValueError, socket.inet_ntop, family, bytes(size))


@states(f"{HEADING}: inet_ntop", "writable bytes-like objects are accepted")
def _(t):
    assert socket.inet_ntop(socket.AF_INET, bytearray(4)) == "0.0.0.0"


@states(f"{HEADING}: CMSG_LEN", "the length of an item without padding behind it")
def _(t):
    header = socket.CMSG_LEN(0)
    assert all(socket.CMSG_LEN(n) == header + n for n in range(100))


@states(f"{HEADING}: CMSG_LEN", "OverflowError if the length is out of range")
def _(t):
    for length in (-1, sys.maxsize, 2**64):
        raises(OverflowError, socket.CMSG_LEN, length)


@states(f"{HEADING}: CMSG_SPACE", "the size that an item takes with padding")
def _(t):
    for length in range(100):
        assert socket.CMSG_SPACE(length) >= socket.CMSG_LEN(length)
        assert socket.CMSG_SPACE(length) % 4 == 0


@states(f"{HEADING}: CMSG_SPACE", "the sum of the items' sizes is enough for all of them")
def _(t):
    one, other = t.pair()
    other.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    socket.send_fds(one, [b"x"], [0])
    size = socket.CMSG_SPACE(12) + socket.CMSG_SPACE(4)
    _, items, flags, _ = other.recvmsg(1, size)
    assert len(items) == 2 and flags == 0
    os.close(int.from_bytes(items[1][2], sys.byteorder))


@states(f"{HEADING}: CMSG_SPACE", "OverflowError if the length is out of range")
def _(t):
    for length in (-1, sys.maxsize, 2**64):
        raises(OverflowError, socket.CMSG_SPACE, length)


@states(f"{HEADING}: getdefaulttimeout", "None at first, which means no timeout")
def _(t):
    assert socket.getdefaulttimeout() is None
    assert t.keep(socket.socket()).gettimeout() is None


@states(f"{HEADING}: getdefaulttimeout", "a float in seconds")
def _(t):
    t.default_timeout(3)
    assert socket.getdefaulttimeout() == 3.0 and type(socket.getdefaulttimeout()) is float


@states(f"{HEADING}: setdefaulttimeout", "is the timeout of new sockets")
def _(t):
    t.default_timeout(4.5)
    one, other = socket.socketpair()
    for sock in (t.keep(socket.socket()), t.keep(one), t.keep(other)):
        assert sock.gettimeout() == 4.5


@states(f"{HEADING}: setdefaulttimeout", "0 makes new sockets non-blocking, None blocking")
def _(t):
    t.default_timeout(0)
    assert t.keep(socket.socket()).getblocking() is False
    socket.setdefaulttimeout(None)
    assert t.keep(socket.socket()).getblocking() is True


@states(f"{HEADING}: setdefaulttimeout", "ValueError for negative numbers")
def _(t):
    raises(ValueError, socket.setdefaulttimeout, -1)
    raises(TypeError, socket.setdefaulttimeout, "1")


@states(f"{HEADING}: setdefaulttimeout", "3.15: any real number")
def _(t):
    import decimal
    import fractions

    for number in (decimal.Decimal("1.5"), fractions.Fraction(3, 2)):
        t.default_timeout(number)
        assert socket.getdefaulttimeout() == 1.5


@states(f"{HEADING}: sethostname", "sets the name of the machine")
def _(t):
    before = socket.gethostname()
    try:
        socket.sethostname("specified")
    except PermissionError:
        return
    assert socket.gethostname() == standard.gethostname() == "specified"
    socket.sethostname(before)


@states(f"{HEADING}: if_nameindex", "a list of (index, name)")
def _(t):
    found = socket.if_nameindex()
    assert type(found) is list and all(type(i) is int and type(n) is str for i, n in found)
    assert "lo" in dict(map(reversed, found))


@states(f"{HEADING}: if_nametoindex", "the index of a name")
def _(t):
    assert (socket.if_nametoindex("lo"), "lo") in socket.if_nameindex()


@states(f"{HEADING}: if_nametoindex", "OSError if there is no such interface")
def _(t):
    raises(OSError, socket.if_nametoindex, "no-such-if")


@states(f"{HEADING}: if_indextoname", "the name of an index")
def _(t):
    assert socket.if_indextoname(socket.if_nametoindex("lo")) == "lo"


@states(f"{HEADING}: if_indextoname", "OSError if there is no such interface")
def _(t):
    raises(OSError, socket.if_indextoname, 2**30)


@states(f"{HEADING}: send_fds", "sends descriptors over an AF_UNIX socket")
def _(t):
    one, other = t.pair()
    with open(os.devnull, "rb") as file:
        assert socket.send_fds(one, [b"a", b"bc"], [file.fileno()]) == 3
    data, fds, _, _ = socket.recv_fds(other, 10, 1)
    assert data == b"abc" and len(fds) == 1
    assert os.fstat(fds[0]).st_rdev == os.stat(os.devnull).st_rdev
    os.close(fds[0])


@states(f"{HEADING}: recv_fds", "at most maxfds: (msg, list of descriptors, flags, addr)")
def _(t):
    one, other = t.pair()
    socket.send_fds(one, [b"x"], [0, 1, 2])
    data, fds, flags, _address = socket.recv_fds(other, 10, 2)
    assert data == b"x" and len(fds) == 2 and flags & socket.MSG_CTRUNC
    for fd in fds:
        os.close(fd)


@states(f"{HEADING}: recv_fds", "a list without descriptors if none came")
def _(t):
    one, other = t.pair()
    one.sendall(b"x")
    assert socket.recv_fds(other, 10, 2)[:3] == (b"x", [], 0)


@states(f"{HEADING}: close", "is like os.close, for sockets")
def _(t):
    one, other = t.pair()
    socket.close(one.detach())
    assert other.recv(1) == b""
    assert not inheritable(other)

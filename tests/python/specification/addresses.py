"""Socket families: AF_UNIX, IPv4, IPv6, and rules for all addresses."""

import os

from .toolkit import raises, socket, states

HEADING = "Socket families"


@states(HEADING, "the form of an address follows from the family given when the socket was made")
def _(t):
    raises(TypeError, t.open(socket.AF_INET).bind, "path")
    raises(TypeError, t.open(socket.AF_UNIX).bind, ("127.0.0.1", 0))


@states(HEADING, "AF_UNIX: a path is a str in the file system's encoding, with surrogateescape")
def _(t):
    sock = t.open(socket.AF_UNIX)
    path = os.fsencode(t.path()) + b"\xff"
    sock.bind(path)
    assert sock.getsockname() == os.fsdecode(path)
    assert os.path.exists(path)


@states(HEADING, "AF_UNIX: an abstract address is returned as bytes that begin with a null byte")
def _(t):
    sock = t.open(socket.AF_UNIX)
    sock.bind(b"\0csocket-specification")
    assert sock.getsockname() == b"\0csocket-specification"


@states(HEADING, "AF_UNIX: abstract sockets and sockets in the file system can communicate")
def _(t):
    one = t.open(socket.AF_UNIX, socket.SOCK_DGRAM)
    other = t.open(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.bind(b"\0csocket-specification-1")
    other.bind(t.path())
    other.sendto(b"x", one.getsockname())
    assert one.recvfrom(10) == (b"x", t.path())
    one.sendto(b"y", other.getsockname())
    assert other.recvfrom(10) == (b"y", b"\0csocket-specification-1")


@states(HEADING, "AF_UNIX: a str or a bytes-like object is an argument for either kind of address")
def _(t):
    for address in (
        "\0csocket-spec-str",
        b"\0csocket-spec-bytes",
        t.path("a"),
        os.fsencode(t.path("b")),
    ):
        t.open(socket.AF_UNIX).bind(address)


@states(HEADING, "AF_UNIX: a writable bytes-like object is accepted")
def _(t):
    sock = t.open(socket.AF_UNIX)
    sock.bind(bytearray(os.fsencode(t.path())))
    assert sock.getsockname() == t.path()
    t.open(socket.AF_UNIX).bind(memoryview(bytearray(b"\0csocket-spec-view")))


@states(HEADING, "AF_INET: an address is a pair of a str and an int")
def _(t):
    sock = t.open()
    sock.bind(("127.0.0.1", 0))
    host, port = sock.getsockname()
    assert type(host) is str and type(port) is int and port > 0
    raises(TypeError, t.open().bind, ("127.0.0.1", "80"))
    raises(TypeError, t.open().bind, ("127.0.0.1",))
    raises(TypeError, t.open().bind, ["127.0.0.1", 0])


@states(HEADING, "AF_INET: the host may be a name")
def _(t):
    sock = t.open()
    sock.bind(("localhost", 0))
    assert sock.getsockname()[0] == "127.0.0.1"


@states(HEADING, "AF_INET: the host may be an IPv4 address")
def _(t):
    sock = t.open()
    sock.bind(("127.0.0.2", 0))
    assert sock.getsockname()[0] == "127.0.0.2"


@states(HEADING, "AF_INET: '' is INADDR_ANY")
def _(t):
    sock = t.open()
    sock.bind(("", 0))
    assert sock.getsockname()[0] == "0.0.0.0"


@states(HEADING, "AF_INET: '<broadcast>' is INADDR_BROADCAST")
def _(t):
    sock = t.open(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sock.bind(("<broadcast>", 0))
    assert sock.getsockname()[0] == "255.255.255.255"


@states(HEADING, "AF_INET: the special hosts are IPv4's: '<broadcast>' is not for IPv6")
def _(t):
    raises(OSError, t.open(socket.AF_INET6).bind, ("<broadcast>", 0))


@states(HEADING, "AF_INET6: an address is (host, port, flowinfo, scope_id)")
def _(t):
    sock = t.open(socket.AF_INET6)
    sock.bind(("::1", 0, 0, 0))
    host, port, flowinfo, scope = sock.getsockname()
    assert (host, flowinfo, scope) == ("::1", 0, 0) and port > 0


@states(HEADING, "AF_INET6: flowinfo and scope_id are sin6_flowinfo and sin6_scope_id")
def _(t):
    one, other = t.udp(socket.AF_INET6)
    other.setsockopt(socket.IPPROTO_IPV6, 33, 1)  # IPV6_FLOWINFO_SEND
    other.connect((*one.getsockname()[:2], 0xABCDE, 0))
    assert other.getpeername()[2] == 0xABCDE
    index = socket.if_nametoindex("lo")
    flags = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
    assert socket.getnameinfo(("fe80::1", 1, 0, index), flags) == ("fe80::1%lo", "1")


@states(HEADING, "AF_INET6: flowinfo and scope_id can be omitted in the module's methods")
def _(t):
    for address in (("::1", 0), ("::1", 0, 0), ("::1", 0, 0, 0)):
        sock = t.open(socket.AF_INET6)
        sock.bind(address)
        assert len(sock.getsockname()) == 4


@states(HEADING, "AF_INET6: an address of a scope is returned without %scope_id")
def _(t):
    index = socket.if_nametoindex("lo")
    for host in (f"ff02::1%{index}", "ff02::1%lo"):
        (info,) = socket.getaddrinfo(host, 1, socket.AF_INET6, socket.SOCK_DGRAM)
        assert info[4] == ("ff02::1", 1, 0, index)


@states(HEADING, "a host name stands for the first address that its resolution returns")
def _(t):
    first = socket.getaddrinfo("localhost", 0, socket.AF_INET, socket.SOCK_STREAM)[0][4][0]
    sock = t.open()
    sock.bind(("localhost", 0))
    assert sock.getsockname()[0] == first


@states(HEADING, "all errors are exceptions: wrong types are TypeErrors")
def _(t):
    for call in (socket.socket, t.open().bind, t.open().recv, socket.gethostbyname):
        raises(TypeError, call, object())


@states(HEADING, "errors related to sockets or addresses are OSErrors")
def _(t):
    taken = t.server().getsockname()
    raises(OSError, t.open().bind, taken)
    raises(OSError, t.open().getpeername)
    raises(OSError, socket.getaddrinfo, "no such host.invalid", 80)
    raises(OSError, socket.inet_aton, "no address")


@states(HEADING, "non-blocking mode is set by setblocking, and generalized by settimeout")
def _(t):
    one, _other = t.pair()
    one.setblocking(False)
    raises(BlockingIOError, one.recv, 1)
    one.settimeout(0.01)
    raises(
        TimeoutError if issubclass(socket.timeout, TimeoutError) else socket.timeout, one.recv, 1
    )

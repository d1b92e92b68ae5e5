"""Kinds of arguments of a socket module's functions: valid ones and near misses."""

import socket

from differ import Recipe
from hypothesis import strategies as st
from values import Index, Number, OnlyInt, Raising, reals

one_of = st.sampled_from


def recipes(what, *choices):
    return one_of(
        [Recipe(what, choice if isinstance(choice, tuple) else (choice,)) for choice in choices]
    )


# Kinds of argument.

families = one_of([socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, 0, 2, 10, 1, -1, 9999])
kinds = one_of(
    [
        socket.SOCK_STREAM,
        socket.SOCK_DGRAM,
        0,
        1,
        2,
        3,
        5,
        socket.SOCK_STREAM | 0x800,
        socket.SOCK_DGRAM | 0x80000,
        -1,
    ]
)
protocols = one_of([0, 6, 17, 1, -1, 255, 256, 132])
ports = one_of([0, 1, 80, 65535, 65536, -1]) | recipes("port", "tcp-bound")
hosts = one_of(
    [
        "127.0.0.1",
        "::1",
        "localhost",
        "",
        "0",
        "127.1",
        "0x7f.0.0.1",
        "::",
        "0.0.0.0",
        "<broadcast>",
        "no-such-host.invalid",
        "256.1.1.1",
        b"127.0.0.1",
        bytearray(b"127.0.0.1"),
        "::1%lo",
        "fe80::1%no-such",
        "127.0.0.1 ",
        "localhost.",
    ]
)
# Lookups of unknown names fail quickly here: only loopback is up.
services = ports | one_of(
    ["80", "http", "no-such-service", b"80", "", "65536", "-1", "080", " 80", None]
)
lengths = one_of([0, 1, 5, 10, 16, 100, 2000])
flags = one_of(
    [
        0,
        0,
        0,
        socket.MSG_PEEK,
        socket.MSG_DONTWAIT,
        getattr(socket, "MSG_NOSIGNAL", 0x4000),  # missing in PyPy
        socket.MSG_OOB,
        1 << 30,
        -1,
    ]
)
data = one_of(
    [
        b"hello",
        b"",
        b"x" * 1000,
        Recipe("buffer", (10,)),
        Recipe("view", (8, "slice")),
        Recipe("view", (8, "words")),
        Recipe("view", (8, "readonly")),
    ]
)
targets = st.builds(lambda n: Recipe("buffer", (n,)), one_of([1, 4, 10, 50])) | recipes(
    "view", (8, "slice"), (8, "words"), (8, "readonly"), (8, "strided"), (8, "matrix"), (8, "empty")
)
timeouts = one_of([None, 0, 0.0, 0.02, 1, 1.5, -1, -0.001, 1e-9, 1e-12, 2**31, 1e9, 1e15]) | reals

# A number is a descriptor that would be closed, so small ones must not be generated.
harmless_fds = one_of(
    [
        None,
        -1,
        -2,
        10**6,
        2**31 - 1,
        2**31,
        -(2**31) - 1,
        2**63,
        2**64,
        -(2**63) - 1,
        "1",
        b"1",
        "",
        (),
        [1],
        {},
        1e6,
        -1.0,
        float("nan"),
        Index(10**6),
        Index(-1),
        OnlyInt(10**6),
        Number(-1),
        Raising(),
        object,
    ]
)

inet_addresses = st.builds(lambda *items: items, hosts, ports) | one_of(
    [
        ("127.0.0.1",),
        ("127.0.0.1", 1, 2),
        ["127.0.0.1", 1],
        "127.0.0.1",
        b"x",
        None,
        (1, 2),
        (None, 1),
        ("127.0.0.1", "1"),
        ("127.0.0.1", 1.5),
        ("127.0.0.1", None),
        (b"127.0.0.1", 1),
        ("é", 1),
        ("\udcff", 1),
        ("a\0b", 1),
        ("127.0.0.1", 2**70),
        (),
        ("127.0.0.1", Index(0)),
        ("x" * 300, 1),
        (bytearray(b"127.0.0.1"), 0),
        (bytearray(b"\0"), 0),
        ("127.0.0.1", True),
    ]
)
inet6_addresses = one_of(
    [
        ("::1", 0),
        ("::1", 1, 0, 0),
        ("::1", 1, 2**20, 0),
        ("::1", 1, 2**20 - 1, 1),
        ("::1", 1, -1, 0),
        ("::1", 1, 0, -1),
        ("::1", 1, 0, 2**32),
        ("::1", 1, 0, 2**32 - 1),
        ("127.0.0.1", 1),
        ("::1", 1, 0, 0, 0),
        ("", 0),
        ("::1", 65536),
        ("::1", 1, "0", 0),
        ("<broadcast>", 1),
        ("::1%lo", 1),
        ("fe80::1%lo", 1),
        ["::1", 1],
        ("::1", 1, None),
    ]
)
unix_addresses = one_of(
    [
        Recipe("path", ("absent",)),
        Recipe("path", ("x" * 80,)),
        Recipe("path", ("x" * 200,)),
        "",
        b"",
        "\0abstract-unbound",
        b"\0abstract-unbound",
        "/absent/folder/sock",
        bytearray(b"\0unbound"),
        "a\0b",
        "é\udcff",
        "\ud800",
        5,
        None,
        (),
        ("a",),
        ["a"],
        b"x" * 108,
        b"x" * 109,
        "\0" + "x" * 107,
        "\0" + "x" * 108,
        1.5,
        Recipe("view", (8, "strided")),
    ]
)
addresses_of = {
    "tcp": inet_addresses,
    "udp": inet_addresses | recipes("address", "peer"),
    "udp6": inet6_addresses | recipes("address", "peer"),
    "unix": unix_addresses,
}


def options():
    """(level, name) pairs whose values do not change on their own."""
    s = socket
    names = [
        (s.SOL_SOCKET, name)
        for name in (
            s.SO_REUSEADDR,
            s.SO_TYPE,
            s.SO_ERROR,
            s.SO_LINGER,
            s.SO_RCVTIMEO,
            s.SO_KEEPALIVE,
            s.SO_BROADCAST,
            s.SO_ACCEPTCONN,
            9999,
            -1,
        )
    ]
    names += [
        (s.IPPROTO_TCP, s.TCP_NODELAY),
        (s.IPPROTO_TCP, s.TCP_MAXSEG),
        (s.IPPROTO_IP, s.IP_TTL),
    ]
    names += [
        (s.IPPROTO_TCP, s.TCP_CONGESTION),
        (s.IPPROTO_IPV6, s.IPV6_V6ONLY),
        (9999, 1),
        (-1, -1),
    ]
    return one_of(names)

"""The calls and their arguments: every function of the module, every method of a socket."""

import socket
import sys

from differ import Case, Recipe
from hypothesis import strategies as st
from kinds import (
    addresses_of,
    data,
    families,
    flags,
    harmless_fds,
    hosts,
    inet6_addresses,
    inet_addresses,
    kinds,
    lengths,
    one_of,
    options,
    ports,
    protocols,
    recipes,
    services,
    targets,
    timeouts,
)
from values import Index, absurd, arguments, blobs, buffers, integers, oddities, small, texts


def calls(name, slots, needed=None, keywords=None, receivers=("",), wrong=absurd):
    """A strategy of Cases."""
    needed = len(slots) if needed is None else needed

    @st.composite
    def case(draw):
        receiver = draw(one_of(receivers))
        chosen = slots(receiver) if callable(slots) else slots
        args, kwargs = draw(arguments(chosen, needed, keywords or {}, wrong))
        return Case(name, args, kwargs, receiver)

    return case()


both = ("", "_socket")
lookup = {
    "family": families,
    "type": kinds,
    "proto": protocols,
    "flags": one_of([0, 1, 2, 4, 8, 0x20, 0x400, 0x404, 1 << 20, -1]),
}
FUNCTIONS = {
    "CMSG_LEN": calls("CMSG_LEN", [lengths | integers], receivers=both),
    "CMSG_SPACE": calls("CMSG_SPACE", [lengths | integers], receivers=both),
    "close": calls("close", [recipes("own_fd", "tcp", "udp") | harmless_fds], wrong=harmless_fds),
    "dup": calls(
        "dup", [recipes("fd", "tcp", "udp") | harmless_fds], wrong=harmless_fds, receivers=both
    ),
    "fromfd": calls(
        "fromfd",
        [recipes("fd", "tcp", "udp", "unix"), families, kinds, protocols],
        3,
        {
            "fd": recipes("fd", "tcp", "unix"),
            "family": families,
            "type": kinds,
            "proto": protocols,
        },
        wrong=harmless_fds,
    ),
    "create_connection": calls(
        "create_connection",
        [inet_addresses | recipes("address", "tcp-listening"), one_of([0.5, 1, 0.2, "x"])],
        2,
        {
            "address": recipes("address", "tcp-listening"),
            "timeout": one_of([1, 0.5]),
            "source_address": inet_addresses | one_of([None]),
            "all_errors": one_of([True, False]),
        },
        wrong=texts | blobs | oddities,
    ),
    "create_server": calls(
        "create_server",
        [inet_addresses],
        1,
        {
            "address": one_of([("127.0.0.1", 0), ("", 0), ("::1", 0)]),
            "family": families,
            "backlog": small | one_of([None]),
            "reuse_port": one_of([True, False]),
            "dualstack_ipv6": one_of([False, True]),
        },
        wrong=texts | blobs | oddities,
    ),
    "getaddrinfo": calls(
        "getaddrinfo",
        [hosts | one_of([None]), services, *lookup.values()],
        2,
        {"host": hosts, "port": services, **lookup},
    ),
    "getdefaulttimeout": calls("getdefaulttimeout", []),
    "getfqdn": calls("getfqdn", [hosts], 0, {"name": hosts}),
    "gethostbyaddr": calls("gethostbyaddr", [hosts]),
    "gethostbyname": calls("gethostbyname", [hosts], receivers=both),
    "gethostbyname_ex": calls("gethostbyname_ex", [hosts]),
    "gethostname": calls("gethostname", []),
    "getnameinfo": calls(
        "getnameinfo", [inet_addresses | inet6_addresses, one_of([0, 1, 2, 3, 16, -1])]
    ),
    "getprotobyname": calls("getprotobyname", [one_of(["tcp", "udp", "ICMP", "no", "", b"tcp"])]),
    "getservbyname": calls(
        "getservbyname", [one_of(["http", "no", "", "80"]), one_of(["tcp", "udp", "no", ""])], 1
    ),
    "getservbyport": calls("getservbyport", [ports, one_of(["tcp", "udp", "no", ""])], 1),
    "has_dualstack_ipv6": calls("has_dualstack_ipv6", []),
    "if_indextoname": calls("if_indextoname", [small | integers]),
    "if_nameindex": calls("if_nameindex", []),
    "if_nametoindex": calls("if_nametoindex", [one_of(["lo", b"lo", "no-such", "", "x" * 20])]),
    "inet_aton": calls("inet_aton", [hosts | texts]),
    "inet_ntoa": calls("inet_ntoa", [blobs | buffers]),
    "inet_ntop": calls("inet_ntop", [families, blobs | buffers]),
    "inet_pton": calls("inet_pton", [families, hosts | texts]),
    "recv_fds": calls(
        "recv_fds",
        [recipes("sock", "unix-rights", "unix"), lengths, small],
        3,
        {
            "sock": recipes("sock", "unix-rights", "unix"),
            "bufsize": lengths,
            "maxfds": small,
            "flags": flags,
        },
    ),
    "send_fds": calls(
        "send_fds",
        [
            recipes("sock", "unix", "udp-connected"),
            one_of([[b"x"], (b"a", b"b"), [], b"x"]),
            one_of([[], [Recipe("devnull")], (Recipe("devnull"),) * 3, [10**6], [-1]]),
        ],
        3,
        {
            "sock": recipes("sock", "unix"),
            "buffers": one_of([[b"x"], [b"a", b"b"]]),
            "fds": one_of([[], [Recipe("devnull")]]),
        },
    ),
    "setdefaulttimeout": calls("setdefaulttimeout", [timeouts]),
    "sethostname": calls(
        "sethostname", [one_of(["name", b"name", bytearray(b"n"), "é", "x" * 65])]
    ),
    "socket": calls(
        "socket",
        [families, kinds, protocols, recipes("own_fd", "tcp", "udp", "unix") | harmless_fds],
        0,
        {
            "family": families,
            "type": kinds,
            "proto": protocols,
            "fileno": recipes("own_fd", "tcp", "udp", "unix") | harmless_fds,
        },
        wrong=harmless_fds,
        receivers=both,
    ),
    "socketpair": calls(
        "socketpair",
        [families, kinds, protocols],
        0,
        {"family": families, "type": kinds, "proto": protocols},
        receivers=both,
    ),
    "_intenum_converter": calls(
        "_intenum_converter", [small, one_of([socket.AddressFamily, socket.SocketKind])]
    ),
}
for name in ("htonl", "htons", "ntohl", "ntohs"):
    FUNCTIONS[name] = calls(name, [integers], receivers=both)
if sys.version_info >= (3, 12):
    FUNCTIONS["_fallback_socketpair"] = calls(
        "_fallback_socketpair",
        [families, kinds, protocols],
        0,
        {"family": families, "type": kinds, "proto": protocols},
    )


CONNECTED = ("tcp", "tcp6", "tcp-quiet", "tcp-ended", "unix", "udp-connected", "udp-low")
DGRAM = ("udp", "udp6", "udp-connected", "unix-dgram", "udp-low")
ANY = ("tcp", "tcp-fresh", "tcp-bound", "tcp-listening", "closed", "unix", "unix-dgram", *DGRAM)
EVERY = tuple(dict.fromkeys(CONNECTED + DGRAM + ANY))


def addresses(receiver):
    for prefix in ("tcp", "udp6", "udp", "unix"):
        if receiver.startswith(prefix):
            return addresses_of[prefix]
    return inet_addresses


def ancillary(_receiver=None):
    items = one_of(
        [
            (socket.SOL_SOCKET, socket.SCM_RIGHTS, b""),
            Recipe("rights", (1,)),
            Recipe("rights", (3,)),
            (1, 2),
            (1, 1, "x"),
            (1, 1, None),
            [1, 1, b"xxxx"],
            (1.5, 1, b""),
            (2**40, 1, b""),
            (1, 1, Recipe("buffer", (4,))),
            None,
            5,
            (9999, 1, b"1234"),
        ]
    )
    return st.lists(items, max_size=2) | one_of([(), None, 5, Recipe("iterator", ())])


def buffer_lists(of):
    return st.lists(of, max_size=3) | st.builds(
        lambda items: Recipe("iterator", tuple(items)), st.lists(of, max_size=2)
    )


receiving = {"receivers": CONNECTED + DGRAM + ("closed", "tcp-fresh", "tcp-listening")}
anc = one_of([0, 16, 24, 1000, 2**31, -1])
plain = dict.fromkeys(
    [
        "detach",
        "dup",
        "fileno",
        "get_inheritable",
        "getblocking",
        "getpeername",
        "getsockname",
        "gettimeout",
        "close",
        "__repr__",
        "__enter__",
        "__exit__",
        "_decref_socketios",
        "_accept",
        "accept",
    ]
)
METHODS = {name: calls(name, [], receivers=EVERY) for name in plain}
# Private, and with a parameter that no caller passes: called as ssl does.
METHODS["_real_close"] = st.builds(
    lambda receiver: Case("_real_close", (), (), receiver), one_of(EVERY)
)
METHODS["_accept"] = calls("_accept", [], receivers=("udp-low", "tcp-listening", "tcp-bound"))
METHODS.update(
    bind=calls(
        "bind",
        lambda r: [addresses(r)],
        1,
        receivers=("tcp-fresh", "tcp-bound", "closed", "unix-fresh", "udp6", "udp-low"),
    ),
    connect=calls(
        "connect",
        lambda r: [addresses(r)],
        1,
        receivers=("tcp-fresh", "tcp", "udp", "udp6", "closed", "unix-fresh", "udp-low"),
    ),
    connect_ex=calls(
        "connect_ex",
        lambda r: [addresses(r)],
        1,
        receivers=("tcp-fresh", "tcp", "udp", "udp6", "closed", "unix-fresh"),
    ),
    getsockopt=calls("getsockopt", [integers, integers, lengths], 2, receivers=EVERY),
    listen=calls(
        "listen", [small | integers], 0, receivers=("tcp-bound", "tcp-fresh", "udp", "closed")
    ),
    makefile=calls(
        "makefile",
        [
            one_of(["r", "w", "rw", "rb", "wb", "rwb", "", "b", "x", "rr", "r+"]),
            one_of([None, -1, 0, 1, 100]),
        ],
        0,
        {
            "mode": one_of(["r", "rb", "rwb", "x"]),
            "buffering": one_of([None, -1, 0, 1, 4096]),
            "encoding": one_of([None, "utf-8", "no-such"]),
            "errors": one_of([None, "strict"]),
            "newline": one_of([None, "", "\n", "x"]),
        },
        receivers=("tcp", "unix", "closed", "udp"),
    ),
    recv=calls("recv", [lengths, flags], 1, **receiving),
    recv_into=calls(
        "recv_into",
        [targets, lengths, flags],
        1,
        {"buffer": targets, "nbytes": lengths, "flags": flags},
        **receiving,
    ),
    recvfrom=calls("recvfrom", [lengths, flags], 1, **receiving),
    recvfrom_into=calls(
        "recvfrom_into",
        [targets, lengths, flags],
        1,
        {"buffer": targets, "nbytes": lengths, "flags": flags},
        **receiving,
    ),
    recvmsg=calls(
        "recvmsg",
        [lengths, anc, flags],
        1,
        receivers=CONNECTED + DGRAM + ("unix-rights", "closed"),
    ),
    recvmsg_into=calls(
        "recvmsg_into",
        [buffer_lists(targets), anc, flags],
        1,
        receivers=CONNECTED + DGRAM + ("unix-rights", "closed"),
    ),
    send=calls("send", [data, flags], 1, receivers=EVERY),
    sendall=calls("sendall", [data, flags], 1, receivers=EVERY),
    sendfile=calls(
        "sendfile",
        [
            recipes(
                "file",
                ("disk", 0),
                ("disk", 5000),
                ("memory", 5000),
                ("text", 10),
                ("disk", 70000),
            ),
            one_of([0, 10, 4999, 6000, -1]),
            one_of([None, 1, 100, 0, -1]),
        ],
        1,
        {
            "file": recipes("file", ("disk", 100)),
            "offset": one_of([0, 5]),
            "count": one_of([None, 10]),
        },
        receivers=("tcp", "unix", "udp-connected", "closed", "tcp-quiet", "tcp-fresh"),
    ),
    sendmsg=calls(
        "sendmsg",
        lambda r: [buffer_lists(data), ancillary(), flags, addresses(r) | one_of([None])],
        1,
        receivers=EVERY,
    ),
    sendto=calls(
        "sendto",
        lambda r: [data, flags | addresses(r), addresses(r)],
        2,
        receivers=DGRAM + ("tcp", "closed", "unix", "unix-fresh"),
    ),
    sendmsg_afalg=calls(
        "sendmsg_afalg",
        [buffer_lists(data)],
        0,
        {"msg": buffer_lists(data), "op": small, "iv": data, "assoclen": small, "flags": flags},
        receivers=("tcp", "closed", "udp"),
    ),
    set_inheritable=calls(
        "set_inheritable",
        [one_of([True, False, 0, 1])],
        1,
        {"inheritable": one_of([True, 0])},
        receivers=EVERY,
    ),
    setblocking=calls("setblocking", [one_of([True, False, 0, 1]) | integers], receivers=EVERY),
    settimeout=calls("settimeout", [timeouts], receivers=EVERY),
    shutdown=calls("shutdown", [one_of([0, 1, 2, 3, -1])], receivers=EVERY),
)

# Options come in pairs.
pairs = options()
values = one_of(
    [
        0,
        1,
        -1,
        2**31 - 1,
        2**31,
        2**63,
        None,
        b"\0" * 4,
        b"\1\0\0\0",
        b"",
        "1",
        1.5,
        {},
        b"reno",
        b"\0" * 16,
        Index(1),
        True,
        Recipe("buffer", (4,)),
        Recipe("view", (8, "strided")),
    ]
)
sizes = one_of([0, 1, 2, 4, 8, 16, 100, 1024, 1025, -1, 2**31, None])
named = ("tcp", "tcp-fresh", "udp", "udp6", "unix", "closed", "udp-low")
METHODS["getsockopt"] |= st.builds(
    lambda pair, size, receiver: Case("getsockopt", pair + size, (), receiver),
    pairs,
    st.just(()) | st.tuples(sizes),
    one_of(named),
)
METHODS["setsockopt"] = calls("setsockopt", [integers, integers, values, sizes], 2, receivers=named)
METHODS["setsockopt"] |= st.builds(
    lambda pair, value, size, receiver: Case("setsockopt", (*pair, value, *size), (), receiver),
    pairs,
    values,
    st.just(()) | st.tuples(sizes),
    one_of(named),
)

ATTRIBUTES = ("family", "type", "proto", "timeout", "_closed", "_io_refs")
# Calls that these tests never make, with the reasons.
OTHERWISE_TESTED = {
    "_check_sendfile_params": "called by sendfile",
    "_sendfile_use_send": "called by sendfile; CPython's test_socket calls it",
    "_sendfile_use_sendfile": "called by sendfile; CPython's test_socket calls it",
    "_sendfile_zerocopy": "3.15's own; test_sends.py calls it",
}

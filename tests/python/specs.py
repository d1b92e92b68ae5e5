"""What to call, and with what: every function of the module, every method of a socket."""

import socket
import sys

from differ import Case, Recipe
from hypothesis import strategies as st
from values import (
    Index,
    Number,
    OnlyInt,
    Raising,
    absurd,
    arguments,
    blobs,
    buffers,
    integers,
    oddities,
    reals,
    small,
    texts,
)

one_of = st.sampled_from


def recipes(what, *choices):
    return one_of([Recipe(what, choice if isinstance(choice, tuple) else (choice,)) for choice in choices])


# Kinds of argument.

families = one_of([socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, 0, 2, 10, 1, -1, 9999])
kinds = one_of([socket.SOCK_STREAM, socket.SOCK_DGRAM, 0, 1, 2, 3, 5, socket.SOCK_STREAM | 0x800,
                socket.SOCK_DGRAM | 0x80000, -1])  # fmt: skip
protocols = one_of([0, 6, 17, 1, -1, 255, 256, 132])
ports = one_of([0, 1, 80, 65535, 65536, -1]) | recipes("port", "tcp-bound")
hosts = one_of(
    ["127.0.0.1", "::1", "localhost", "", "0", "127.1", "0x7f.0.0.1", "::", "0.0.0.0", "<broadcast>",
     "no-such-host.invalid", "256.1.1.1", b"127.0.0.1", bytearray(b"127.0.0.1"), "::1%lo",
     "fe80::1%no-such", "127.0.0.1 ", "localhost."]
)  # fmt: skip
# Names that a resolver may look for at length give nothing here: only loopback is up.
services = ports | one_of(["80", "http", "no-such-service", b"80", "", "65536", "-1", "080", " 80", None])
lengths = one_of([0, 1, 5, 10, 16, 100, 2000])
flags = one_of([0, 0, 0, socket.MSG_PEEK, socket.MSG_DONTWAIT, socket.MSG_NOSIGNAL,
                socket.MSG_OOB, 1 << 30, -1])  # fmt: skip
data = one_of([b"hello", b"", b"x" * 1000, Recipe("buffer", (10,)), Recipe("view", (8, "slice")),
               Recipe("view", (8, "words")), Recipe("view", (8, "readonly"))])  # fmt: skip
targets = st.builds(lambda n: Recipe("buffer", (n,)), one_of([1, 4, 10, 50])) | recipes(
    "view", (8, "slice"), (8, "words"), (8, "readonly"), (8, "strided"), (8, "matrix"), (8, "empty")
)
timeouts = one_of([None, 0, 0.0, 0.02, 1, 1.5, -1, -0.001, 1e-9, 1e-12, 2**31, 1e9, 1e15]) | reals

# A number here is a descriptor that would be closed: no small one may come up.
harmless_fds = one_of(
    [None, -1, -2, 10**6, 2**31 - 1, 2**31, -(2**31) - 1, 2**63, 2**64, -(2**63) - 1, "1", b"1", "",
     (), [1], {}, 1e6, -1.0, float("nan"), Index(10**6), Index(-1), OnlyInt(10**6), Number(-1),
     Raising(), object]
)  # fmt: skip

inet_addresses = st.builds(lambda *items: items, hosts, ports) | one_of(
    [("127.0.0.1",), ("127.0.0.1", 1, 2), ["127.0.0.1", 1], "127.0.0.1", b"x", None, (1, 2), (None, 1),
     ("127.0.0.1", "1"), ("127.0.0.1", 1.5), ("127.0.0.1", None), (b"127.0.0.1", 1), ("é", 1),
     ("\udcff", 1), ("a\0b", 1), ("127.0.0.1", 2**70), (), ("127.0.0.1", Index(0)), ("x" * 300, 1),
     (bytearray(b"127.0.0.1"), 0), (bytearray(b"\0"), 0), ("127.0.0.1", True)]
)  # fmt: skip
inet6_addresses = one_of(
    [("::1", 0), ("::1", 1, 0, 0), ("::1", 1, 2**20, 0), ("::1", 1, 2**20 - 1, 1), ("::1", 1, -1, 0),
     ("::1", 1, 0, -1), ("::1", 1, 0, 2**32), ("::1", 1, 0, 2**32 - 1), ("127.0.0.1", 1),
     ("::1", 1, 0, 0, 0), ("", 0), ("::1", 65536), ("::1", 1, "0", 0), ("<broadcast>", 1),
     ("::1%lo", 1), ("fe80::1%lo", 1), ["::1", 1], ("::1", 1, None)]
)  # fmt: skip
unix_addresses = one_of(
    [Recipe("path", ("absent",)), Recipe("path", ("x" * 80,)), Recipe("path", ("x" * 200,)), "",
     b"", "\0abstract-nobody", b"\0abstract-nobody", "/absent/folder/sock", bytearray(b"\0nobody"),
     "a\0b", "é\udcff", "\ud800", 5, None, (), ("a",), ["a"], b"x" * 108, b"x" * 109, "\0" + "x" * 107,
     "\0" + "x" * 108, 1.5, Recipe("view", (8, "strided"))]
)  # fmt: skip
addresses_of = {
    "tcp": inet_addresses,
    "udp": inet_addresses | recipes("address", "peer"),
    "udp6": inet6_addresses | recipes("address", "peer"),
    "unix": unix_addresses,
}


def options():
    """(level, name) pairs whose values do not change by themselves."""
    s = socket
    names = [(s.SOL_SOCKET, name) for name in (s.SO_REUSEADDR, s.SO_TYPE, s.SO_ERROR, s.SO_LINGER,
             s.SO_RCVTIMEO, s.SO_KEEPALIVE, s.SO_BROADCAST, s.SO_ACCEPTCONN, 9999, -1)]  # fmt: skip
    names += [(s.IPPROTO_TCP, s.TCP_NODELAY), (s.IPPROTO_TCP, s.TCP_MAXSEG), (s.IPPROTO_IP, s.IP_TTL)]
    names += [(s.IPPROTO_TCP, s.TCP_CONGESTION), (s.IPPROTO_IPV6, s.IPV6_V6ONLY), (9999, 1), (-1, -1)]
    return one_of(names)


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


def functions():
    both = ("", "_socket")
    lookup = {"family": families, "type": kinds, "proto": protocols, "flags": one_of(
        [0, 1, 2, 4, 8, 0x20, 0x400, 0x404, 1 << 20, -1])}  # fmt: skip
    specs = {
        "CMSG_LEN": calls("CMSG_LEN", [lengths | integers], receivers=both),
        "CMSG_SPACE": calls("CMSG_SPACE", [lengths | integers], receivers=both),
        "close": calls("close", [recipes("own_fd", "tcp", "udp") | harmless_fds], wrong=harmless_fds),
        "dup": calls("dup", [recipes("fd", "tcp", "udp") | harmless_fds], wrong=harmless_fds,
                     receivers=both),
        "fromfd": calls("fromfd", [recipes("fd", "tcp", "udp", "unix"), families, kinds, protocols],
                        3, wrong=harmless_fds),
        "create_connection": calls(
            "create_connection",
            [inet_addresses | recipes("address", "tcp-listening"), one_of([0.5, 1, 0.2, "x"])], 2,
            {"timeout": one_of([1, 0.5]), "source_address": inet_addresses | one_of([None]),
             "all_errors": one_of([True, False])}, wrong=texts | blobs | oddities),
        "create_server": calls(
            "create_server", [inet_addresses], 1,
            {"family": families, "backlog": small | one_of([None]), "reuse_port": one_of([True, False]),
             "dualstack_ipv6": one_of([False, True])}, wrong=texts | blobs | oddities),
        "getaddrinfo": calls("getaddrinfo", [hosts | one_of([None]), services, *lookup.values()], 2, lookup),
        "getdefaulttimeout": calls("getdefaulttimeout", []),
        "getfqdn": calls("getfqdn", [hosts], 0, {"name": hosts}),
        "gethostbyaddr": calls("gethostbyaddr", [hosts]),
        "gethostbyname": calls("gethostbyname", [hosts], receivers=both),
        "gethostbyname_ex": calls("gethostbyname_ex", [hosts]),
        "gethostname": calls("gethostname", []),
        "getnameinfo": calls(
            "getnameinfo", [inet_addresses | inet6_addresses, one_of([0, 1, 2, 3, 16, -1])]),
        "getprotobyname": calls("getprotobyname", [one_of(["tcp", "udp", "ICMP", "no", "", b"tcp"])]),
        "getservbyname": calls(
            "getservbyname", [one_of(["http", "no", "", "80"]), one_of(["tcp", "udp", "no", ""])], 1),
        "getservbyport": calls("getservbyport", [ports, one_of(["tcp", "udp", "no", ""])], 1),
        "has_dualstack_ipv6": calls("has_dualstack_ipv6", []),
        "if_indextoname": calls("if_indextoname", [small | integers]),
        "if_nameindex": calls("if_nameindex", []),
        "if_nametoindex": calls("if_nametoindex", [one_of(["lo", b"lo", "no-such", "", "x" * 20])]),
        "inet_aton": calls("inet_aton", [hosts | texts]),
        "inet_ntoa": calls("inet_ntoa", [blobs | buffers]),
        "inet_ntop": calls("inet_ntop", [families, blobs | buffers]),
        "inet_pton": calls("inet_pton", [families, hosts | texts]),
        "recv_fds": calls("recv_fds", [recipes("sock", "unix-rights", "unix"), lengths, small], 3,
                          {"flags": flags}),
        "send_fds": calls(
            "send_fds", [recipes("sock", "unix", "udp-connected"),
                         one_of([[b"x"], (b"a", b"b"), [], b"x"]),
                         one_of([[], [Recipe("devnull")], (Recipe("devnull"),) * 3, [10**6], [-1]])], 3),
        "setdefaulttimeout": calls("setdefaulttimeout", [timeouts]),
        "sethostname": calls("sethostname", [one_of(["name", b"name", bytearray(b"n"), "é", "x" * 65])]),
        "socket": calls("socket", [families, kinds, protocols, recipes("own_fd", "tcp", "udp", "unix")
                                   | harmless_fds], 0,
                        {"family": families, "type": kinds, "proto": protocols,
                         "fileno": recipes("own_fd", "tcp", "udp", "unix") | harmless_fds},
                        wrong=harmless_fds, receivers=both),
        "socketpair": calls("socketpair", [families, kinds, protocols], 0,
                            {"family": families, "type": kinds, "proto": protocols}, receivers=both),
        "_intenum_converter": calls(
            "_intenum_converter", [small, one_of([socket.AddressFamily, socket.SocketKind])]),
    }  # fmt: skip
    for name in ("htonl", "htons", "ntohl", "ntohs"):
        specs[name] = calls(name, [integers], receivers=both)
    if sys.version_info >= (3, 12):
        specs["_fallback_socketpair"] = calls(
            "_fallback_socketpair", [families, kinds, protocols], 0,
            {"family": families, "type": kinds, "proto": protocols})  # fmt: skip
    return specs


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
        [(socket.SOL_SOCKET, socket.SCM_RIGHTS, b""), Recipe("rights", (1,)), Recipe("rights", (3,)),
         (1, 2), (1, 1, "x"), (1, 1, None), [1, 1, b"xxxx"], (1.5, 1, b""), (2**40, 1, b""),
         (1, 1, Recipe("buffer", (4,))), None, 5, (9999, 1, b"1234")]
    )  # fmt: skip
    return st.lists(items, max_size=2) | one_of([(), None, 5, Recipe("iterator", ())])


def buffer_lists(of):
    return st.lists(of, max_size=3) | st.builds(
        lambda items: Recipe("iterator", tuple(items)), st.lists(of, max_size=2)
    )


def methods():
    def receiving(*sizes):
        return {"receivers": CONNECTED + DGRAM + ("closed", "tcp-fresh", "tcp-listening")}

    # With a socket that has nothing to say, each of these waits until its timeout.
    anc = one_of([0, 16, 24, 1000, 2**31, -1])
    plain = dict.fromkeys(
        ["detach", "dup", "fileno", "get_inheritable", "getblocking", "getpeername", "getsockname",
         "gettimeout", "close", "__repr__", "__enter__", "__exit__", "_decref_socketios",
         "_real_close", "_accept", "accept"])  # fmt: skip
    specs = {name: calls(name, [], receivers=EVERY) for name in plain}
    specs["_accept"] = calls("_accept", [], receivers=("udp-low", "tcp-listening", "tcp-bound"))
    specs.update(
        bind=calls("bind", lambda r: [addresses(r)], 1,
                   receivers=("tcp-fresh", "tcp-bound", "closed", "unix-fresh", "udp6", "udp-low")),
        connect=calls("connect", lambda r: [addresses(r)], 1,
                      receivers=("tcp-fresh", "tcp", "udp", "udp6", "closed", "unix-fresh", "udp-low")),
        connect_ex=calls("connect_ex", lambda r: [addresses(r)], 1,
                         receivers=("tcp-fresh", "tcp", "udp", "udp6", "closed", "unix-fresh")),
        getsockopt=calls("getsockopt", [integers, integers, lengths], 2, receivers=EVERY),
        ioctl=None,
        listen=calls("listen", [small | integers], 0, receivers=("tcp-bound", "tcp-fresh", "udp", "closed")),
        makefile=calls(
            "makefile", [one_of(["r", "w", "rw", "rb", "wb", "rwb", "", "b", "x", "rr", "r+"]),
                         one_of([None, -1, 0, 1, 100])], 0,
            {"mode": one_of(["r", "rb", "rwb", "x"]), "buffering": one_of([None, -1, 0, 1, 4096]),
             "encoding": one_of([None, "utf-8", "no-such"]), "errors": one_of([None, "strict"]),
             "newline": one_of([None, "", "\n", "x"])}, receivers=("tcp", "unix", "closed", "udp")),
        recv=calls("recv", [lengths, flags], 1, **receiving()),
        recv_into=calls("recv_into", [targets, lengths, flags], 1,
                        {"nbytes": lengths, "flags": flags}, **receiving()),
        recvfrom=calls("recvfrom", [lengths, flags], 1, **receiving()),
        recvfrom_into=calls("recvfrom_into", [targets, lengths, flags], 1,
                            {"nbytes": lengths, "flags": flags}, **receiving()),
        recvmsg=calls("recvmsg", [lengths, anc, flags], 1,
                      receivers=CONNECTED + DGRAM + ("unix-rights", "closed")),
        recvmsg_into=calls("recvmsg_into", [buffer_lists(targets), anc, flags], 1,
                           receivers=CONNECTED + DGRAM + ("unix-rights", "closed")),
        send=calls("send", [data, flags], 1, receivers=EVERY),
        sendall=calls("sendall", [data, flags], 1, receivers=EVERY),
        sendfile=calls("sendfile", [recipes("file", ("disk", 0), ("disk", 5000), ("memory", 5000),
                                            ("text", 10), ("disk", 70000)),
                                    one_of([0, 10, 4999, 6000, -1]), one_of([None, 1, 100, 0, -1])], 1,
                       {"offset": one_of([0, 5]), "count": one_of([None, 10])},
                       receivers=("tcp", "unix", "udp-connected", "closed", "tcp-quiet", "tcp-fresh")),
        sendmsg=calls("sendmsg", lambda r: [buffer_lists(data), ancillary(), flags,
                                            addresses(r) | one_of([None])], 1, receivers=EVERY),
        sendto=calls("sendto", lambda r: [data, flags | addresses(r), addresses(r)], 2,
                     receivers=DGRAM + ("tcp", "closed", "unix", "unix-fresh")),
        sendmsg_afalg=calls("sendmsg_afalg", [buffer_lists(data)], 0,
                            {"op": small, "iv": data, "assoclen": small, "flags": flags},
                            receivers=("tcp", "closed", "udp")),
        set_inheritable=calls("set_inheritable", [one_of([True, False, 0, 1])], receivers=EVERY),
        setblocking=calls("setblocking", [one_of([True, False, 0, 1]) | integers], receivers=EVERY),
        settimeout=calls("settimeout", [timeouts], receivers=EVERY),
        shutdown=calls("shutdown", [one_of([0, 1, 2, 3, -1])], receivers=EVERY),
    )  # fmt: skip
    del specs["ioctl"]

    # Options come in pairs.
    pairs = options()
    values = one_of([0, 1, -1, 2**31 - 1, 2**31, 2**63, None, b"\0" * 4, b"\1\0\0\0", b"", "1", 1.5,
                     {}, b"reno", b"\0" * 16, Index(1), True, Recipe("buffer", (4,)),
                     Recipe("view", (8, "strided"))])  # fmt: skip
    sizes = one_of([0, 1, 2, 4, 8, 16, 100, 1024, 1025, -1, 2**31, None])
    named = ("tcp", "tcp-fresh", "udp", "udp6", "unix", "closed", "udp-low")
    specs["getsockopt"] |= st.builds(
        lambda pair, size, receiver: Case("getsockopt", pair + size, (), receiver),
        pairs, st.just(()) | st.tuples(sizes), one_of(named))  # fmt: skip
    specs["setsockopt"] = calls("setsockopt", [integers, integers, values, sizes], 2, receivers=named)
    specs["setsockopt"] |= st.builds(
        lambda pair, value, size, receiver: Case("setsockopt", (*pair, value, *size), (), receiver),
        pairs, values, st.just(()) | st.tuples(sizes), one_of(named))  # fmt: skip
    return specs


FUNCTIONS = functions()
METHODS = methods()
ATTRIBUTES = ("family", "type", "proto", "timeout", "_closed", "_io_refs")
# Never reached by these tests, and why.
OTHERWISE_TESTED = {
    "_check_sendfile_params": "called by sendfile",
    "_sendfile_use_send": "called by sendfile; test_files.py calls it",
    "_sendfile_use_sendfile": "called by sendfile; test_files.py calls it",
}
__all__ = ["FUNCTIONS", "METHODS", "ATTRIBUTES", "OTHERWISE_TESTED", "oddities"]

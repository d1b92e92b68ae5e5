"""Deliberate differences between csocket and the standard library.

Each entry is a row of docs/compatibility.md (a test compares the two lists), has the versions with
the difference, a function that recognizes it, and calls that show it: a call that no longer shows
it fails (test_differential.py).
"""

import dataclasses
import re
import sys
from decimal import Decimal
from typing import Callable

from differ import Case, Recipe


@dataclasses.dataclass(frozen=True)
class Difference:
    row: str  # the first column in docs/compatibility.md
    covers: Callable  # (case, standard, ours) -> bool
    witnesses: tuple  # cases whose outcomes differ
    since: tuple = (3, 9)
    until: tuple = (3, 99)  # the last version that has it


DIFFERENCES = []


def difference(row, *witnesses, since=(3, 9), until=(3, 99)):
    def add(covers):
        DIFFERENCES.append(Difference(row, covers, witnesses, since, until))
        return covers

    return add


def active():
    return [entry for entry in DIFFERENCES if entry.since <= sys.version_info[:2] <= entry.until]


def covers(case, standard, ours):
    return any(entry.covers(case, standard, ours) for entry in active())


def error(outcome):
    """The class and message of the exception, or two empty strings."""
    result = outcome["result"]
    return (result[1][0], result[3]) if result[0] == "raised" else ("", "")


def only(part, standard, ours):
    return all(standard[name] == ours[name] for name in standard if name != part)


# Arguments of a call.

ARITY = re.compile(
    r"takes (exactly|at (least|most)|no|from|\d+)\b|missing \d* ?required|"
    r"unexpected keyword|invalid keyword|multiple values|given by name|expected \d+ arguments|"
    r"requires 4 arguments|expected at (least|most)"
)


@difference(
    "wrong number or names of arguments",
    Case("accept", (1,), (), "tcp-listening"),
    Case("socket", (), (("unknown", 1),)),
)
def arity(case, standard, ours):
    """Both refuse the call; functions in C and in Python word the error differently."""
    theirs, here = error(standard), error(ours)
    return here[0] == "TypeError" and bool(theirs[0] and (ARITY.search(theirs[1] + here[1])))


NULL = re.compile(r"null (character|byte)|without null bytes")


def has_null(case):
    return "\\x00" in repr((case.args, case.kwargs))


@difference(
    "null character in a name or a path",
    Case("bind", ("a\0b",), (), "unix-fresh"),
    Case("getaddrinfo", ("127.0.0.1", b"8\0a")),
    Case("gethostbyname", ("a\0b",)),
    Case("create_connection", (("127.0.0.1\0b", 1), 1)),
)
def null_character(case, standard, ours):
    return (
        has_null(case)
        and error(ours)[0] in ("TypeError", "ValueError")
        and bool(NULL.search(error(ours)[1]))
    )


@difference(
    "numbers that do not fit",
    Case("connect", (("::1", 1, 0, 2**32),), (), "udp6"),
    Case("dup", (2**32,)),
)
def too_large(case, standard, ours):
    """The standard library uses the low bits of a number that csocket refuses."""
    name, text = error(ours)
    return (
        name == "OverflowError"
        and any(
            word in text
            for word in ("must be 0", "out of range", "too large", "greater than", "less than")
        )
        or (case.name in ("socket", "dup", "close", "fromfd") and name in ("OSError", "ValueError"))
    )


@difference(
    "create_connection of a str, bytes or path",
    Case("create_connection", ("a",)),
    Case("create_connection", (b"nowhere",)),
)
def path_of_connection(case, standard, ours):
    address = case.args[0] if case.args else dict(case.kwargs).get("address")
    return case.name == "create_connection" and isinstance(address, (str, bytes))


# Errors with more information.


@difference(
    "AF_UNIX path too long",
    Case("bind", (b"x" * 109,), (), "unix-fresh"),
)
def long_path(case, standard, ours):
    return error(standard) == ("OSError", "AF_UNIX path too long") and error(ours)[1].startswith(
        "AF_UNIX path too long: "
    )


@difference("port before host", Case("connect", (("256.1.1.1", -1),), (), "tcp-fresh"))
def port_first(case, standard, ours):
    """No name is looked up if the port is invalid."""
    return (
        error(standard)[0] in ("gaierror", "OSError") and "port must be 0-65535" in error(ours)[1]
    )


@difference(
    "errors about numbers",
    Case("connect", (("127.0.0.1", 65536),), (), "tcp-fresh"),
    Case("bind", (("127.0.0.1", 2**70),), (), "tcp-fresh"),
    Case("getservbyport", (-1,)),
    Case("ntohl", (-1,)),
    Case("listen", (2**31,), (), "tcp-fresh"),
    Case("getaddrinfo", ("127.0.0.1", 1.5)),
)
def numbers(case, standard, ours):
    """The same class, the standard library's text if it is correct, and the number and its
    range."""
    if error(ours)[1].startswith("Int or String expected for port, not "):
        return error(standard) == ("OSError", "Int or String expected")
    same = error(standard)[0] == error(ours)[0] in ("OverflowError", "ValueError")
    named = re.search(r"must be 0-\d+, not -?\d+|-?\d+ is out of range \(", error(ours)[1])
    return same and named is not None


@difference(
    "errors about arguments",
    Case("socket", ("x",)),
    Case("recv", (1, "x"), (), "tcp"),
    Case("getaddrinfo", ("127.0.0.1", 80, 0, 0, 0, "x")),
)
def named(case, standard, ours):
    """The same class, and the standard library's words after the parameter's name."""
    name, _, words = error(ours)[1].partition(": ")
    if (name, words[:1]) == ("fds", "'"):  # one of several descriptors
        return error(standard)[0] == error(ours)[0]
    return name.isidentifier() and (error(ours)[0], words) == error(standard)


@difference("scope_id", Case("connect", ((),), (), "udp6"))
def scope_id(case, standard, ours):
    return error(standard)[1].replace("scopeid", "scope_id") == error(ours)[1]


# Resources.


@difference("sockets of failed calls are closed", Case("create_server", (2,)))
def closed_at_once(case, standard, ours):
    """The standard library leaves them to the garbage collector, which emits a warning."""
    return (
        case.name in ("create_server", "create_connection")
        and only("warnings", standard, ours)
        and not ours["warnings"]
        and all(kind == "ResourceWarning" for kind, _ in standard["warnings"])
    )


# Waiting.


@difference("try first, wait if it would block", Case("send", (b"",), (), "tcp-listening"))
def try_first(case, standard, ours):
    """The system's error is returned at once; the standard library waits until the timeout."""
    return error(standard)[0] in ("TimeoutError", "timeout") and case.name in (
        "send",
        "sendall",
        "sendto",
        "sendmsg",
        "sendfile",
        "recv",
        "recv_into",
        "recvfrom",
        "recvfrom_into",
        "recvmsg",
        "recvmsg_into",
    )


@difference(
    "a failed settimeout changes nothing",
    Case("settimeout", (0,), (), "closed"),
)
def failed_settimeout(case, standard, ours):
    return (
        case.name in ("settimeout", "setblocking")
        and case.receiver == "closed"
        and only("state", standard, ours)
        and error(ours)[0] == "OSError"
    )


# Behaviour documented for 3.15, on every version.


@difference(
    "timeouts of any real number",
    Case("settimeout", (Decimal("0.5"),), (), "tcp"),
    until=(3, 14),
)
def any_real(case, standard, ours):
    return case.name in ("settimeout", "setdefaulttimeout", "create_connection") and any(
        kind in repr(case) for kind in ("Decimal", "Fraction")
    )


@difference(
    "an iterable of buffers that fails",
    Case("sendmsg", (Recipe("view", (4, "matrix")),), (), "tcp"),
    since=(3, 14),
)
def failing_iterable(case, standard, ours):
    return error(standard)[1].endswith(" must be an iterable") and error(ours)[0] != ""


# Features that users of the standard library requested.


@difference("getsockopt of any size", Case("getsockopt", (1, 2, 2000), (), "tcp"))
def any_size(case, standard, ours):
    return case.name == "getsockopt" and "buflen out of range" in error(standard)[1]


@difference("getsockopt with a buffer", Case("getsockopt", (1, 2, b"\0" * 4), (), "tcp"))
def option_buffer(case, standard, ours):
    return (
        case.name == "getsockopt"
        and len(case.args) == 3
        and error(standard)[0] == "TypeError"
        and isinstance(case.args[2], (bytes, Recipe))
    )


@difference(
    "send_fds, recv_fds: flags and address",
    Case("recv_fds", (Recipe("sock", ("unix-rights",)), 10, 3, "x")),
)
def rights(case, standard, ours):
    return case.name in ("send_fds", "recv_fds") and len(case.args) + len(case.kwargs) > 3


@difference(
    "send_fds: descriptors without data",
    Case("send_fds", (Recipe("sock", ("unix",)), [b""], [0])),
)
def no_data(case, standard, ours):
    lost = standard["result"] == ("returned", ("int", 0))
    return case.name == "send_fds" and lost and "Invalid argument" in error(ours)[1]


@difference("recvmsg, recvmsg_into: file descriptors")
def close_on_exec(case, standard, ours):
    """No example: the results are equal except for the flag, which test_descriptors.py checks."""
    return False


@difference("AF_PACKET: hardware addresses over 8 bytes")
def long_hardware_address(case, standard, ours):
    """No example: AF_PACKET needs root, so no case has such a socket."""
    return False


@difference("names that are not UTF-8")
def undecodable_names(case, standard, ours):
    """No example: the resolver of this machine returns no such names."""
    return False


@difference("getfqdn('::') on 3.9", Case("getfqdn", ("::",)), until=(3, 9))
def unspecified_host(case, standard, ours):
    return case.name == "getfqdn" and case.args == ("::",)


@difference("recv with MSG_TRUNC")
def truncated(case, standard, ours):
    """Bytes that the kernel did not write are zero, not earlier contents of the memory.

    No example: the memory may have contained zeros.
    """
    return case.name.startswith("recv") and any(
        type(flag) is int and flag & 32 for flag in case.args[1:]
    )


@difference(
    "a zone in the host of an IPv6 address", Case("connect", (("fe80::1%lo", 1),), (), "udp6")
)
def zone(case, standard, ours):
    return "fe80::1%lo" in repr(case)


@difference(
    "a number that is not a port, in getaddrinfo and getnameinfo",
    Case("getaddrinfo", ("127.0.0.1", 65616)),
    Case("getnameinfo", (("127.0.0.1", 70000), 3)),
)
def not_a_port(case, standard, ours):
    return "is out of range (0-65535)" in repr(ours)


@difference(
    "AI_NUMERICHOST and a host that IDNA refuses",
    Case("getaddrinfo", ("1..2", 80, 0, 0, 0, 4)),
)
def numeric_without_idna(case, standard, ours):
    return case.name == "getaddrinfo" and "UnicodeError" in repr(standard)


@difference("getnameinfo and a zone in the host", Case("getnameinfo", (("fe80::1%lo", 80), 3)))
def zone_of_getnameinfo(case, standard, ours):
    return case.name == "getnameinfo" and "%lo" in repr(case)


@difference(
    "a port may be any integer",
    Case("create_connection", (("127.0.0.1", True), 1)),
    until=(3, 13),
)
def any_port(case, standard, ours):
    return "Int or String expected" in error(standard)[1]


@difference("a port of any size", Case("create_connection", (("127.0.0.1", 2**70),)), until=(3, 11))
def huge_port(case, standard, ours):
    """From 3.12 the resolver reports the reason."""
    return error(standard)[1] == "Python int too large to convert to C long" and (
        error(ours)[0] == "gaierror"
    )


@difference("an address that is not a pair", Case("create_connection", (("127.0.0.1",),)))
def no_pair(case, standard, ours):
    """The same class, and a message that names the argument."""
    return error(ours)[0] == error(standard)[0] and error(ours)[1].startswith(
        "address must be a pair (host, port), not "
    )


@difference(
    "all_errors",
    Case("create_connection", (("127.0.0.1", 0), 1), (("all_errors", True),)),
    until=(3, 10),
)
def all_errors(case, standard, ours):
    return "unexpected keyword argument 'all_errors'" in error(standard)[1]


@difference("floats are no integers", Case("dup", (-1.0,)), until=(3, 9))
def floats(case, standard, ours):
    """3.9 still takes some, with a warning, where all others are refused."""
    name, text = error(ours)
    return name == "TypeError" and text.endswith("integer argument expected, got float")


def reuse_port_is_refused():
    """The standard library sets SO_REUSEPORT although the kernel refuses it."""
    import socket

    try:
        socket.create_server(
            "\0csocket-differences", family=socket.AF_UNIX, reuse_port=True
        ).close()
    except OSError:
        return True
    return False


if reuse_port_is_refused():

    @difference(
        "reuse_port with AF_UNIX",
        Case("create_server", ("\0a",), (("family", 1), ("reuse_port", True))),
    )
    def reuse_port(case, standard, ours):
        return case.name == "create_server" and "Operation not supported" in error(standard)[1]


@difference("h_errno of the call itself")
def host_error(case, standard, ours):
    """The standard library reads h_errno, which the reentrant call does not set.

    No example: h_errno depends on earlier calls of the resolver.
    """
    return error(standard)[0] == error(ours)[0] == "herror"


@difference("makefile's mode is a str", Case("makefile", ((),), (), "tcp"))
def file_mode(case, standard, ours):
    given = dict(case.kwargs).get("mode", case.args[0] if case.args else "r")
    return case.name == "makefile" and not isinstance(given, str)


@difference(
    "sendfile: what is checked first",
    Case("sendfile", (Recipe("file", ("disk", 10)),), (), "closed"),
    Case("sendfile", (Recipe("file", ("disk", 0)),), (), "tcp-quiet"),
)
def sendfile_order(case, standard, ours):
    """Invalid arguments are rejected even if there is nothing to send."""
    return case.name == "sendfile" and "raised" in (standard["result"][0], ours["result"][0])


@difference("family, type and protocol are integers", Case("socket", (-1.0,)))
def integers(case, standard, ours):
    """Not for objects that merely compare equal to -1."""
    return case.name == "socket" and (
        "cannot be interpreted as an integer" in error(ours)[1]
        or error(ours)[1].endswith("integer argument expected, got float")
    )


@difference("sendmsg_afalg: arguments first", Case("sendmsg_afalg", (), (), "tcp"))
def algorithm(case, standard, ours):
    return error(standard)[1] == "algset is only supported for AF_ALG"

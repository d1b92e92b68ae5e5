"""Every error about an argument names the parameter: every function, method and class of the
package, every parameter, many wrong values.

CALLS lists valid arguments for each; one at a time is replaced by each of WRONG. The call may
succeed, or fail in the kernel or a lookup. If it raises TypeError, ValueError or OverflowError, the
text must name the parameter as the signature does, which help() shows, or give its position:
"inet_pton() argument 2". Exceptions of a codec, which contain the object, are left as they are.
"""

import contextlib
import inspect
import math
import os
import pathlib
import re

import csocket
import pytest

HUGE = 2**70


class Nothing:
    """An object without methods."""


WRONG = [
    "x",
    "a\0b",
    "\udc80",
    b"x",
    b"a\0b",
    1.5,
    math.nan,
    math.inf,
    1j,
    -1,
    2**31,
    -(2**31) - 1,
    2**63,
    HUGE,
    -HUGE,
    None,
    True,
    [],
    [1],
    ["x"],
    (),
    (1,),
    (1, 2, 3),
    {},
    {"x": 1},
    Nothing(),
    Nothing,
]


def stream():
    return csocket.socketpair()[0]


def readable():
    """A stream with data, so that accepted arguments do not wait."""
    ours, theirs = csocket.socketpair()
    theirs.send(b"line\n" * 4)
    theirs.close()
    return ours


def datagram():
    sock = csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.1)
    sock.sendto(b"data", sock.getsockname())
    return sock


def raw_file():
    return csocket.SocketIO(readable(), "rw")


class Descriptor(int):
    def close(self):
        with contextlib.suppress(OSError):  # the call under test may have closed it
            os.close(self)


def this_file():
    return pathlib.Path(__file__).open("rb")  # noqa: SIM115


def nothing():
    return Descriptor(os.open(os.devnull, os.O_RDWR))


# Other words for it, and why: what the argument is, or the other argument that it contradicts.
OTHERS = {
    ("create_connection", "address"): r"\bpath\b",
    ("create_server", "family"): r"\baddress\b",
    ("send_fds", "address"): r"\bAF_UNIX path\b",
    ("socket.send_many", "messages"): r"\bmessage 0: data\b",
    ("socket.send_many", "segment_size"): r"\bmessages\b",
    ("socket.sendmsg", "address"): r"\bAF_UNIX path\b",
    ("socket.setsockopt", "value"): r"\bthe third argument\b",
    ("socket.sendto", "flags_or_address"): r"\b(flags|address)\b",
}
# CPython's own tests compare the whole text, or the exception is of the program's own function.
UNNAMED = {
    ("socket.sendto", "data"),
    ("socket.splice", "progress"),
    ("socket.splice_from", "progress"),
}
# Any object with the right methods is accepted: AttributeError, or later.
DUCKS = {"recv_fds", "send_fds", "SocketIO", "getfqdn", "sendfile"}

HOST = "127.0.0.1"
MODULE = {
    "CMSG_LEN": (1,),
    "CMSG_SPACE": (1,),
    "close": (nothing,),
    "copy_options": (stream, stream),
    "create_connection": ((HOST, 1), 1, None, False, 0.25, 1, 1),
    "create_server": ((HOST, 0), csocket.AF_INET, 1, False, False, None, False),
    "dup": (nothing,),
    "fail_after": (1, False),
    "fail_at": (1, False),
    "fromfd": (nothing, 1, 1, 0),
    "getaddrinfo": (HOST, 80, 0, 0, 0, 0),
    "getfqdn": (HOST, 1),
    "gethostbyaddr": (HOST, 1),
    "gethostbyname": (HOST, 1),
    "gethostbyname_ex": (HOST, 1),
    "getnameinfo": ((HOST, 80), 3, 1),
    "getprotobyname": ("tcp",),
    "getservbyname": ("http", "tcp"),
    "getservbyport": (80, "tcp"),
    "htonl": (1,),
    "htons": (1,),
    "if_indextoname": (1,),
    "if_nametoindex": ("lo",),
    "inet_aton": (HOST,),
    "inet_ntoa": (b"1234",),
    "inet_ntop": (2, b"1234"),
    "inet_pton": (2, HOST),
    "move_on_after": (1, False),
    "move_on_at": (1, False),
    "ntohl": (1,),
    "ntohs": (1,),
    "options_of": (stream,),
    "recv_fds": (readable, 9, 1, 0),
    "send_fds": (stream, [b"x"], [0], 0, None, 0),
    "setdefaulttimeout": (None,),
    "socketpair": (1, 1, 0),
}
SOCKET = {
    "bind": ((HOST, 0),),
    "connect": ((HOST, 1),),
    "connect_ex": ((HOST, 1),),
    "enable_timestamps": (False,),
    "getsockopt": (1, 2, 4),
    "listen": (1,),
    "makefile": ("r", None, None, None, None),
    "recv": (9, 0),
    "recv_exactly": (1,),
    "recv_exactly_into": (lambda: bytearray(4), 1),
    "recv_into": (lambda: bytearray(4), 1, 0),
    "recv_line": (99,),
    "recv_many": (9, 9, 0, False),
    "recv_many_into": (lambda: bytearray(9), 9, 1, 0),
    "recv_message": (9, 0),
    "recv_until": (b"\n", 99),
    "recvfrom": (9, 0),
    "recvfrom_into": (lambda: bytearray(4), 1, 0),
    "recvmsg": (9, 0, 0),
    "recvmsg_into": (lambda: [bytearray(4)], 0, 0),
    "send": (b"x", 0),
    "send_many": ([b"x"], 0, None, None),
    "send_message": (b"x", None, None, 0),
    "send_zerocopy": (b"x", 0),
    "sendall": (b"x", 0),
    "sendfile": (this_file, 0, 1),
    "sendmsg": ([b"x"], (), 0, None),
    "sendto": (b"x", 0, (HOST, 1)),
    "set_inheritable": (False,),
    "setblocking": (True,),
    "setsockopt": (1, 2, 1),
    "settimeout": (1,),
    "shutdown": (0,),
    "splice": (nothing, 1, None, None),
    "splice_from": (this_file, 1, None, None),
}
OBJECT_IN = {"bind": datagram, "connect": datagram, "connect_ex": datagram, "sendto": datagram,
             "recv_many": datagram, "recv_many_into": datagram, "send_many": datagram,
             "recv_message": datagram, "send_message": datagram}  # fmt: skip
CALLS = [
    *((name, lambda: csocket, name, args) for name, args in MODULE.items()),
    *(
        (f"socket.{name}", OBJECT_IN.get(name, readable), name, args)
        for name, args in SOCKET.items()
    ),
    ("SocketIO.readinto", raw_file, "readinto", (lambda: bytearray(3),)),
    ("SocketIO.write", raw_file, "write", (b"x",)),
    ("Options.find", lambda: csocket.options, "find", (1, 2, 0, False)),
]
OPENED = {"family": 2, "type": 1, "proto": 0, "fileno": None}
# By name, and classes, which have no signature before 3.10.
KEYWORDS = [
    ("socket", lambda: csocket, "socket", OPENED),
    ("_socket.socket", lambda: csocket._socket, "socket", OPENED),
    ("SocketIO", lambda: csocket, "SocketIO", {"sock": stream, "mode": "r"}),
    ("CancelScope", lambda: csocket, "CancelScope", {"deadline": 1, "shield": False}),
    ("getaddrinfo", lambda: csocket, "getaddrinfo", {"host": HOST, "port": 80, "timeout": 1}),
    ("sendmsg_afalg", stream, "sendmsg_afalg",
     {"msg": [], "op": 1, "iv": b"", "assoclen": 1, "flags": 0}),
]  # fmt: skip


def made(value):
    return value() if inspect.isfunction(value) else value


def given(function, values):
    """Valid arguments: positional ones, and by name those that must be."""
    parameters = list(inspect.signature(function).parameters.values())
    args, keywords = {}, {}
    for parameter, value in zip(parameters, values):
        by_name = parameter.kind is parameter.KEYWORD_ONLY
        (keywords if by_name else args)[parameter.name] = value
    return args, keywords


def cases():
    for label, receiver, name, values in CALLS:
        args, keywords = given(getattr(receiver(), name), values)
        for parameter in (*args, *keywords):
            yield label, receiver, name, args, keywords, parameter
    for label, receiver, name, keywords in KEYWORDS:
        for parameter in keywords:
            yield label, receiver, name, {}, keywords, parameter


def error_of(receiver, name, args, keywords, parameter, value):
    """The error of a call whose argument is replaced, if it is about arguments."""
    args, keywords = (
        {key: value if key == parameter else made(each) for key, each in some.items()}
        for some in (args, keywords)
    )
    target, result = receiver(), None
    try:
        result = getattr(target, name)(*args.values(), **keywords)
    except (TypeError, ValueError, OverflowError) as error:
        return error
    except (OSError, LookupError, EOFError):
        pass
    except AttributeError:
        if name not in DUCKS:
            raise
    except Exception as error:
        assert type(error).__name__ in ("ExceptionGroup", "ConnectionErrorGroup"), error
    finally:
        if name == "dup" and type(result) is int:
            result = Descriptor(result)
        for each in (target, result, *args.values(), *keywords.values()):
            if hasattr(each, "close") and not inspect.ismodule(each):
                with contextlib.suppress(AttributeError):  # SocketIO("not a socket", "r")
                    each.close()
    return None


def is_named(error, label, parameter, position):
    text = str(error)
    if (label, parameter) in UNNAMED or isinstance(error, UnicodeError):
        return True
    if re.search(OTHERS.get((label, parameter), rf"\b{parameter}\b"), text, re.IGNORECASE):
        return True
    if re.search(rf"\b{parameter}\b", text):
        return True
    found = re.search(r"\w+\(\) argument( \d+)? (must|may)", text)
    return bool(found) and found[1] in (f" {position}", None if position == 1 else "")


CASES = [pytest.param(*case, id=f"{case[0]}-{case[-1]}") for case in cases()]


@pytest.fixture(autouse=True)
def no_default_timeout():
    """One of the calls may set it."""
    yield
    csocket.setdefaulttimeout(None)


@pytest.mark.parametrize(("label", "receiver", "name", "args", "keywords", "parameter"), CASES)
def test_errors_name_the_parameter(label, receiver, name, args, keywords, parameter):
    position = [*args, *keywords].index(parameter) + 1
    for value in WRONG:
        if name == "close" and value in (True, 0, 1, 2):
            continue  # would close standard output
        error = error_of(receiver, name, args, keywords, parameter, value)
        if error is not None:
            assert is_named(error, label, parameter, position), (value, error)


# Their parameters are compared elsewhere, or they are those of other functions.
EXCEPT = {
    "install": "no parameter",
    "sethostname": "changes the machine",
    "socket._accept": "no parameter",
    "SocketIO.read": "io's own",
    "SocketIO.readline": "io's own",
    "SocketIO.readlines": "io's own",
    "SocketIO.writelines": "io's own",
    "SocketIO.seek": "io's own",
    "SocketIO.truncate": "io's own",
    "Options.get": "a mapping's: no value is wrong",
}


def public_callables():
    """Every function, method and class with parameters, as "name" or "class.name"."""
    holders = {"": csocket, "socket.": csocket.socket, "SocketIO.": csocket.SocketIO,
               "CancelScope.": csocket.CancelScope, "Options.": type(csocket.options)}  # fmt: skip
    for prefix, holder in holders.items():
        for name in dir(holder):
            function = getattr(holder, name)
            if name.startswith("_") or not inspect.isroutine(function):
                continue
            try:
                parameters = list(inspect.signature(function).parameters)
            except ValueError:  # sendfile's, for example, on some versions
                parameters = ["unknown"]
            if [each for each in parameters if each != "self"]:
                yield prefix + name


def test_every_function_is_called():
    called = {label for label, *_ in (*CALLS, *KEYWORDS)}
    called.add("socket.sendmsg_afalg")
    missing = set(public_callables()) - called - set(EXCEPT)
    assert not missing


def test_exceptions_of_the_programs_own_code_are_unchanged():
    class Broken:
        def __index__(self):
            raise TypeError("mine")

    for call in (csocket.socket, csocket.htons, csocket.CMSG_LEN):
        with pytest.raises(TypeError, match="^mine$"):
            call(Broken())
    with stream() as sock, pytest.raises(TypeError, match="^mine$"):
        sock.recv(Broken())

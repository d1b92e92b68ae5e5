"""A socket as an object: warnings, pickling, weak references, with, names, documentation."""

import copy
import gc
import inspect
import os
import pickle
import pydoc
import re
import socket as standard
import subprocess
import sys
import types
import warnings
import weakref

import csocket
import pytest
from csocket import _socket as low

CLASSES = (csocket.socket, low.socket)


def make(kind):
    return kind(csocket.AF_INET, csocket.SOCK_DGRAM)


@pytest.mark.parametrize("kind", CLASSES)
def test_a_forgotten_socket_is_closed_with_a_warning(kind):
    sock = make(kind)
    fd, text = sock.fileno(), repr(sock)
    with pytest.warns(ResourceWarning) as caught:
        del sock
        for _ in range(3):  # PyPy warns in one collection, and closes in another
            gc.collect()
    assert [str(warning.message) for warning in caught] == [f"unclosed {text}"]
    with pytest.raises(OSError):
        os.fstat(fd)


@pytest.mark.parametrize("kind", CLASSES)
def test_no_warning_of_a_socket_that_was_closed_or_detached(kind):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sock, other = make(kind), make(kind)
        sock.close()
        os.close(other.detach())
        del sock, other
        gc.collect()


def test_a_warning_that_is_an_error_closes_the_socket_all_the_same(capfd):
    code = (
        "import csocket, os; sock = csocket.socket(); fd = sock.fileno(); del sock\n"
        "try: os.fstat(fd)\nexcept OSError: print('closed')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], stdout=subprocess.PIPE, text=True
    )
    assert done.stdout == "closed\n"
    assert "ResourceWarning: unclosed <csocket.socket fd=" in capfd.readouterr().err


def test_the_warning_names_the_line_that_created_the_socket():
    """With -X tracemalloc, as for every object."""
    code = "import csocket\nsock = csocket.socket()\nsock = None\n"
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-X", "tracemalloc=3", "-c", code],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "Object allocated at" in done.stderr


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("kind", CLASSES)
def test_a_socket_is_not_pickled(kind, protocol):
    sock, theirs = (
        make(kind),
        make({csocket.socket: standard.socket}.get(kind, standard.SocketType)),
    )
    with pytest.raises(TypeError) as ours:
        pickle.dumps(sock, protocol)
    with pytest.raises(TypeError) as expected:
        pickle.dumps(theirs, protocol)
    # Protocols 0 and 1 call the constructor, whose error names the parameter.
    assert str(ours.value).removeprefix("family: ") == str(expected.value)
    sock.close()
    theirs.close()


def test_error_messages_of_the_interpreter_name_the_classes():
    def words(kind, operation):
        with kind() as sock, pytest.raises((AttributeError, TypeError)) as caught:
            operation(sock)
        return str(caught.value)

    for operation in (len, os.fstat, lambda sock: sock.dial, lambda sock: setattr(sock, "x", 1)):
        assert words(csocket.socket, operation) == words(standard.socket, operation)
    assert (repr(csocket.socket), repr(low.socket), repr(csocket.SocketIO)) == (
        "<class 'csocket.socket'>",
        "<class 'csocket._socket.socket'>",
        "<class 'csocket.SocketIO'>",
    )


def test_a_file_that_is_closed_is_not_flushed():
    for module in (csocket, standard):
        one, other = module.socketpair()
        with one, other:
            file = one.makefile("rwb", buffering=0)
            file.flush()
            file.close()
            with pytest.raises(ValueError, match="^I/O operation on closed file"):
                file.flush()


def test_a_socket_is_not_copied():
    with make(csocket.socket) as sock:
        for function in (copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="^cannot pickle 'socket' object$"):
                function(sock)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_members_of_enums_are_pickled(protocol):
    for member in (csocket.AF_INET, csocket.SOCK_STREAM, csocket.MSG_PEEK, csocket.AI_PASSIVE):
        assert pickle.loads(pickle.dumps(member, protocol)) is member


def test_weak_references():
    sock = make(csocket.socket)
    said = []
    proxy, reference = weakref.proxy(sock), weakref.ref(sock, said.append)
    assert proxy.fileno() == sock.fileno()
    sock.close()
    sock = None
    assert said == [reference] and reference() is None
    with pytest.raises(ReferenceError):
        proxy.fileno()


def test_with_closes():
    with make(csocket.socket) as sock:
        assert sock.fileno() >= 0
    assert sock.fileno() == -1 and sock._closed
    with pytest.raises(ZeroDivisionError), make(csocket.socket) as sock:
        raise ZeroDivisionError
    assert sock.fileno() == -1


def test_with_calls_the_close_of_a_derived_class():
    class Mine(csocket.socket):
        closes = 0

        def close(self):
            self.closes += 1
            super().close()

    with Mine() as sock:
        pass
    assert (sock.closes, sock.fileno()) == (1, -1)
    with Mine() as sock:
        os.close(sock.detach())
    assert sock.closes == 0


def test_a_failed_repr_names_its_cause():
    class Nameless(type):
        @property
        def __module__(cls):
            raise LookupError("no module")

    class Homeless(csocket.socket):
        @property
        def family(self):
            raise LookupError("no family")

    class Lost(csocket.socket):
        def getsockname(self):
            raise LookupError("no name")

    for kind in (Nameless("Nameless", (csocket.socket,), {}), Homeless, Lost):
        with kind() as sock, pytest.raises(LookupError):
            repr(sock)


def test_classes_that_derive():
    class Mine(csocket.socket):
        __slots__ = ("extra",)

    class Loose(csocket.socket):
        def __init__(self, *arguments, extra=None, **more):
            super().__init__(*arguments, **more)
            self.extra = extra

    with Mine() as sock:
        sock.extra = 1
        with sock.dup() as copied:
            assert type(copied) is Mine
    with Loose(csocket.AF_INET, csocket.SOCK_DGRAM, extra=5) as sock:
        assert sock.extra == 5 and sock.type is csocket.SOCK_DGRAM


def test_attributes_of_the_class_may_be_replaced_and_of_the_low_one_not(monkeypatch):
    monkeypatch.setattr(csocket.socket, "getsockname", lambda self: "patched")
    with make(csocket.socket) as sock:
        assert sock.getsockname() == "patched"
        assert "laddr=patched" in repr(sock)
        with pytest.raises(AttributeError):
            sock.no_such_attribute = 1
    with pytest.raises(TypeError, match="immutable"):
        low.socket.getsockname = None


@pytest.mark.parametrize("name", ["__new__", "__init__"])
def test_the_constructor_may_be_replaced(monkeypatch, name):
    before, seen = getattr(csocket.socket, name), []

    def replacement(*arguments, **keywords):
        seen.append((arguments[1:], keywords))
        return before(*arguments, **keywords)

    monkeypatch.setattr(
        csocket.socket, name, staticmethod(replacement) if name == "__new__" else replacement
    )
    with csocket.socket(csocket.AF_INET, type=csocket.SOCK_DGRAM) as sock:
        assert sock.type is csocket.SOCK_DGRAM
    assert seen == [((csocket.AF_INET,), {"type": csocket.SOCK_DGRAM})]
    monkeypatch.undo()
    csocket.socket().close()
    assert len(seen) == 1


def test_a_socket_without_init_is_closed_and_does_no_harm():
    for kind in CLASSES:
        sock = kind.__new__(kind)
        assert sock.fileno() == -1
        for call in (
            lambda s: s.recv(1),
            lambda s: s.send(b""),
            lambda s: s.connect(("127.0.0.1", 1)),
            lambda s: s.getsockname(),
            lambda s: s.settimeout(0),
            lambda s: s.sendmsg([b"x"]),
        ):
            with pytest.raises(OSError):
                call(sock)
        sock.close()
    raw = csocket.SocketIO.__new__(csocket.SocketIO)
    for call in (lambda f: f.read(1), lambda f: f.readinto(bytearray(1)), lambda f: f.write(b"x")):
        with pytest.raises(ValueError):
            call(raw)
    raw.close()


# Names.

# Names that the standard library's module only imports, which programs do not use.
NOT_OURS = {"partial", "selectors", "sys", "IntEnum", "IntFlag"}


def test_all_names_exist_and_every_public_name_is_in_it():
    assert len(csocket.__all__) == len(set(csocket.__all__))
    assert all(hasattr(csocket, name) for name in csocket.__all__)
    missing = set(standard.__all__) - set(csocket.__all__) - late_names()
    assert missing == set()


def test_all_and_help_have_every_extra():
    own = {name for name, value in vars(csocket).items() if is_own(name, value)}
    assert own - set(dir(standard)) <= set(csocket.__all__)
    assert set(csocket._EXTRAS) <= set(csocket.__all__)
    gc.collect()  # pydoc inspects every class, including those of earlier tests
    text = pydoc.plain(pydoc.render_doc(csocket))
    names = {*csocket._EXTRAS, *public(csocket.socket)}
    assert [name for name in names if not re.search(rf"\b{name}\b", text)] == []
    assert "getifaddrs" in names and "recv_message" in names


def is_own(name, value):
    """Whether a public name is a class or function of csocket, or an instance of such a class."""
    if name.startswith("_"):
        return False
    kind = value if hasattr(value, "__name__") else type(value)
    module = getattr(kind, "__module__", None) or ""
    return not isinstance(value, (types.ModuleType, int, str)) and module.startswith("csocket")


def late_names():
    """Constants that are created on first use."""
    return {name for name in standard.__all__ if hasattr(csocket, name) and name.isupper()}


def test_the_standard_librarys_names_are_there_with_their_values():
    for name, value in vars(standard).items():
        if name in NOT_OURS or name.startswith("__") or isinstance(value, types.ModuleType):
            continue
        assert hasattr(csocket, name), name
        ours = getattr(csocket, name)
        if isinstance(value, (int, str)) and not isinstance(value, type):
            assert ours == value, name
            assert type(ours).__name__ == type(value).__name__, name
    for name in set(vars(standard._socket)) - {"__loader__", "__spec__", "__file__"}:
        assert hasattr(low, name), name


def test_import_star():
    space = {}
    exec("from csocket import *", space)
    assert set(csocket.__all__) <= set(space)


def test_dir_has_all():
    assert set(csocket.__all__) | set(standard.__all__) <= set(dir(csocket))


# Documentation.


def public(owner):
    return [name for name in dir(owner) if not name.startswith("_")]


@pytest.mark.parametrize("owner", [csocket.socket, low.socket, csocket.SocketIO])
def test_every_method_has_a_docstring(owner):
    inherited = [base for base in owner.__mro__ if base.__module__ in ("_io", "io", "builtins")]
    for name in public(owner):
        if any(name in vars(base) for base in inherited) and name not in vars(owner):
            continue
        assert inspect.getdoc(getattr(owner, name)), f"{owner.__name__}.{name}"
    assert inspect.getdoc(owner)


def test_every_function_and_class_has_a_docstring_and_a_signature():
    for name in csocket.__all__:
        value = getattr(csocket, name)
        if not callable(value) or (isinstance(value, type) and issubclass(value, Exception)):
            continue
        assert inspect.getdoc(value), name
        if inspect.isroutine(value):
            inspect.signature(value)
    assert csocket.__doc__ and low.__doc__


def test_every_method_has_a_signature():
    for name in public(csocket.socket):
        if callable(getattr(csocket.socket, name)):
            assert "self" in str(inspect.signature(getattr(csocket.socket, name))), name


def test_no_docstring_is_copied_from_the_standard_library():
    """The docstrings are in our own words."""
    for owner, other in ((csocket, standard), (csocket.socket, standard.socket)):
        for name in public(owner):
            text = inspect.getdoc(getattr(owner, name)) or ""
            value, theirs = getattr(owner, name), getattr(other, name, None)
            # 3.15 uses functools.partial there.
            if len(text) > 60 and callable(value) and theirs not in (None, value):
                assert text != inspect.getdoc(theirs), name


# Exceptions.


def test_exceptions():
    assert csocket.error is OSError
    assert issubclass(csocket.herror, OSError) and csocket.herror is not OSError
    assert issubclass(csocket.gaierror, OSError) and csocket.gaierror is not csocket.herror
    if sys.version_info >= (3, 10):
        assert csocket.timeout is TimeoutError
    else:
        assert csocket.timeout.__bases__ == (OSError,)
    for name in ("herror", "gaierror", "timeout", "error"):
        assert getattr(low, name) is getattr(csocket, name)
        assert getattr(csocket, name).__name__ == getattr(standard, name).__name__


@pytest.mark.skipif(sys.maxsize < 2**32, reason="pointers are shorter here")
def test_a_socket_is_small():
    # The standard library's members and those of a socket with limits: a deadline, a cancel, a
    # context (24 bytes), and a reserve of 16. Other memory is allocated by the calls that need it.
    standard_size, limits, reserve = 120, 24, 16
    with csocket.socket() as sock:
        assert sys.getsizeof(sock) <= standard_size + limits + reserve


def test_the_result_of_total_seconds_is_released():
    class Limit:
        def total_seconds(self):
            return marker

    marker = []
    before = sys.getrefcount(marker)
    for _ in range(10):
        with pytest.raises(TypeError, match="timeout must be a number of seconds"):
            csocket.getaddrinfo("127.0.0.1", 80, timeout=Limit())
    assert sys.getrefcount(marker) == before

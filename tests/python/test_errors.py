"""The errors of connect, bind and sendto carry the address, and are otherwise unchanged."""

import contextlib
import copy
import errno
import gc
import os
import pickle
import shutil
import socket as standard
import subprocess
import sys
import traceback

import csocket
import csocket as socket
import pytest

UNUSED = ("127.0.0.1", 1)


def error_of(call, *args, **kwargs):
    with pytest.raises(OSError) as caught:
        call(*args, **kwargs)
    return caught.value


@pytest.fixture
def tcp():
    with socket.socket() as sock:
        yield sock


@pytest.fixture
def udp():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        yield sock


def test_connect_names_the_address_that_refused(tcp):
    assert error_of(tcp.connect, UNUSED).address == UNUSED


def test_a_name_has_become_the_address_that_was_tried(tcp):
    assert error_of(tcp.connect, ("localhost", 1)).address == UNUSED


def test_an_ipv6_address_has_four_parts():
    with socket.socket(socket.AF_INET6) as sock:
        assert error_of(sock.connect, ("::1", 1)).address == ("::1", 1, 0, 0)


def test_bind_names_the_address_that_is_not_local(tcp):
    error = error_of(tcp.bind, ("192.0.2.1", 80))
    assert (error.errno, error.address) == (errno.EADDRNOTAVAIL, ("192.0.2.1", 80))


def test_a_path_is_the_address(tmp_path):
    with socket.socket(socket.AF_UNIX) as sock:
        missing = tmp_path / "missing"
        assert error_of(sock.connect, missing).address == str(missing)
        assert error_of(sock.bind, str(missing / "below")).address == str(missing / "below")


def test_sendto_and_sendmsg_name_the_destination(udp):
    broadcast = ("255.255.255.255", 9)
    assert error_of(udp.sendto, b"x", broadcast).address == broadcast
    assert error_of(udp.sendmsg, [b"x"], [], 0, broadcast).address == broadcast


def test_sendmsg_without_an_address_has_none(tcp):
    assert not hasattr(error_of(tcp.sendmsg, [b"x"]), "address")


def test_a_timeout_has_the_address(isolated):
    with socket.socket() as server, socket.socket() as first, socket.socket() as second:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        first.connect(server.getsockname())
        second.settimeout(0.05)
        with pytest.raises(socket.timeout) as caught:
            second.connect(server.getsockname())
        assert caught.value.address == server.getsockname()
        assert (str(caught.value), caught.value.args) == ("timed out", ("timed out",))


def test_messages_arguments_and_classes_are_those_of_the_standard_library(tcp):
    ours = error_of(tcp.connect, UNUSED)
    with standard.socket() as sock:
        theirs = error_of(sock.connect, UNUSED)
    assert type(ours) is type(theirs)
    assert (str(ours), repr(ours), ours.args) == (str(theirs), repr(theirs), theirs.args)
    for name in ("errno", "strerror", "filename", "filename2"):
        assert getattr(ours, name) == getattr(theirs, name)


def test_the_address_does_not_change_matched_text(tcp):
    """pytest.raises(match=...) also searches the notes: there must not be any."""
    with pytest.raises(ConnectionRefusedError, match="refused$") as caught:
        tcp.connect(UNUSED)
    assert not hasattr(caught.value, "__notes__")
    lines = traceback.format_exception_only(type(caught.value), caught.value)
    assert lines == [f"ConnectionRefusedError: {caught.value}\n"]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_the_exception_can_be_pickled(tcp, protocol):
    error = error_of(tcp.connect, UNUSED)
    again = pickle.loads(pickle.dumps(error, protocol))
    assert (type(again), again.args, again.address) == (type(error), error.args, UNUSED)


def test_unpicklable_members_are_dropped(tmp_path):
    """The caller's object may be anything with a buffer; the exception has plain values."""
    path = os.fsencode(tmp_path / "missing")
    with socket.socket(socket.AF_UNIX) as sock:
        error = error_of(sock.connect, memoryview(path))
    assert pickle.loads(pickle.dumps(error)).address == os.fsdecode(path)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_the_exception_can_be_copied(tcp, duplicate):
    error = error_of(tcp.connect, UNUSED)
    again = duplicate(error)
    assert (str(again), again.errno, again.address) == (str(error), error.errno, UNUSED)


def test_an_attempt_in_progress_does_not_name_the_address(isolated):
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.setblocking(False)
        error = error_of(client.connect, server.getsockname())
        assert error.errno == errno.EINPROGRESS and not hasattr(error, "address")


def test_that_a_socket_is_closed_is_not_about_the_address(tcp):
    tcp.close()
    error = error_of(tcp.connect, UNUSED)
    assert error.errno == errno.EBADF and not hasattr(error, "address")


def test_create_connection_passes_it_on():
    assert error_of(socket.create_connection, ("localhost", 1)).address[1] == 1


@pytest.mark.skipif(sys.version_info < (3, 11), reason="ExceptionGroup is Python's from 3.11")
def test_each_error_of_a_group_has_its_own():
    with pytest.raises(BaseException) as caught:
        socket.create_connection(("localhost", 1), all_errors=True)
    infos = socket.getaddrinfo("localhost", 1, 0, socket.SOCK_STREAM)
    assert [error.address for error in caught.value.exceptions] == [info[4] for info in infos]


def test_create_server_passes_it_on():
    error = error_of(csocket.create_server, ("192.0.2.1", 80))
    assert error.address == ("192.0.2.1", 80)
    assert "while attempting to bind on address" in str(error)


LOCALES = ("de_DE.UTF-8", "de_DE.ISO-8859-1", "C", "de_DE.UTF-8")
TRANSLATED = """
import locale, os, csocket
sock = csocket.socket()
for name in %r:
    locale.setlocale(locale.LC_ALL, name)
    for _ in range(2):
        try:
            sock.connect(("127.0.0.1", 1))
        except OSError as exc:
            assert exc.strerror == os.strerror(exc.errno), (name, exc)
            print(exc.strerror == "Connection refused", end=" ")
"""


def test_the_message_follows_the_locale(tmp_path):
    """Messages are cached, but only while they equal those of strerror in the locale's encoding."""
    for name in set(LOCALES) - {"C"}:
        command = ["localedef", "-i", "de_DE", "-f", name.partition(".")[2], tmp_path / name]
        if not shutil.which("localedef") or subprocess.run(command, capture_output=True).returncode:
            pytest.skip("localedef cannot make a German locale here")
    if not os.path.exists("/usr/share/locale/de/LC_MESSAGES/libc.mo"):
        pytest.skip("libc's German messages are not installed")
    environment = dict(os.environ, LOCPATH=str(tmp_path), LANGUAGE="")
    command = [sys.executable, "-c", TRANSLATED % (LOCALES,)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    untranslated = [str(name == "C") for name in LOCALES for _ in range(2)]
    assert (done.stdout.split(), done.stderr) == (untranslated, "")


def test_cached_strings_are_not_shared(tcp):
    first = error_of(tcp.connect, UNUSED)
    first.errno, first.strerror, first.args = 0, "changed", ("changed",)
    second = error_of(tcp.connect, UNUSED)
    assert second.args == (errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
    assert (second.errno, second.strerror) == second.args


def refused(sock):
    with contextlib.suppress(OSError):
        sock.connect(UNUSED)


def growth(sock):
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(300):
        refused(sock)
    gc.collect()
    return sys.getallocatedblocks() - before


def test_nothing_is_kept_alive(tcp):
    """A failed call leaks nothing, even if the address is attached to the exception."""
    assert min(growth(tcp) for _ in range(5)) < 100


@pytest.mark.parametrize(
    "name, value, text",
    [
        ("SO_BINDTODEVICE", "nowhere0", "'SO_BINDTODEVICE' -> 'nowhere0'"),
        ("TCP_CONGESTION", "nowhere", "'TCP_CONGESTION' -> 'nowhere'"),
        ("IP_ADD_MEMBERSHIP", ("127.0.0.1", None, 1), "-> ('127.0.0.1', None, 1)"),
    ],
)
def test_errors_of_options_name_option_and_value(name, value, text):
    with csocket.socket() as sock, pytest.raises(OSError) as caught:
        sock.options[name] = value
    assert caught.value.filename == name and caught.value.filename2 == value
    assert str(caught.value).endswith(text)
    assert caught.value.strerror == os.strerror(caught.value.errno)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


# Strings whose last character must not be split by a limit in bytes.
ODD = [prefix + "é" * count for prefix in ("", "a") for count in (1, 8, 15, 16, 54, 108, 300)]
ODD += ["a\udc80", "\udcff" * 40, "\ud800", "\ud800" * 200, "\U0001f600" * 70]
TAKERS = {
    "AF_UNIX": lambda sock, text: sock(csocket.AF_UNIX).bind(text),
    "abstract": lambda sock, text: sock(csocket.AF_UNIX).connect("\0" + text),
    "AF_PACKET": lambda sock, text: sock(csocket.AF_PACKET).bind((text, 0)),
    "AF_CAN": lambda sock, text: sock(csocket.AF_CAN).bind((text,)),
    "AF_ALG": lambda sock, text: sock(csocket.AF_ALG).bind((text, text)),
    "AF_BLUETOOTH": lambda sock, text: sock(csocket.AF_BLUETOOTH, 0).bind(text),
    "interface": lambda sock, text: csocket.if_nametoindex(text),
    "zone": lambda sock, text: sock(csocket.AF_INET6).bind(("fe80::1%" + text, 0)),
    "SO_BINDTODEVICE": lambda sock, text: sock().options.__setitem__("SO_BINDTODEVICE", text),
    "TCP_CONGESTION": lambda sock, text: sock().options.__setitem__("TCP_CONGESTION", text),
    "an option": lambda sock, text: sock().options[text],
    "a number": lambda sock, text: sock().options.__setitem__("SO_RCVBUF", text),
    "control": lambda sock, text: sock().send_message(b"x", None, {"ip_ttl": text}),
    "control's name": lambda sock, text: sock().send_message(b"x", None, {text: 1}),
}


@pytest.mark.parametrize("taker", TAKERS)
def test_undecodable_strings_cause_no_decoding_errors(taker, tmp_path, monkeypatch):
    """Any substring of a valid string either is valid or has an error about its meaning."""
    monkeypatch.chdir(tmp_path)
    for text in ODD:
        with contextlib.ExitStack() as stack:

            def sock(family=csocket.AF_INET, proto=0, stack=stack):
                """A socket of that family, even if the kernel lacks it: the address is parsed
                first."""
                fd = csocket.socket(csocket.AF_UNIX, csocket.SOCK_DGRAM).detach()
                if family in (csocket.AF_INET, csocket.AF_INET6, csocket.AF_UNIX):
                    os.close(fd)
                    return stack.enter_context(csocket.socket(family))
                return stack.enter_context(csocket.socket(family, csocket.SOCK_RAW, proto, fd))

            try:
                TAKERS[taker](sock, text)
            except UnicodeDecodeError:
                pytest.fail(f"UnicodeDecodeError for {text!a}")
            except (OSError, ValueError, KeyError, TypeError) as error:
                assert str(error).isprintable() or str(error)

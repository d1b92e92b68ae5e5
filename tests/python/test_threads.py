"""One socket in many threads, and csocket in many interpreters of one process."""

import pathlib
import subprocess
import sys
import textwrap
import threading

import csocket
import pytest

HAMMER = pathlib.Path(__file__).with_name("hammer.py")

pytestmark = pytest.mark.usefixtures("isolated")


def run(*arguments):
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done
    return done.stdout


def test_threads_may_close_and_detach_sockets_in_use():
    rounds = int(run("-X", "dev", HAMMER, 3).split()[0])
    assert rounds >= 8


def test_the_gil_is_not_turned_on():
    """A module that does not declare that it works without the GIL enables it for the whole
    process."""
    run("-W", "error", "-c", "import csocket")
    if hasattr(sys, "_is_gil_enabled") and "free-threading" in sys.version:
        assert run("-c", "import sys, csocket; print(sys._is_gil_enabled())") == "False\n"


# Interpreters. Code in a subinterpreter cannot use objects of this one: it reports errors through a
# pipe.

WORK = """
import os, sys
try:
    import csocket as socket
    assert socket.socket.__mro__[1] is socket._socket.socket
    for _ in range(20):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(5)
            with socket.create_connection(server.getsockname(), 5) as near:
                far, address = server.accept()
                with far, near.makefile("rwb") as file:
                    assert type(far) is socket.socket
                    assert address == near.getsockname(), address
                    assert near.family is socket.AF_INET
                    file.write(b"line\\n")
                    file.flush()
                    assert far.recv(10) == b"line\\n"
                    far.sendmsg([b"an", b"swer\\n"])
                    assert file.readline() == b"answer\\n"
                    assert near.options is not None
        try:
            near.send(b"x")
        except OSError as error:
            assert error.errno == 9
        assert socket.getaddrinfo("127.0.0.1", 80)[0][0] is socket.AF_INET
        assert socket.SO_ATTACH_BPF == 50
    # The default timeout is a matter of each interpreter.
    assert socket.getdefaulttimeout() is None
    socket.setdefaulttimeout(NUMBER)
    os.write(PIPE, b"+")
except BaseException:
    import traceback
    os.write(PIPE, traceback.format_exc().encode())
"""

RUN = """
import os, sys, threading
assert "csocket" not in sys.modules or {first}
{more}
COUNT = 4
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters

def create():
    if {own_gil}:
        return interpreters.create()
    try:
        return interpreters.create("legacy")
    except TypeError:
        return interpreters.create(isolated=False)

def execute(number, code):
    try:
        interpreters.run_string(number, code)
    except BaseException as error:
        os.write(write, repr(error).encode())

read, write = os.pipe()
work = {work!r}
numbers = [create() for _ in range(COUNT)]
codes = [f"PIPE = {{write}}; NUMBER = {{i + 1}}\\n" + work for i in range(COUNT)]
threads = [threading.Thread(target=execute, args=pair) for pair in zip(numbers, codes)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for number in numbers:
    interpreters.destroy(number)
os.close(write)
said = os.read(read, 100000).decode()
assert said == "+" * COUNT, said
{after}
"""


def interpreters(*, own_gil=False, first=False):
    try:
        __import__("_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters")
    except ImportError:
        pytest.skip("this Python has no module for sub-interpreters")
    code = RUN.format(
        own_gil=own_gil,
        first=first,
        work=WORK,
        more="import csocket; csocket.setdefaulttimeout(9)" if first else "",
        after="assert csocket.getdefaulttimeout() == 9" if first else "",
    )
    run("-X", "dev", "-c", textwrap.dedent(code))


@pytest.mark.parametrize("first", [False, True], ids=["only there", "here too"])
def test_interpreters_that_share_the_lock(first):
    interpreters(first=first)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="before 3.12 all share one lock")
@pytest.mark.parametrize("first", [False, True], ids=["only there", "here too"])
def test_interpreters_with_a_lock_of_their_own(first):
    interpreters(own_gil=True, first=first)


def test_interpreters_are_created_and_destroyed():
    """An interpreter does not use objects of an earlier one."""
    code = """
    try:
        import _xxsubinterpreters as interpreters
    except ImportError:
        import _interpreters as interpreters
    for _ in range(10):
        number = interpreters.create()
        interpreters.run_string(number, "import csocket; csocket.socket(); csocket.options")
        interpreters.destroy(number)
    import csocket
    csocket.socket().close()
    """
    run("-W", "ignore", "-c", textwrap.dedent(code))


def test_a_thread_waits_while_others_work():
    """recv releases the GIL, in an interpreter that has one."""
    one, other = csocket.socketpair()
    received = []
    thread = threading.Thread(target=lambda: received.append(one.recv(10)))
    thread.start()
    other.sendall(b"x")
    thread.join()
    assert received == [b"x"]
    one.close()
    other.close()

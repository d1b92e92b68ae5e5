"""A scope's deadline and shield are changed while its thread waits: by another thread or a handler.

A deadline to be moved is SOON, which leaves time to move it; a call that a change ends would
otherwise last until the test's alarm.
"""

import contextlib
import signal
import threading
import time

import csocket as socket
import pytest

SOON = 1  # seconds: more than starting a thread takes
SHORT = 0.02
LONG = 1000


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture(autouse=True)
def handler():
    previous = signal.getsignal(signal.SIGALRM)
    yield
    signal.signal(signal.SIGALRM, previous)


def receive(sock):
    return sock.recv(1)


def receive_with_timeout(sock):
    sock.settimeout(LONG)
    return sock.recv(1)


def read(sock):
    with sock.makefile("rb") as file:
        return file.read(1)


CALLS = [receive, receive_with_timeout, read]


@contextlib.contextmanager
def elsewhere(change):
    thread = threading.Thread(target=change)
    thread.start()
    yield
    thread.join()


@contextlib.contextmanager
def suspended_scope():
    """A scope that was left open at a yield; it does not apply to this function's caller."""

    def generator():
        with socket.move_on_after(0):
            yield

    running = generator()
    next(running)
    yield
    with contextlib.suppress(RuntimeError):
        next(running)


@contextlib.contextmanager
def nothing():
    yield


@pytest.fixture(params=[nothing, suspended_scope])
def beside(request):
    """Other activity in the thread."""
    return request.param


@pytest.mark.parametrize("call", CALLS)
def test_a_later_deadline(pair, call, beside):
    scope = socket.move_on_after(SOON)

    def change():
        until = scope.deadline + SHORT
        scope.deadline = time.monotonic() + LONG
        time.sleep(until - time.monotonic())
        pair[1].send(b"x")

    with beside(), scope, elsewhere(change):
        assert call(pair[0]) == b"x"
    assert not scope.cancelled_caught


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("call", CALLS)
def test_a_sooner_deadline(pair, call, nested, beside):
    def change():
        time.sleep(SHORT)
        scope.deadline = time.monotonic()

    for limit in (socket.CancelScope(), socket.move_on_after(LONG)):
        scope = limit
        inner = socket.CancelScope() if nested else contextlib.nullcontext()
        with beside(), elsewhere(change), scope, inner:
            call(pair[0])
        assert scope.cancelled_caught


@pytest.mark.parametrize("call", CALLS)
def test_a_shield_that_is_set(pair, call, beside):
    with beside(), socket.move_on_after(SOON) as outer, socket.CancelScope() as inner:

        def change():
            inner.shield = True
            time.sleep(outer.deadline + SHORT - time.monotonic())
            pair[1].send(b"x")

        with elsewhere(change):
            assert call(pair[0]) == b"x"


@pytest.mark.parametrize("call", CALLS)
def test_a_shield_that_is_removed(pair, call, beside):
    def change():
        time.sleep(SHORT)
        inner.shield = False

    inner = socket.CancelScope(shield=True)
    with beside(), elsewhere(change), socket.move_on_after(0) as outer, inner:
        call(pair[0])
    assert outer.cancelled_caught


def test_a_signal_handler_changes_the_deadline(pair, beside):
    def change(*_):
        scope.deadline = time.monotonic()

    scope = socket.CancelScope()
    signal.signal(signal.SIGALRM, change)
    with beside(), scope:
        signal.setitimer(signal.ITIMER_REAL, SHORT)
        pair[0].recv(1)
    assert scope.cancelled_caught


def test_scopes_can_be_cancelled_next_to_a_suspended_one(pair):
    for index in range(3):
        with suspended_scope(), contextlib.ExitStack() as stack:
            scopes = [stack.enter_context(socket.CancelScope()) for _ in range(3)]

            def change(scope=scopes[index]):
                time.sleep(SHORT)
                scope.cancel()

            with elsewhere(change):
                pair[0].recv(1)
        assert [scope.cancelled_caught for scope in scopes] == [i == index for i in range(3)]


def test_a_handler_that_makes_calls_inside_a_suspended_scope(pair):
    """Its scope does not apply to the interrupted call afterwards."""
    other, peer = socket.socketpair()

    def generator():
        with socket.move_on_after(LONG) as scope:
            yield
            peer.send(b"y")
            other.recv(1)  # within the scope, which then does not expire in another thread
            scope.deadline = 0
            yield

    running = generator()
    next(running)
    signal.signal(signal.SIGALRM, lambda *_: next(running))
    with elsewhere(lambda: (time.sleep(5 * SHORT), pair[1].send(b"x"))):
        signal.setitimer(signal.ITIMER_REAL, SHORT)
        assert pair[0].recv(1) == b"x"
    with other, peer, pytest.raises(RuntimeError, match="yield or await"):
        next(running)


def test_a_call_that_began_with_a_timeout_obeys_scopes_until_it_ends():
    """settimeout(0) in another thread concerns later calls."""
    a, b = socket.socketpair()
    with a, b:
        scope = socket.CancelScope()
        ended = threading.Event()

        def call():
            with scope:
                a.recv(1)
            ended.set()

        thread = threading.Thread(target=call, daemon=True)
        thread.start()
        time.sleep(0.1)
        a.settimeout(0)
        time.sleep(0.1)
        scope.cancel()
        assert ended.wait(20)
        assert scope.cancelled_caught


def test_a_deadline_moved_after_it_ended_a_call_is_not_a_timeout():
    """The scope has ended the call although its deadline was moved later."""
    a, b = socket.socketpair()
    current, done = [None], threading.Event()

    def move():
        while not done.is_set():
            if scope := current[0]:
                scope.deadline = time.monotonic() + 0.002

    thread = threading.Thread(target=move, daemon=True)
    thread.start()
    try:
        with a, b:
            until = time.monotonic() + 1
            while time.monotonic() < until:
                with socket.move_on_after(0.001) as current[0]:
                    a.recv(1)
    finally:
        done.set()
        thread.join()

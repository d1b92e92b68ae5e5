"""A signal handler may raise between any two instructions: no descriptor is lost.

A trace function simulates this: it raises before each instruction of every Python function that
runs, one by one, until the call succeeds.
"""

import functools
import gc
import os
import sys
import types
import warnings

import csocket
import pytest
from csocket import _processes

ENOUGH = 5000  # instructions of one call


class Raised(Exception):
    pass


class Tracer:
    """Raise before the instruction with a given number."""

    def __init__(self, number):
        self.left, self.raised = number, False

    def __call__(self, frame, event, argument):
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        if event == "opcode" and not self.raised:
            self.left -= 1
            if self.left < 0:
                self.raised = True
                raise Raised
        return self


def count_descriptors():
    return len(os.listdir("/proc/self/fd"))


def same_descriptors(before):
    if count_descriptors() != before:
        gc.collect()
    return count_descriptors() == before


def interrupted(call, number):
    """Make the call, and return whether the tracer raised in it."""
    tracer, made = Tracer(number), None
    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        made = call()
    except Raised:
        pass
    finally:
        sys.settrace(before)
        if made is not None:
            made.close()
    return tracer.raised


@pytest.fixture
def server(tmp_path, monkeypatch):
    """The path of a server that is too long for an address."""
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    with csocket.create_server("server", family=csocket.AF_UNIX, backlog=4000):
        monkeypatch.chdir(tmp_path)
        yield str(deep / "server")


def cases(server, tcp):
    unix = csocket.AF_UNIX
    one, other = csocket.socketpair()
    descriptor = types.SimpleNamespace(detach=functools.partial(os.dup, one.fileno()))
    yield (
        "a server that owns its path",
        lambda: csocket.create_server("path", family=unix, unlink=True, mode=0o600),
    )
    yield "a client of a long path", lambda: csocket.create_connection(server)
    yield "a client of TCP", lambda: csocket.create_connection(tcp.getsockname())
    yield "a server of TCP", lambda: csocket.create_server(("127.0.0.1", 0))
    yield "fromfd", lambda: csocket.fromfd(one.fileno(), unix, csocket.SOCK_STREAM)
    yield (
        "a socket from another process",
        lambda: _processes._rebuild(descriptor, unix, csocket.SOCK_STREAM, 0, None),
    )
    yield "dup", lambda: one.dup()
    one.close()
    other.close()


def test_a_handler_that_raises_anywhere_loses_no_descriptor(server):
    with csocket.create_server(("127.0.0.1", 0), backlog=4000) as tcp, warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        for name, call in cases(server, tcp):
            interrupted(call, ENOUGH)  # modules imported by the first call
            gc.collect()
            before = count_descriptors()
            for number in range(ENOUGH):
                if os.path.exists("path"):
                    os.unlink("path")
                if not interrupted(call, number):
                    break
                assert same_descriptors(before), (name, number)
            # In every case the tracer has raised at least once.
            assert 0 < number < ENOUGH - 1, name

"""Audit events: the same events, with the same arguments, as the standard library's."""

import pathlib
import re
import subprocess
import sys

import pytest

PROGRAM = pathlib.Path(__file__).with_name("audited.py")
SPECIFIED = set(
    "__new__ bind connect getaddrinfo gethostbyaddr gethostbyname gethostname getnameinfo "
    "getservbyname getservbyport sendmsg sendto sethostname".split()
)

pytestmark = pytest.mark.usefixtures("isolated")


def audited(module, *how):
    done = subprocess.run(
        [sys.executable, "-X", "dev", PROGRAM, module, *how], stdout=subprocess.PIPE, text=True
    )
    assert done.returncode == 0, done
    return dict(re.fullmatch(r"(.+?) (\[.*)", line).groups() for line in done.stdout.splitlines())


def compare(*how):
    standard, ours = audited("socket", *how), audited("csocket", *how)
    assert standard.keys() == ours.keys()
    assert len(ours) > 80
    none = " 0 descriptors left"
    wrong = [
        f"{name}\n  standard: {standard[name]}\n  csocket:  {seen}"
        for name, seen in ours.items()
        if seen != standard[name].rstrip() + none
    ]
    assert not wrong, "\n".join(wrong)
    return ours


def test_every_call_raises_the_events_that_it_raises_in_the_standard_library():
    seen = "\n".join(compare().values())
    assert {name for name in SPECIFIED if f"('socket.{name}'" in seen} == SPECIFIED


def test_an_event_that_is_refused_ends_the_call():
    compare("refuse")


def test_nothing_is_left_open_when_the_new_sockets_event_is_refused():
    """The standard library leaks the descriptor that accept had opened."""
    assert "Refused 0 descriptors left" in audited("csocket", "refuse")["gethostname"]

"""Every time parameter that the standard library lacks follows the same rules.

The parameters are those that the stubs declare as seconds: one without a call here fails.
"""

import ast
import contextlib
import datetime
import decimal
import fractions
import math
import pathlib

import csocket
import pytest

STUBS = pathlib.Path(csocket.__file__).parent
# Parameters of the standard library, which follow CPython's rules.
STANDARD = {
    ("create_connection", "timeout"),
    ("setdefaulttimeout", "timeout"),
    ("settimeout", "timeout"),
}


def lookup(function, *arguments):
    return lambda value: function(*arguments, timeout=value)


def connection(parameter):
    def call(value):
        with csocket.create_server(("127.0.0.1", 0)) as server:
            csocket.create_connection(server.getsockname(), **{parameter: value}).close()

    return call


def set_deadline(value):
    scope = csocket.CancelScope()
    scope.deadline = value
    return scope


CALLS = {
    ("CancelScope", "deadline"): lambda value: csocket.CancelScope(deadline=value),
    ("CancelScope.deadline", "deadline"): set_deadline,
    ("create_connection", "happy_eyeballs_delay"): connection("happy_eyeballs_delay"),
    ("create_connection", "total_timeout"): connection("total_timeout"),
    ("fail_after", "seconds"): csocket.fail_after,
    ("fail_at", "deadline"): csocket.fail_at,
    ("getaddrinfo", "timeout"): lookup(csocket.getaddrinfo, "localhost", 80),
    ("getfqdn", "timeout"): lookup(csocket.getfqdn, "localhost"),
    ("gethostbyaddr", "timeout"): lookup(csocket.gethostbyaddr, "127.0.0.1"),
    ("gethostbyname", "timeout"): lookup(csocket.gethostbyname, "localhost"),
    ("gethostbyname_ex", "timeout"): lookup(csocket.gethostbyname_ex, "localhost"),
    ("getnameinfo", "timeout"): lookup(csocket.getnameinfo, ("127.0.0.1", 80), 0),
    ("move_on_after", "seconds"): csocket.move_on_after,
    ("move_on_at", "deadline"): csocket.move_on_at,
}


def functions(tree, owner=""):
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from functions(node, node.name)
        elif isinstance(node, ast.FunctionDef):
            # A method is called by its name; a class and its properties by the class's.
            name = node.name
            if name == "__init__":
                name = owner
            elif any(isinstance(each, ast.Attribute) for each in node.decorator_list):
                name = f"{owner}.{name}"
            yield name, node.args


def declared():
    for stub in STUBS.glob("*.pyi"):
        for name, arguments in functions(ast.parse(stub.read_text())):
            for argument in arguments.posonlyargs + arguments.args + arguments.kwonlyargs:
                if argument.annotation and "_Seconds" in ast.unparse(argument.annotation):
                    yield name, argument.arg


def test_each_parameter_has_a_call():
    assert set(declared()) == set(CALLS) | STANDARD


DEADLINES = [where for where in CALLS if where[1] == "deadline"]
DURATIONS = [where for where in CALLS if where not in DEADLINES]
every_parameter = pytest.mark.parametrize("where", CALLS, ids=".".join)
every_duration = pytest.mark.parametrize("where", DURATIONS, ids=".".join)
every_deadline = pytest.mark.parametrize("where", DEADLINES, ids=".".join)


@every_parameter
@pytest.mark.parametrize("value", [True, False, "1", b"1", 1j, [], object()], ids=repr)
def test_values_that_are_not_numbers_are_refused(where, value):
    with pytest.raises(TypeError, match=f"^{where[1]} must be a number of seconds"):
        CALLS[where](value)


NEGATIVE = [-1, -1e-9, -60.0, -1 << 70, -(10**400), -math.inf, datetime.timedelta(-1)]
NOT_NUMBERS = [math.nan, decimal.Decimal("nan"), decimal.Decimal("sNaN")]


@every_parameter
@pytest.mark.parametrize("value", NOT_NUMBERS, ids=repr)
def test_nan_is_refused(where, value):
    with pytest.raises(ValueError, match=f"^{where[1]} must be .* seconds, not ") as caught:
        CALLS[where](value)
    assert str(caught.value).endswith(f"not {value!r}")


@every_duration
@pytest.mark.parametrize("value", NEGATIVE, ids=str)
def test_no_duration_is_negative(where, value):
    with pytest.raises(ValueError, match=f"^{where[1]} must be 0 or more seconds, not ") as caught:
        CALLS[where](value)
    assert str(caught.value).endswith(f"not {value!r}")


@every_deadline
@pytest.mark.parametrize("value", [*NEGATIVE, 0, 1e-300], ids=str)
def test_a_deadline_may_have_passed_long_ago(where, value):
    """As in trio, -inf included."""
    scope = CALLS[where](value)
    server = csocket.create_server(("127.0.0.1", 0))
    with server, contextlib.suppress(csocket.timeout), scope:  # raised by fail_at
        server.accept()
    assert scope.cancelled_caught


@every_deadline
@pytest.mark.parametrize(
    "value",
    [-math.inf, -1.5, -0.0, 0.1, 1 / 3, 12345.678901234567, 1e9, 8.9e9, 1e300, math.inf],
    ids=str,
)
def test_a_deadline_reads_as_set(where, value):
    scope = CALLS[where](value)
    assert scope.deadline == value
    with scope:
        assert scope.deadline == value
        limit = csocket.current_effective_deadline()
        assert limit == (math.inf if value > 9e9 else value)
    assert scope.deadline == value


@every_parameter
@pytest.mark.parametrize(
    "value",
    [
        60,
        60.5,
        fractions.Fraction(121, 2),
        decimal.Decimal("60.5"),
        datetime.timedelta(minutes=1),
        None,
        math.inf,
        1e300,
        1 << 70,
    ],
    ids=repr,
)
def test_valid_times_are_accepted(where, value):
    """None and inf, and times beyond the range of the clock, mean no limit."""
    CALLS[where](value)

"""The same calls on the standard library and on csocket: same values, exceptions and messages."""

import os
import types

import differ
import differences
import pytest
import specs
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("isolated")

STANDARD = differ.Side.named("socket", "_socket")
UNDER_TEST = os.environ.get("CSOCKET_UNDER_TEST", "csocket:csocket._socket").split(":")
OURS = differ.Side.named(*UNDER_TEST)


def compare(case):
    text = differ.disagreement(case, *outcomes(case))
    if text and not differences.covers(case, *outcomes(case)):
        pytest.fail(text, pytrace=False)


def outcomes(case):
    return differ.perform(case, STANDARD), differ.perform(case, OURS)


@pytest.mark.parametrize("name", sorted(specs.FUNCTIONS))
def test_function(name):
    given(specs.FUNCTIONS[name])(compare)()


@pytest.mark.parametrize("name", sorted(specs.METHODS))
def test_method(name):
    given(specs.METHODS[name])(compare)()


@given(st.sampled_from(specs.EVERY), st.sampled_from(specs.ATTRIBUTES))
def test_attribute(receiver, name):
    compare(differ.Case("__getattribute__", (name,), (), receiver))


def test_every_function_is_compared():
    callables = {
        name
        for name, value in vars(STANDARD.high).items()
        if isinstance(value, (types.FunctionType, types.BuiltinFunctionType))
    }
    assert callables - set(specs.FUNCTIONS) == set()


def test_every_method_is_compared():
    inherited = set(dir(object))
    names = {name for name in dir(STANDARD.high.socket) if name not in inherited}
    names -= {"__slots__", "__weakref__", "__del__", "__getstate__", "__module__"}
    names -= {"__firstlineno__", "__static_attributes__"}
    covered = set(specs.METHODS) | set(specs.ATTRIBUTES) | set(specs.OTHERWISE_TESTED)
    assert names - covered == set()


@pytest.mark.parametrize("entry", differences.active(), ids=lambda entry: entry.row)
def test_difference_is_real(entry):
    """An entry of the list that no longer describes a difference must be removed."""
    assert entry.witnesses or "No example:" in entry.covers.__doc__
    for case in entry.witnesses:
        standard, ours = outcomes(case)
        assert standard != ours, f"{case!r} no longer differs: {standard}"
        assert entry.covers(case, standard, ours), differ.disagreement(case, standard, ours)


class Deaf(types.ModuleType):
    """A socket module with one defect, to prove that defects are detected."""

    def __init__(self, name, replacement):
        super().__init__("socket")
        vars(self).update(vars(STANDARD.high))
        setattr(self, name, replacement)


@pytest.mark.parametrize(
    "name, replacement",
    [
        ("ntohs", lambda x: STANDARD.high.ntohs(x) ^ (x == 7)),
        ("inet_aton", lambda text: STANDARD.high.inet_aton(text or "0")),
        ("if_nametoindex", lambda name: STANDARD.high.if_nametoindex(name) + 1),
    ],
)
def test_a_defect_is_noticed(name, replacement):
    broken = differ.Side(Deaf(name, replacement), STANDARD.low)

    def compare_with_broken(case):
        if case.receiver == "":
            assert differ.perform(case, STANDARD) == differ.perform(case, broken)

    # To explain a failure, Hypothesis turns on sys.monitoring, which permanently changes where the
    # interpreter allocates memory, and test_ownership counts that.
    compared = given(specs.FUNCTIONS[name])(compare_with_broken)
    with pytest.raises(AssertionError):
        settings(phases=[Phase.generate])(compared)()

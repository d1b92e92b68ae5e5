"""The modules that `import csocket` imports in addition to those of `import socket`."""

import inspect
import json
import socket
import subprocess
import sys

import csocket
import pytest

# Runs without the site module, which imports many of the modules compared.
LOADED = """
import json, sys
before = set(sys.modules)
import {}
print(json.dumps(sorted(set(sys.modules) - before)))
"""
# Attributes of the module itself.
OWN = {
    "__builtins__",
    "__cached__",
    "__doc__",
    "__file__",
    "__loader__",
    "__name__",
    "__package__",
    "__path__",
    "__spec__",
}
# Deliberate differences: classes in C, with the interpreter's own metaclass or flags.
OTHER_KIND = {"SocketIO": "a class in C", "SocketType": "not a type of one's own on 3.9"}
EXTRAS = set(csocket._EXTRAS)


def loaded(module):
    command = [sys.executable, "-S", "-c", LOADED.format(module)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return set(json.loads(done.stdout))


def test_the_same_modules_are_imported():
    theirs, ours = loaded("socket"), loaded("csocket")
    assert theirs - ours == {"socket", "_socket"}
    assert ours - theirs == {"csocket", "csocket._socket"}


def kind(value):
    tests = ("isbuiltin", "isclass", "isfunction", "ismodule", "isroutine")
    return [name for name in tests if getattr(inspect, name)(value)], type(value).__name__


@pytest.mark.parametrize("name", sorted(set(vars(socket)) - OWN))
def test_each_name_of_the_module_is_there(name):
    assert name in vars(csocket)
    theirs, ours = (vars(module)[name] for module in (socket, csocket))
    if name not in OTHER_KIND:
        assert kind(ours) == kind(theirs)
    if isinstance(theirs, (int, str)) and not name.startswith("_"):
        assert ours == theirs


@pytest.mark.parametrize("name", sorted(name for name in OTHER_KIND if hasattr(socket, name)))
def test_a_chosen_difference_is_a_class(name):
    assert inspect.isclass(getattr(csocket, name))


def test_an_additional_public_name_is_a_constant_or_an_extra():
    more = set(vars(csocket)) - set(vars(socket)) - OWN
    public = {name for name in more if not name.startswith("_")}
    others = {name for name in public if not isinstance(getattr(csocket, name), (int, str))}
    # Older versions have no such class.
    later = {"MsgFlag", "AddressInfo", "SocketKind", "AddressFamily"}
    modules = {"values"}  # once it has been imported
    assert others >= EXTRAS
    assert others - EXTRAS - later - modules <= set(csocket._socket.__dict__)


def test_functions_in_python_are_functions():
    for name in ("getaddrinfo", "socketpair", "create_connection", "fromfd"):
        function = getattr(csocket, name)
        assert inspect.isfunction(function) and function.__module__ == "csocket"
        theirs = inspect.signature(getattr(socket, name)).parameters
        ours = inspect.signature(function).parameters
        assert list(ours)[: len(theirs)] == list(theirs) or set(theirs) <= set(ours)

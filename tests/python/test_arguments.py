"""Missing, unknown and too many arguments: every function and method of the extension names them.

Parameters are named as in the signature, which help() shows.
"""

import inspect
import re

import csocket
import pytest

EXTENSION = csocket._socket
KINDS = inspect.Parameter
TYPES = (csocket.socket, csocket.SocketIO, csocket.CancelScope, type(csocket.options))
with csocket.socket() as made:
    TYPES += (type(made.options),)
# These refuse all arguments, or pass them on to io or as option names.
OTHERS = ("clear", "pop", "popitem", "seek", "truncate", "update", "_real_close")


def found():
    """Every function as (name, callable, parameters); methods are called with an object."""
    functions = {name: each for name, each in vars(EXTENSION).items() if inspect.isbuiltin(each)}
    for name, function in functions.items():
        if name.startswith("_") and not function.__text_signature__:
            continue
        yield name, function, list(inspect.signature(function).parameters.values())
    for kind in TYPES:
        for name, method in vars(kind).items():
            if not inspect.isroutine(method) or name.startswith("__") or name in OTHERS:
                continue
            if name.startswith("_") and not getattr(method, "__text_signature__", None):
                continue
            parameters = list(inspect.signature(method).parameters.values())[1:]
            yield f"{kind.__name__}.{name}", method, parameters


FOUND = list(found())
IDS = [name for name, _, _ in FOUND]
over_all = pytest.mark.parametrize("name, function, parameters", FOUND, ids=IDS)


@pytest.fixture
def receiver():
    """Return the object on which a method is called, or None for a function."""
    made = []

    def make(name):
        if "." not in name:
            return ()
        kind = next(each for each in TYPES if each.__name__ == name.partition(".")[0])
        one, two = csocket.socketpair()
        made.extend((one, two))
        objects = one, csocket.SocketIO(one, "r"), csocket.CancelScope(), csocket.options
        objects += (one.options,)
        return (next(each for each in objects if type(each) is kind),)

    yield make
    for each in made:
        each.close()


def error_of(function, *args, **kwargs):
    with pytest.raises(TypeError) as caught:
        function(*args, **kwargs)
    text = str(caught.value)
    assert "%" not in text and "''" not in text
    return text


def is_by_name(parameter):
    return parameter.kind in (KINDS.POSITIONAL_OR_KEYWORD, KINDS.KEYWORD_ONLY)


def plain(name):
    """Functions of the package have two names, one of them private."""
    return name.rpartition(".")[2].lstrip("_")


def test_the_extension_has_the_functions_that_are_meant():
    assert len(FOUND) > 90
    for name in ("recv_until", "recv_many", "send_many", "recv_into", "makefile", "get"):
        assert any(each.endswith("." + name) for each in IDS)


@over_all
def test_a_missing_argument_is_named(name, function, parameters, receiver):
    required = [each for each in parameters if each.default is KINDS.empty]
    required = [each for each in required if each.kind not in (KINDS.VAR_POSITIONAL,)]
    for place, parameter in enumerate(required):
        text = error_of(function, *receiver(name), *[object()] * place)
        if name.endswith(".sendmsg_afalg"):  # the standard library's wording
            assert f"missing argument '{parameter.name}'" in text
            continue
        assert f"{plain(name)}() " in text
        if is_by_name(parameter):
            assert f"missing required argument '{parameter.name}' (pos {place + 1})" in text
        else:
            assert re.search(rf"takes .*\d|one.* \({place} given\)", text)


@over_all
def test_an_unknown_keyword_is_named(name, function, parameters, receiver):
    required = [object() for each in parameters if each.default is KINDS.empty]
    # An excess argument is reported by count instead, as by the interpreter's own functions.
    del required[max(len(parameters) - 1, 0) :]
    text = error_of(function, *receiver(name), *required, no_such_argument=1)
    assert f"{plain(name)}()" in text
    if any(is_by_name(each) for each in parameters):
        assert "'no_such_argument'" in text
    else:
        assert "takes no keyword arguments" in text


@over_all
def test_too_many_arguments_are_counted(name, function, parameters, receiver):
    positional = [each for each in parameters if each.kind is not KINDS.KEYWORD_ONLY]
    count = len(parameters) + 1
    text = error_of(function, *receiver(name), *[object()] * count)
    assert f"{plain(name)}()" in text
    if positional:
        counts = re.findall(r"\d+|one|no", text)
        assert str(count) in counts or str(count + 1) in counts


@over_all
def test_a_repeated_argument_is_named(name, function, parameters, receiver):
    both = [each for each in parameters if each.kind is KINDS.POSITIONAL_OR_KEYWORD]
    if both and len(parameters) > 1:
        text = error_of(function, *receiver(name), object(), **{both[0].name: object()})
        assert f"{both[0].name!r}" in text

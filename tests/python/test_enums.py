"""csocket's enums equal those that Enum._convert_ makes; on known versions their members are made
in C."""

import enum
import pickle
import sys
import types

import csocket
import pytest

ENUMS = {
    "AddressFamily": (enum.IntEnum, "AF_"),
    "SocketKind": (enum.IntEnum, "SOCK_"),
    "MsgFlag": (enum.IntFlag, "MSG_"),
    "AddressInfo": (enum.IntFlag, "AI_"),
}


@pytest.fixture(params=sorted(ENUMS))
def both(request, monkeypatch):
    """Return the enum, and one that the standard library makes of the same constants."""
    kind, _ = ENUMS[request.param]
    ours = getattr(csocket, request.param)
    numbers = {name: int(member) for name, member in ours.__members__.items()}
    module = types.ModuleType("csocket")
    monkeypatch.setitem(sys.modules, "csocket", module)
    source = types.SimpleNamespace(**numbers)
    theirs = kind._convert_(request.param, "csocket", str.isupper, source=source)
    monkeypatch.undo()
    return ours, theirs


def description(value, made):
    """Return a form in which values of different classes can be compared."""
    if isinstance(value, made):
        return "member", value._name_, int(value)
    if isinstance(value, dict):
        # Without combined flags, which are added when they are used.
        items = [(key, description(each, made)) for key, each in value.items()]
        return [(key, each) for key, each in items if each[:2] != ("member", None)]
    if isinstance(value, (list, int, str)) or value is None:
        return value
    if type(value).__name__ == "property" and hasattr(value, "name"):
        return "property", value.name, value.clsname
    return type(value)


def test_the_class_is_the_same(both):
    ours, theirs = both
    for name, value in vars(theirs).items():
        assert description(vars(ours)[name], ours) == description(value, theirs), name
    assert set(vars(ours)) == set(vars(theirs))


def test_each_member_is_the_same(both):
    ours, theirs = both
    assert list(ours.__members__) == list(theirs.__members__)
    for name, member in theirs.__members__.items():
        mine = ours.__members__[name]
        assert type(mine) is ours and (mine.name, mine.value) == (member.name, member.value)
        assert (repr(mine), str(mine), hash(mine)) == (repr(member), str(member), hash(member))
        assert list(vars(mine)) == list(vars(member))
        assert getattr(mine, "_sort_order_", None) == getattr(member, "_sort_order_", None)
        assert mine.__objclass__ is ours if "__objclass__" in vars(member) else True
        assert ours(int(member)) is mine and ours[name] is mine and getattr(ours, name) is mine
        assert pickle.loads(pickle.dumps(mine)) is mine


def test_iteration_is_the_same(both):
    ours, theirs = both
    assert [member.name for member in ours] == [member.name for member in theirs]
    assert len(ours) == len(theirs)


def test_combined_flags_are_the_same(both):
    ours, theirs = both
    if not issubclass(ours, enum.Flag):
        pytest.skip("not flags")
    for number in [*range(0, 1 << 12, 7), 1 << 40, (1 << 31) - 1, -1, ~1]:
        assert repr(ours(number)) == repr(theirs(number))
        assert int(~ours(number)) == int(~theirs(number))


def test_the_constants_are_the_members():
    for name, (_, prefix) in ENUMS.items():
        made = getattr(csocket, name)
        assert all(getattr(csocket, each) is member for each, member in made.__members__.items())
        assert all(each.startswith(prefix) for each in made.__members__)


def test_an_enum_of_another_form_is_left_alone():
    class Other(enum.IntEnum):
        ONE = 1

        def __init__(self, number):
            self.more = number

    members = [(1, "ONE"), (2, "TWO")]
    assert not csocket._socket._extend_enum(Other, members, {})
    assert list(Other.__members__) == ["ONE"]
    assert not csocket._socket._extend_enum(int, members, {})


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Enum._convert_ makes all members there")
@pytest.mark.skipif(sys.implementation.name != "cpython", reason="CPython's enums alone are known")
def test_the_form_of_this_version_is_known():
    space = {}
    module = types.SimpleNamespace(ONE=1)
    made = enum.IntEnum._convert_("Made", __name__, str.isupper, source=module)
    assert csocket._socket._extend_enum(made, [(1, "ONE"), (2, "TWO"), (2, "TWO_TOO")], space)
    assert made.TWO_TOO is made.TWO is made(2) and list(space) == ["TWO", "TWO_TOO"]

"""Arguments for the differential tests: valid ones, and all kinds of absurd ones."""

from decimal import Decimal
from fractions import Fraction

from differ import Recipe
from hypothesis import strategies as st

LIMITS = (0, 1, 2, 7, 127, 255, 256, 65535, 65536, 2**31, 2**32, 2**63, 2**64, 10**30)
EDGES = sorted({sign * limit + step for limit in LIMITS for sign in (1, -1) for step in (-1, 0, 1)})


class Index:
    """Acts as an integer."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value

    def __repr__(self):
        return f"Index({self.value})"


class OnlyInt(Index):
    """Can be converted to an integer but is not one."""

    __index__ = None

    def __int__(self):
        return self.value

    def __repr__(self):
        return f"OnlyInt({self.value})"


class Raising:
    """Raises its own exception from every method."""

    def fail(self, *_):
        raise ZeroDivisionError("raised by the argument")

    __index__ = __int__ = __float__ = __len__ = __getitem__ = __iter__ = __bool__ = __fspath__ = (
        fail
    )

    def __repr__(self):
        return "Raising()"


class Text(str):
    """A subclass of str."""


class Bytes(bytes):
    """A subclass of bytes."""


class Number(int):
    """A subclass of int."""


integers = st.sampled_from(EDGES) | st.integers(-300, 300)
small = st.integers(-3, 40)
texts = st.sampled_from(
    [
        "",
        "a",
        "127.0.0.1",
        "::1",
        "localhost",
        "\0",
        "a\0b",
        "é",
        "\udcff",
        "x" * 300,
        "1",
        "-1",
        "lo",
        "tcp",
        "http",
        "<broadcast>",
        Text("127.0.0.1"),
        "0x7f.1",
        "1.2.3.4.5",
        "fe80::1%lo",
    ]
)
blobs = st.sampled_from(
    [
        b"",
        b"a",
        b"\0",
        b"127.0.0.1",
        b"\x7f\0\0\1",
        b"\0" * 16,
        b"x" * 300,
        b"\xff",
        b"lo",
        Bytes(b"\x7f\0\0\1"),
        b"localhost",
        b"\0abstract",
    ]
)
buffers = (
    st.builds(lambda n: Recipe("buffer", (n,)), st.sampled_from([0, 1, 4, 8, 16, 100]))
    | st.builds(
        lambda n, shape: Recipe("view", (n, shape)),
        st.sampled_from([4, 8, 16]),
        st.sampled_from(["slice", "strided", "reversed", "readonly", "words", "matrix", "empty"]),
    )
    | st.just(Recipe("released_view"))
)
reals = st.sampled_from(
    [0.0, -0.0, 0.5, 1.5, -1.0, 1e-9, 1e-10, 1e300, float("inf"), float("-inf"), float("nan")]
)
oddities = st.sampled_from(
    [
        None,
        True,
        False,
        Decimal("0.5"),
        Decimal("nan"),
        Fraction(1, 3),
        1j,
        object,
        Raising(),
        Index(1),
        Index(2**70),
        Index("x"),
        OnlyInt(1),
        Number(2),
        Ellipsis,
        range(3),
        {},
        {"a": 1},
        frozenset((1,)),
        print,
    ]
)
absurd = st.deferred(lambda: integers | texts | blobs | buffers | reals | oddities | tuples | lists)
atoms = integers | texts | blobs | oddities
tuples = st.builds(tuple, st.lists(atoms, max_size=5))
lists = st.lists(atoms, max_size=3)


@st.composite
def arguments(draw, slots, needed, keywords=(), wrong=absurd):
    """Positional and keyword arguments for a callable whose parameters are described by slots.

    Most are valid; sometimes one is absurd, sometimes there are too few, too many or unknown ones,
    sometimes they are passed by keyword. keywords: all parameters that have names, in order.
    """
    count = draw(st.integers(needed, len(slots)))
    values = [draw(slot) for slot in slots[:count]]
    twist = draw(
        st.sampled_from(["none", "none", "absurd", "absurd", "few", "many", "named", "unknown"])
    )
    kwargs = {}
    if twist == "absurd" and values:
        values[draw(st.integers(0, len(values) - 1))] = draw(wrong)
    elif twist == "few" and values:
        values.pop()
    elif twist == "many":
        values.append(draw(wrong))
    elif twist == "unknown":
        kwargs["unknown"] = draw(st.just(1))
    if keywords and twist == "named":
        values = values[: draw(st.integers(0, needed))]
        for position, (name, slot) in enumerate(keywords.items()):
            if position >= len(values) and (position < needed or draw(st.booleans())):
                kwargs[name] = draw(wrong if draw(st.integers(0, 5)) == 0 else slot)
    elif keywords and draw(st.integers(0, 3)) == 0:  # one more, which may already be present
        name = draw(st.sampled_from(list(keywords)))
        kwargs[name] = draw(keywords[name])
    return tuple(values), tuple(kwargs.items())

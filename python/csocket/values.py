"""The types of the values of socket options.

    from csocket.values import linger, tcp_info

A struct is a named tuple. A number with names is a member of an enum, or a flag if it consists of
bits: sock.options.tcp_info.state is TCP_ESTABLISHED. Both can be pickled.

For annotations the module also has the classes of other objects: Message (sock.recv_message()) and
its Control, queued_error (sock.errors()), SocketOptions (sock.options), Options (csocket.options)
with its entries, Option and OptionField; and HasAddress, for errors.
"""

import enum

import csocket

_enums = {}

# The bits of an interface: IFF_UP, IFF_LOOPBACK ...
InterfaceFlag = enum.IntFlag(
    "InterfaceFlag",
    {name: bit for name, bit in vars(csocket).items() if name.startswith("IFF_")},
    module=__name__,
)


class _HasAddress(type):
    def __instancecheck__(cls, value):
        return hasattr(value, "address")


class HasAddress(metaclass=_HasAddress):
    """An error with the address that caused it: isinstance(error, HasAddress)."""


def __getattr__(name):
    if not name.startswith("_"):
        try:
            return csocket._socket._option_class(name)
        except ValueError:
            pass
    raise AttributeError(f"module 'csocket.values' has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *csocket._socket._option_classes()])


# They change the kind of the socket, or perform an action, instead of adjusting it.
_NOT_COPIED = {"TCP_REPAIR", "TCP_REPAIR_QUEUE", "TCP_QUEUE_SEQ", "TCP_ULP", "IPV6_ADDRFORM"}


def _copy(name, value, target):
    """Set one option; return whether it has changed. The kernel doubles the sizes of buffers."""
    try:
        before = target[name]
        if before == value:
            return False
        target[name] = value
        if type(value) is int and target[name] == 2 * value:
            target[name] = value // 2
        return target[name] != before
    except (KeyError, OSError, TypeError, ValueError):
        return False


def copy_options(source, target):
    """Implement csocket.copy_options for two views."""
    names = [name for name in source if csocket.options[name].writable]
    return [name for name in names if name not in _NOT_COPIED and _copy(name, source[name], target)]


def _common_prefix(names):
    first, last = min(names, default=""), max(names, default="")
    pairs = enumerate(zip(first, last))
    return first[: next((i for i, (a, b) in pairs if a != b), len(first))]


def _load(names, is_flag, number):
    """Return the member that reduce has pickled."""
    return _enum_of(dict(names), is_flag)(number)


def _make(names, is_flag):
    def reduce(self, protocol):
        return _load, (tuple(names.items()), is_flag, int(self))

    prefix = _common_prefix(names).rpartition("_")[0]
    known = {"AF": csocket.AddressFamily, "SOCK": csocket.SocketKind}.get(prefix)
    if known is not None and "SOCK_SNDBUF_LOCK" not in names:
        return known
    base = enum.IntFlag if is_flag else enum.IntEnum
    kind = base(prefix, names, module=__name__)
    kind.__reduce_ex__ = reduce
    return kind


def _is_constant(name):
    return name.isidentifier() and name[0].isupper() and "_" in name


def _enum_of(names, is_flag):
    """Return the enum of a field's {name: number}, or None if a name is not that of a constant."""
    key = tuple(names)
    if key not in _enums:
        prefix = _common_prefix(key)
        usable = all(map(_is_constant, key)) and "_" in prefix
        _enums[key] = _make(names, is_flag) if usable else None
    return _enums[key]

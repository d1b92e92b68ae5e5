"""csocket.install()."""

import sys
import warnings


def _attributes(module):
    """What a module has got: one that loads its parts when they are asked for is not asked."""
    try:
        return object.__getattribute__(module, "__dict__")
    except AttributeError:  # sys.modules may hold anything
        return {}


def install():
    package, low = sys.modules["csocket"], sys.modules["csocket._socket"]
    present = sys.modules.get("socket"), sys.modules.get("_socket")
    if present == (package, low):
        return
    late = [
        name
        for name, module in list(sys.modules.items())
        if name in ("socket", "_socket", "_ssl", "ssl")
        or (present[0] is not None and _attributes(module).get("socket") is present[0])
    ]
    if late:
        warnings.warn(
            f"csocket.install() comes too late for {', '.join(late)}: "
            f"{late[0]} was imported before it, with the standard library's socket",
            RuntimeWarning,
            stacklevel=3,
        )
    sys.modules["socket"], sys.modules["_socket"] = package, low

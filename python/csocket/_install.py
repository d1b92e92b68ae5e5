"""The implementation of csocket.install()."""

import sys
import types
import warnings


def _attributes(module):
    """Return the attributes that a module has already loaded, without loading lazy ones."""
    try:
        return object.__getattribute__(module, "__dict__")
    except AttributeError:  # sys.modules may hold anything
        return {}


def _users(present):
    """Return the names of the modules that keep an object of the standard library's socket."""
    themselves = [module for module in present if module is not None]
    kinds = (type, types.FunctionType, types.BuiltinFunctionType)
    theirs = {id(module) for module in themselves}
    for module in themselves:
        theirs |= {
            id(value)
            for value in _attributes(module).values()
            if isinstance(value, kinds) and value.__module__ in ("socket", "_socket")
        }
    return {
        name: module
        for name, module in list(sys.modules.items())
        if name in ("_ssl", "ssl")
        or name not in ("_socket", "socket")
        and any(id(value) in theirs for value in list(_attributes(module).values()))
    }


def _give(module, present, ours):
    """Replace the modules in a module of multiprocessing, which looks up sockets at each use."""
    names = _attributes(module)
    for name, value in list(names.items()):
        for theirs, other in zip(present, ours):
            if value is theirs:
                names[name] = other


def _warn(names):
    warnings.warn(
        f"csocket.install() comes too late for {', '.join(names)}: "
        f"{names[0]} was imported before it, with the standard library's socket",
        RuntimeWarning,
        stacklevel=4,
    )


def _rename(module, name):
    """Rename the module's classes and functions to their new names, for example socket.gaierror.

    Tracebacks and reprs show that name, and pickles can be loaded without csocket.
    """
    set_type_module = sys.modules["csocket._socket"]._set_type_module
    # Classes that only csocket has can only be loaded by csocket.
    extras = sys.modules["csocket"]._EXTRAS
    for key, value in list(vars(module).items()):
        if getattr(value, "__module__", None) != module.__name__ or key.lstrip("_") in extras:
            continue
        if isinstance(value, type):
            set_type_module(value, name)
        elif isinstance(value, (types.FunctionType, types.BuiltinFunctionType)):
            value.__module__ = name


def install():
    ours = sys.modules["csocket"], sys.modules["csocket._socket"]
    present = sys.modules.get("socket"), sys.modules.get("_socket")
    if present == ours:
        return
    users = _users(present)
    # A process started by multiprocessing reaches the program's first lines only later.
    if users and all(name.startswith("multiprocessing.") for name in users):
        for module in users.values():
            _give(module, present, ours)
    elif users or present != (None, None):
        _warn([name for name in list(sys.modules) if name in ("_socket", "socket", *users)])
    sys.modules["socket"], sys.modules["_socket"] = ours
    for module, name in zip(ours, ("socket", "_socket")):
        _rename(module, name)

"""Replace `socket` by another module in every process of a virtual environment.

A .pth line calls install() in each process, so that children started with -E, -I or an empty
environment are reached as well (those with -S are not). This file imports only modules that are
imported at start-up anyway, because tests check the modules that a fresh interpreter has loaded.
"""

import atexit
import os
import sys

ORIGINALS = ("socket", "_socket", "_ssl")


def note(report, **facts):
    """Append one line; a child without permission to write there is merely not counted."""
    try:
        descriptor = os.open(report, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError:
        return
    try:
        os.write(descriptor, (repr(dict(facts, pid=os.getpid())) + "\n").encode())
    finally:
        os.close(descriptor)


def refuse_originals(when):
    loaded = [name for name in ORIGINALS if name in sys.modules]
    if loaded:
        raise RuntimeError(f"{when}: the standard library's {', '.join(loaded)} is loaded")


def install(folder, report, package="csocket", lowlevel="csocket._socket"):
    """Import the package from the folder, and install it in place of the originals."""
    if hasattr(sys, "_socket_stand_in"):  # a .pth line can run more than once
        return
    refuse_originals("before the stand-in")
    sys.path.insert(0, folder)
    try:
        modules = __import__(package, fromlist=["*"]), __import__(lowlevel, fromlist=["*"])
    finally:
        sys.path.remove(folder)
    refuse_originals(f"after importing {package}")
    sys.modules["socket"], sys.modules["_socket"] = sys._socket_stand_in = modules
    files = [os.path.realpath(module.__file__) for module in modules]
    note(report, event="start", files=files)
    atexit.register(finish, report)


def finish(report):
    """Report whether the substitution was still in place at the end."""
    now = tuple(map(sys.modules.get, ("socket", "_socket")))
    note(report, event="end", intact=now == sys._socket_stand_in)

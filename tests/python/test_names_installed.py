"""After install() the module's classes and functions are named as the standard library's are."""

import json
import os
import pickle
import socket
import subprocess
import sys

import pytest

VALUES = """
import pickle, socket, sys

def raised(call, *arguments):
    try:
        call(*arguments)
    except OSError as exc:
        return exc

VALUES = {
    "gaierror": socket.gaierror(-2, "Name or service not known"),
    "a gaierror that was raised": raised(socket.getaddrinfo, "127.0.0.1", "no such service"),
    "herror": socket.herror(1, "Unknown host"),
    "timeout": socket.timeout("timed out"),
    "a family": socket.AF_INET6,
    "a kind": socket.SOCK_DGRAM,
    "a flag": socket.MSG_PEEK,
    "a flag of getaddrinfo": socket.AI_PASSIVE,
    "a result of getaddrinfo": socket.getaddrinfo("127.0.0.1", 80),
    "the class": socket.socket,
    "the file's class": socket.SocketIO,
    "the low-level class": socket.SocketType,
    "a function": socket.create_connection,
    "a function of _socket": socket.gethostname,
    "getaddrinfo": socket.getaddrinfo,
}
"""
try:
    pickle.dumps(socket.MSG_PEEK | socket.MSG_DONTWAIT)
    VALUES += 'VALUES["flags"] = socket.MSG_PEEK | socket.MSG_DONTWAIT\n'
except pickle.PicklingError:  # up to 3.11.3 Python pickles flags by a name that these lack
    pass
DUMP = (
    VALUES
    + """
pickled = {name: pickle.dumps(value, PROTOCOL) for name, value in VALUES.items()}
pickle.dump(pickled, sys.stdout.buffer)
"""
)
LOAD = (
    VALUES
    + """
import json
for name, data in pickle.load(sys.stdin.buffer).items():
    value = pickle.loads(data)
    assert type(value).__module__ == type(VALUES[name]).__module__, name
    same = value.args == VALUES[name].args if isinstance(value, OSError) else value == VALUES[name]
    assert same, name
"""
)
INSTALL = "import csocket; csocket.install()\n"


def run(code, ours, data=b""):
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if ours:
        code, environment["PYTHONPATH"] = INSTALL + code, os.environ["PYTHONPATH"]
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, input=data, capture_output=True
    )
    assert done.returncode == 0, done
    return done.stdout


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("ours", [True, False])
def test_pickles_load_on_the_other_side(ours, protocol):
    pickled = run(DUMP.replace("PROTOCOL", str(protocol)), ours)
    run(LOAD, not ours, pickled)


NAMES = """
import json, socket, _socket
def name(value):
    return [value.__module__, value.__name__] if hasattr(value, "__name__") else None
kinds = (type, type(len), type(lambda: 0))
print(json.dumps({f"{at}.{key}": name(value) for at, m in enumerate((socket, _socket))
                  for key, value in vars(m).items()
                  if isinstance(value, kinds) and key != "__loader__"}))
"""
REPR = """
import socket, sys, traceback
with socket.socket() as sock:
    print(repr(sock).partition(" ")[0])
print(sock.__class__, socket.SocketIO)
try:
    raise socket.gaierror(1, "text")
except OSError as exc:
    print(*traceback.format_exception_only(type(exc), exc))
"""


def test_every_name_has_the_same_module_as_in_the_standard_library():
    theirs, ours = json.loads(run(NAMES, False)), json.loads(run(NAMES, True))
    assert {key: ours[key] for key in theirs if not key.endswith(".CAPI")} == theirs


def test_reprs_and_tracebacks_name_socket():
    assert run(REPR, True) == run(REPR, False)


def test_a_socket_remains_plain():
    """The class is only renamed: its methods need not be looked up again."""
    code = "import csocket as c; c.install(); v = c._socket._is_plain(c.socket()); print(v)"
    assert run(code, True).strip() == b"True"


def test_without_install_the_names_are_csockets():
    import csocket

    assert csocket.gaierror.__module__ == csocket.socket.__module__ == "csocket"
    assert pickle.loads(pickle.dumps(csocket.gaierror(1, "x"))).args == (1, "x")

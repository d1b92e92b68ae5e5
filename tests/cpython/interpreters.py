"""Find this machine's CPython interpreters that have a test suite, and make additional ones: 3.14
and 3.15 in a Debian sid root, 3.13 without the GIL."""

import dataclasses
import glob
import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
WANTED = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.13t", "3.14", "3.15")
PROBE = """
import importlib.util as u, json, sys, sysconfig as s
print(json.dumps({
    "executable": sys.executable,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "build": sys.version,
    "free_threaded": bool(s.get_config_var("Py_GIL_DISABLED")),
    "debug": hasattr(sys, "gettotalrefcount"),
    "tests": u.find_spec("test") is not None and u.find_spec("test.test_socket") is not None,
}))
"""


@dataclasses.dataclass(frozen=True)
class Interpreter:
    name: str  # "3.11.7", "3.11.2 system", "3.15.2 sid", "3.13.5t"
    wrapper: tuple  # prefix of a command that makes it run where the interpreter is
    executable: str
    version: str
    build: str  # all of sys.version: distinguishes two builds of one version
    debug: bool

    @property
    def series(self):
        return ".".join(self.version.split(".")[:2]) + ("t" if "t" in self.name.split()[0] else "")

    @property
    def slug(self):
        return re.sub(r"[^\w.]+", "-", self.name)


def probe(executable, origin, wrapper=()):
    """The interpreter, or a string with the reason why it is unavailable."""
    command = [*wrapper, executable, "-c", PROBE]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        return str(error)
    if done.returncode != 0:
        return " ".join(done.stderr.split()[-30:]) or f"exit status {done.returncode}"
    facts = json.loads(done.stdout.splitlines()[-1])
    if not facts["tests"]:
        return f"{executable} has no test suite"
    name = facts["version"] + "t" * facts["free_threaded"] + "d" * facts["debug"]
    return Interpreter(
        name=f"{name} {origin}".strip(),
        wrapper=tuple(wrapper),
        executable=facts["executable"],
        version=facts["version"],
        build=facts["build"],
        debug=facts["debug"],
    )


def candidates():
    """Interpreters to try: (executable, origin, wrapper)."""
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    for minor in range(9, 16):
        yield from (
            (path, "", ())
            for path in sorted(glob.glob(f"{pyenv}/versions/3.{minor}.*/bin/python3"))
        )
    yield "/usr/bin/python3", "system", ()
    yield str(HERE / "python-nogil"), "", ()
    for version in ("3.14", "3.15"):
        yield f"python{version}", "sid", (str(HERE / "sid"),)


def find(paths=None):
    """The interpreters found, and for each one that was not found the reason.

    If paths are given, only these are tried.
    """
    found, failed = [], {}
    tried = candidates() if not paths else [(path, "", ()) for path in paths]
    for executable, origin, wrapper in tried:
        interpreter = probe(executable, origin, wrapper)
        if isinstance(interpreter, str):
            failed[f"{executable} {origin}".strip()] = interpreter
        elif not interpreter.debug:
            found.append(interpreter)
            print(f"found CPython {interpreter.name}", file=sys.stderr, flush=True)
    series = {interpreter.series for interpreter in found}
    for wanted in WANTED if not paths else ():
        if wanted not in series:
            failed[f"CPython {wanted}"] = "no interpreter with a test suite found"
    return found, failed


def debug_build():
    """A build that counts references, or the reason why it is unavailable."""
    return probe("python3.15d", "sid", (str(HERE / "sid"),))

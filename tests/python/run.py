#!/usr/bin/env python3
"""Run the Python package's tests on one interpreter.

    run.py [--python INTERPRETER] [--sid] [--built FOLDER] [--extra FILE] [PYTEST ARGUMENT...]

Builds the package for the interpreter with tools/build_python.sh, unless --built names the folder
that holds csocket/. pytest and Hypothesis are installed once for each version, in a folder under
~/.cache/csocket that only these runs see: nothing is installed into the interpreter itself. --extra
adds another requirements file (types.txt, programs.txt). --sid: the interpreter is one of a Debian
sid root (tests/cpython/sid), python3.15 for example. --tap writes TAP lines, for meson.
"""

import argparse
import hashlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = pathlib.Path(
    os.environ.get("CSOCKET_CACHE")
    or os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "csocket")
)


def version_of(*interpreter):
    code = (
        "import sys, sysconfig as s\n"
        "print('%d.%d' % sys.version_info[:2], s.get_config_var('SOABI'))"
    )
    return subprocess.run(
        [*interpreter, "-c", code], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.split()


def pip():
    """A command: this interpreter's pip, or another one if the distribution omits pip."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    folder = CACHE / "pip"
    if not (folder / "bin" / "pip").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, stdout=sys.stderr)
    return [folder / "bin" / "python3", "-m", "pip"]


def requirements(interpreter, *files):
    """Return the folder where the files' packages are installed for this interpreter's version.

    interpreter: the words of a command.
    """
    version, abi = version_of(*interpreter)
    wanted = b"".join(file.read_bytes() for file in files)
    name = f"{abi}-{hashlib.sha256(wanted).hexdigest()[:12]}"
    folder = CACHE / "pytest" / name
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = pathlib.Path(tempfile.mkdtemp(dir=folder.parent))
        command = [*pip(), "install", "-q", "--disable-pip-version-check"]
        command += ["--target", fresh, "--python-version", version, "--only-binary=:all:"]
        for file in files:
            command += ["-r", file]
        try:
            subprocess.run(list(map(str, command)), check=True, stdout=sys.stderr)
            fresh.rename(folder)
        except OSError:  # another process was faster
            if not folder.exists():
                raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return folder


def build(wrapper, interpreter):
    done = subprocess.run(
        [*wrapper, str(ROOT / "tools" / "build_python.sh"), interpreter],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.splitlines()[-1]


def obstacle(interpreter):
    """Return the reason why the tests cannot run here, or None."""
    code = "import sysconfig as s; print(s.get_paths()['include'])"
    folder = subprocess.run(
        [interpreter, "-c", code], check=True, stdout=subprocess.PIPE, text=True
    )
    if not pathlib.Path(folder.stdout.strip(), "Python.h").exists():
        return f"{interpreter} has no headers (Debian: python3-dev)"
    try:
        requirements([interpreter], HERE / "requirements.txt")
    except subprocess.CalledProcessError:
        return "pytest cannot be installed: no network, or no pip"
    return None


def is_test(argument):
    """Return whether an argument of pytest is one of our test files; "-k tests" names no file."""
    path = pathlib.Path(argument.partition("::")[0]).resolve()
    return path.exists() and HERE in (path, *path.parents)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--sid", action="store_true")
    parser.add_argument("--built")
    parser.add_argument("--extra", action="append", default=[])
    options, rest = parser.parse_known_args()
    extra = [HERE / name for name in options.extra]
    wrapper = []
    if options.sid:
        # pytest reports its start folder and those passed to it.
        os.chdir(ROOT)
        wrapper = [str(ROOT / "tests" / "cpython" / "sid")]
        os.environ["SID_BIND"] = f"{CACHE / 'pytest'}:{tempfile.gettempdir()}"
    if "--tap" in rest and not options.sid and (why := obstacle(options.python)):
        print(f"1..0 # SKIP {why}")
        return 0
    folder = requirements([*wrapper, options.python], HERE / "requirements.txt", *extra)
    built = options.built or build(wrapper, options.python)
    path = [str(pathlib.Path(built).resolve()), str(folder)]
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(path), PYTHONDONTWRITEBYTECODE="1")
    if not any(map(is_test, rest)):
        rest.append(str(HERE))
    with tempfile.TemporaryDirectory(prefix="csk-pytest.") as folder:
        # A shell that runs this in the background leaves SIGINT ignored: tests need the default.
        command = [*wrapper, "env", "--default-signal=INT,QUIT", options.python]
        command += ["-m", "pytest", "-p", "no:cacheprovider", *rest, "--basetemp", f"{folder}/t"]
        return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())

"""The interpreter that a benchmark runs, the package for it, and the programs of others."""

import importlib.util
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
REQUIREMENTS, PEERS = HERE / "requirements.txt", HERE / "peers.txt"
SID = ROOT / "tests" / "cpython" / "sid"


def tests_runner():
    """tests/python/run.py, which installs packages for an interpreter of any version."""
    spec = importlib.util.spec_from_file_location("tests_run", ROOT / "tests/python/run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def add_options(parser):
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--built", help="the output of `make python`")
    parser.add_argument("--packages", help="the folder of the packages of requirements.txt; or ''")
    parser.add_argument(
        "--sid", action="store_true", help="INTERPRETER is one of tests/cpython/sid"
    )


def install(wrapper, python):
    """The folder of the packages: all, or as many as exist for the interpreter; "" without any."""
    for files in ((REQUIREMENTS, PEERS), (REQUIREMENTS,)):
        try:
            return str(tests_runner().requirements([*wrapper, python], *files))
        except subprocess.CalledProcessError:
            continue
    return ""


def obstacle(python):
    """Why the package cannot be built for the interpreter, or None."""
    script = "import sysconfig as s; print(s.get_paths()['include'])"
    if not pathlib.Path(output(python, "-c", script), "Python.h").exists():
        return f"{python} has no headers (Debian: python3-dev)"
    return None


def prepare(options):
    """The environment in which the interpreter finds csocket and the packages.

    With --sid this program starts itself again, in that root.
    """
    if options.sid:
        runner = tests_runner()
        os.chdir(ROOT)
        os.environ["SID_BIND"] = str(runner.CACHE / "pytest")
        packages = install([str(SID)], options.python)
        rest = [word for word in sys.argv if word != "--sid"]
        os.execv(SID, [str(SID), options.python, *rest, "--packages", packages])
    built = options.built
    if not built and getattr(options, "check", False) and (reason := obstacle(options.python)):
        print(f"1..0 # SKIP {reason}")
        sys.exit(0)
    if not built:
        built = output(ROOT / "tools/build_python.sh", options.python).splitlines()[-1]
    packages = options.packages
    if packages is None:
        packages = install([], options.python)
    path = [str(pathlib.Path(built).resolve())] + [packages] * bool(packages)
    return dict(
        os.environ,
        PYTHONPATH=os.pathsep.join(path),
        PYTHONHASHSEED="0",
        PYTHONDONTWRITEBYTECODE="1",
    )


def has(python, environment, module):
    """Whether the interpreter can import a module."""
    done = subprocess.run([*python, "-c", f"import {module}"], env=environment, capture_output=True)
    return done.returncode == 0


def version(python):
    return output(*python, "-c", "import platform as p; print(p.python_version())")


def report(lines, path, marks):
    """Print lines as they come; if path is set, they also replace those between the marks there."""
    printed = []
    for line in lines:
        printed.append(line)
        print(line, flush=True)
    if path:
        write(path, marks, printed)
    return printed


def write(path, marks, lines):
    """Replace the lines between two marks of a Markdown file."""
    text = path.read_text(encoding="utf-8")
    if not all(text.count(mark) == 1 for mark in marks):
        raise SystemExit(f"{path} needs these two lines once:\n{''.join(marks)}")
    head, rest = text.split(marks[0])
    text = head + "\n".join([marks[0], *lines, "", marks[1]]) + rest.split(marks[1])[1]
    path.write_text(text, encoding="utf-8")

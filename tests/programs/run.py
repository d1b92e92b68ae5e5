#!/usr/bin/env python3
"""Run other people's programs on the standard library's socket and on csocket, and compare.

    run.py [--python INTERPRETER] [--built FOLDER] [NAME...]

The programs are the scripts run_*.py in this folder, whose output is compared, and the suites of
trio, gevent and Twisted, whose test outcomes are compared. Their requirements are installed once in
an environment under ~/.cache/csocket; each runs in a separate network namespace, so root is needed.
Differences are printed; the last line is `N passed, N failed, N skipped`.
"""

import argparse
import collections
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "csocket")
LIMIT = 180  # seconds for each run
# localhost has two addresses, as on most machines: tests of IPv6 need the second one.
ENTER = 'ip link set lo up && mount --bind "$1" /etc/hosts && shift && exec "$@"'
SPACE = ("unshare", "--net", "--mount", "sh", "-c", ENTER, "sh", str(HERE / "hosts"))
SUITES = {
    "trio": ["trio._tests.test_socket", "trio._tests.test_highlevel_socket",
             "trio._tests.test_highlevel_open_tcp_stream", "trio._tests.test_highlevel_ssl_helpers",
             "trio._tests.test_highlevel_open_tcp_listeners", "trio._tests.test_unix_pipes"],
    "gevent": ["gevent.tests.test__socket", "gevent.tests.test__socket_close",
               "gevent.tests.test__socket_errors", "gevent.tests.test__socket_ex",
               "gevent.tests.test__socket_send_memoryview", "gevent.tests.test__socket_timeout",
               "gevent.tests.test__socketpair", "gevent.tests.test__server"],
    "twisted": ["twisted.test.test_tcp", "twisted.test.test_unix", "twisted.test.test_udp",
                "twisted.internet.test.test_tcp", "twisted.internet.test.test_unix",
                "twisted.internet.test.test_socket"],
}  # fmt: skip
OPTIONS = {"trio": ["-p", "trio._tests.pytest_plugin", "--run-slow"], "gevent": [], "twisted": []}
# Expected differences: {line or test: reason}.
EXPECTED = {}


def environment(python, *files, alone=()):
    """Return the interpreter of an environment with the packages listed in files of this folder.

    The packages listed in alone are installed without their dependencies.
    """
    wanted = b"".join((HERE / file).read_bytes() for file in (*files, *alone)) + python.encode()
    folder = CACHE / f"programs-{hashlib.sha256(wanted).hexdigest()[:12]}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin/pip"), "-q", "--disable-pip-version-check", "install"]
        for options, group in (([], files), (["--no-deps"], alone)):
            for file in group:
                options += ["-r", str(HERE / file)]
            if group:
                subprocess.run([*pip, *options], check=True)
        (folder / "complete").touch()
    return str(folder / "bin/python")


def build(python):
    """The folder that holds the package, built for an interpreter."""
    command = [str(ROOT / "tools/build_python.sh"), python]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()[-1]


def run(command, variables):
    """Return (exit status, output) of a command in a separate network namespace."""
    command = [*SPACE, "env", "--default-signal=INT,QUIT", *command]
    try:
        done = subprocess.run(
            command, env={**os.environ, **variables}, stdout=subprocess.PIPE, check=False,
            stderr=subprocess.STDOUT, text=True, timeout=LIMIT, errors="replace",
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        return "timeout", (error.stdout or b"").decode(errors="replace")
    return done.returncode, done.stdout


def script(python, name, variables):
    """Return how often a script prints each line."""
    status, text = run([*python, str(HERE / f"run_{name}.py")], variables)
    return collections.Counter(text.splitlines()), status, text


def suite(python, name, variables):
    """Return {test: outcome} of a suite's modules, each run in a separate process."""
    found, worst, texts = {}, 0, []
    for module in SUITES[name]:
        with tempfile.TemporaryDirectory() as folder:
            report = f"{folder}/report.xml"
            command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
            command += [*OPTIONS[name], "--pyargs", module]
            status, text = run([*python, *command], variables)
            texts.append(text)
            if not os.path.exists(report):
                found[module], worst = f"ended with status {status}", status
                continue
            for case in xml.etree.ElementTree.parse(report).iter("testcase"):
                outcome = next((child.tag for child in case), "passed")
                found[f"{case.get('classname')}.{case.get('name')}"] = outcome
    return found, worst, "\n".join(texts)


def compare(name, python, package):
    """Return the number of equal outcomes and the differences."""
    kind = suite if name in SUITES else script
    plain, status, text = kind([python], name, {})
    ours, our_status, our_text = kind([python, "-m", "csocket"], name, {"PYTHONPATH": package})
    problems = []
    if name not in SUITES and status != 0:
        problems.append(f"fails without csocket, with status {status}:\n{text[-2000:]}")
    elif our_status != status:
        problems.append(f"status {our_status} instead of {status}:\n{our_text[-3000:]}")
    if problems and name not in SUITES:
        return 0, problems
    for key in [*plain, *(key for key in ours if key not in plain)]:
        if plain.get(key) != ours.get(key) and key not in EXPECTED:
            problems.append(f"{key}: {plain.get(key)} without csocket, {ours.get(key)} with it")
    same = sum(plain[key] == ours.get(key) for key in plain)
    return same, problems


def main():
    names = [*(path.stem[len("run_") :] for path in sorted(HERE.glob("run_*.py"))), *SUITES]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default="/usr/bin/python3")
    parser.add_argument("--built", help="the folder that holds csocket/, if it is built")
    parser.add_argument("name", nargs="*", default=names, help=", ".join(names))
    options = parser.parse_args()
    for name in options.name:
        if name not in names:
            parser.error(f"no program {name!r}: {', '.join(names)}")
    if os.geteuid() != 0:
        print("programs: root is needed for network namespaces\n0 passed, 0 failed, 1 skipped")
        return 0
    python = environment(options.python, "requirements.txt")
    built = options.built or build(options.python)
    passed = failed = 0
    for name in options.name:
        same, problems = compare(name, python, built)
        print(f"{name}: {same} results are the same")
        for problem in problems:
            print(f"{name}: {problem}")
        passed, failed = passed + same, failed + len(problems)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

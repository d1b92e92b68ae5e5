#!/usr/bin/env python3
"""Data races of the extension, as ThreadSanitizer sees them: races.py [SECONDS]

Builds csocket with ThreadSanitizer for a free-threaded interpreter that is built with it too
(tests/cpython/python-nogil), and runs hammer.py. A report counts if one of the two accesses is in
the extension's own code, or one call away from it, and if it concerns memory: hammer.py
deliberately closes descriptors that are in use. Its detection proves that other races would be
detected. Races within the interpreter's bytearray, which has no lock, are not counted. The last
line printed is `N passed, N failed, N skipped`.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PYTHON = ROOT / "tests" / "cpython" / "python-nogil"
OURS = "_socket.cpython-"
NEAR = 2  # number of frames: a function of the interpreter or of libc, and its caller
ENVIRONMENT = dict(os.environ, NOGIL_SANITIZE="thread", CC="clang", SANITIZE="thread")
NAMESPACE = ("unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "_")


def output(*command, **more):
    done = subprocess.run(
        list(map(str, command)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
        **more,
    )
    return done.stdout.strip() if done.returncode == 0 else None


def accesses(report):
    """The stacks of the two accesses: lists of frames, innermost first."""
    stacks = []
    for part in report.split("\n\n"):
        lines = part.splitlines()
        heads = [
            i for i, line in enumerate(lines) if re.search(r"(Read|Write|read|write) of ", line)
        ]
        if heads:
            stacks.append([line for line in lines[heads[0] + 1 :] if re.match(r" +#\d", line)])
    return stacks


def is_ours(report):
    return any(OURS in frame for stack in accesses(report) for frame in stack[:NEAR])


def is_about_a_descriptor(report):
    return "Location is file descriptor" in report


def is_the_bytearrays_own(report):
    """A bytearray grew while it was being sent: 3.13 checks its exports without a lock."""
    return any("bytearrayobject.c" in stack[0] for stack in accesses(report) if stack)


def reports(package, interpreter, *arguments):
    """Run a program under ThreadSanitizer; return (all reports, exit status, output)."""
    with tempfile.TemporaryDirectory() as folder:
        options = f"log_path={folder}/tsan exitcode=0 halt_on_error=0 history_size=4"
        isolate = NAMESPACE if output(*NAMESPACE, "true") is not None else ()
        done = subprocess.run(
            [*isolate, "setarch", "-R", interpreter, HERE / "hammer.py", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=dict(ENVIRONMENT, PYTHONPATH=package, TSAN_OPTIONS=options),
        )
        text = "".join(file.read_text() for file in pathlib.Path(folder).iterdir())
    found = [part for part in text.split("=" * 18 + "\n") if part.startswith("WARNING")]
    return found, done.returncode, done.stdout


def main(seconds="20"):
    interpreter = output(PYTHON, "-c", "import sys; print(sys.executable)")
    if not interpreter:
        print("skipped: no free-threaded interpreter with ThreadSanitizer can be built here")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    package = output(ROOT / "tools" / "build_python.sh", interpreter)
    package = package.splitlines()[-1] if package else sys.exit("the package was not built")

    found, status, said = reports(package, interpreter, seconds)
    ours = [
        report
        for report in found
        if is_ours(report)
        and not is_about_a_descriptor(report)
        and not is_the_bytearrays_own(report)
    ]
    print(
        f"hammer: {said.strip()}, exit status {status}, {len(found)} reports, {len(ours)} of ours"
    )
    print("\n".join(ours))
    failed = bool(ours) + (status != 0)

    found, status, said = reports(package, interpreter, "control")
    seen = any(is_ours(report) and is_about_a_descriptor(report) for report in found)
    print(f"control: {said.strip()} {len(found)} reports, {'seen' if seen else 'NOT NOTICED'}")
    failed += not seen
    print(f"{3 - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

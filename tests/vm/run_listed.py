#!/usr/bin/env python3
"""Run the tests of some meson suites without meson, which is slow to start on an emulated machine.

    run_listed.py BUILDDIR OUTDIR SUITE...

Reads BUILDDIR/meson-info/intro-tests.json and writes OUTDIR/meson-logs/testlog.json, as meson
would, for tests/support/summary.py to count. Timeouts are ten times as long.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

SLOWER = 10


def run(test):
    """Run one test program; return the entry that meson would write."""
    start = time.monotonic()
    process = subprocess.Popen(
        test["cmd"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=test["workdir"],
        env=dict(os.environ, **test["env"]),
        start_new_session=True,
    )
    expired = False
    try:
        stdout, stderr = process.communicate(timeout=test["timeout"] * SLOWER or None)
    except subprocess.TimeoutExpired:
        expired = True
        os.killpg(process.pid, signal.SIGKILL)
        stdout, stderr = process.communicate()
    status = process.returncode
    if expired:
        result = "TIMEOUT"
    elif status == 77 and test["protocol"] == "exitcode":
        result = "SKIP"
    else:
        bad = test["protocol"] == "tap" and b"\nnot ok" in b"\n" + stdout
        result = "FAIL" if bad else "OK" if status == 0 else "ERROR"
    return {
        "name": test["name"],
        "result": result,
        "returncode": status,
        "duration": round(time.monotonic() - start, 2),
        "stdout": stdout.decode(errors="replace"),
        "stderr": stderr.decode(errors="replace"),
    }


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    build, out, suites = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), set(sys.argv[3:])
    listed = json.loads((build / "meson-info" / "intro-tests.json").read_text())
    # A suite is called PROJECT:SUITE there.
    chosen = [t for t in listed if suites & {name.rpartition(":")[2] for name in t["suite"]}]
    log = out / "meson-logs" / "testlog.json"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as file:
        for test in chosen:
            entry = run(test)
            print(f"{entry['name']:40} {entry['result']:8} {entry['duration']} s", flush=True)
            file.write(json.dumps(entry) + "\n")
            file.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

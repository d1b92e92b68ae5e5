"""TAP lines for meson, one per test; all other output goes to standard error."""

import os
import sys


class Reporter:
    def __init__(self):
        self.stream = os.fdopen(os.dup(1), "w", buffering=1)
        os.dup2(2, 1)
        self.number = 0

    def pytest_collection_modifyitems(self, items):
        self.stream.write(f"1..{len(items)}\n")

    def pytest_runtest_logreport(self, report):
        if report.when != "call" and report.outcome == "passed":
            return
        if report.when == "teardown" and report.outcome != "failed":
            return
        self.number += 1
        name = report.nodeid.partition("::")[2].replace("#", "")
        if report.skipped:
            why = report.longrepr
            reason = why[2] if isinstance(why, tuple) else "expected failure"
            self.stream.write(f"ok {self.number} {name} # SKIP {reason}\n")
        elif report.failed:
            self.stream.write(f"not ok {self.number} {name}\n")
            for line in report.longreprtext.splitlines()[-30:]:
                self.stream.write(f"# {line}\n")
        else:
            self.stream.write(f"ok {self.number} {name}\n")


def install(config):
    config.pluginmanager.register(Reporter(), "csocket-tap")
    sys.stdout = sys.stderr

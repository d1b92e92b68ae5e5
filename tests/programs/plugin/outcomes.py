"""A plugin for pytest: write each test's outcome to the file $OUTCOMES as soon as it is known."""

import os
import threading

LIMIT = 30  # seconds that the process may wait for others at its end


class Outcomes:
    def __init__(self, file):
        self.file, self.found = file, {}

    def write(self, name, outcome):
        self.file.write(f"{outcome}\t{name!r}\n")
        self.file.flush()

    def pytest_runtest_logstart(self, nodeid):
        self.found[nodeid] = "passed"
        self.write(nodeid, "begun")  # remains if the process dies here

    def pytest_runtest_logreport(self, report):
        if report.outcome == "failed":
            self.found[report.nodeid] = "failed" if report.when == "call" else "error"
        elif report.outcome == "skipped" and self.found[report.nodeid] == "passed":
            self.found[report.nodeid] = "xfailed" if hasattr(report, "wasxfail") else "skipped"

    def pytest_runtest_logfinish(self, nodeid):
        self.write(nodeid, self.found[nodeid])

    def pytest_collectreport(self, report):
        if report.outcome == "failed":
            self.write(report.nodeid, "not collected")


def pytest_unconfigure(config):
    """End the process if it waits for the tests' child processes, for example."""
    end = threading.Timer(LIMIT, os._exit, (9,))
    end.daemon = True
    end.start()


def pytest_configure(config):
    file = open(os.environ["OUTCOMES"], "a", encoding="utf-8")  # noqa: SIM115
    config.pluginmanager.register(Outcomes(file), "outcomes-of-csocket")

#!/usr/bin/env python3
"""Run unittest test files and write a TAP line for each test, for meson's `protocol: 'tap'`.

    tap_unittest.py FILE.py... [-k PATTERN]

A subtest that fails fails its test. The output of tests is written to standard error, so that it
cannot disturb the protocol.
"""

import argparse
import importlib.util
import os
import pathlib
import signal
import sys
import unittest


class TapResult(unittest.TestResult):
    """Writes one line per test, with the traceback of a failure as comments after it."""

    def __init__(self, stream):
        super().__init__()
        self.tap = stream
        self.number = 0
        self.troubles = []
        self.skip_reason = None

    def startTest(self, test):
        super().startTest(test)
        self.troubles, self.skip_reason = [], None

    def addError(self, test, err):
        super().addError(test, err)
        self.trouble(test, self.errors[-1][1])

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.trouble(test, self.failures[-1][1])

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.trouble(test, "passed, but was expected to fail")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            kind = self.failures if issubclass(err[0], test.failureException) else self.errors
            self.trouble(test, f"{subtest}\n{kind[-1][1]}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.skip_reason = reason
        if not isinstance(test, unittest.TestCase):  # a class or module that skipped itself
            self.stopTest(test)

    def trouble(self, test, text):
        self.troubles.append(text)
        if not isinstance(test, unittest.TestCase):  # setUpClass or setUpModule failed
            self.stopTest(test)

    def stopTest(self, test):
        super().stopTest(test)
        self.number += 1
        lines = [f"{'not ok' if self.troubles else 'ok'} {self.number} - {title(test)}"]
        if self.skip_reason is not None and not self.troubles:
            lines[0] += " # SKIP " + " ".join(str(self.skip_reason).split())
        for text in self.troubles:
            lines += [f"# {line}" for line in text.splitlines()]
        self.tap.write("\n".join(lines) + "\n")
        self.tap.flush()
        self.troubles, self.skip_reason = [], None


def title(test):
    """The test's own name: `Class.method`, without text that TAP would parse as a directive."""
    name = test.id() if hasattr(test, "id") else str(test)
    return ".".join(name.split(".")[-2:]).replace("#", "number ")


def load(paths, patterns):
    loader = unittest.TestLoader()
    if patterns:
        loader.testNamePatterns = [p if "*" in p else f"*{p}*" for p in patterns]
    suite = unittest.TestSuite()
    for path in map(pathlib.Path, paths):
        folder = str(path.resolve().parent)
        if folder not in sys.path:
            sys.path.insert(0, folder)
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = sys.modules[path.stem] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        suite.addTests(loader.loadTestsFromModule(module))
    return suite


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="+")
    parser.add_argument("-k", action="append", metavar="PATTERN", help="only tests like this")
    options = parser.parse_args()
    # Sent by meson to tests that take too long or are interrupted: temporary folders are removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace") as tap:
        os.dup2(2, 1)
        suite = load(options.file, options.k)
        result = TapResult(tap)
        suite.run(result)
        if result.testsRun == 0 and not result.errors and not result.skipped:
            tap.write("Bail out! no test found\n")
            return 1
        tap.write(f"1..{result.number}\n")  # last: a class that skips itself is one line
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())

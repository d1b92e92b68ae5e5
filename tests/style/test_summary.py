"""tests/support/summary.py: the output of test programs is counted correctly."""

import importlib.util
import pathlib
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tests/support/summary.py"
spec = importlib.util.spec_from_file_location("summary_tool", TOOL)
summary = importlib.util.module_from_spec(spec)
spec.loader.exec_module(summary)


def outcomes(stdout, result="OK", returncode=0, stderr=""):
    test = {"name": "t", "stdout": stdout, "result": result, "returncode": returncode}
    return [case[1] for case in summary.program_cases(dict(test, stderr=stderr))]


class Counting(unittest.TestCase):
    def test_each_line_is_a_case(self):
        self.assertEqual(outcomes("1..2\nok 1 - a\nok 2 - b\n"), ["passed", "passed"])

    def test_skip_keeps_its_reason(self):
        cases = summary.program_cases(
            {"name": "t", "stdout": "ok 1 - a # SKIP no IPv6\n1..1\n", "result": "OK"}
        )
        self.assertEqual(cases, [("a", "skipped", "no IPv6")])

    def test_the_lines_of_a_failure_are_kept(self):
        cases = summary.program_cases(
            {"name": "t", "stdout": "1..1\nnot ok 1 - a\n# 1 != 2\n", "result": "FAIL"}
        )
        self.assertEqual(cases, [("a", "failed", "1 != 2")])

    def test_an_expected_failure_is_not_a_failure(self):
        self.assertEqual(outcomes("1..1\nnot ok 1 - a # TODO later\n"), ["passed"])

    def test_death_after_the_first_of_two_is_a_failure(self):
        got = outcomes("1..2\nok 1 - a\n", "ERROR", -11)
        self.assertEqual(got, ["passed", "failed"])

    def test_error_exit_after_good_lines_is_a_failure(self):
        self.assertEqual(outcomes("1..1\nok 1 - a\n", "ERROR", 23), ["passed", "failed"])

    def test_timeout_is_a_failure(self):
        self.assertEqual(outcomes("1..2\nok 1 - a\n", "TIMEOUT", -15), ["passed", "failed"])

    def test_program_without_tap_is_one_case(self):
        self.assertEqual(outcomes("hello\n"), ["passed"])
        self.assertEqual(outcomes("hello\n", "FAIL", 1), ["failed"])
        self.assertEqual(outcomes("needs root\n", "SKIP", 77), ["skipped"])

    def test_a_program_that_skips_itself_prints_the_reason(self):
        cases = summary.program_cases(
            {"name": "t", "stdout": "1..0 # SKIP no kernel\n", "result": "SKIP"}
        )
        self.assertEqual(cases, [("", "skipped", "no kernel")])

    def test_hash_inside_a_name_is_not_a_directive(self):
        self.assertEqual(outcomes("1..1\nnot ok 1 - a \\# SKIP b\n", "FAIL", 1), ["failed"])

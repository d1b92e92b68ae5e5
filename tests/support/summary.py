#!/usr/bin/env python3
"""Count every test case of the last `meson test` run, and list the failed and the skipped ones.

    summary.py BUILDDIR... [--json FILE]

meson counts a program as one test; here each line of its TAP output is one. A program that died,
timed out or did not report all planned tests counts as one more failed case. The last line printed
is `N passed, N failed, N skipped`; the exit status reports whether a test failed (or none ran).
"""

import argparse
import json
import pathlib
import re
import sys

TAP_LINE = re.compile(r"(?P<bad>not )?ok\b\s*(?P<number>\d+)?\s*(?:- )?(?P<name>.*)")
DIRECTIVE = re.compile(r"\s*(?<!\\)#\s*(?P<word>SKIP|TODO)\S*\s*(?P<reason>.*)", re.IGNORECASE)
PLAN = re.compile(r"1\.\.(?P<count>\d+)(?P<rest>.*)")


def tap_cases(text):
    """Return (name, outcome, detail) of each TAP line, and the number of planned cases."""
    cases, planned = [], None
    for line in text.splitlines():
        if plan := PLAN.match(line):
            planned = int(plan["count"])
            if planned == 0:
                skip = DIRECTIVE.match(plan["rest"])
                cases.append(("", "skipped", skip["reason"] if skip else "no test in it"))
        elif tap := TAP_LINE.match(line):
            name, outcome, detail = tap["name"], "failed" if tap["bad"] else "passed", ""
            if directive := DIRECTIVE.search(name):
                name = name[: directive.start()]
                detail = directive["reason"]
                skip = directive["word"].upper() == "SKIP"
                outcome = "skipped" if skip and not tap["bad"] else "passed"
            cases.append((name.strip() or tap["number"] or "?", outcome, detail))
        elif cases and line.startswith("#") and cases[-1][1] == "failed":
            name, outcome, detail = cases[-1]
            cases[-1] = (name, outcome, f"{detail}\n{line[1:].strip()}".strip())
    return cases, planned


def program_cases(test):
    """The cases of one entry of testlog.json."""
    output = test.get("stdout") or ""
    cases, planned = tap_cases(output)
    result = test["result"]
    if not cases:
        outcome = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}.get(
            result, "failed"
        )
        last = (output or test.get("stderr") or "").strip().splitlines()[-1:]
        return [("", outcome, "" if outcome == "passed" else " ".join(last) or result)]
    failed = any(outcome == "failed" for _, outcome, _ in cases)
    short = planned is not None and planned > 0 and len(cases) < planned
    if result not in ("OK", "SKIP", "EXPECTEDFAIL") and (short or not failed):
        ended = f"{result.lower()} (exit status {test.get('returncode')})"
        if short:
            ended += f", {planned - len(cases)} planned cases did not run"
        errors = (test.get("stderr") or "").strip().splitlines()[-12:]
        cases.append(("the program itself", "failed", "\n".join([ended, *errors])))
    return cases


def read_log(builddir):
    # A run under a wrapper has its own file: testlog-valgrind.json.
    logs = pathlib.Path(builddir, "meson-logs").glob("testlog*.json")
    path = max(logs, key=lambda log: log.stat().st_mtime, default=None)
    if path is None:
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            test = json.loads(line)
            for name, outcome, detail in program_cases(test):
                yield {"test": test["name"], "case": name, "outcome": outcome, "detail": detail}


def show(cases, outcome, title):
    chosen = [case for case in cases if case["outcome"] == outcome]
    if chosen:
        print(f"\n{title}:")
    for case in chosen:
        name = f"{case['test']}: {case['case']}" if case["case"] else case["test"]
        detail = case["detail"].replace("\n", "\n        ")
        print(f"  {name}" + (f": {detail}" if detail else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("builddir", nargs="+")
    parser.add_argument("--json", metavar="FILE", help="write every case there")
    options = parser.parse_args()
    cases = [case for builddir in options.builddir for case in read_log(builddir)]
    show(cases, "skipped", "Skipped")
    show(cases, "failed", "Failed")
    counts = {
        outcome: sum(case["outcome"] == outcome for case in cases)
        for outcome in ("passed", "failed", "skipped")
    }
    if options.json:
        text = json.dumps({"counts": counts, "cases": cases}, indent=1)
        pathlib.Path(options.json).write_text(text, encoding="utf-8")
    if not cases:
        print("no test ran: see meson-logs in", *options.builddir, file=sys.stderr)
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    return 1 if counts["failed"] or not cases else 0


if __name__ == "__main__":
    sys.exit(main())

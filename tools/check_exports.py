#!/usr/bin/env python3
"""Prove that the library exports what the headers declare, and nothing else.

    check_exports.py [--mutable] SHARED STATIC HEADER.h...

SHARED: its dynamic symbols are the headers' functions, each in the version of its Since:.
STATIC: every global symbol begins with csk_ or cski_; with --mutable, no variable can be written
but those in MAY_CHANGE.
"""

import argparse
import re
import subprocess
import sys

import headers

# Variables that threads share, and why each may change.
MAY_CHANGE = {
    "default_timeout": "an atomic: the specification's default timeout is one for the process",
    "innermost": "each thread has its own",
    "cski_scope_count": "an atomic: how many scopes there are in all threads",
}

# Declared for a part of the library that is not written yet.  Take the name out when it is.
NOT_YET = set()

# What compilers add: the address sanitizer's indicators.
COMPILERS_OWN = re.compile(r"__odr_asan|__asan_|__tsan_|__ubsan_|__llvm_|__gcov_|__sancov_")


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def dynamic_symbols(library):
    """{name: version or ""} of what a shared library defines."""
    symbols = {}
    for line in run("nm", "-D", "--defined-only", library).splitlines():
        name, _, version = line.split()[-1].partition("@")
        if not COMPILERS_OWN.match(name) and line.split()[-2] != "A":
            symbols[name] = version.strip("@")
    return symbols


def check_shared(library, functions):
    declared = {f.name: f"CSOCKET_{f.doc.since}" for f in functions}
    exported = dynamic_symbols(library)
    versions = any(exported.values())
    for name in sorted(declared.keys() - exported.keys()):
        yield f"{name}: declared, but not defined in {library}"
    for name in sorted(exported.keys() - declared.keys()):
        yield f"{name}: exported by {library}, but in no header"
    for name in sorted(exported.keys() & declared.keys()):
        if versions and exported[name] != declared[name]:
            yield f"{name}: has version {exported[name] or 'none'}, its comment {declared[name]}"


def still_missing(problems, names):
    """The problems without those that are known; a known one that is gone is a problem, too."""
    missing = {p.partition(":")[0] for p in problems if ": declared, but not" in p}
    gone = [f"{name}: is there now, take it out of NOT_YET" for name in sorted(names - missing)]
    return [p for p in problems if p.partition(":")[0] not in missing & names] + gone


def check_prefixes(library):
    for line in run("nm", "-g", "--defined-only", library).splitlines():
        fields = line.split()
        if len(fields) != 3 or COMPILERS_OWN.match(fields[2]):
            continue
        if not fields[2].startswith(("csk_", "cski_")):
            yield f"{fields[2]}: global in {library}, but neither csk_ nor cski_"


def check_mutable(library):
    """A variable lies in .data or .bss; .data.rel.ro is read-only once the program runs."""
    for line in run("objdump", "-t", library).splitlines():
        match = re.match(r"\S+ .{7} (\.t?(?:data|bss)\S*)\s+\S+\s+(\S+)$", line)
        if not match or match[1].startswith(".data.rel.ro") or match[1] == match[2]:
            continue
        name = re.sub(r"\.\d+$", "", match[2])
        if name not in MAY_CHANGE:
            yield f"{name}: a variable that can be written, in {library}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutable", action="store_true", help="check for variables, too")
    parser.add_argument("shared")
    parser.add_argument("static")
    parser.add_argument("header", nargs="+")
    options = parser.parse_args()
    found = headers.load(options.header)
    problems = headers.problems(found)
    if not problems:
        problems += still_missing(
            [*check_shared(options.shared, headers.functions(found))], NOT_YET
        )
    problems += check_prefixes(options.static)
    if options.mutable:
        problems += check_mutable(options.static)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Write the linker's version script: every export of the headers, with the symbol version of its
Since:.

    gen_map.py OUTPUT HEADER.h...

A comment that violates the format described in csocket.h, or an export without a comment, is an
error.
"""

import pathlib
import sys

import headers


def version_script(functions):
    """Return the script: each version inherits from the previous one, and the first hides all other
    symbols."""
    versions = {}
    for function in functions:
        number = tuple(map(int, function.doc.since.split(".")))
        versions.setdefault(number, []).append(function.name)
    blocks, previous = [], ""
    for number in sorted(versions):
        lines = [f"CSOCKET_{number[0]}.{number[1]} {{", "global:"]
        lines += [f"    {name};" for name in sorted(versions[number])]
        if not previous:
            lines += ["local:", "    *;"]
        lines.append(f"}}{previous};")
        previous = f" CSOCKET_{number[0]}.{number[1]}"
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def main(output, *paths):
    found = headers.load(paths)
    problems = headers.problems(found)
    if problems:
        sys.exit("\n".join(problems))
    pathlib.Path(output).write_text(version_script(headers.functions(found)), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__.strip())
    main(*sys.argv[1:])

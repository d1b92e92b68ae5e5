#!/usr/bin/env python3
"""Write the command's manual pages, csocket(1) and one page per command, into a folder.

    gen_cli_man.py --program csocket --output FOLDER SOURCE.c...

The program prints them from the tables that parse its arguments (csocket help --man); only the
dates of the sources are used.
"""

import argparse
import pathlib
import re
import subprocess
import sys

from gen_man import newest


def ask(program, *arguments):
    result = subprocess.run([program, *arguments], stdout=subprocess.PIPE, check=True, text=True)
    return result.stdout


def commands(program):
    return re.findall(r"^  ([a-z]+) +[A-Z]", ask(program, "--help"), re.M)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--output", required=True, type=pathlib.Path)
    parser.add_argument("source", nargs="+")
    options = parser.parse_args()
    mark = '.\\" Made by tools/gen_cli_man.py of the tables in cli/.\n'
    date = newest(options.source)
    options.output.mkdir(parents=True, exist_ok=True)
    for name in ["", *commands(options.program)]:
        page = ask(options.program, "help", "--man", *filter(None, [name]))
        page = page.replace(' 1 "" ', f' 1 "{date}" ', 1)
        file = f"csocket-{name}.1" if name else "csocket.1"
        (options.output / file).write_text(mark + page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Write the C program that README.md shows as a whole one, which takes the address as argument.

readme_program.py README.md OUTPUT.c
"""

import pathlib
import re
import sys

ADDRESS = '"localhost:8080"'
PROGRAM = """\
/* Made by tools/readme_program.py of README.md. */
#include <csocket/csocket.h>

#include <err.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;

%s
    return 0;
}
"""


def block(text, language):
    """The text's first code in a language."""
    return re.search(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)[1]


def program(text):
    code = block(text, "c")
    assert ADDRESS in code, ADDRESS
    return PROGRAM % code.replace(ADDRESS, "argv[1]")


if __name__ == "__main__":
    readme, output = map(pathlib.Path, sys.argv[1:])
    output.write_text(program(readme.read_text(encoding="utf-8")), encoding="utf-8")

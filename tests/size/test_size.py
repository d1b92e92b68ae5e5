#!/usr/bin/env python3
"""The part of the static library in a program: under 40 kB for connecting and receiving.

$TWO_CALLS is the program, and $MAPS are the linker's maps of it, linked with and without
--gc-sections. The sections of the library's objects that are loaded are summed. The program's
errors prove that addresses are formatted without the families' descriptions.
"""

import collections
import os
import pathlib
import re
import subprocess
import unittest

PROGRAM, MAPS = os.environ["TWO_CALLS"], os.environ["MAPS"].split(":")
AT_MOST = 40_000
# The name of a long section is on a separate line.
SECTION = re.compile(r"^ (\.\S+|COMMON)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) \S*libcsocket\.a\((.*)\)$")
LOADED = re.compile(r"\.(text|t?data|rodata|t?bss|eh_frame|gcc_except|init|fini)|COMMON")
ERRORS = """\
connect to 192.0.2.1:80: Bad file descriptor
connect to [::1%7]:443: Bad file descriptor
connect to /run/service: Bad file descriptor
connect to @run/service: Bad file descriptor
connect to AF_250 0x00000000000000000000000000ab: Bad file descriptor
"""


def sizes(path):
    """The bytes of each object of the library that are in the program."""
    text = pathlib.Path(path).read_text(encoding="utf-8")
    memory = text.partition("Linker script and memory map")[2]
    found = collections.Counter()
    for line in re.sub(r"^( \.\S+)\n", r"\1", memory, flags=re.M).splitlines():
        section = SECTION.match(line)
        # Discarded sections are at address 0.
        if section and LOADED.match(section[1]) and int(section[2], 16):
            found[section[4]] += int(section[3], 16)
    return found


class Size(unittest.TestCase):
    def test_two_calls_take_less_than_40_kB_from_the_library(self):
        for path in MAPS:
            found = sizes(path)
            with self.subTest(map=path):
                self.assertTrue({"connection.c.o", "io.c.o"} <= set(found), found)
                self.assertLess(sum(found.values()), AT_MOST, found.most_common())

    def test_no_family_is_linked(self):
        for path in MAPS:
            with self.subTest(map=path):
                families = {name for name in sizes(path) if name.startswith("family_")}
                self.assertEqual(families, {"family_usual.c.o"})

    def test_errors_have_the_address(self):
        done = subprocess.run([PROGRAM], stdout=subprocess.PIPE, text=True, check=True)
        self.assertEqual(done.stdout, ERRORS)


if __name__ == "__main__":
    unittest.main()

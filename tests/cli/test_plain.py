"""The command as built on systems without ncurses, libsmartcols and glibc's argp."""

import os
import re
import shutil
import socket
import subprocess
import unittest

from command import PROGRAM, address_of
from test_watch import on_terminal


class Plain(unittest.TestCase):
    @unittest.skipUnless(shutil.which("readelf"), "readelf is not installed")
    def test_it_needs_no_other_library(self):
        said = subprocess.run(["readelf", "-dW", "--dyn-syms", PROGRAM], capture_output=True,
                              text=True, check=True).stdout  # fmt: skip
        needed = re.findall(r"\(NEEDED\).*\[(.*?)\]", said)
        of_c = r"lib(c|m|dl|pthread|rt|csocket|gcc_s|[a-z]*san)\b.*|ld-linux.*"
        self.assertEqual([name for name in needed if not re.fullmatch(of_c, name)], [])
        self.assertEqual(re.findall(r" (?:argp_|scols_|initscr|setupterm)\w*", said), [])

    def test_watching_on_a_terminal_prints_lines(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            status, shown = on_terminal("options", "--watch", "--interval=10ms", "--count=3",
                                        address_of(server), term="xterm-256color")  # fmt: skip
        self.assertEqual(status, 0)
        self.assertNotIn("\x1b", shown)
        self.assertEqual(len(re.findall("TCP_ESTABLISHED", shown)), 3)

    def test_it_is_another_program(self):
        self.assertEqual(os.path.basename(PROGRAM), "csocket_plain")


if __name__ == "__main__":
    unittest.main()

"""Completion for bash: what it offers after a beginning of a line."""

import os
import shutil
import subprocess
import unittest

from command import ENVIRONMENT, PROGRAM

SCRIPT = """
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_csocket
printf '%s\\n' "${COMPREPLY[@]}"
"""


@unittest.skipUnless(shutil.which("bash"), "bash is not installed")
class Completion(unittest.TestCase):
    def offered(self, *words):
        done = subprocess.run(
            ["bash", "-c", SCRIPT, "bash", os.environ["CSOCKET_COMPLETION"], PROGRAM, *words],
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
            timeout=60,
            check=True,
        )
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_commands(self):
        self.assertIn("options", self.offered(""))
        self.assertIn("listen", self.offered(""))
        self.assertEqual(self.offered("opt"), ["options"])
        self.assertEqual(self.offered("help", "const"), ["constants"])

    def test_options_of_a_command(self):
        self.assertEqual(self.offered("options", "--fi"), ["--fields="])
        self.assertEqual(self.offered("options", "--wa"), ["--watch"])
        self.assertIn("--family=", self.offered("connect", "-"))

    def test_socket_options(self):
        self.assertEqual(self.offered("options", "--get", "=", "SO_LIN"), ["SO_LINGER"])
        self.assertEqual(self.offered("options", "--set", "=", "so_lin"), ["SO_LINGER"])
        self.assertGreater(len(self.offered("options", "--describe", "=")), 500)
        self.assertIn("TCP_KEEPIDLE", self.offered("options", "tcp_keep"))

    def test_constants_and_families(self):
        self.assertEqual(self.offered("constants", "AF_INET"), ["AF_INET", "AF_INET6"])
        self.assertEqual(self.offered("families", "AF_U"), ["AF_UNIX"])
        self.assertEqual(self.offered("options", "--family", "=", "af_uni"), ["AF_UNIX"])

    def test_nothing_is_offered_where_nothing_is_known(self):
        self.assertEqual(self.offered("connect", "local"), [])


if __name__ == "__main__":
    unittest.main()

"""csocket connect --trace: the steps of connecting."""

import json
import shutil
import socket
import subprocess
import tempfile
import unittest

from command import ENVIRONMENT, PROGRAM, SECONDS, EchoServer, address_of, complaint, rows, run

# In a separate network namespace: a host with two addresses, the first of which never answers.
RACE = """
mount --bind "$1" /etc/hosts && ip link set lo up && ip link add v0 type veth peer v1 &&
ip addr add 2001:db8::2/64 dev v0 nodad && ip link set v0 up && ip link set v1 up || exit 77
"$2" listen --quiet --keep-open --echo 127.0.0.1:5000 < /dev/null > /dev/null 2>&1 &
"$2" connect --wait=20s 127.0.0.1:5000 && "$2" connect --trace --json "$3" racer:5000
status=$?
kill $!
exit $status
"""


def has_namespaces():
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    return subprocess.run(["unshare", "-mn", "true"], capture_output=True).returncode == 0


class Trace(unittest.TestCase):
    def test_an_attempt_that_connects(self):
        with EchoServer() as server:
            address = f"127.0.0.1:{server.port}"
            lookup, attempt = rows("connect", "--trace", address)
        self.assertEqual((lookup["step"], lookup["address"]), ("resolve", address))
        self.assertEqual((lookup["begin"], lookup["result"]), (0, "found"))
        self.assertEqual((attempt["step"], attempt["address"]), ("connect", address))
        self.assertEqual(attempt["result"], "connected")
        self.assertEqual(attempt["begin"], lookup["time"])
        self.assertGreater(attempt["time"], 0)

    def test_an_attempt_that_fails(self):
        with socket.create_server(("127.0.0.1", 0)) as unused:
            address = address_of(unused)
        done = run("connect", "--trace", address, status=1)
        self.assertRegex(done.stdout, r"connect \S+ +\d+\.\d{3}ms +\S+ms Connection refused\n")
        self.assertIn(f"connect to {address}: Connection refused", done.stderr)

    def test_a_name_that_is_not_found(self):
        done = run("connect", "--trace", "--json", "no.invalid:1", status=1)
        (lookup,) = json.loads(done.stdout)["steps"]
        self.assertEqual((lookup["step"], lookup["result"]), ("resolve", "failed"))

    def test_an_option_that_is_refused(self):
        done = run("connect", "--trace", "--option=TCP_MAXSEG=1", "127.0.0.1:1", status=1)
        self.assertRegex(done.stdout, "Invalid argument\n")

    @unittest.skipUnless(has_namespaces(), "needs unshare, ip and the right to have a network")
    def test_a_race(self):
        """The next attempt begins after the delay; the first to connect ends the other."""
        for more, results in (
            ("--happy-eyeballs-delay=50ms", ["abandoned", "connected"]),
            ("--ipv4", ["connected"]),
        ):
            with self.subTest(more), tempfile.NamedTemporaryFile("w") as hosts:
                hosts.write("2001:db8::1 racer\n127.0.0.1 racer\n")
                hosts.flush()
                done = subprocess.run(
                    ["unshare", "-mn", "sh", "-c", RACE, "sh", hosts.name, PROGRAM, more],
                    capture_output=True, text=True, env=ENVIRONMENT, timeout=3 * SECONDS,
                )  # fmt: skip
                if done.returncode == 77:
                    self.skipTest(f"no network of its own: {done.stderr}")
                self.assertEqual(done.returncode, 0, done.stderr)
                lookup, *attempts = json.loads(done.stdout)["steps"]
                self.assertEqual([one["result"] for one in attempts], results, done.stderr)
                self.assertEqual(attempts[-1]["address"], "127.0.0.1:5000")
                if len(attempts) == 2:
                    self.assertGreaterEqual(attempts[1]["begin"] - attempts[0]["begin"], 50_000_000)
                    self.assertLessEqual(
                        attempts[1]["begin"], attempts[0]["begin"] + attempts[0]["time"]
                    )

    def test_trace_excludes_check_and_wait(self):
        for more in ("--check", "--wait"):
            said = complaint("connect", "--trace", more, "a:1", status=2)
            self.assertIn("--trace excludes --check and --wait", said)

"""csocket options --watch ADDRESS: connections found by address; --record; plotting it."""

import csv
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from command import ENVIRONMENT, PROGRAM, SECONDS, address_of, complaint, output

ROOT = pathlib.Path(__file__).resolve().parents[2]


def can_list():
    return subprocess.run([PROGRAM, "sockets"], capture_output=True).returncode == 0


@unittest.skipUnless(can_list(), "this system does not list its sockets (sock_diag)")
class ByAddress(unittest.TestCase):
    def setUp(self):
        server = socket.create_server(("127.0.0.1", 0))
        self.port = server.getsockname()[1]
        self.peers = []
        for _ in range(2):
            self.peers.append(socket.create_connection(server.getsockname()))
            self.peers.append(server.accept()[0])
        server.close()
        for s in self.peers:
            self.addCleanup(s.close)

    def watch(self, *arguments):
        return ["options", "--watch", "--interval=10ms", *arguments]

    def test_all_connections_of_a_port(self):
        said = output(*self.watch("--count=3", "--json", f":{self.port}"))
        found = [json.loads(line) for line in said.splitlines()]
        ends = {(row["local"], row["peer"]) for row in found}
        names = [(address_of(s), "{}:{}".format(*s.getpeername())) for s in self.peers]
        self.assertEqual(ends, set(names))
        self.assertEqual(len(found), 12)
        self.assertEqual({row["state"] for row in found}, {"TCP_ESTABLISHED"})
        self.assertGreater(min(row["rtt"] for row in found), 1000)

    def test_one_address(self):
        address = address_of(self.peers[0])
        lines = output(*self.watch("--count=2", "--no-headings", address)).splitlines()
        self.assertEqual(len(lines), 4)  # the two ends of the connection
        for line in lines:
            self.assertIn(address, line)

    def test_the_end_of_a_connection_is_reported_and_of_the_last_ends_it(self):
        watch = subprocess.Popen(
            [PROGRAM, *self.watch("--no-headings", f":{self.port}")],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
        )  # fmt: skip
        watch.stdout.readline()
        addresses = [address_of(s) for s in self.peers]
        for s in self.peers:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            s.close()  # no TIME_WAIT is left behind
        _, errors = watch.communicate(timeout=SECONDS)
        self.assertEqual(watch.returncode, 0)
        for address in addresses:
            self.assertRegex(errors, rf"(?m)^csocket: {address} to .* has ended$")

    def test_rates(self):
        watch = subprocess.Popen(
            [PROGRAM, *self.watch("--json", "--count=20", "--fields=bytes_acked",
                                  address_of(self.peers[0]))],
            stdout=subprocess.PIPE, text=True, env=ENVIRONMENT,
        )  # fmt: skip
        first = watch.stdout.readline()
        self.peers[0].sendall(bytes(10_000))
        rows = [json.loads(line) for line in [first, *watch.stdout]]
        watch.communicate(timeout=SECONDS)
        rows = [row for row in rows if row["local"] == address_of(self.peers[0])]
        self.assertEqual(rows[-1]["bytes_acked"] - rows[0]["bytes_acked"], 10_000)
        self.assertGreater(max(row["bytes_acked_per_second"] for row in rows), 0)

    def test_record(self):
        with tempfile.TemporaryDirectory() as folder:
            table, lines = f"{folder}/r.csv", f"{folder}/r.jsonl"
            for file in (table, table, lines):
                output(*self.watch("--count=2", f"--record={file}", f":{self.port}"))
            with open(table, encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            self.assertEqual(len(rows), 16)  # existing rows are kept, with one heading
            self.assertLess(
                {"time", "local", "peer", "state", "rtt", "total_retrans_per_second"},
                set(rows[0]) | {""},
            )
            self.assertEqual(len({row["local"] for row in rows}), 3)  # one of them is the server's
            with open(lines, encoding="utf-8") as file:
                self.assertEqual(len([json.loads(line) for line in file]), 8)
            plot = subprocess.run(
                [sys.executable, ROOT / "examples/python/plot_watch.py", table],
                capture_output=True, check=True,
            )  # fmt: skip
            picture = xml.etree.ElementTree.fromstring(plot.stdout)
            self.assertEqual(len([e for e in picture if e.tag.endswith("polyline")]), 16)

    def test_mistakes(self):
        said = complaint("options", "--record=x", status=2)
        self.assertIn("--record requires --watch", said)
        said = complaint(*self.watch("--record=/nonexistent/x", f":{self.port}"))
        self.assertIn("/nonexistent/x: No such file", said)


if __name__ == "__main__":
    unittest.main()

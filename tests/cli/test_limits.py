"""Limits of time: every command that can wait ends within them, if a peer does not answer."""

import json
import os
import re
import socket
import subprocess
import time
import unittest

from command import SECONDS, Listener, address_of, output
from silence import HOST, measure, run_in_world, silent_listener

LIMIT = 1  # seconds; the text is LIMIT_TEXT
SLACK = 10

# The commands that wait, by the options that limit them; ADDRESS gives no answer.  A limit of the
# second table includes the lookup of a name.
ATTEMPTS = {
    ("connect", "--timeout"): [["connect", "--timeout=1", "ADDRESS"]],
}
WHOLE = {
    ("connect", "--wait"): [
        ["connect", "--wait=1", "ADDRESS"],
        ["connect", "-w1s", "--timeout=300ms", "--sequential", "ADDRESS", "--", "false"],
    ],
    ("connect", "--deadline"): [
        ["connect", "--deadline=1", "ADDRESS"],
        ["connect", "--deadline=1", "--wait", "ADDRESS"],
        ["connect", "--deadline=1", "--trace", "ADDRESS"],
        ["connect", "--deadline=1", "--check", "ADDRESS,1-9"],
    ],
    ("options", "--timeout"): [["options", "--timeout=1", "--get=SO_TYPE", "ADDRESS"]],
}
# Those that wait for a peer to come: at an address of this machine.
LISTENING = {
    ("listen", "--timeout"): [["listen", "--timeout=1", "ADDRESS"]],
    ("relay", "--timeout"): [["relay", "--timeout=1", "ADDRESS", "localhost:1"]],
}
# Of the other side of a relay, once a client has connected.
RELAYING = {
    ("relay", "--connect-timeout"): [
        ["relay", "--connect-timeout=1", "PATH", "ADDRESS"],
        ["connect", "--wait", "PATH"],
    ],
}
# Those that only look up names.
LOOKUPS = {
    ("resolve", "--deadline"): [
        ["resolve", "--deadline=1", HOST, "80"],
        ["resolve", "--deadline=1s", "--json", "--canonical", HOST],
        ["resolve", "--deadline=1000ms", "--reverse", "192.0.2.1"],
    ],
}
# Those of a conversation, with a peer that connects, or accepts, and sends no data.
TALKING = {
    ("connect", "--idle"),
    ("connect", "--quit-after"),
    ("listen", "--idle"),
    ("listen", "--quit-after"),
    ("relay", "--idle"),
}
NOT_LIMITS = {
    ("connect", "--happy-eyeballs-delay"),
    ("options", "--interval"),
    ("sockets", "--watch"),
}


def commands():
    return re.findall(r"^  ([a-z]+) +[A-Z]", output("--help"), re.M)


def times(command):
    """The options of a command that take a time."""
    found = re.findall(r"^ {2,6}(?:-., )?(--[\w-]+)\[?=TIME", output(command, "--help"), re.M)
    return {(command, name) for name in found}


def cases(tables, address, path=None):
    every = [words for table in tables for list in table.values() for words in list]
    every = [[word.replace("ADDRESS", address) for word in words] for words in every]
    return [[path if word == "PATH" else word for word in words] for words in every]


class Limits(unittest.TestCase):
    def check(self, cases, results):
        for words, (status, _, err, seconds) in zip(cases, results):
            with self.subTest(words):
                self.assertEqual(status, 1, err)
                self.assertRegex(err, "timed out|not finished")
                self.assertGreater(seconds, 0.9 * LIMIT)
                self.assertLess(seconds, SLACK * LIMIT)

    def test_every_option_that_takes_a_time_is_known_here(self):
        found = set().union(*map(times, commands()))
        known = [ATTEMPTS, WHOLE, LISTENING, RELAYING, LOOKUPS, TALKING, NOT_LIMITS]
        self.assertEqual(found, set().union(*known))

    def test_a_listener_that_does_not_answer(self):
        with silent_listener() as address:
            every = cases([ATTEMPTS, WHOLE], address)
            self.check(every, measure(every))

    def test_a_target_of_a_relay_that_does_not_answer(self):
        path = f"@csocket-limits-{os.getpid()}"
        with silent_listener() as address:
            every = cases([RELAYING], address, path)
            results = measure(every)
        every += cases([RELAYING], f"{HOST}:80", path)
        results += run_in_world(every[2:])
        self.assertEqual([status for status, *_ in results[1::2]], [0, 0])
        self.check(every[::2], results[::2])

    def test_a_trace_has_the_steps_until_the_deadline(self):
        words = ["connect", "--trace", "--deadline=1"]
        with silent_listener() as address:
            both = measure([[*words, address], [*words, "--json", address]])
            steps = [["resolve", address, "found"], ["connect", address, "not finished"]]
            self.check_steps(both, steps, address)
        address = f"{HOST}:80"
        both = run_in_world([[*words, address], [*words, "--json", address]])
        self.check_steps(both, [["resolve", address, "not finished"]], address)

    def check_steps(self, results, steps, address):
        (_, table, err, _), (_, text, _, _) = results
        found = json.loads(text)["steps"]
        self.assertEqual([[row[n] for n in ("step", "address", "result")] for row in found], steps)
        self.assertGreater(found[-1]["time"], 0.8e9 * LIMIT)
        lines = [line.split(maxsplit=4) for line in table.splitlines()[1:]]
        self.assertEqual([[*line[:2], line[4]] for line in lines], steps)
        self.assertEqual(err, f"csocket: {address}: not finished at the deadline of 1s\n")

    def test_a_check_has_the_ports_until_the_deadline(self):
        """Each port has a row, and the error of each is in one form."""
        with (
            silent_listener() as silent,
            socket.create_server(("127.0.0.1", 0)) as server,
            socket.socket() as closed,
        ):
            closed.bind(("127.0.0.1", 0))
            ports = [address_of(s).split(":")[1] for s in (server, closed)]
            ports += 2 * [silent.split(":")[1]]
            check = ["connect", "--check", "--json", "127.0.0.1", ",".join(ports)]
            for more, last in (
                (["--deadline=1"], ["not finished", "not finished"]),
                (["--deadline=1", "--parallel=1"], ["not finished", "not finished"]),
                (["--timeout=1"], ["timed out", "timed out"]),
            ):
                with self.subTest(more):
                    (_, text, _, seconds) = measure([[*check, *more]])[0]
                    found = [row["error"] for row in json.loads(text)["ports"]]
                    self.assertEqual(found, [None, "Connection refused", *last])
                    self.assertLess(seconds, SLACK * LIMIT)

    def test_no_peer_connects(self):
        every = cases([LISTENING], "127.0.0.1:0")
        self.check(every, measure(every))

    def test_a_name_server_that_does_not_answer(self):
        every = cases([WHOLE, LISTENING, LOOKUPS], f"{HOST}:80")
        self.check(every, run_in_world(every))

    def test_a_peer_that_sends_no_data(self):
        for command, option in sorted(TALKING):
            with self.subTest(command=command, option=option):
                begin = time.monotonic()
                if command == "connect":
                    with socket.create_server(("127.0.0.1", 0)) as server:
                        done = measure([[command, f"{option}=1", address_of(server)]])[0]
                    self.assertEqual(done[0], 0, done)
                else:
                    self.serve(command, option)
                self.assertGreater(time.monotonic() - begin, 0.9 * LIMIT)
                self.assertLess(time.monotonic() - begin, SLACK * LIMIT)

    def serve(self, command, option):
        with socket.create_server(("127.0.0.1", 0)) as target:
            words = [address_of(target)] if command == "relay" else []
            with (
                Listener(
                    f"{option}=1", "127.0.0.1:0", *words, command=command, stdin=subprocess.DEVNULL
                ) as server,
                socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS),
            ):
                status, _ = server.end(None)
                self.assertEqual(status, 0, server.errors)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Run the examples of messages, in C and in Python.

    test_messages.py FOLDER [PYTHON...]

FOLDER is where the programs in C were built; PYTHON runs those in Python, where csocket is to be
found. Results are TAP.
"""

import pathlib
import re
import socket
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tests" / "python"))

import isolation  # noqa: E402

SECONDS = 30
LINES = {"c": 80, "py": 40}


def free_port(kind=socket.SOCK_DGRAM):
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind(("127.0.0.1", 0))
        return str(s.getsockname()[1])


class Programs:
    """The examples in one language."""

    def __init__(self, folder, python):
        self.folder, self.python = folder, python

    def command(self, name, port, *arguments, host="127.0.0.1"):
        if self.python:
            place = (port,) if host is None else (host, port)
            return [*self.python, HERE / "python" / f"{name}.py", *place, *arguments]
        place = port if host is None else f"{host}:{port}"
        return [pathlib.Path(self.folder) / name, place, *arguments]

    def start(self, *arguments, **options):
        """A server, once it is ready."""
        server = subprocess.Popen(
            self.command(*arguments, **options),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        line = server.stdout.readline()
        if line != "ready\n":
            raise AssertionError(line + server.communicate(timeout=SECONDS)[1])
        return server

    def run(self, *arguments, **options):
        return subprocess.run(
            self.command(*arguments, **options),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )


def output(process):
    out, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, errors
    return out


def datagrams_arrive(programs):
    port = free_port()
    receiver = programs.start("udp_receiver", port, "50")
    sender = programs.run("udp_sender", port, "50", "1200")
    assert sender.returncode == 0, sender.stderr
    assert output(receiver).startswith("50 datagrams, 60000 bytes")


def questions_are_answered(programs):
    port = free_port()
    server = programs.start("dns_server", port, "100")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(SECONDS)
        s.connect(("127.0.0.1", int(port)))
        for i in range(100):
            s.send(bytes([0, i, 1, 0]))
        assert sorted(s.recv(100)[1] for _ in range(100)) == list(range(100))
    output(server)


def answers_come_from_the_address_that_was_asked(programs):
    port = free_port()
    asked = {"127.0.0.1": 4, "127.0.0.2": 4, "127.7.7.7": 4, "::1": 6}
    server = programs.start("reply_address", port, str(len(asked)), host=None)
    for host, version in asked.items():
        family = socket.AF_INET if version == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.settimeout(SECONDS)
            s.sendto(b"where?", (host, int(port)))
            data, address = s.recvfrom(100)
            assert (data, address[:2]) == (b"where?", (host, int(port)))
    seen = [
        f"asked at {host}" if v == 6 else f"asked at ::ffff:{host}" for host, v in asked.items()
    ]
    assert output(server).splitlines() == seen


def ping_says_what_happened(programs):
    refused = programs.run("ping", free_port())
    text = refused.stdout + refused.stderr
    assert "127.0.0.1" in text and "Connection refused (ICMP type 3, code 3)" in text, text
    port = free_port()
    server = programs.start("dns_server", port, "1")
    answered = programs.run("ping", port)
    expected = r"answer (after \d+\.\d+ ms|without a time)\n"
    assert re.fullmatch(expected, answered.stdout), answered
    output(server)


def sends_have_times(programs):
    done = programs.run("send_times", free_port(), "3")
    assert done.returncode == 0, done.stderr
    found = re.findall(r"message (\d) sent at (\d+) ns", done.stdout)
    assert [number for number, _ in found] == ["0", "1", "2"], done.stdout
    times = [int(time) for _, time in found]
    assert times == sorted(times) and times[0] > 10**18


def files_are_served(programs):
    port = free_port(socket.SOCK_STREAM)
    content = bytes(range(256)) * 5000
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        server = programs.start("file_server", port, file.name, "2")
        for _ in range(2):
            peer = socket.create_connection(("127.0.0.1", int(port)), SECONDS)
            with peer as s, s.makefile("rb") as received:
                assert received.read() == content
        assert output(server).count(f" {len(content)} bytes\n") == 2


def asyncio_echoes_in_bulk(programs):
    if not programs.python:
        return
    port = free_port()
    server = programs.start("async_echo", port, "200")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(SECONDS)
        s.connect(("127.0.0.1", int(port)))
        for i in range(200):
            s.send(bytes([i]))
        assert sorted(s.recv(100)[0] for _ in range(200)) == list(range(200))
    output(server)


def a_reader_callback_receives_in_bulk(programs):
    if not programs.python:
        return
    port = free_port()
    server = programs.start("async_reader", port, "100")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for _ in range(100):
            s.sendto(b"1234567890", ("127.0.0.1", int(port)))
    assert output(server) == "100 datagrams, 1000 bytes\n"


def the_examples_are_short(programs):
    for name in TESTS[-1][1]:
        for path in (HERE / f"{name}.c", HERE / "python" / f"{name}.py"):
            if not path.exists():
                continue
            lines = len(path.read_text().splitlines())
            assert lines < LINES[path.suffix[1:]], f"{path.name} has {lines} lines"


NAMES = (
    "udp_receiver udp_sender dns_server reply_address ping send_times file_server "
    "bulk_transport async_echo async_reader"
).split()
TESTS = [
    (datagrams_arrive, ["udp_receiver", "udp_sender"]),
    (questions_are_answered, ["dns_server"]),
    (answers_come_from_the_address_that_was_asked, ["reply_address"]),
    (ping_says_what_happened, ["ping"]),
    (sends_have_times, ["send_times"]),
    (files_are_served, ["file_server"]),
    (asyncio_echoes_in_bulk, ["async_echo"]),
    (a_reader_callback_receives_in_bulk, ["async_reader"]),
    (the_examples_are_short, NAMES),
]


def main():
    isolation.isolate()  # a free port stays free, where that is permitted
    folder, *python = sys.argv[1:]
    programs, failed = Programs(folder, python), 0
    print(f"1..{len(TESTS)}")
    for number, (test, _names) in enumerate(TESTS, 1):
        try:
            test(programs)
            print(f"ok {number} - {test.__name__}", flush=True)
        except (AssertionError, OSError, subprocess.TimeoutExpired) as error:
            failed += 1
            print(f"not ok {number} - {test.__name__}", flush=True)
            print("\n".join(f"# {line}" for line in str(error).splitlines()), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

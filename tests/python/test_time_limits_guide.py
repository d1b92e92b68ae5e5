"""The Python programs of docs/time-limits.md, run as printed except for the port."""

import contextlib
import importlib.util
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading

import csocket as socket
import pytest

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "time-limits.md"
PROGRAMS = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text("utf-8"), re.M | re.S)
LONG = 100  # seconds; more than any program lasts


def program_with(word):
    """Return the guide's program that contains a word."""
    (program,) = (text for text in PROGRAMS if word in text)
    return program


def start(program, port):
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(filter(None, sys.path)))
    return subprocess.Popen(
        [sys.executable, "-c", program.replace("8080", str(port))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


@contextlib.contextmanager
def ended(process):
    with process:
        try:
            yield
        finally:
            process.kill()


def output_of(process):
    with ended(process):
        output, errors = process.communicate(timeout=LONG)
    assert (errors, process.returncode) == ("", 0)
    return output.splitlines()


@contextlib.contextmanager
def serving(handle):
    """Handle each connection to a port in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    conn = server.accept()[0]
                    with conn, contextlib.suppress(OSError):
                        handle(conn)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.cancel()
            thread.join()


def drip(conn):
    """A page that arrives byte by byte, which takes longer than any timeout of a test."""
    conn.recv(65536)
    conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    conn.settimeout(0.1)
    while True:
        conn.send(b"x")
        with contextlib.suppress(socket.timeout):
            if conn.recv(1) == b"":
                return


def page(conn):
    conn.recv(65536)
    conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\npage")


WEB = {"urllib": "urllib.request", "http.client": "http.client", "requests": "requests.get"}


def web_program(name):
    if not importlib.util.find_spec(name):
        pytest.skip(f"{name} is not installed (run.py --extra programs.txt)")
    return program_with(WEB[name])


@pytest.mark.parametrize("name", WEB)
def test_a_page_that_drips(name):
    program = web_program(name)
    with serving(drip) as port:
        assert output_of(start(program, port)) == ["no page within one second"]


@pytest.mark.parametrize("name", WEB)
def test_a_page_that_arrives_in_time(name):
    program = web_program(name).replace("(1)", f"({LONG})") + "\nprint(page)"
    with serving(page) as port:
        assert output_of(start(program, port)) == ["b'page'"]


@pytest.mark.parametrize("elements", [0, 1])
def test_a_client_of_a_database(elements):
    received = []

    def handle(conn):
        with conn.makefile("rb") as commands:
            for line in commands:
                received.append(line)
                if line.startswith(b"PING"):
                    conn.sendall(b"+PONG\r\n")
                elif line.startswith(b"BLPOP") and elements:
                    conn.sendall(b"+element\r\n")

    program = program_with("class Client")
    if elements:
        program = program.replace("move_on_after(1)", f"move_on_after({LONG})")
    with serving(handle) as port:
        output = output_of(start(program, port))
    last = "+element" if elements else "no element within one second"
    assert output == ["+PONG", last]
    assert received == [b"PING\r\n", b"BLPOP queue 0\r\n", b"QUIT\r\n"]


def test_a_server_that_ends_on_a_signal():
    process = start(program_with("class Server"), 0)
    with ended(process):
        word, port = process.stdout.readline().split()
        assert word == "port"
        for _ in range(2):
            with socket.create_connection(("localhost", int(port)), timeout=LONG) as sock:
                sock.sendall(b"line\n")
                assert sock.recv_line() == b"line\n"
        process.send_signal(signal.SIGTERM)
        assert output_of(process) == ["stopped"]


def test_every_program_is_tested():
    """The tests above run all programs of the guide."""
    words = [*WEB.values(), "class Client", "class Server"]
    assert sorted(PROGRAMS) == sorted(map(program_with, words))

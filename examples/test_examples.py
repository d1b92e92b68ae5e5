#!/usr/bin/env python3
"""Run the examples, in C and in Python, against each other.

    test_examples.py FOLDER [PYTHON...]

FOLDER contains the programs in C, PYTHON is the command that runs those in Python, for example
python3 -m csocket; by default the interpreter that runs this.

Each server serves each client that speaks its family, on a port that is free; their output is
compared with that of the specification's programs.  Results are TAP.
"""

import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tests" / "python"))

import isolation  # noqa: E402

SECONDS = 20

IPV4 = r"127\.0\.0\.1"
IPV6 = r"::1"
MAPPED = r"::ffff:127\.0\.0\.1"


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as s:
            s.bind(("::1", 0))
    except OSError:
        return False
    return True


def free_port():
    """A port without a listener, in either family."""
    with socket.socket(socket.AF_INET6 if has_ipv6() else socket.AF_INET) as s:
        if s.family == socket.AF_INET6:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        s.bind(("", 0))
        return str(s.getsockname()[1])


class Examples:
    def __init__(self, folder, *python):
        self.folder = pathlib.Path(folder)
        self.python = python or (sys.executable,)

    def command(self, name, *args):
        if name.endswith(".py"):
            return [*self.python, str(HERE / "python" / name), *args]
        return [str(self.folder / name), *args]

    def run(self, name, *args):
        done = subprocess.run(
            self.command(name, *args), capture_output=True, text=True, timeout=SECONDS
        )
        if done.returncode != 0:
            raise Failed(f"{name} {' '.join(args)}: {done.stdout}{done.stderr}")
        return done.stdout

    def ask(self, server, name, args):
        """Start the client until the server listens: its output."""
        end = time.monotonic() + SECONDS
        while True:
            try:
                return self.run(name, *args)
            except Failed:
                if server.poll() is not None or time.monotonic() > end:
                    raise
            time.sleep(0.05)

    def talk(self, server, server_args, client, client_args):
        """Run the server and the client; return their output."""
        process = subprocess.Popen(
            self.command(server, *server_args),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            asked = self.ask(process, client, client_args)
            served, _ = process.communicate(timeout=SECONDS)
        except (Failed, subprocess.TimeoutExpired) as error:
            process.kill()
            raise Failed(f"{error}\n{server}: {process.communicate()[0]}") from None
        if process.returncode != 0:
            raise Failed(f"{server} ended with {process.returncode}: {served}")
        return served, asked


def expect(pattern, text, what):
    if not re.fullmatch(pattern, text):
        raise Failed(f"{what} printed {text!r}, which is not {pattern!r}")


def connected_by(name, host):
    """What a server prints about its client at this host."""
    if name.endswith(".py"):
        more = ", 0, 0" if ":" in host else ""
        return rf"Connected by \('{host}', \d+{more}\)\n"
    return rf"Connected by \[{host}\]:\d+\n" if ":" in host else rf"Connected by {host}:\d+\n"


def received(name):
    return "Received b'Hello, world'\n" if name.endswith(".py") else "Received Hello, world\n"


def echo(examples, server, server_args, client, client_args, host):
    port = free_port()
    served, asked = examples.talk(
        server,
        [a.replace("PORT", port) for a in server_args],
        client,
        [a.replace("PORT", port) for a in client_args],
    )
    expect(connected_by(server, host), served, server)
    expect(received(client), asked, client)


def echo_unix(examples, address):
    served, asked = examples.talk("echo_server", [address], "echo_client", [address])
    expect(r"Connected by \n", served, "echo_server")
    expect(received("echo_client"), asked, "echo_client")


def unix_path(examples):
    with tempfile.TemporaryDirectory() as folder:
        echo_unix(examples, f"{folder}/echo")


def unix_abstract(examples):
    echo_unix(examples, f"@csocket-example-{free_port()}")


def buffer_size(examples, name):
    sizes = re.fullmatch(
        r"Buffer size \[Before\]:(\d+)\nBuffer size \[After\]:(\d+)\n", examples.run(name)
    )
    # The kernel doubles the value, for its own administration.
    if not sizes or int(sizes[2]) not in (4096, 8192) or int(sizes[1]) == int(sizes[2]):
        raise Failed(f"{name} printed {sizes and sizes[0]!r}")


def reuse_address(examples, name):
    """The port of a connection in TIME_WAIT can be had; without the option it could not."""
    with socket.socket() as server:
        # The connection, too, must have had the option.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("", 0))
        server.listen()
        port = str(server.getsockname()[1])
        with socket.create_connection(("127.0.0.1", port)) as client:
            server.accept()[0].close()
            client.recv(1)
    with socket.socket() as probe:
        try:
            probe.bind(("", int(port)))
        except OSError:
            pass
        else:
            raise Skipped("any user may bind to the port on this system")
    args = [port] if name.endswith(".py") else [f":{port}"]
    served, asked = examples.talk(name, args, "echo_client", [f"127.0.0.1:{port}"])
    expect(connected_by(name, IPV4), served, name)
    expect(received("echo_client"), asked, "echo_client")


def limited(examples):
    """A server that accepts and never answers: the client fails at the limit and reports it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        try:
            examples.run("time_limits", address, "0.05")
        except Failed as error:
            if f"{address}: timed out" in str(error):
                return
        raise Failed("time_limits did not end with its limit")


def drip(conn, stop):
    """Answer a request byte by byte, until stop: no wait for a byte is long."""
    with conn:
        conn.recv(65536)
        try:
            while not stop.wait(0.01):
                conn.send(b"x")
        except OSError:
            pass


def ended_while_dripping(examples, seconds, end, words):
    """Run time_limits with a slow server, and let end(process) end it; return its output."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        process = subprocess.Popen(
            examples.command("time_limits", address, seconds),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        server.settimeout(SECONDS)
        conn, _ = server.accept()
        thread = threading.Thread(target=drip, args=(conn, stop))
        thread.start()
        try:
            end(process)
            said = process.communicate(timeout=SECONDS)[1]
        finally:
            process.kill()
            stop.set()
            thread.join()
    if process.returncode != 1 or said != f"time_limits: {address}: {words}\n":
        raise Failed(f"time_limits ended with {process.returncode}: {said}")


def limited_while_dripping(examples):
    ended_while_dripping(examples, "0.2", lambda process: None, "timed out")


def interrupted(examples):
    """The handler is there when the connection is."""

    def interrupt(process):
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)

    ended_while_dripping(examples, "1000", interrupt, "cancelled")


def bad_address(examples):
    """A program that fails prints the reason and the address."""
    for name, address in (
        ("echo_client", "127.0.0.1:99999"),
        ("echo_server", "nonsense"),
        ("dualstack_server", ":99999"),
    ):
        try:
            examples.run(name, address)
        except Failed as error:
            if address.rsplit(":", 1)[-1] in str(error).split(": ", 1)[1]:
                continue
        raise Failed(f"{name} {address} did not name what was wrong")


def cases():
    """(name, needs IPv6, function) of every test."""
    servers = [
        ("echo_server", [":PORT"]),
        ("echo_server.py", ["PORT"]),
        ("echo_server2", ["PORT", "127.0.0.1"]),
        ("echo_server2.py", ["PORT", "127.0.0.1"]),
    ]
    clients = [
        ("echo_client", ["127.0.0.1:PORT"]),
        ("echo_client.py", ["PORT"]),
        ("echo_client2", ["PORT", "127.0.0.1"]),
        ("echo_client2.py", ["PORT", "127.0.0.1"]),
    ]
    both = [("dualstack_server", [":PORT"]), ("dualstack_server.py", ["PORT"])]
    clients6 = [
        ("echo_client", ["[::1]:PORT"]),
        ("echo_client2", ["PORT", "::1"]),
        ("echo_client2.py", ["PORT", "::1"]),
    ]
    servers6 = [
        ("echo_server", ["[::1]:PORT"]),
        ("echo_server2", ["PORT", "::1"]),
        ("echo_server2.py", ["PORT", "::1"]),
    ]

    def row(server, client, host, over):
        return (
            f"{server[0]} serves {client[0]} over {over}",
            over != "IPv4",
            (lambda e: echo(e, *server, *client, host)),
        )

    yield from (row(s, c, IPV4, "IPv4") for s in servers for c in clients)
    yield from (row(s, c, IPV6, "IPv6") for s in servers6 + both for c in clients6)
    yield from (row(s, c, MAPPED, "a dual-stack socket") for s in both for c in clients[:2])
    yield "echo_server serves echo_client on a path", False, unix_path
    yield "echo_server serves echo_client on an abstract name", False, unix_abstract
    for name in ("buffer_size", "buffer_size.py"):
        yield f"{name} changes the size", False, lambda e, name=name: buffer_size(e, name)
    for name in ("reuse_address", "reuse_address.py"):
        yield (
            f"{name} takes a port in TIME_WAIT",
            False,
            lambda e, name=name: reuse_address(e, name),
        )
    yield "time_limits ends at its limit", False, limited
    yield "time_limits ends at its limit while data arrives", False, limited_while_dripping
    yield "time_limits ends on SIGINT", False, interrupted
    yield "a bad address is named", False, bad_address


def main():
    isolation.isolate()  # a free port stays free, where that is permitted
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what is temporary is removed
    examples = Examples(*sys.argv[1:])
    ipv6 = has_ipv6()
    number, failed = 0, False
    for number, (name, needs_ipv6, function) in enumerate(cases(), 1):
        try:
            if needs_ipv6 and not ipv6:
                raise Skipped("this machine has no IPv6")
            function(examples)
            print(f"ok {number} - {name}")
        except Skipped as reason:
            print(f"ok {number} - {name} # SKIP {reason}")
        except (Failed, subprocess.TimeoutExpired) as error:
            failed = True
            print(f"not ok {number} - {name}")
            print("".join(f"# {line}\n" for line in str(error).splitlines()), end="")
    print(f"1..{number}")
    return failed


if __name__ == "__main__":
    sys.exit(main())

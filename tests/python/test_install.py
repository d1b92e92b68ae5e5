"""csocket instead of `socket`: install(), python -m csocket, TLS, asyncio, child processes."""

import os
import subprocess
import sys
import textwrap

import pytest

pytestmark = pytest.mark.usefixtures("isolated")


def run(*command, check=True, **more):
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        capture_output=True,
        text=True,
        **{"timeout": 100, **more},
    )
    if check:
        assert done.returncode == 0, done
    return done


def program(tmp_path, text, name="program.py"):
    path = tmp_path / name
    path.write_text(textwrap.dedent(text))
    return path


# install()


def test_it_is_the_process_socket():
    done = run(
        *("-W", "error", "-c"),
        "import csocket; csocket.install(); import socket, _socket, ssl, selectors, asyncio\n"
        "assert socket is csocket and _socket is csocket._socket\n"
        "assert ssl.SSLSocket.__mro__[1] is csocket.socket\n"
        "csocket.install()",
    )
    assert done.stderr == ""


@pytest.mark.parametrize(
    "first, named",
    [("socket", "socket"), ("_socket", "_socket"), ("ssl", "ssl"), ("asyncio", "asyncio.events")],
)
def test_an_error_names_the_module_imported_first(first, named):
    done = run("-c", f"import {first}, csocket\ncsocket.install()\nimport socket\nprint(socket)")
    assert "'csocket' from" in done.stdout
    assert "RuntimeWarning: csocket.install() comes too late for " in done.stderr
    listed = done.stderr.partition("too late for ")[2].partition(":")[0].split(", ")
    assert named in listed, listed
    said = done.stderr.partition(f"too late for {', '.join(listed)}: ")[2]
    assert said.startswith(f"{listed[0]} was imported before it")
    assert done.stderr.startswith("<string>:2:"), "the warning is not about the caller's line"


def test_too_late_can_be_made_an_error():
    done = run(*("-W", "error", "-c", "import socket, csocket; csocket.install()"), check=False)
    assert done.returncode == 1 and "RuntimeWarning" in done.stderr


# python -m csocket


def test_a_program_with_arguments(tmp_path):
    path = program(
        tmp_path,
        """
        import socket, sys
        print(__name__, sys.argv[1:], sys.path[0], socket.__name__, __file__)
        import neighbour
        raise SystemExit(3)
        """,
    )
    program(tmp_path, "print('imported')", "neighbour.py")
    done = run("-m", "csocket", path, "a", "-m", check=False)
    assert done.stdout.splitlines() == [
        f"__main__ ['a', '-m'] {tmp_path} csocket {path}",
        "imported",
    ]
    assert done.returncode == 3


def test_a_module_with_arguments(tmp_path):
    (tmp_path / "package").mkdir()
    program(tmp_path / "package", "", "__init__.py")
    program(
        tmp_path / "package",
        "import socket, sys\nfrom . import __name__ as n\nprint(n, sys.argv[1:], socket.__name__)",
        "__main__.py",
    )
    done = run("-m", "csocket", "-m", "package", "x", "y", cwd=tmp_path)
    assert done.stdout == "package ['x', 'y'] csocket\n"


def test_a_traceback_names_the_program(tmp_path):
    done = run("-m", "csocket", program(tmp_path, "import socket\nraise ValueError"), check=False)
    assert done.returncode == 1 and f'File "{tmp_path}/program.py", line 2' in done.stderr


def test_help_and_no_program():
    assert "usage: python -m csocket" in run("-m", "csocket", "--help").stdout
    for arguments in ((), ("-m",)):
        done = run("-m", "csocket", *arguments, check=False)
        assert done.returncode == 2 and "usage" in done.stderr


# TLS

TLS = """
import ssl, socket, threading
assert ("csocket" in socket.__name__) is {ours_is_installed}
import csocket
server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server_side.load_cert_chain("cert.pem", "key.pem")
client_side = ssl.create_default_context(cafile="cert.pem")
listener = csocket.create_server(("127.0.0.1", 0))
listener.settimeout(10)

def serve():
    conn, _ = listener.accept()
    assert type(conn) is csocket.socket
    conn.settimeout(10)
    with server_side.wrap_socket(conn, server_side=True) as tls:
        while data := tls.recv(1 << 16):
            tls.sendall(data.upper())

thread = threading.Thread(target=serve)
thread.start()
raw = csocket.create_connection(listener.getsockname(), 10)
with client_side.wrap_socket(raw, server_hostname="localhost") as tls:
    if {ours_is_installed}:
        assert isinstance(tls, csocket.socket) and ssl.SSLSocket.__mro__[1] is csocket.socket
    assert raw.fileno() == -1 and tls.gettimeout() == 10
    assert tls.getpeercert()["subject"] == ((("commonName", "localhost"),),)
    tls.sendall(b"hello")
    assert tls.recv(10) == b"HELLO"
    tls.settimeout(0.05)
    try:
        tls.recv(1)
    except socket.timeout as error:
        assert "timed out" in str(error), error
    else:
        raise AssertionError("no timeout")
    tls.setblocking(False)
    try:
        tls.recv(1)
    except ssl.SSLWantReadError:
        pass
    tls.settimeout(10)
    tls.sendall(b"x" * 1000000)
    got = 0
    while got < 1000000:
        got += len(tls.recv(1 << 16))
    assert "{kind}" in repr(tls), repr(tls)
    tls.shutdown(socket.SHUT_WR)
thread.join()
listener.close()
print("done")
"""


def needs(module):
    if run("-c", f"import {module}", check=False).returncode != 0:
        pytest.skip(f"this Python was built without {module}")


@pytest.mark.parametrize("ours", [True, False], ids=["installed", "not installed"])
def test_tls(certificate, ours):
    """Through our CAPI if installed; otherwise the standard library's takes over the descriptor."""
    needs("ssl")
    text = TLS.format(ours_is_installed=ours, kind="ssl.SSLSocket")
    path = program(certificate, text, f"tls_{ours}.py")
    assert run(*(("-m", "csocket") if ours else ()), path, cwd=certificate).stdout == "done\n"


def test_https_through_urllib(certificate):
    needs("ssl")
    path = program(
        certificate,
        """
        import http.server, socket, ssl, threading, urllib.request, csocket
        assert socket is csocket
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("cert.pem", "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"https://localhost:{server.server_address[1]}/cert.pem"
        trust = ssl.create_default_context(cafile="cert.pem")
        with urllib.request.urlopen(url, context=trust, timeout=10) as answer:
            print(answer.read().decode() == open("cert.pem").read())
        server.shutdown()
        """,
        "https.py",
    )
    assert run("-m", "csocket", path, cwd=certificate).stdout == "True\n"


ASYNCIO = """
import asyncio, socket, ssl, csocket
assert socket is csocket

async def echo(reader, writer):
    sock = writer.get_extra_info("socket")
    assert isinstance(sock._sock, csocket.socket), sock._sock
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()

async def client(port, number, **more):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, **more)
    writer.write(f"line {number}\\n".encode())
    assert await reader.readline() == f"line {number}\\n".encode()
    writer.close()
    await writer.wait_closed()

class Datagrams(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport
    def datagram_received(self, data, address):
        self.transport.sendto(data[::-1], address)

async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await asyncio.gather(*[client(port, i) for i in range(50)])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("cert.pem", "key.pem")
    trust = ssl.create_default_context(cafile="cert.pem")
    server = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    await asyncio.gather(
        *[client(port, i, ssl=trust, server_hostname="localhost") for i in range(10)])
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        Datagrams, local_addr=("127.0.0.1", 0))
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        await loop.sock_connect(sock, transport.get_extra_info("sockname"))
        await loop.sock_sendall(sock, b"abc")
        assert await loop.sock_recv(sock, 10) == b"cba"
    transport.close()
    one, other = socket.socketpair()
    one.setblocking(False)
    other.setblocking(False)
    with open("cert.pem", "rb") as file:
        count = await loop.sock_sendfile(one, file)
    assert count == len(await loop.sock_recv(other, 100000))
    one.close()
    other.close()
    print("done")

asyncio.run(main())
"""


def test_asyncio(certificate):
    """Streams, datagrams, sendfile, TLS: many at once."""
    needs("ssl")
    path = program(certificate, ASYNCIO, "echo.py")
    assert run("-X", "dev", "-m", "csocket", path, cwd=certificate).stdout == "done\n"


# Child processes


def test_a_program_that_forks(tmp_path):
    """The child uses the sockets that it inherits, and new ones."""
    path = program(
        tmp_path,
        """
        import os, socket, csocket
        one, other = socket.socketpair()
        child = os.fork()
        if child == 0:
            one.close()
            other.sendall(repr(socket).encode())
            os._exit(0)
        other.close()
        print(one.makefile().read())
        os.waitpid(child, 0)
        """,
    )
    assert "csocket" in run("-m", "csocket", path).stdout


def test_descriptors_that_a_program_inherits(tmp_path):
    """Only the descriptors in pass_fds."""
    path = program(
        tmp_path,
        """
        import socket, subprocess, sys
        one, other = socket.socketpair()
        third, fourth = socket.socketpair()
        assert not other.get_inheritable()
        child = '''if True:
            import csocket, os, sys
            sock = csocket.socket(fileno=int(sys.argv[1]))
            assert (sock.family, sock.type) == (csocket.AF_UNIX, csocket.SOCK_STREAM)
            sock.sendall(sock.recv(10)[::-1])
            try:
                os.fstat(int(sys.argv[2]))
            except OSError:
                sock.sendall(b"closed")
        '''
        arguments = [sys.executable, "-c", child, str(other.fileno()), str(third.fileno())]
        with subprocess.Popen(arguments, pass_fds=[other.fileno()]) as process:
            other.close()
            one.sendall(b"abc")
            one.settimeout(60)
            print(one.makefile().read(), process.wait())
        """,
    )
    assert run("-m", "csocket", path).stdout == "cbaclosed 0\n"


MULTIPROCESSING = """
import csocket
csocket.install()
import multiprocessing.connection, socket

def work(sock, queue):
    assert socket is csocket and multiprocessing.connection.socket is csocket
    assert type(sock) is csocket.socket and sock.family is csocket.AF_INET
    conn, _ = sock.accept()
    with conn:
        conn.sendall(conn.recv(10)[::-1])
    queue.put((type(conn) is csocket.socket, sock.getsockname()))
    sock.close()

if __name__ == "__main__":
    context = multiprocessing.get_context("{method}")
    queue = context.Queue()
    with socket.create_server(("127.0.0.1", 0)) as server:
        process = context.Process(target=work, args=(server, queue))
        process.start()
        with socket.create_connection(server.getsockname(), 60) as sock:
            sock.sendall(b"abc")
            print(sock.recv(10).decode(), end=" ")
        print(*queue.get()[:1])
        process.join()
        assert process.exitcode == 0
"""


METHODS = ["fork", "spawn", "forkserver"]


@pytest.mark.parametrize("method", METHODS)
def test_sockets_passed_to_processes(tmp_path, method):
    """multiprocessing.reduction pickles a socket and passes its descriptor to the new process."""
    path = program(tmp_path, MULTIPROCESSING.format(method=method))
    done = run("-W", "error", path, timeout=120)
    assert (done.stdout, done.stderr) == ("cba True\n", "")


NOT_INSTALLED = """
{imports}
import pickle

def work(sock, connection):
    other = connection.recv()
    for each in sock, other:
        assert type(each) is socket.socket, type(each)
    assert (sock.gettimeout(), other.gettimeout()) == (45, None)
    sock.sendall(other.recv(10)[::-1])

if __name__ == "__main__":
    assert socket.__name__ == "csocket"
    context = multiprocessing.get_context("{method}")
    one, other = socket.socketpair()
    third, fourth = socket.socketpair()
    other.settimeout(45)
    here, there = context.Pipe()
    process = context.Process(target=work, args=(other, there))
    process.start()
    here.send(fourth)
    third.sendall(b"abc")
    print(one.recv(10).decode())
    process.join()
    try:
        pickle.dumps(one)
    except TypeError as error:
        print(error)
"""


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "imports",
    [
        "import csocket as socket\nimport multiprocessing",
        "import multiprocessing\nimport csocket as socket",
    ],
    ids=["csocket first", "multiprocessing first"],
)
def test_sockets_of_a_program_that_has_not_installed_it(tmp_path, method, imports):
    path = program(tmp_path, NOT_INSTALLED.format(method=method, imports=imports))
    assert run(path, timeout=120).stdout == "cba\ncannot pickle 'socket' object\n"


def test_multiprocessing_first_is_not_too_late():
    run(
        *("-W", "error", "-c"),
        "import multiprocessing.connection as c, csocket; csocket.install(); import socket\n"
        "assert c.socket is c.reduction.socket is socket is csocket",
    )


def test_too_late_for_objects_imported_from_the_module():
    done = run("-c", "from socket import create_connection as c\nimport csocket\ncsocket.install()")
    assert ", __main__" in done.stderr or "__main__, " in done.stderr


def test_sockets_passed_through_a_connection(tmp_path):
    """Sockets are passed as objects and as descriptors."""
    path = program(
        tmp_path,
        """
        import csocket
        csocket.install()
        import multiprocessing, os, socket
        from multiprocessing import reduction

        def work(connection):
            sock = connection.recv()
            assert type(sock) is csocket.socket
            sock.sendall(b"object")
            sock.close()
            with socket.socket(fileno=reduction.recv_handle(connection)) as sock:
                sock.sendall(b"descriptor")

        if __name__ == "__main__":
            context = multiprocessing.get_context("spawn")
            here, there = context.Pipe()
            process = context.Process(target=work, args=(there,))
            process.start()
            one, other = socket.socketpair()
            here.send(other)
            assert one.recv(100) == b"object"
            reduction.send_handle(here, other.fileno(), process.pid)
            other.close()
            print(one.makefile().read())
            process.join()
        """,
    )
    assert run("-W", "ignore", path, timeout=120).stdout == "descriptor\n"


def test_descriptors_through_send_fds(tmp_path):
    path = program(
        tmp_path,
        """
        import os, socket
        one, other = socket.socketpair()
        a, b = socket.socketpair()
        child = os.fork()
        if child == 0:
            data, fds, flags, address = socket.recv_fds(other, 10, 5)
            assert data == b"take" and len(fds) == 2, (data, fds)
            for fd in fds:
                with socket.socket(fileno=fd) as sock:
                    assert not sock.get_inheritable()
                    sock.sendall(b"from the child")
            os._exit(0)
        socket.send_fds(one, [b"ta", b"ke"], [a.fileno(), b.fileno()])
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        print(a.recv(100), b.recv(100))
        """,
    )
    assert run("-m", "csocket", path).stdout == "b'from the child' b'from the child'\n"


def test_a_socket_of_standard_input(tmp_path):
    """A program under inetd or systemd: the socket is descriptor 0."""
    path = program(
        tmp_path,
        "import socket\ns = socket.socket(fileno=0)\nprint(s.family.name, s.type.name, s.fileno())",
    )
    import csocket

    one, other = csocket.socketpair()
    with one, other:
        done = run("-m", "csocket", path, stdin=one)
    assert done.stdout == "AF_UNIX SOCK_STREAM 0\n"
    assert os.path.exists(path)

"""The programs of programs.py: each text defines run(n), which does n operations.

Both ends of a conversation use the same library, unless a server is a program of its own.
"""

import dataclasses

import rows


@dataclasses.dataclass(frozen=True)
class Program:
    name: str
    text: str
    loops: int = 100  # of one turn
    peers: tuple = ()  # beside socket and csocket
    needs: str = ""  # a module of requirements.txt


STREAMS = """
async def start():
    async def echo(reader, writer):
        while data := await reader.read(64):
            writer.write(data)
            await writer.drain()
        writer.close()
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    return server, *await asyncio.open_connection(*address)
async def talk(n):
    for _ in range(n):
        writer.write(b"x" * 64)
        await reader.readexactly(64)
loop = new_loop()
asyncio.set_event_loop(loop)
server, reader, writer = loop.run_until_complete(start())
def run(n):
    loop.run_until_complete(talk(n))
"""
DATAGRAMS = """
class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport
    def datagram_received(self, data, peer):
        self.transport.sendto(data, peer)
class Client(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport
    def datagram_received(self, data, peer):
        self.left -= 1
        if self.left:
            self.transport.sendto(data)
        else:
            self.done.set_result(None)
async def start():
    here = asyncio.get_running_loop()
    server, _ = await here.create_datagram_endpoint(Echo, ("127.0.0.1", 0))
    address = server.get_extra_info("sockname")
    return await here.create_datagram_endpoint(Client, remote_addr=address)
async def talk(n):
    client.left, client.done = n, loop.create_future()
    transport.sendto(b"x" * 64)
    await client.done
loop = new_loop()
asyncio.set_event_loop(loop)
transport, client = loop.run_until_complete(start())
def run(n):
    loop.run_until_complete(talk(n))
"""
SENDFILE = """
import tempfile
file = tempfile.TemporaryFile()
file.write(b"x" * 4096); file.flush()
a, b = socket.socketpair()
def run(n):
    for _ in range(n):
        file.seek(0)
        a.sendfile(file)
        b.recv(8192)
"""
PING_PONG = (
    rows.ECHO.replace("os.fork()", "os.fork(); a.settimeout(5); b.settimeout(5)")
    + """
def run(n):
    for _ in range(n):
        a.sendall(data)
        a.recv(64)
"""
)
SELECTORS = """
import selectors
selector = selectors.DefaultSelector()
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
server = listener.accept()[0]
server.setblocking(False)
def echo(sock):
    sock.sendall(sock.recv(64))
selector.register(server, selectors.EVENT_READ, echo)
def run(n):
    for _ in range(n):
        client.sendall(b"x" * 64)
        for key, _ in selector.select():
            key.data(key.fileobj)
        client.recv(64)
"""
LINES = """
a, b = socket.socketpair()
out, into = a.makefile("w", encoding="ascii"), b.makefile("r", encoding="ascii")
def run(n):
    for _ in range(n):
        print("MAIL FROM:<user@example.org>", file=out, flush=True)
        into.readline()
"""
DNS = """
import os, struct
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for sock in server, client:
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(5)
address = server.getsockname()
question = b"\\7example\\3org\\0\\0\\1\\0\\1"
def run(n):
    for number in range(n):
        client.sendto(struct.pack(">6H", number, 0x100, 1, 0, 0, 0) + question, address)
        query, peer = server.recvfrom(512)
        head = struct.unpack_from(">6H", query)
        answer = struct.pack(">6H", head[0], 0x8180, 1, 1, 0, 0) + query[12:]
        server.sendto(answer + struct.pack(">3HIHI", 0xC00C, 1, 1, 60, 4, 1), peer)
        reply, peer = client.recvfrom(512)
        if struct.unpack_from(">H", reply)[0] != number or peer != address:
            raise SystemExit("wrong reply")
"""
HTTP = """
import http.client, http.server, os, signal
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # the body follows the head
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")
    def log_message(self, *args):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
if os.fork() == 0:
    try:
        server.handle_request()  # one connection, which the client keeps open
    finally:
        os._exit(0)
server.socket.close()
client = http.client.HTTPConnection("127.0.0.1", server.server_address[1])
def run(n):
    for _ in range(n):
        client.request("GET", "/")
        if client.getresponse().read() != b"hello":
            raise SystemExit("wrong response")
"""
# The messages of a prepared statement in PostgreSQL's protocol, as a client in Python reads them.
POSTGRES = """
import os, struct
a, b = socket.socketpair()
def message(kind, body):
    return kind + struct.pack(">I", len(body) + 4) + body
row = message(b"D", struct.pack(">HI", 1, 5) + b"12345")
reply = message(b"2", b"") + row * 3 + message(b"C", b"SELECT 3\\0") + message(b"Z", b"I")
request = message(b"B", b"\\0name\\0" + b"\\0" * 8) + message(b"E", b"\\0" * 5) + message(b"S", b"")
if os.fork() == 0:
    try:
        a.close()
        while b.recv(4096):
            b.sendall(reply)
    finally:
        os._exit(0)
b.close()
stream = a.makefile("rwb")
def run(n):
    for _ in range(n):
        stream.write(request)
        stream.flush()
        kind = b""
        while kind != b"Z":
            kind, size = struct.unpack(">cI", stream.read(5))
            stream.read(size - 4)
"""
REDIS = (
    rows.REDIS
    + """
def run(n):
    for _ in range(n):
        client.get("key")
"""
)
UVLOOP, GEVENT = ("uvloop",), ("gevent",)
PROGRAMS = (
    Program("asyncio datagrams", DATAGRAMS, 100, UVLOOP),
    Program("asyncio streams", STREAMS, 50, UVLOOP),
    Program("sendfile of 4 KiB", SENDFILE, 100, GEVENT),
    Program("ping-pong with a timeout", PING_PONG, 100, GEVENT),
    Program("selectors echo", SELECTORS, 100),
    Program("lines through makefile", LINES, 200, GEVENT),
    Program("DNS-like UDP", DNS, 100, GEVENT),
    Program("http.client with http.server", HTTP, 20, GEVENT),
    Program("PostgreSQL-like queries", POSTGRES, 50, GEVENT),
    Program("redis GET", REDIS, 50, GEVENT, needs="redis"),
    Program(
        "redis pipeline of 50",
        rows.REDIS + "def run(n):\n    for _ in range(n): pipeline()\n",
        10,
        GEVENT,
        needs="redis",
    ),
)

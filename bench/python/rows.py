"""The measurements: one row per call, with its permitted cost relative to the standard library's.

`setup` runs once; `body` is the body of the loop. Both see the module as `socket`. Rows of RATIOS
limit the instructions of a call in user space, relative to the standard library; rows of TIMES have
the required speedup. Calls that only must not be slower have the target 1.0.
"""

import dataclasses
import pathlib

SIDES = ("socket", "csocket")
# Iterations of a loop before anything is counted, and then in the two measured runs.
WARM, FEW, MANY = 100, 200, 1200

PAIR = """
a, b = socket.socketpair()
data = b"x" * 64
"""
TCP = """
listener = socket.create_server(("127.0.0.1", 0))
a = socket.create_connection(listener.getsockname())
b = listener.accept()[0]
data = b"x" * 64
"""
UDP = """
a, b = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
a.bind(("127.0.0.1", 0)); b.bind(("127.0.0.1", 0))
there = b.getsockname()
data = b"x" * 64
"""
# 64 datagrams are sent and received, one by one and in bulk; to one peer, and to two alternately.
BULK = (
    UDP
    + """
b.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
if hasattr(a, "send_many"):
    b.setsockopt(17, 104, 1)  # UDP_GRO
def bulk():
    if hasattr(a, "send_many"):
        a.send_many([(data, there)] * 64)
        left = 64
        while left > 0: left -= len(b.recv_many(64, 2048))
    else:
        for _ in range(64): a.sendto(data, there)
        for _ in range(64): b.recvfrom(2048)
"""
)
PEERS = (
    UDP
    + """
c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
c.bind(("127.0.0.1", 0))
peers = [(b, there), (c, c.getsockname())]
for sock, _ in peers: sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
def bulk():
    if hasattr(a, "send_many"):
        a.send_many([(data, name) for _ in range(32) for _, name in peers])
        for sock, _ in peers:
            left = 32
            while left > 0: left -= len(sock.recv_many(64, 2048))
    else:
        for _ in range(32):
            for _, name in peers: a.sendto(data, name)
        for sock, _ in peers:
            for _ in range(32): sock.recvfrom(2048)
"""
)
FILE = """
import tempfile
file = tempfile.TemporaryFile()
file.write(b"x" * 4096); file.flush(); file.seek(0)
"""
# The other process of a conversation, which echoes its input until the end.
ECHO = """
import os
a, b = socket.socketpair()
child = os.fork()
if child == 0:
    a.close()
    while True:
        data = b.recv(64)
        if not data:
            os._exit(0)
        b.sendall(data)
b.close()
data = b"x" * 64
"""
# A peer that reads and does not answer.
SINK = ECHO.replace("b.sendall(data)", "pass").replace("b.recv(64)", "b.recv(65536)")
# Threads that talk while another one computes, until all are done.
CROWD = """
import threading
pairs = [socket.socketpair() for _ in range(8)]
def talk(a, b):
    for _ in range(TURNS):
        a.send(b"x"); b.recv(1)
def compute():
    for _ in range(STEPS):
        pass
def crowd():
    threads = [threading.Thread(target=talk, args=pair) for pair in pairs]
    threads.append(threading.Thread(target=compute))
    for thread in threads: thread.start()
    for thread in threads: thread.join()
TURNS, STEPS = 200, 400000
"""
# No thread computes: the threads only hand the interpreter to each other.
THRONG = CROWD + "TURNS, STEPS = 200, 0\n"
# The same with datagrams, which are first sent with the GIL held.
LETTERS = """
def letterbox():
    box = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    box.bind(("127.0.0.1", 0))
    return box, box.getsockname()
pairs = [letterbox() for _ in range(8)]
def talk(box, name):
    for _ in range(TURNS):
        box.sendto(b"x", name); box.recvfrom(1)
TURNS = 100
"""
# redis-py and a server that answers from memory, so that little else than the client is measured.
SERVER = str(pathlib.Path(__file__).with_name("redis_server.py"))
REDIS = f"""
import subprocess, sys
import redis
server = subprocess.Popen([sys.executable, "-S", "-s", {SERVER!r}], stdout=subprocess.PIPE)
client = redis.Redis(port=int(server.stdout.readline()))
def pipeline():
    with client.pipeline(transaction=False) as pipe:
        for _ in range(50):
            pipe.get("key")
        if pipe.execute() != [b"value"] * 50:
            raise SystemExit("redis: wrong answer")
"""
# TLS without certificates, whose cost would hide that of the sockets.
TLS = """
import os, select, ssl
def context(side):
    result = ssl.SSLContext(side)
    result.check_hostname = False
    result.verify_mode = ssl.CERT_NONE
    result.maximum_version = ssl.TLSVersion.TLSv1_2
    result.set_ciphers("AECDH-AES128-SHA:@SECLEVEL=0")
    return result
client, server = context(ssl.PROTOCOL_TLS_CLIENT), context(ssl.PROTOCOL_TLS_SERVER)
a, b = socket.socketpair()
listener = socket.create_server(("127.0.0.1", 0))
name = listener.getsockname()
def echo():
    with server.wrap_socket(b, server_side=True) as stream:
        while data := stream.recv(64):
            stream.sendall(data)
def accept():
    while b not in select.select([listener, b], [], [])[0]:
        with server.wrap_socket(listener.accept()[0], server_side=True) as stream:
            stream.recv(1)
def fork(work):
    if os.fork() == 0:
        try:
            a.close()
            work()
        finally:
            os._exit(0)
    b.close()
data = b"x" * 64
"""


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    body: str
    setup: str = ""
    target: float = 1.0
    loops: int = 200  # of one turn: short enough that one of several is left alone
    fresh: bool = False  # the first call of a process: each measurement is a new process
    needs: str = ""  # a module of requirements.txt; without it the row is skipped


RATIOS = [
    Row("send + recv", "a.send(data); b.recv(64)", PAIR, 0.70),
    Row("sendto + recvfrom", "a.sendto(data, there); b.recvfrom(64)", UDP, 0.45),
    Row("sendmsg + recvmsg", "a.sendmsg([data]); b.recvmsg(64)", PAIR, 0.50),
    Row(
        "getsockopt",
        "a.getsockopt(SOL_SOCKET, SO_REUSEADDR)",
        TCP + "from socket import SOL_SOCKET, SO_REUSEADDR",
        0.70,
    ),
    Row(
        "setsockopt",
        "a.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)",
        TCP + "from socket import SOL_SOCKET, SO_REUSEADDR",
        0.70,
    ),
    Row("getsockname", "a.getsockname()", TCP, 0.35),
    Row("getaddrinfo, numeric", "socket.getaddrinfo('127.0.0.1', 80)", "", 0.15),
    Row("inet_pton", "socket.inet_pton(family, '192.0.2.1')", "family = socket.AF_INET", 0.40),
    Row(".family", "a.family", PAIR, 0.10),
    Row("socket() + close", "socket.socket().close()", "", 0.50),
    # The others: none may be slower.
    Row(".type", "a.type", PAIR),
    Row(".proto", "a.proto", PAIR),
    Row("fileno", "a.fileno()", PAIR),
    Row("gettimeout", "a.gettimeout()", PAIR),
    Row("settimeout", "a.settimeout(1.5)", PAIR),
    Row("setblocking", "a.setblocking(False)", PAIR),
    Row("getpeername", "a.getpeername()", TCP),
    Row(
        "sendall + recv_into",
        "a.sendall(data); b.recv_into(target)",
        PAIR + "target = bytearray(64)",
    ),
    Row(
        "sendto + recvfrom_into",
        "a.sendto(data, there); b.recvfrom_into(target)",
        UDP + "target = bytearray(64)",
    ),
    Row(
        "sendmsg + recvmsg_into",
        "a.sendmsg([data]); b.recvmsg_into(targets)",
        PAIR + "targets = [bytearray(32), bytearray(32)]",
    ),
    Row(
        "recv, no data",
        "try: a.recv(64)\nexcept BlockingIOError: pass",
        PAIR + "a.setblocking(False)",
        0.40,
    ),
    Row(
        "recv, a timeout that expires",
        "try: a.recv(64)\nexcept socket.timeout: pass",
        PAIR + "a.settimeout(1e-6)",
        0.92,
    ),
    Row(
        "send + recv, IPv6 UDP connected",
        "a.send(data); b.recv(64)",
        UDP.replace("AF_INET", "AF_INET6").replace("127.0.0.1", "::1") + "a.connect(there)",
    ),
    Row(
        "accept + connect + close",
        "s = socket.socket(); s.connect(name); c, _ = l.accept(); s.close(); c.close()",
        "l = socket.create_server(('127.0.0.1', 0)); name = l.getsockname()",
        loops=200,
    ),
    Row(
        "create_connection + accept",
        "s = socket.create_connection(name); c, _ = l.accept(); s.close(); c.close()",
        "l = socket.create_server(('127.0.0.1', 0)); name = l.getsockname()",
        loops=200,
    ),
    Row("create_server", "socket.create_server(('127.0.0.1', 0)).close()", "", loops=300),
    Row("socketpair + close", "a, b = socket.socketpair(); a.close(); b.close()", ""),
    Row("dup + close", "a.dup().close()", PAIR),
    Row("detach", "os.close(socket.socket().detach())", "import os"),
    Row("makefile + close", "a.makefile('rb').close()", PAIR),
    Row(
        "readline, one line per packet",
        "a.send(b'line\\n'); f.readline()",
        PAIR + "f = b.makefile('rb')",
    ),
    Row("sendfile", "file.seek(0); a.sendfile(file); b.recv(8192)", PAIR + FILE),
    Row("inet_ntop", "socket.inet_ntop(family, b'\\1\\2\\3\\4')", "family = socket.AF_INET"),
    Row("inet_aton", "socket.inet_aton('192.0.2.1')", ""),
    Row("inet_ntoa", "socket.inet_ntoa(b'\\1\\2\\3\\4')", ""),
    Row("htons", "socket.htons(80)", ""),
    Row("getnameinfo, numeric", "socket.getnameinfo(('127.0.0.1', 80), 3)", ""),
    Row("gethostname", "socket.gethostname()", ""),
    Row("if_nametoindex", "socket.if_nametoindex('lo')", ""),
    Row("repr", "repr(a)", TCP),
]

TIMES = [
    Row(
        "send + recv, with a timeout",
        "a.send(data); b.recv(64)",
        PAIR + "a.settimeout(5); b.settimeout(5)",
        1.6,
    ),
    Row("recv(1 MiB), 64 bytes waiting", "a.send(data); b.recv(1 << 20)", PAIR, 6.0, 100),
    Row("first getaddrinfo(str)", "socket.getaddrinfo('127.0.0.1', 80)", "", 30.0, 1, True),
    # Sent at once, so that only reading is measured.
    Row(
        "32 unbuffered makefile reads",
        "a.send(data * 32)" + "\nf.read(64)" * 32,
        PAIR + "f = b.makefile('rb', 0)",
        1.5,
        20,
    ),
    Row(
        "send + unbuffered makefile read",
        "a.send(data); f.read(64)",
        PAIR + "f = b.makefile('rb', 0)",
    ),
    *(
        Row(
            f"64 datagrams of {size} bytes, one peer",
            "bulk()",
            f"{BULK}data = b'x' * {size}",
            goal,
            20,
        )
        for size, goal in ((64, 25.0), (512, 20.0), (1200, 12.0))
    ),
    Row("64 datagrams of 512 bytes, two peers", "bulk()", PEERS + "data = b'x' * 512", 1.4, 20),
    # The cases in which each optimization costs time.
    Row("send + recv, blocking", "a.send(data); b.recv(64)", PAIR),
    Row("ping-pong of two processes, blocking", "a.sendall(data); a.recv(64)", ECHO, 1.0, 100),
    Row(
        "ping-pong of two processes, timeout",
        "a.sendall(data); a.recv(64)",
        ECHO.replace("os.fork()", "os.fork(); a.settimeout(5); b.settimeout(5)"),
        1.0,
        100,
    ),
    Row(
        "recv of the exact size, 64 KiB",
        "a.sendall(data); b.recv(len(data))",
        PAIR + "data = b'x' * 65536",
        1.0,
        50,
    ),
    Row(
        "recv(1 MiB), 64 KiB waiting",
        "a.sendall(data); b.recv(1 << 20)",
        PAIR + "data = b'x' * 65536",
        1.0,
        50,
    ),
    Row(
        "recv of the exact size, 150 KB",
        "a.sendall(data); b.recv(len(data))",
        PAIR + "a.setsockopt(1, 7, 1 << 19); data = b'x' * 150000",
        1.0,
        50,
    ),
    Row(
        "sendall, faster than it is read",
        "a.sendall(data)",
        SINK + "data = b'x' * 4096",
        1.0,
        200,
    ),
    Row("8 threads talk, one computes", "crowd()", CROWD, 1.0, 1),
    Row("8 threads talk", "crowd()", THRONG, 1.0, 1),
    Row("8 threads talk in datagrams, one computes", "crowd()", CROWD + LETTERS, 1.0, 1),
    Row("8 threads talk in datagrams", "crowd()", THRONG + LETTERS, 1.0, 1),
    Row("redis GET", "client.get('key')", REDIS, 1.0, 50, needs="redis"),
    Row("redis pipeline of 50", "pipeline()", REDIS, 1.0, 10, needs="redis"),
    Row(
        "ssl echo",
        "s.sendall(data); s.recv(64)",
        TLS + "fork(echo)\ns = client.wrap_socket(a)",
        1.0,
        100,
    ),
    Row(
        "ssl handshake",
        "client.wrap_socket(socket.create_connection(name)).close()",
        TLS + "fork(accept)",
        1.0,
        10,
    ),
]
IMPORT = Row("import", "import socket", "", 1.0, 1, True)
EMPTY = Row("empty", "pass")


def named(name):
    return next(row for row in [EMPTY, *RATIOS, *TIMES] if row.name == name)

"""A network whose hosts are hard to reach, in a namespace: addresses, a name server, a server.

enter() runs the program again inside the namespace, where set_up() makes the network. Its name
server is the only one there, and the C library's own resolver uses it.
"""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading

PORT = 8080
A, AAAA = 1, 28
SLOW = 2.0  # seconds until the answer with an IPv6 address, for the host slow.test
IPV4, IPV6 = "192.0.2.1", "2001:db8::1"  # the server listens there
CLOSED = "2001:db8::2"  # no server listens there
BLACK_HOLE = "2001:db8:dead::1"  # no host answers there
# The addresses of each host, those of IPv6 first, as the resolver sorts them.
HOSTS = {
    "blackhole.test": {AAAA: BLACK_HOLE, A: IPV4},
    "both.test": {AAAA: IPV6, A: IPV4},
    "refused.test": {AAAA: CLOSED, A: IPV4},
    "slow.test": {AAAA: IPV6, A: IPV4},
}
SILENT = "dead.test"  # queries for this host remain without a reply
FILES = {
    "nsswitch.conf": "hosts: files dns\nservices: files\nprotocols: files\n",
    "hosts": "127.0.0.1 localhost\n",
    "services": "http 80/tcp\n",
    "resolv.conf": "nameserver 127.0.0.1\n",
}
# Packets to the black hole have a link-layer address that is not the peer's, so the peer ignores
# them. A route of the type blackhole would make connect() fail at once.
NETWORK = f"""
link set lo up
address add {IPV4}/32 dev lo
address add {IPV6}/128 dev lo
address add {CLOSED}/128 dev lo
link add out type veth peer name far
link set out up
link set far up
address add 2001:db8:dead::2/64 dev out nodad
neighbour add {BLACK_HOLE} lladdr 02:00:00:00:00:01 dev out nud permanent
"""
RESPONSE = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
INSIDE = "CSOCKET_CONNECT_NETWORK"


def enter():
    """Run this program again in new namespaces, or return the reason why that is impossible."""
    for tool in ("unshare", "ip"):
        if not shutil.which(tool):
            return f"the command {tool} is not installed"
    command = ["unshare", "--net", "--mount"]
    if os.geteuid() != 0:
        command.append("--map-root-user")
    probe = "ip link add out type veth peer name far"
    done = subprocess.run([*command, "sh", "-c", probe], capture_output=True, text=True)
    if done.returncode:
        return f"no network namespace with a veth device: {done.stderr.strip()}"
    os.environ[INSIDE] = "1"
    sys.stdout.flush()
    return os.execvp(command[0], [*command, sys.executable, *sys.argv])


def inside():
    return INSIDE in os.environ


def set_up():
    for line in NETWORK.strip().splitlines():
        subprocess.run(["ip", *line.split()], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "none", "/etc"], check=True)
    for name, text in FILES.items():
        pathlib.Path("/etc", name).write_text(text, encoding="utf-8")
    name_server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    name_server.bind(("127.0.0.1", 53))
    threading.Thread(target=resolve, args=[name_server], daemon=True).start()
    for family, address in ((socket.AF_INET, IPV4), (socket.AF_INET6, IPV6)):
        server = socket.socket(family)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((address, PORT))
        server.listen(128)
        threading.Thread(target=serve, args=[server], daemon=True).start()
    check()


def check():
    """Return whether the network is the one described in this file."""
    for host, addresses in HOSTS.items():
        found = [info[4][0] for info in socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)]
        if found != list(addresses.values()):
            sys.exit(f"{host} has the addresses {found} instead of {list(addresses.values())}")
    for address, expected in ((BLACK_HOLE, socket.timeout), (CLOSED, ConnectionRefusedError)):
        try:
            socket.create_connection((address, PORT), timeout=1.5).close()
            sys.exit(f"{address} accepts connections")
        except OSError as error:
            if type(error) is not expected:
                sys.exit(f"connect to {address}: {error!r} instead of {expected.__name__}")


def reply(query):
    """Return (name, type, reply) of a query; the reply has the address of that type, if any."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += query[at] + 1
    name, kind = ".".join(labels).lower(), int.from_bytes(query[at + 1 : at + 3], "big")
    addresses = HOSTS.get(name)
    records = b""
    if addresses and kind in addresses:
        family = socket.AF_INET if kind == A else socket.AF_INET6
        data = socket.inet_pton(family, addresses[kind])
        records = b"\xc0\x0c" + kind.to_bytes(2, "big") + b"\0\1" + bytes(4)
        records += len(data).to_bytes(2, "big") + data
    flags = b"\x81\x80" if addresses else b"\x81\x83"
    counts = b"\0\1" + (b"\0\1" if records else b"\0\0") + bytes(4)
    return name, kind, query[:2] + flags + counts + query[12 : at + 5] + records


def resolve(sock):
    while True:
        query, client = sock.recvfrom(512)
        name, kind, data = reply(query)
        if name == SILENT:
            continue
        if name == "slow.test" and kind == AAAA:
            timer = threading.Timer(SLOW, sock.sendto, [data, client])
            timer.daemon = True
            timer.start()
        else:
            sock.sendto(data, client)


def serve(server):
    while True:
        threading.Thread(target=respond, args=[server.accept()[0]], daemon=True).start()


def respond(connection):
    """Answer a request, if any; most programs only connect."""
    with connection:
        try:
            if connection.recv(65536):
                connection.sendall(RESPONSE)
        except OSError:
            pass  # the client has reset the connection

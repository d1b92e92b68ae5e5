"""Echo server for both internet families: listens on the first address to which it can bind.

echo_server2.py [PORT [HOST]]
"""

import socket
import sys

PORT = sys.argv[1] if len(sys.argv) > 1 else "50007"
HOST = sys.argv[2] if len(sys.argv) > 2 else None  # every interface

s = None
for family, kind, proto, _, address in socket.getaddrinfo(
    HOST, PORT, socket.AF_UNSPEC, socket.SOCK_STREAM, 0, socket.AI_PASSIVE
):
    try:
        s = socket.socket(family, kind, proto)
    except OSError:
        continue
    try:
        s.bind(address)
        s.listen(1)
    except OSError:
        s.close()
        s = None
        continue
    break
if s is None:
    print("could not open socket")
    sys.exit(1)
with s:
    conn, addr = s.accept()
    with conn:
        print("Connected by", addr)
        while True:
            data = conn.recv(1024)
            if not data:
                break
            conn.send(data)

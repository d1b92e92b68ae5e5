"""Echo client for both internet families: talks to the first address that answers.

echo_client2.py [PORT [HOST]]
"""

import socket
import sys

PORT = sys.argv[1] if len(sys.argv) > 1 else "50007"
HOST = sys.argv[2] if len(sys.argv) > 2 else "localhost"

s = None
for family, kind, proto, _, address in socket.getaddrinfo(
    HOST, PORT, socket.AF_UNSPEC, socket.SOCK_STREAM
):
    try:
        s = socket.socket(family, kind, proto)
    except OSError:
        continue
    try:
        s.connect(address)
    except OSError:
        s.close()
        s = None
        continue
    break
if s is None:
    print("could not open socket")
    sys.exit(1)
with s:
    s.sendall(b"Hello, world")
    data = s.recv(1024)
print("Received", repr(data))

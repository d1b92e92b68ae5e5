"""Echo server for both internet families at once, created with one call.   dualstack_server.py
[PORT]"""

import socket
import sys

ADDRESS = ("", int(sys.argv[1]) if len(sys.argv) > 1 else 50007)

if socket.has_dualstack_ipv6():
    s = socket.create_server(ADDRESS, family=socket.AF_INET6, dualstack_ipv6=True)
else:
    s = socket.create_server(ADDRESS)
with s:
    conn, addr = s.accept()
    with conn:
        print("Connected by", addr)
        while True:
            data = conn.recv(1024)
            if not data:
                break
            conn.sendall(data)

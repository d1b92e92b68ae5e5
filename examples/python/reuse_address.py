"""Echo server that can be started again at once.   reuse_address.py [PORT]

It closes its connection first, which leaves the port in TIME_WAIT; without SO_REUSEADDR the next
start would fail until that has expired.
"""

import socket
import sys

HOST = ""
PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 50007

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((HOST, PORT))
s.listen(1)
conn, addr = s.accept()
print("Connected by", addr)
conn.sendall(conn.recv(1024))
conn.close()
s.close()

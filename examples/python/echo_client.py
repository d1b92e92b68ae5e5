"""Echo client.   echo_client.py [PORT]"""

import socket
import sys

HOST = "127.0.0.1"  # where the server runs
PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 50007

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
    s.connect((HOST, PORT))
    s.sendall(b"Hello, world")
    data = s.recv(1024)
print("Received", repr(data))

"""Echo server: serves one client, then ends.   echo_server.py [PORT]"""

import socket
import sys

HOST = ""  # every interface
PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 50007

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
    s.bind((HOST, PORT))
    s.listen(1)
    conn, addr = s.accept()
    with conn:
        print("Connected by", addr)
        while True:
            data = conn.recv(1024)
            if not data:
                break
            conn.sendall(data)

"""Send a file to each client without copying it.   file_server.py HOST PORT FILE COUNT"""

import sys

import csocket as socket

host, port, name, count = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
with socket.create_server((host, port)) as s:
    print("ready", flush=True)
    for _ in range(count):
        conn, address = s.accept()
        with conn, open(name, "rb") as file:
            print(f"{address[0]}:{address[1]}: {conn.sendfile(file)} bytes", flush=True)

"""Receive datagrams as a QUIC server does, many in one call.   udp_receiver.py HOST PORT COUNT"""

import contextlib
import sys

import csocket as socket

host, port, wanted = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.options.so_rcvbuf = "4M"
    with contextlib.suppress(OSError):  # kernels before 5.0 deliver them one by one
        s.options.udp_gro = True
    s.bind((host, port))
    s.settimeout(20)
    print("ready", flush=True)
    count = size = 0
    while count < wanted:
        for data, _address in s.recv_many(64, 2048):
            count += 1
            size += len(data)
    print(f"{count} datagrams, {size} bytes")

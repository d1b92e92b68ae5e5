"""Send datagrams as a QUIC client does, in bursts.   udp_sender.py HOST PORT COUNT SIZE"""

import sys

import csocket as socket

host, port, left, size = sys.argv[1], *map(int, sys.argv[2:5])
burst = bytes(50 * size)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.options.ip_tos = 2  # ECN-capable: ECT(0)
    while left > 0:
        data = memoryview(burst)[: left * size]
        left -= s.send_many(data, segment_size=size, address=(host, port))

"""Print a line for each packet: the specification's network sniffer for Linux."""

import socket
import sys

ALL = 0x0003  # ETH_P_ALL, which the standard library has since 3.12
IPV4, IPV6 = 0x0800, 0x86DD


def internet(family, source, target, protocol):
    source, target = socket.inet_ntop(family, source), socket.inet_ntop(family, target)
    return f" {source} > {target}, protocol {protocol}"


interface = sys.argv[1] if len(sys.argv) > 1 else ""
left = int(sys.argv[2]) if len(sys.argv) > 2 else -1
with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0) as s:
    s.bind((interface, ALL))
    while left:
        data, (name, proto, kind, hardware, address) = s.recvfrom(65536)
        line = f"{name} {proto:#06x} {len(data)} bytes"
        if proto == IPV4 and len(data) >= 20:
            line += internet(socket.AF_INET, data[12:16], data[16:20], data[9])
        elif proto == IPV6 and len(data) >= 40:
            line += internet(socket.AF_INET6, data[8:24], data[24:40], data[6])
        print(line, flush=True)
        left -= left > 0

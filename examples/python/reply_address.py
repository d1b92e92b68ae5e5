"""Reply from the address to which the request was sent, with IPv4 and IPv6.   reply_address.py PORT
COUNT"""

import sys

import csocket as socket

with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
    s.options.ipv6_v6only = False
    s.options.ipv6_recvpktinfo = True
    s.bind(("::", int(sys.argv[1])))
    s.settimeout(20)
    print("ready", flush=True)
    for _ in range(int(sys.argv[2])):
        message = s.recv_message(1500)
        asked = message.control.ipv6_pktinfo.addr
        print("asked at", asked, flush=True)
        s.send_message(message.data, message.address, {"ipv6_pktinfo": asked})

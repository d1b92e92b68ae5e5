"""scapy captures at each end of a veth pair the packets it sends at the other."""

import subprocess
import threading

from scapy.all import IP, UDP, AsyncSniffer, Ether, Raw, conf, sendp

MARK = b"csocket was here. "

conf.verb = 0
subprocess.run("ip link add v0 type veth peer name v1".split(), check=True)
for name in ("v0", "v1"):
    subprocess.run(["ip", "link", "set", name, "up"], check=True)
for end, other in (("v0", "v1"), ("v1", "v0")):
    started = threading.Event()
    sniffer = AsyncSniffer(
        iface=other,
        count=3,
        timeout=20,
        lfilter=lambda packet: Raw in packet and MARK in bytes(packet[Raw]),
        started_callback=started.set,
    )
    sniffer.start()
    assert started.wait(20)
    head = Ether(dst="ff:ff:ff:ff:ff:ff") / IP(src="192.0.2.1", dst="192.0.2.9")
    sent = [head / UDP(sport=1, dport=2) / Raw(MARK * size) for size in (1, 10, 80)]
    sendp(sent, iface=end)
    sniffer.join()
    for packet, found in zip(sent, sniffer.results):
        same = bytes(packet)[14:] == bytes(found)[14:]
        print(f"{end} to {other}: {len(found)} bytes, {'the same' if same else 'others'}")

"""Check whether a UDP port is reachable, and how fast it answers.   ping.py HOST PORT"""

import os
import select
import sys

import csocket as socket

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.options.ip_recverr = True
    s.enable_timestamps(sent=True)
    s.connect((sys.argv[1], int(sys.argv[2])))
    s.send(b"ping")
    sent_at = None
    poll = select.poll()
    poll.register(s, select.POLLIN)
    while events := poll.poll(5000):
        for entry in s.errors():
            if entry.stage == "sent":
                sent_at = entry.hardware or entry.software
            elif entry.errno:
                sys.exit(
                    f"{entry.offender[0]}: {os.strerror(entry.errno)} "
                    f"(ICMP type {entry.icmp_type}, code {entry.icmp_code})"
                )
        if events[0][1] & select.POLLIN:
            control = s.recv_message(1500).control
            if "scm_timestamping" in control:
                print(f"answer after {(control.timestamping.software - sent_at) / 1e6:.3f} ms")
            else:  # the kernel had not yet begun to record arrival times
                print("answer without a time")
            break
    else:
        sys.exit("no answer")

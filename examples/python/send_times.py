"""Print the times at which messages are sent.   send_times.py HOST PORT COUNT"""

import select
import sys

import csocket as socket

host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.enable_timestamps(sent=True)
    for _ in range(count):
        s.sendto(b"x", (host, port))
    poll = select.poll()
    poll.register(s, 0)  # an entry in the error queue causes POLLERR, which is always reported
    sent = 0
    while sent < count and poll.poll(5000):
        for entry in s.errors():
            print(f"message {entry.id} {entry.stage} at {entry.hardware or entry.software} ns")
            sent += entry.stage == "sent"

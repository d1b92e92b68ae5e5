"""Receive CAN frames; send each of them back, followed by another one."""

import socket
import struct
import sys

# struct can_frame of <linux/can.h>: identifier, size, three unused bytes, data.
FORMAT = "=IB3x8s"
SIZE = struct.calcsize(FORMAT)


def build_can_frame(can_id, data):
    return struct.pack(FORMAT, can_id, len(data), data.ljust(8, b"\x00"))


def print_can_frame(frame):
    can_id, size, data = struct.unpack(FORMAT, frame)
    text = "".join(f"\\x{byte:02x}" for byte in data[:size])
    print(f"Received: can_id={can_id:x}, can_dlc={size:x}, data={text}", flush=True)


interface = sys.argv[1] if len(sys.argv) > 1 else "vcan0"
with socket.socket(socket.AF_CAN, socket.SOCK_RAW, socket.CAN_RAW) as s:
    s.bind((interface,))
    while True:
        frame, address = s.recvfrom(SIZE)
        print_can_frame(frame)
        for answer in frame, build_can_frame(0x01, b"\x01\x02\x03"):
            try:
                s.send(answer)
            except OSError:
                print("Error sending CAN frame", flush=True)

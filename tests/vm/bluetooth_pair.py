#!/usr/bin/python3
"""Start two virtual Bluetooth controllers, bring them up, and run a command while they exist.

    bluetooth_pair.py COMMAND [ARG...]

The command finds their addresses in CSK_BLUETOOTH_A and CSK_BLUETOOTH_B; its exit status is this
one's. Needs root and the module hci_vhci. Debian's own python3 runs it: an interpreter built
without BlueZ's headers has no AF_BLUETOOTH.
"""

import errno
import fcntl
import os
import socket
import struct
import subprocess
import sys
import threading
import time

from controllers import Air

HCIDEVUP = 0x400448C9
HCISETSCAN = 0x400448DD
SCAN_PAGE_AND_INQUIRY = 3
WAIT = 30  # seconds: the emulated machine is slow
ADDRESSES = [bytes([last, 0, 0, 0xAA, 0x01, 0]) for last in (1, 2)]  # last byte first


def bring_up(control, number, until):
    """The kernel refuses while it is still setting up the controller."""
    while True:
        try:
            fcntl.ioctl(control, HCIDEVUP, number)
            break
        except OSError as error:
            if error.errno == errno.EALREADY:
                break
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
    fcntl.ioctl(control, HCISETSCAN, struct.pack("=HxxI", number, SCAN_PAGE_AND_INQUIRY))


def text(address):
    return ":".join(f"{byte:02X}" for byte in reversed(address))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    air = Air(ADDRESSES)
    end, stop = os.pipe()
    worker = threading.Thread(target=air.work, args=(end,))
    worker.start()
    try:
        with socket.socket(socket.AF_BLUETOOTH, socket.SOCK_RAW, socket.BTPROTO_HCI) as control:
            for controller in air.controllers:
                bring_up(control, controller.number, time.monotonic() + WAIT)
        first, second = map(text, ADDRESSES)
        env = dict(os.environ, CSK_BLUETOOTH_A=first, CSK_BLUETOOTH_B=second)
        return subprocess.call(sys.argv[1:], env=env)
    finally:
        os.close(stop)
        worker.join()


if __name__ == "__main__":
    sys.exit(main())

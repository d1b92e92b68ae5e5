#!/usr/bin/python3
"""Start two virtual Bluetooth controllers, bring them up, and run a command beside them.

    bluetooth_pair.py COMMAND [ARG...]

The command finds their addresses in CSK_BLUETOOTH_A and CSK_BLUETOOTH_B; its exit status is this
one's. Needs root, the module hci_vhci, and btvirt of BlueZ. Debian's own python3 runs it: an
interpreter built without BlueZ's headers has no AF_BLUETOOTH.
"""

import errno
import fcntl
import os
import socket
import struct
import subprocess
import sys
import time

HCIDEVUP = 0x400448C9
HCIGETDEVLIST = 0x800448D2
HCIGETDEVINFO = 0x800448D3
HCISETSCAN = 0x400448DD
SCAN_PAGE_AND_INQUIRY = 3
MOST = 16
WAIT = 30  # seconds: the emulated machine is slow


def controllers(control):
    """The numbers of the controllers that there are."""
    request = bytearray(struct.pack("=H2x", MOST) + bytes(8 * MOST))
    fcntl.ioctl(control, HCIGETDEVLIST, request)
    (count,) = struct.unpack_from("=H", request)
    return [struct.unpack_from("=H", request, 4 + 8 * place)[0] for place in range(count)]


def address(control, number):
    request = bytearray(struct.pack("=H", number) + bytes(90))
    fcntl.ioctl(control, HCIGETDEVINFO, request)
    return ":".join(f"{byte:02X}" for byte in reversed(request[10:16]))


def bring_up(control, number, until):
    """The kernel refuses while it still sets the controller up."""
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


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    until = time.monotonic() + WAIT
    emulator = subprocess.Popen(["btvirt", "-l2"], stdout=subprocess.DEVNULL)
    try:
        with socket.socket(socket.AF_BLUETOOTH, socket.SOCK_RAW, socket.BTPROTO_HCI) as control:
            while len(controllers(control)) < 2:
                if time.monotonic() > until or emulator.poll() is not None:
                    sys.exit("bluetooth_pair: btvirt made no two controllers")
                time.sleep(0.1)
            numbers = controllers(control)[:2]
            for number in numbers:
                bring_up(control, number, until)
            first, second = (address(control, number) for number in numbers)
        env = dict(os.environ, CSK_BLUETOOTH_A=first, CSK_BLUETOOTH_B=second)
        return subprocess.call(sys.argv[1:], env=env)
    finally:
        emulator.terminate()
        emulator.wait()


if __name__ == "__main__":
    sys.exit(main())

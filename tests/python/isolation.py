"""Move this process to new network and UTS namespaces: only loopback, no access to the outside."""

import ctypes
import fcntl
import os
import struct

CLONE_NEWUTS, CLONE_NEWUSER, CLONE_NEWNET = 0x04000000, 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
MARK = "CSOCKET_ISOLATED"


def isolate():
    """True if the process is isolated now. Its child processes inherit the namespaces and need not
    do it again."""
    if os.environ.get(MARK) == os.readlink("/proc/self/ns/net"):
        return True
    libc = ctypes.CDLL(None, use_errno=True)
    flags = CLONE_NEWNET | CLONE_NEWUTS
    owner = os.geteuid(), os.getegid()
    if libc.unshare(flags) != 0:
        if libc.unshare(flags | CLONE_NEWUSER) != 0:
            return False
        for name, line in (
            ("uid_map", f"0 {owner[0]} 1"),
            ("setgroups", "deny"),
            ("gid_map", f"0 {owner[1]} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(line)
    bring_up("lo")
    os.environ[MARK] = os.readlink("/proc/self/ns/net")
    return True


def bring_up(interface):
    # Uses descriptor numbers because the socket modules themselves are under test.
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.socket(2, 2, 0)
    try:
        request = struct.pack("16sH22x", interface.encode(), 0)
        flags = struct.unpack_from("H", fcntl.ioctl(descriptor, SIOCGIFFLAGS, request), 16)[0]
        request = struct.pack("16sH22x", interface.encode(), flags | IFF_UP)
        fcntl.ioctl(descriptor, SIOCSIFFLAGS, request)
    finally:
        os.close(descriptor)

"""Linux's socket families other than the internet families and AF_UNIX.

A kernel may lack a family: the form of an address is checked on any kernel, and its effect on
kernels with the family.
"""

import pytest

from .toolkit import raises, socket, states

HEADING = "Socket families"


def takes(t, family, kind, proto, *addresses):
    for address in addresses:
        assert t.takes(t.disguised(family, kind, proto), address), address


def refuses(t, family, kind, proto, *addresses):
    for address in addresses:
        assert not t.takes(t.disguised(family, kind, proto), address), address


@states(HEADING, "AF_NETLINK: an address is a pair (pid, groups)")
def _(t):
    sock = t.try_open(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    sock.bind((0, 5))
    pid, groups = sock.getsockname()
    assert pid > 0 and groups == 5


@states(HEADING, "AF_TIPC: an address is (addr_type, v1, v2, v3[, scope])")
def _(t):
    takes(t, socket.AF_TIPC, socket.SOCK_RDM, 0, (1, 2, 3, 4), (1, 2, 3, 4, 2))
    refuses(t, socket.AF_TIPC, socket.SOCK_RDM, 0, (1, 2, 3), (1, 2, 3, 4, 2, 0), "name")


@states(HEADING, "AF_TIPC: addr_type is TIPC_ADDR_NAMESEQ, TIPC_ADDR_NAME or TIPC_ADDR_ID")
def _(t):
    for kind in (socket.TIPC_ADDR_NAMESEQ, socket.TIPC_ADDR_NAME, socket.TIPC_ADDR_ID):
        takes(t, socket.AF_TIPC, socket.SOCK_RDM, 0, (kind, 1, 2, 0))
    refuses(t, socket.AF_TIPC, socket.SOCK_RDM, 0, (99, 1, 2, 0))


@states(HEADING, "AF_TIPC: scope is TIPC_ZONE_SCOPE, TIPC_CLUSTER_SCOPE or TIPC_NODE_SCOPE")
def _(t):
    for scope in (socket.TIPC_ZONE_SCOPE, socket.TIPC_CLUSTER_SCOPE, socket.TIPC_NODE_SCOPE):
        takes(t, socket.AF_TIPC, socket.SOCK_RDM, 0, (socket.TIPC_ADDR_NAME, 1, 2, 0, scope))


@states(HEADING, "AF_TIPC: a service's names are a server type and a range of ports")
def _(t):
    server = t.try_open(socket.AF_TIPC, socket.SOCK_RDM)
    lower, upper = 200, 210
    server.bind((socket.TIPC_ADDR_NAMESEQ, 0x123456, lower, upper, socket.TIPC_NODE_SCOPE))
    client = t.open(socket.AF_TIPC, socket.SOCK_RDM)
    client.sendto(b"x", (socket.TIPC_ADDR_NAME, 0x123456, lower + 3, 0))
    data, address = server.recvfrom(10)
    assert data == b"x" and address == client.getsockname()
    assert address[0] == socket.TIPC_ADDR_ID and address[3] == 0


@states(HEADING, "AF_CAN: an address is a tuple of an interface's name")
def _(t):
    takes(t, socket.AF_CAN, socket.SOCK_RAW, socket.CAN_RAW, ("lo",))
    refuses(t, socket.AF_CAN, socket.SOCK_RAW, socket.CAN_RAW, "lo", ())
    raises(OSError, t.disguised(socket.AF_CAN, 3, socket.CAN_RAW).bind, ("no-such-if",))


@states(HEADING, "AF_CAN: '' stands for all interfaces")
def _(t):
    sock = t.try_open(socket.AF_CAN, socket.SOCK_RAW, socket.CAN_RAW)
    sock.bind(("",))
    assert sock.getsockname() == ("",)


@states(HEADING, "CAN_ISOTP: an address is (interface, rx_addr, tx_addr)")
def _(t):
    standard, extended = 0x123, 0x98DB33F1  # 29 bits and CAN_EFF_FLAG
    takes(t, socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_ISOTP, ("lo", standard, extended))
    refuses(
        t, socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_ISOTP, ("lo",), ("lo", 1), ("lo", -1, 1)
    )


@states(HEADING, "CAN_J1939: an address is (interface, name, pgn, addr)")
def _(t):
    takes(t, socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_J1939, ("lo", 0, 0, 0))
    refuses(t, socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_J1939, ("lo",), ("lo", 0, 0))


@states(HEADING, "CAN_J1939: name is an unsigned integer of 64 bits")
def _(t):
    takes(t, socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_J1939, ("lo", 2**64 - 1, 0, 0))


@states(HEADING, "CAN_J1939: pgn is an unsigned integer of 32 bits")
def _(t):
    for pgn in (0, 0x3FFFF, 0x40000, 0x40001, 2**31, 2**32 - 1):
        takes(t, socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_J1939, ("lo", 0, pgn, 0))
    refuses(t, socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_J1939, ("lo", 0, 2**32, 0))


@states(HEADING, "CAN_J1939: addr is an integer of 8 bits")
def _(t):
    takes(t, socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_J1939, ("lo", 0, 0, 255))
    refuses(t, socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_J1939, ("lo", 0, 0, 256))


@states(HEADING, "BTPROTO_L2CAP: an address is (bdaddr, psm[, cid[, bdaddr_type]])")
def _(t):
    place = (socket.AF_BLUETOOTH, socket.SOCK_SEQPACKET, socket.BTPROTO_L2CAP)
    addresses = [("01:23:45:67:89:ab", 1)]
    addresses += [(*addresses[0], 2), (*addresses[0], 2, socket.BDADDR_LE_PUBLIC)]
    takes(t, *place, *addresses)
    refuses(t, *place, ("01:23:45:67:89:ab",), ("01:23:45:67:89", 1), (1, 1), "01:23:45:67:89:ab")


@states(HEADING, "BTPROTO_L2CAP: bdaddr_type is BDADDR_BREDR, BDADDR_LE_PUBLIC or BDADDR_LE_RANDOM")
def _(t):
    place = (socket.AF_BLUETOOTH, socket.SOCK_SEQPACKET, socket.BTPROTO_L2CAP)
    for kind in (socket.BDADDR_BREDR, socket.BDADDR_LE_PUBLIC, socket.BDADDR_LE_RANDOM):
        takes(t, *place, (socket.BDADDR_ANY, 0, 0, kind))
    refuses(t, *place, (socket.BDADDR_ANY, 0, 0, "public"))


@states(HEADING, "BTPROTO_RFCOMM: an address is (bdaddr, channel)")
def _(t):
    place = (socket.AF_BLUETOOTH, socket.SOCK_STREAM, socket.BTPROTO_RFCOMM)
    takes(t, *place, ("01:23:45:67:89:ab", 1))
    refuses(t, *place, ("01:23:45:67:89:ab",), ("01:23:45:67:89:ab", "1"), (b"\1\2\3\4\5\6", 1))


@states(HEADING, "BTPROTO_HCI: an address is device_id or (device_id[, channel])")
def _(t):
    place = (socket.AF_BLUETOOTH, socket.SOCK_RAW, socket.BTPROTO_HCI)
    takes(t, *place, 0, (0,), (0, socket.HCI_CHANNEL_RAW), socket.HCI_DEV_NONE)
    refuses(t, *place, "hci0", ("hci0",), (0, 0, 0))


@states(HEADING, "BTPROTO_SCO: an address is a Bluetooth address as str or bytes")
def _(t):
    place = (socket.AF_BLUETOOTH, socket.SOCK_SEQPACKET, socket.BTPROTO_SCO)
    takes(t, *place, "12:23:34:45:56:67", b"12:23:34:45:56:67")
    refuses(t, *place, "12:23:34:45:56", 1)


@states(HEADING, "AF_ALG: an address is (type, name[, feat[, mask]])")
def _(t):
    place = (socket.AF_ALG, socket.SOCK_SEQPACKET, 0)
    takes(t, *place, ("hash", "sha256"), ("hash", "sha256", 1), ("hash", "sha256", 1, 2))
    refuses(t, *place, ("hash",), "hash", ("hash", "sha256", 1, 2, 3), ("hash", 1))


@states(HEADING, "AF_ALG: feat and mask are unsigned integers of 32 bits")
def _(t):
    place = (socket.AF_ALG, socket.SOCK_SEQPACKET, 0)
    takes(t, *place, ("hash", "sha256", 2**32 - 1, 2**32 - 1))
    refuses(t, *place, ("hash", "sha256", 2**64, 0), ("hash", "sha256", 0, 2**64))


@states(HEADING, "AF_ALG: a socket computes what the tuple says")
def _(t):
    sock = t.try_open(socket.AF_ALG, socket.SOCK_SEQPACKET, 0)
    try:
        sock.bind(("hash", "sha256"))
    except OSError as error:
        pytest.skip(f"sha256: {error.strerror}")
    operation = t.keep(sock.accept()[0])
    operation.sendall(b"abc")
    assert operation.recv(512).hex().startswith("ba7816bf8f01cfea414140de5dae2223")


@states(HEADING, "AF_VSOCK: an address is (CID, port), both integers")
def _(t):
    takes(t, socket.AF_VSOCK, socket.SOCK_STREAM, 0, (socket.VMADDR_CID_ANY, 1234))
    refuses(t, socket.AF_VSOCK, socket.SOCK_STREAM, 0, ("any", 1), (1,), 1)


@states(HEADING, "AF_PACKET: an address is (ifname, proto[, pkttype[, hatype[, addr]]])")
def _(t):
    place = (socket.AF_PACKET, socket.SOCK_RAW, 0)
    takes(t, *place, ("lo", 3), ("lo", 3, 0), ("lo", 3, 0, 1), ("lo", 3, 0, 1, b"\1\2\3\4\5\6"))
    takes(t, *place, ("lo", 3, 0, 1, bytearray(6)))
    refuses(t, *place, ("lo",), "lo", ("lo", "IP"), ("lo", 3, 0, 1, "text"))


@states(HEADING, "AF_PACKET: proto is ETH_P_ALL, an ETHERTYPE_* or another number")
def _(t):
    place = (socket.AF_PACKET, socket.SOCK_RAW, 0)
    for proto in (socket.ETH_P_ALL, socket.ETHERTYPE_IPV6, 0x88B5):
        takes(t, *place, ("lo", proto))


@states(HEADING, "AF_PACKET: received frames say how they came: PACKET_HOST, PACKET_OUTGOING ...")
def _(t):
    sock = t.try_open(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.bind(("lo", socket.ETH_P_ALL))
    sender = t.open(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sender.sendto(b"\0" * 12 + b"\x88\xb5" + b"payload", ("lo", 0))
    seen = {sock.recvfrom(100)[1] for _ in range(2)}
    assert {address[:2] for address in seen} == {("lo", 0x88B5)}
    assert {address[2] for address in seen} == {socket.PACKET_OUTGOING, socket.PACKET_HOST}
    assert all(type(address[3]) is int and type(address[4]) is bytes for address in seen)


@states(HEADING, "AF_PACKET: pkttype is PACKET_HOST by default")
def _(t):
    assert socket.PACKET_HOST == 0
    sock = t.try_open(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.bind(("lo", 3))
    assert sock.getsockname()[2] == socket.PACKET_HOST


@states(HEADING, "AF_QIPCRTR: an address is (node, port), which are not negative")
def _(t):
    takes(t, socket.AF_QIPCRTR, socket.SOCK_DGRAM, 0, (1, 0x4000))
    refuses(t, socket.AF_QIPCRTR, socket.SOCK_DGRAM, 0, (1,), ("1", 1))


@states(HEADING, "IPPROTO_UDPLITE: a socket is made with (AF_INET or AF_INET6, SOCK_DGRAM)")
def _(t):
    for family in (socket.AF_INET, socket.AF_INET6):
        t.try_open(family, socket.SOCK_DGRAM, socket.IPPROTO_UDPLITE)


@states(HEADING, "IPPROTO_UDPLITE: two options set the checksum's coverage, in range(8, 2**16, 8)")
def _(t):
    sock = t.try_open(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_UDPLITE)
    for option in (socket.UDPLITE_SEND_CSCOV, socket.UDPLITE_RECV_CSCOV):
        for length in (8, 2**16 - 8):
            sock.setsockopt(socket.IPPROTO_UDPLITE, option, length)
            assert sock.getsockopt(socket.IPPROTO_UDPLITE, option) == length

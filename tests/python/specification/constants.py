"""Module contents: exceptions and constants."""

import enum
import fnmatch

from .toolkit import raises, socket, states

HEADING = "Constants"
EXCEPTIONS = "Exceptions"


def has(*names):
    for name in names:
        assert hasattr(socket, name), name


def has_some(*patterns):
    for pattern in patterns:
        assert fnmatch.filter(dir(socket), pattern), pattern


@states(EXCEPTIONS, "error is an alias of OSError")
def _(t):
    assert socket.error is OSError


@states(EXCEPTIONS, "herror is a subclass of OSError")
def _(t):
    assert issubclass(socket.herror, OSError) and socket.herror is not OSError


@states(EXCEPTIONS, "herror's value is a pair (h_errno, string), for gethostbyaddr among others")
def _(t):
    error = raises(socket.herror, socket.gethostbyaddr, "192.0.2.1")
    number, text = error.args
    assert type(number) is int and type(text) is str and (error.errno, error.strerror) == error.args


@states(EXCEPTIONS, "gaierror is a subclass of OSError")
def _(t):
    assert issubclass(socket.gaierror, OSError) and socket.gaierror is not OSError


@states(EXCEPTIONS, "gaierror's value is a pair (error, string) of getaddrinfo or getnameinfo")
def _(t):
    numbers = {getattr(socket, name) for name in dir(socket) if name.startswith("EAI_")}
    flags = socket.AI_NUMERICHOST
    error = raises(socket.gaierror, socket.getaddrinfo, "no number", 80, flags=flags)
    number, text = error.args
    assert number in numbers and type(text) is str and text
    error = raises(socket.gaierror, socket.getnameinfo, ("127.0.0.1", 80), 0x40000000)
    assert error.args[0] in numbers


@states(EXCEPTIONS, "timeout is a subclass of OSError, whose value is 'timed out'")
def _(t):
    one, _other = t.pair()
    one.settimeout(0.01)
    error = raises(socket.timeout, one.recv, 1)
    assert isinstance(error, OSError) and error.args == ("timed out",)


@states(EXCEPTIONS, "timeout is raised for a timeout of setdefaulttimeout, too")
def _(t):
    t.default_timeout(0.01)
    one, other = socket.socketpair()
    t.keep(other)
    raises(socket.timeout, t.keep(one).recv, 1)


@states(EXCEPTIONS, "timeout is an alias of TimeoutError from Python 3.10")
def _(t):
    import sys

    assert (socket.timeout is TimeoutError) == (sys.version_info >= (3, 10))


@states(HEADING, "the AF_* and SOCK_* constants are members of AddressFamily and SocketKind")
def _(t):
    assert issubclass(socket.AddressFamily, enum.IntEnum)
    assert issubclass(socket.SocketKind, enum.IntEnum)
    assert type(socket.AF_INET) is socket.AddressFamily
    assert type(socket.SOCK_STREAM) is socket.SocketKind
    for kind in (socket.AddressFamily, socket.SocketKind):
        for name, member in kind.__members__.items():
            assert getattr(socket, name) is member


@states(HEADING, "AF_UNIX, AF_INET, AF_INET6")
def _(t):
    for name in ("AF_UNIX", "AF_INET", "AF_INET6"):
        t.open(getattr(socket, name))


@states(HEADING, "AF_UNSPEC makes getaddrinfo return addresses of any family")
def _(t):
    infos = socket.getaddrinfo(None, 80, socket.AF_UNSPEC, socket.SOCK_STREAM)
    assert {info[0] for info in infos} == {socket.AF_INET, socket.AF_INET6}


@states(HEADING, "SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET")
def _(t):
    has("SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_RDM", "SOCK_SEQPACKET")


@states(HEADING, "SOCK_CLOEXEC and SOCK_NONBLOCK can be combined with the types")
def _(t):
    sock = t.keep(
        socket.socket(type=socket.SOCK_STREAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
    )
    assert sock.gettimeout() == 0


@states(HEADING, "SO_*, SOMAXCONN, MSG_*, SOL_*, SCM_*, IPPROTO_*, IPPORT_*, INADDR_*")
def _(t):
    has("SOMAXCONN")
    has_some("SO_*", "MSG_*", "SOL_*", "SCM_*", "IPPROTO_*", "IPPORT_*", "INADDR_*")


@states(HEADING, "IP_*, IPV6_*, EAI_*, AI_*, NI_*, TCP_*")
def _(t):
    has_some("IP_*", "IPV6_*", "EAI_*", "AI_*", "NI_*", "TCP_*")


@states(HEADING, "3.6: SO_DOMAIN, SO_PROTOCOL, SO_PEERSEC, SO_PASSSEC, TCP_USER_TIMEOUT ...")
def _(t):
    has("SO_DOMAIN", "SO_PROTOCOL", "SO_PEERSEC", "SO_PASSSEC")
    has("TCP_USER_TIMEOUT", "TCP_CONGESTION")


@states(HEADING, "3.7: TCP_NOTSENT_LOWAT; 3.10: IP_RECVTOS; 3.13: SO_BINDTOIFINDEX")
def _(t):
    has("TCP_NOTSENT_LOWAT", "IP_RECVTOS", "SO_BINDTOIFINDEX")


@states(HEADING, "3.12: further TCP options of Linux")
def _(t):
    has(
        *"""TCP_MD5SIG TCP_THIN_LINEAR_TIMEOUTS TCP_THIN_DUPACK TCP_REPAIR TCP_REPAIR_QUEUE
        TCP_QUEUE_SEQ TCP_REPAIR_OPTIONS TCP_TIMESTAMP TCP_CC_INFO TCP_SAVE_SYN TCP_SAVED_SYN
        TCP_REPAIR_WINDOW TCP_FASTOPEN_CONNECT TCP_ULP TCP_MD5SIG_EXT TCP_FASTOPEN_KEY
        TCP_FASTOPEN_NO_COOKIE TCP_ZEROCOPY_RECEIVE TCP_INQ TCP_TX_DELAY""".split()
    )


@states(HEADING, "3.12: IP_PKTINFO and the options of sources of multicast")
def _(t):
    has("IP_PKTINFO", "IP_UNBLOCK_SOURCE", "IP_BLOCK_SOURCE")
    has("IP_ADD_SOURCE_MEMBERSHIP", "IP_DROP_SOURCE_MEMBERSHIP")


@states(HEADING, "3.14: IP_FREEBIND, IP_RECVERR, IPV6_RECVERR, IP_RECVTTL, IP_RECVORIGDSTADDR")
def _(t):
    has("IP_FREEBIND", "IP_RECVERR", "IPV6_RECVERR", "IP_RECVTTL", "IP_RECVORIGDSTADDR")


@states(HEADING, "3.15: IPV6_HDRINCL")
def _(t):
    has("IPV6_HDRINCL")


@states(HEADING, "AF_CAN, PF_CAN, SOL_CAN_*, CAN_*")
def _(t):
    has("AF_CAN", "PF_CAN", "CAN_RAW_ERR_FILTER", "CAN_RAW_FD_FRAMES", "CAN_RAW_JOIN_FILTERS")
    has_some("SOL_CAN_*", "CAN_*")


@states(HEADING, "CAN_BCM and CAN_BCM_*, CAN_BCM_CAN_FD_FRAME among them")
def _(t):
    has("CAN_BCM", "CAN_BCM_CAN_FD_FRAME", "CAN_BCM_TX_SETUP")


@states(HEADING, "CAN_ISOTP, CAN_J1939")
def _(t):
    has("CAN_ISOTP", "CAN_J1939")
    has_some("J1939_*")


@states(HEADING, "AF_PACKET, PF_PACKET, PACKET_*, ETH_P_ALL")
def _(t):
    has("AF_PACKET", "PF_PACKET", "ETH_P_ALL")
    has_some("PACKET_*")


@states(HEADING, "AF_RDS, PF_RDS, SOL_RDS, RDS_*; TIPC_*")
def _(t):
    has("AF_RDS", "PF_RDS", "SOL_RDS")
    has_some("RDS_*", "TIPC_*")


@states(HEADING, "AF_ALG, SOL_ALG, ALG_*")
def _(t):
    has("AF_ALG", "SOL_ALG")
    has_some("ALG_*")


@states(HEADING, "AF_VSOCK, IOCTL_VM_SOCKETS_GET_LOCAL_CID, VMADDR*, SO_VM*")
def _(t):
    has("AF_VSOCK", "IOCTL_VM_SOCKETS_GET_LOCAL_CID")
    has_some("VMADDR*", "SO_VM*")


@states(HEADING, "has_ipv6 is a boolean")
def _(t):
    assert socket.has_ipv6 is True


@states(HEADING, "AF_BLUETOOTH and BTPROTO_* are integers")
def _(t):
    for name in "AF_BLUETOOTH BTPROTO_L2CAP BTPROTO_RFCOMM BTPROTO_HCI BTPROTO_SCO".split():
        assert isinstance(getattr(socket, name), int)


@states(HEADING, "BDADDR_ANY and BDADDR_LOCAL are strings with Bluetooth addresses")
def _(t):
    assert socket.BDADDR_ANY == "00:00:00:00:00:00"
    assert socket.BDADDR_LOCAL == "00:00:00:FF:FF:FF"


@states(HEADING, "3.14: types of Bluetooth addresses, levels and options of Bluetooth sockets")
def _(t):
    has("BDADDR_BREDR", "BDADDR_LE_PUBLIC", "BDADDR_LE_RANDOM")
    has("SOL_RFCOMM", "SOL_L2CAP", "SOL_HCI", "SOL_SCO", "SOL_BLUETOOTH", "L2CAP_LM")
    has_some("L2CAP_LM_*", "RFCOMM_LM_*", "BT_*")


@states(HEADING, "HCI_FILTER, HCI_TIME_STAMP, HCI_DATA_DIR, HCI_DEV_NONE, HCI_CHANNEL_*")
def _(t):
    has("HCI_FILTER", "HCI_TIME_STAMP", "HCI_DATA_DIR", "HCI_DEV_NONE")
    for name in "RAW USER MONITOR CONTROL LOGGING".split():
        has(f"HCI_CHANNEL_{name}")


@states(HEADING, "AF_QIPCRTR, SO_INCOMING_CPU")
def _(t):
    has("AF_QIPCRTR", "SO_INCOMING_CPU")


@states(HEADING, "ETHERTYPE_ARP, ETHERTYPE_IP, ETHERTYPE_IPV6, ETHERTYPE_VLAN are IEEE's numbers")
def _(t):
    numbers = (socket.ETHERTYPE_ARP, socket.ETHERTYPE_IP, socket.ETHERTYPE_IPV6)
    assert (*numbers, socket.ETHERTYPE_VLAN) == (0x806, 0x800, 0x86DD, 0x8100)


@states(HEADING, "SHUT_RD, SHUT_WR, SHUT_RDWR are arguments of shutdown")
def _(t):
    for how in (socket.SHUT_RD, socket.SHUT_WR, socket.SHUT_RDWR):
        t.pair()[0].shutdown(how)


@states(HEADING, "constants of other systems are not defined on Linux")
def _(t):
    for name in "SIO_RCVALL RCVALL_ON AF_LINK AF_DIVERT AF_HYPERV HV_GUID_ZERO LOCAL_CREDS".split():
        assert not hasattr(socket, name), name

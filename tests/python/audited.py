"""Print the audit events that a socket module raises: audited.py MODULE [refuse].

Run by test_audit.py in a process of its own, because an audit hook cannot be removed. With
"refuse" the hook raises at each event, and the outcome of the call is printed too.
"""

import importlib
import os
import sys
import warnings

warnings.simplefilter("ignore")
REFUSE = sys.argv[2:] == ["refuse"]
s = importlib.import_module(sys.argv[1])
low = s.socket.__mro__[1]
s.gethostbyname("localhost")  # the resolver opens its files
events = None


class Refused(Exception):
    pass


def plain(value):
    if isinstance(value, low):
        return type(value).__name__  # before it is open, on one side only
    if isinstance(value, (tuple, list)):
        return [type(value).__name__, *map(plain, value)]
    return (type(value).__name__, repr(value))


def hook(event, args):
    if events is not None and event.startswith(("socket.", "_socket.", "csocket.")):
        events.append((event, *map(plain, args)))
        if REFUSE:
            raise Refused(event)


def open_descriptors():
    return len(os.listdir("/proc/self/fd"))


def record(name, call):
    """Make the call, and print the events and the outcome."""
    global events
    before = open_descriptors()
    events = []
    try:
        value = call()
        outcome = "returned"
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, low):
                item.close()
    except Exception as error:
        value, outcome = None, type(error).__name__
    seen, events = events, None
    left = open_descriptors() - before
    # A refused event makes the standard library leak the descriptor that accept had opened.
    print(name, seen, outcome, f"{left} descriptors left" if s.__name__ != "socket" else "")


sys.addaudithook(hook)


def adopt(sock):
    fd = os.dup(sock.fileno())
    try:
        return s.socket(fileno=fd)
    except Refused:  # in that case this program still owns it
        os.close(fd)
        raise


udp, other = s.socket(s.AF_INET, s.SOCK_DGRAM), s.socket(s.AF_INET, s.SOCK_DGRAM)
other.bind(("127.0.0.1", 4007))
listener = s.create_server(("127.0.0.1", 4008))
unix, far = s.socketpair()
unix.sendall(b"what recv gets where sendmsg is refused")
closed = s.socket()
closed.close()


def client():
    sock = s.socket()
    sock.connect(("127.0.0.1", 4008))
    return sock


queue = [client(), client(), client()]


def opening():
    record("socket", lambda: s.socket())
    record("socket of all", lambda: s.socket(s.AF_INET, s.SOCK_DGRAM, 17))
    record("socket by name", lambda: s.socket(type=s.SOCK_DGRAM))
    record("socket of a bad family", lambda: s.socket(9999))
    record("socket of a bad argument", lambda: s.socket("x"))
    record("low-level socket", lambda: low(s.AF_INET, s.SOCK_DGRAM))
    record("socket(fileno)", lambda: adopt(udp))
    record("socket(bad fileno)", lambda: s.socket(fileno=10**6))
    record("socket(negative fileno)", lambda: s.socket(fileno=-1))
    record("fromfd", lambda: s.fromfd(udp.fileno(), s.AF_INET, s.SOCK_DGRAM))
    record("socketpair", lambda: s.socketpair())
    record("socketpair of a kind", lambda: s.socketpair(s.AF_UNIX, s.SOCK_DGRAM))
    record("dup", lambda: udp.dup())
    record("accept", lambda: listener.accept())
    record("_accept", lambda: os.close(listener._accept()[0]))


def addresses():
    record("bind", lambda: udp.bind(("127.0.0.1", 0)))
    record("bind by name", lambda: udp.bind(("localhost", 0)))
    record("bind to what is none", lambda: udp.bind("x"))
    record("bind to a bad port", lambda: udp.bind(("127.0.0.1", 70000)))
    record("bind of a closed one", lambda: closed.bind(("127.0.0.1", 0)))
    record("connect", lambda: udp.connect(("127.0.0.1", 4007)))
    record("connect to what is none", lambda: udp.connect(5))
    record("connect of a closed one", lambda: closed.connect(("127.0.0.1", 1)))
    record("connect_ex", lambda: udp.connect_ex(("127.0.0.1", 4007)))
    record("connect_ex to what is none", lambda: udp.connect_ex(("127.0.0.1",)))
    record("unix", lambda: s.socket(s.AF_UNIX).connect("/no/such"))
    record("unix bytes", lambda: s.socket(s.AF_UNIX).connect_ex(b"/no/such"))
    record("inet6", lambda: s.socket(s.AF_INET6, s.SOCK_DGRAM).connect(("::1", 1, 0, 0)))


def data():
    record("sendto", lambda: udp.sendto(b"x", ("127.0.0.1", 4007)))
    record("sendto with flags", lambda: udp.sendto(b"x", 0, ("127.0.0.1", 4007)))
    record("sendto what is none", lambda: udp.sendto(b"x", "x"))
    record("sendto of no bytes", lambda: udp.sendto("x", ("127.0.0.1", 4007)))
    record("sendto of a closed one", lambda: closed.sendto(b"x", ("127.0.0.1", 4007)))
    record("sendmsg", lambda: unix.sendmsg([b"x"]))
    record("sendmsg to", lambda: udp.sendmsg([b"x"], (), 0, ("127.0.0.1", 4007)))
    record("sendmsg to None", lambda: unix.sendmsg([b"x"], (), 0, None))
    record("sendmsg to what is none", lambda: udp.sendmsg([b"x"], (), 0, "x"))
    record("sendmsg of no buffers", lambda: unix.sendmsg(5))
    record("sendmsg of bad data", lambda: unix.sendmsg([5]))
    record("send_fds", lambda: s.send_fds(unix, [b"x"], []))
    record("recv_fds", lambda: s.recv_fds(far, 10, 1))
    record("send", lambda: unix.send(b"x"))
    record("sendall", lambda: unix.sendall(b"x"))
    record("recv", lambda: far.recv(1))
    record("sendmsg_afalg", lambda: unix.sendmsg_afalg([b"x"], op=0))


def names():
    record("gethostname", lambda: s.gethostname())
    record("sethostname", lambda: s.sethostname("audited"))
    record("sethostname of bytes", lambda: s.sethostname(b"audited"))
    record("sethostname of what is none", lambda: s.sethostname(5))
    record("gethostbyname", lambda: s.gethostbyname("127.0.0.1"))
    record("gethostbyname of bytes", lambda: s.gethostbyname(b"127.0.0.1"))
    record("gethostbyname_ex", lambda: s.gethostbyname_ex("127.0.0.1"))
    record("gethostbyaddr", lambda: s.gethostbyaddr("127.0.0.1"))
    record("gethostbyaddr of what is none", lambda: s.gethostbyaddr(5))
    record("getfqdn", lambda: s.getfqdn("localhost"))
    record("getfqdn of this machine", lambda: s.getfqdn())
    record("getnameinfo", lambda: s.getnameinfo(("127.0.0.1", 80), s.NI_NUMERICHOST))
    record("getnameinfo of six", lambda: s.getnameinfo(("::1", 80, 0, 0), 3))
    record("getnameinfo of what is none", lambda: s.getnameinfo("x", 0))
    record("getnameinfo of a name", lambda: s.getnameinfo(("no.such.invalid", 80), 0))
    record("getaddrinfo", lambda: s.getaddrinfo("127.0.0.1", 80))
    record("getaddrinfo of all", lambda: s.getaddrinfo("::1", "80", s.AF_INET6, 1, 6, 4))
    record("getaddrinfo of none", lambda: s.getaddrinfo(None, None))
    record("getaddrinfo of bytes", lambda: s.getaddrinfo(b"127.0.0.1", b"80"))
    record("getaddrinfo of a bad port", lambda: s.getaddrinfo("127.0.0.1", 1.5))
    record("getaddrinfo of a bad host", lambda: s.getaddrinfo(5, 1))
    record("getservbyname", lambda: s.getservbyname("http"))
    record("getservbyname with protocol", lambda: s.getservbyname("http", "tcp"))
    record("getservbyname of none", lambda: s.getservbyname("no-such"))
    record("getservbyport", lambda: s.getservbyport(80))
    record("getservbyport with protocol", lambda: s.getservbyport(80, "tcp"))
    record("getservbyport out of range", lambda: s.getservbyport(70000))
    record("getprotobyname", lambda: s.getprotobyname("tcp"))
    record("inet_pton", lambda: s.inet_pton(s.AF_INET, "127.0.0.1"))
    record("if_nameindex", lambda: s.if_nameindex())


def composed():
    record("create_connection", lambda: s.create_connection(("127.0.0.1", 4008)))
    record("create_connection from", lambda: s.create_connection(("127.0.0.1", 4008), 1, ("", 0)))
    record("create_connection in vain", lambda: s.create_connection(("127.0.0.1", 1), 1))
    record("create_server", lambda: s.create_server(("127.0.0.1", 0)))
    record("create_server of both", lambda: s.create_server(("", 0), family=10, dualstack_ipv6=1))
    record("has_dualstack_ipv6", lambda: s.has_dualstack_ipv6())
    record("has_ipv6", lambda: s.has_ipv6)
    record("makefile", lambda: unix.makefile("rb").close())
    record("methods", lambda: (unix.getsockname(), unix.fileno(), repr(unix)))
    record("options", lambda: (unix.getsockopt(1, 3), udp.setsockopt(1, 2, 1)))


for part in (opening, addresses, data, names, composed):
    part()
for sock in (udp, other, listener, unix, far, *queue):
    sock.close()

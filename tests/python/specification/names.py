"""Other functions: names of hosts, services and protocols."""

import socket as standard

from .toolkit import raises, socket, states

HEADING = "Other functions"
ADDRESS = socket.AI_NUMERICHOST


@states(f"{HEADING}: getaddrinfo", "a list of (family, type, proto, canonname, sockaddr)")
def _(t):
    infos = socket.getaddrinfo("127.0.0.1", 80)
    assert type(infos) is list
    for family, kind, proto, name, address in infos:
        assert all(isinstance(number, int) for number in (family, kind, proto))
        assert type(name) is str and type(address) is tuple


@states(f"{HEADING}: getaddrinfo", "host is a domain name")
def _(t):
    assert {i[4][0] for i in socket.getaddrinfo("localhost", 1)} <= {"127.0.0.1", "::1"}


@states(f"{HEADING}: getaddrinfo", "host is an IPv4 or IPv6 address")
def _(t):
    assert socket.getaddrinfo("127.0.0.1", 1)[0][4] == ("127.0.0.1", 1)
    assert socket.getaddrinfo("::1", 1)[0][4] == ("::1", 1, 0, 0)


@states(f"{HEADING}: getaddrinfo", "host is None: loopback, or any address with AI_PASSIVE")
def _(t):
    hosts = {i[4][0] for i in socket.getaddrinfo(None, 1)}
    assert hosts == {"127.0.0.1", "::1"}
    hosts = {i[4][0] for i in socket.getaddrinfo(None, 1, flags=socket.AI_PASSIVE)}
    assert hosts == {"0.0.0.0", "::"}


@states(f"{HEADING}: getaddrinfo", "port is a service's name, a number or None")
def _(t):
    for port, number in (("http", 80), (80, 80), ("80", 80), (None, 0)):
        info = socket.getaddrinfo("127.0.0.1", port, type=socket.SOCK_STREAM)[0]
        assert info[4][1] == number


@states(f"{HEADING}: getaddrinfo", "host and port are NULL for None: an error of the C function")
def _(t):
    raises(socket.gaierror, socket.getaddrinfo, None, None)


@states(f"{HEADING}: getaddrinfo", "family limits the list")
def _(t):
    for family in (socket.AF_INET, socket.AF_INET6):
        assert {i[0] for i in socket.getaddrinfo(None, 1, family)} == {family}


@states(f"{HEADING}: getaddrinfo", "type limits the list")
def _(t):
    infos = socket.getaddrinfo("127.0.0.1", 1, type=socket.SOCK_DGRAM)
    assert {i[1] for i in infos} == {socket.SOCK_DGRAM}


@states(f"{HEADING}: getaddrinfo", "proto limits the list")
def _(t):
    infos = socket.getaddrinfo("127.0.0.1", 1, proto=socket.IPPROTO_TCP)
    assert [i[1:3] for i in infos] == [(socket.SOCK_STREAM, socket.IPPROTO_TCP)]


@states(f"{HEADING}: getaddrinfo", "the default is not to limit the list")
def _(t):
    assert len({i[1] for i in socket.getaddrinfo("127.0.0.1", 1)}) > 1


@states(f"{HEADING}: getaddrinfo", "AI_NUMERICHOST: an error for a domain name")
def _(t):
    raises(socket.gaierror, socket.getaddrinfo, "localhost", 80, flags=ADDRESS)


@states(f"{HEADING}: getaddrinfo", "canonname is a name with AI_CANONNAME, else empty")
def _(t):
    assert socket.getaddrinfo("localhost", 80)[0][3] == ""
    flags = socket.AI_CANONNAME
    assert socket.getaddrinfo("localhost", 80, flags=flags)[0][3].startswith("localhost")


@states(f"{HEADING}: getaddrinfo", "family, type and proto are for socket, sockaddr for connect")
def _(t):
    listener = t.server()
    info = socket.getaddrinfo(*listener.getsockname(), type=socket.SOCK_STREAM)[0]
    t.open(*info[:3]).connect(info[4])


@states(f"{HEADING}: getaddrinfo", "sockaddr is a pair for AF_INET, a four-tuple for AF_INET6")
def _(t):
    for family, size in ((socket.AF_INET, 2), (socket.AF_INET6, 4)):
        assert {len(i[4]) for i in socket.getaddrinfo(None, 80, family)} == {size}


@states(f"{HEADING}: getaddrinfo", "parameters may be keywords")
def _(t):
    infos = socket.getaddrinfo(host="::1", port=1, family=10, type=1, proto=6, flags=ADDRESS)
    assert infos == [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 1, 0, 0))]


@states(f"{HEADING}: getaddrinfo", "3.7: no %scope_id in the address of IPv6 multicast")
def _(t):
    index = socket.if_nametoindex("lo")
    info = socket.getaddrinfo("ff02::1%lo", 1, type=socket.SOCK_DGRAM)[0]
    assert info[4] == ("ff02::1", 1, 0, index)


@states(f"{HEADING}: getfqdn", "without a name, or with an empty one: the local host")
def _(t):
    assert socket.getfqdn() == socket.getfqdn("") and socket.getfqdn()


@states(f"{HEADING}: getfqdn", "'0.0.0.0' is interpreted as the local host")
def _(t):
    assert socket.getfqdn("0.0.0.0") == socket.getfqdn()


@states(f"{HEADING}: getfqdn", "a name that cannot be resolved is returned unchanged")
def _(t):
    assert socket.getfqdn("no-such-host.invalid") == "no-such-host.invalid"


@states(f"{HEADING}: getfqdn", "the first name with a period, of gethostbyaddr's names")
def _(t):
    name, aliases, _ = standard.gethostbyaddr("127.0.0.1")
    dotted = [one for one in (name, *aliases) if "." in one]
    assert socket.getfqdn("127.0.0.1") == (dotted or [name])[0]


@states(f"{HEADING}: gethostbyname", "a host's name becomes an IPv4 address")
def _(t):
    assert socket.gethostbyname("localhost") == "127.0.0.1"


@states(f"{HEADING}: gethostbyname", "an IPv4 address is returned unchanged")
def _(t):
    assert socket.gethostbyname("100.50.200.5") == "100.50.200.5"


@states(f"{HEADING}: gethostbyname", "IPv6 is not supported")
def _(t):
    raises(OSError, socket.gethostbyname, "::1")


@states(f"{HEADING}: gethostbyname_ex", "(hostname, aliaslist, ipaddrlist)")
def _(t):
    name, aliases, addresses = socket.gethostbyname_ex("localhost")
    assert type(name) is str and type(aliases) is list and "127.0.0.1" in addresses
    assert (name, aliases, addresses) == standard.gethostbyname_ex("localhost")


@states(f"{HEADING}: gethostbyname_ex", "IPv6 is not supported")
def _(t):
    raises(OSError, socket.gethostbyname_ex, "::1")


@states(f"{HEADING}: gethostname", "the name of the machine, a str")
def _(t):
    assert socket.gethostname() == standard.gethostname()


@states(f"{HEADING}: gethostbyaddr", "(hostname, aliaslist, ipaddrlist), IPv4 and IPv6")
def _(t):
    for address in ("127.0.0.1", "::1"):
        try:
            expected = standard.gethostbyaddr(address)
        except standard.herror:
            raises(socket.herror, socket.gethostbyaddr, address)
            continue
        assert socket.gethostbyaddr(address) == expected


@states(f"{HEADING}: getnameinfo", "(host, port) as names, or as numbers by the flags")
def _(t):
    numeric = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
    assert socket.getnameinfo(("127.0.0.1", 80), numeric) == ("127.0.0.1", "80")
    assert socket.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST) == ("127.0.0.1", "http")
    names = socket.getnameinfo(("127.0.0.1", 80), 0)
    assert names == standard.getnameinfo(("127.0.0.1", 80), 0)


@states(f"{HEADING}: getnameinfo", "IPv6: %scope_id is part of the host if there is a scope")
def _(t):
    numeric = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
    index = socket.if_nametoindex("lo")
    assert socket.getnameinfo(("ff02::1", 1, 0, index), numeric) == ("ff02::1%lo", "1")
    assert socket.getnameinfo(("::1", 1, 0, 0), numeric) == ("::1", "1")


@states(f"{HEADING}: getprotobyname", "a protocol's number, for the third argument of socket")
def _(t):
    assert socket.getprotobyname("icmp") == socket.IPPROTO_ICMP
    t.open(socket.AF_INET, socket.SOCK_STREAM, socket.getprotobyname("tcp"))
    raises(OSError, socket.getprotobyname, "no-such-protocol")


@states(f"{HEADING}: getservbyname", "a service's port; the protocol is optional")
def _(t):
    assert socket.getservbyname("http") == socket.getservbyname("http", "tcp") == 80
    assert socket.getservbyname("domain", "udp") == 53
    raises(OSError, socket.getservbyname, "no-such-service")
    raises(OSError, socket.getservbyname, "http", "no-such-protocol")


@states(f"{HEADING}: getservbyport", "a port's service; the protocol is optional")
def _(t):
    assert socket.getservbyport(80) == socket.getservbyport(80, "tcp") == "http"
    assert socket.getservbyport(53, "udp") == "domain"
    raises(OSError, socket.getservbyport, 1, "no-such-protocol")

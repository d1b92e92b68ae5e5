"""csocket.getifaddrs()."""

import copy
import fcntl
import gc
import pickle
import shutil
import socket as standard
import struct
import subprocess
import sys
import threading

import csocket
import csocket as socket
import pytest

SIOCGIFADDR, SIOCGIFNETMASK = 0x8915, 0x891B


def asked(request, name):
    """The interface's first IPv4 address, queried with ioctl(2)."""
    with standard.socket(type=standard.SOCK_DGRAM) as sock:
        answer = fcntl.ioctl(sock, request, struct.pack("16s24x", name.encode()))
    return standard.inet_ntoa(answer[20:24])


@pytest.fixture
def loopback(isolated):
    return [entry for entry in csocket.getifaddrs() if entry.name == "lo"]


def test_an_entry_is_a_named_tuple(loopback):
    for entry in loopback:
        assert isinstance(entry, tuple) and isinstance(entry, csocket.ifaddr)
        name, index, flags, family, address, netmask, broadcast = entry
        assert (name, index) == (entry.name, entry.index) == ("lo", socket.if_nametoindex("lo"))
        assert flags == entry.flags and flags & socket.IFF_LOOPBACK and flags & socket.IFF_UP
        assert (family, address) == (entry.family, entry.address)
        assert (netmask, broadcast) == (entry.netmask, entry.broadcast)


def test_the_kernel_agrees(loopback):
    (entry,) = (entry for entry in loopback if entry.family == socket.AF_INET)
    assert entry.family is socket.AF_INET
    assert entry.address == (asked(SIOCGIFADDR, "lo"), 0)
    assert entry.netmask == (asked(SIOCGIFNETMASK, "lo"), 0)
    assert entry.broadcast is None


def test_every_family_has_its_own_form(loopback):
    forms = {entry.family: entry.address for entry in loopback}
    assert forms[socket.AF_PACKET][0] == "lo" and forms[socket.AF_PACKET][4] == bytes(6)
    if socket.AF_INET6 in forms:
        assert forms[socket.AF_INET6] == ("::1", 0, 0, 0)


def test_addresses_can_be_bound(loopback):
    for entry in loopback:
        if entry.family in (socket.AF_INET, socket.AF_INET6):
            with socket.socket(entry.family) as sock:
                sock.bind(entry.address)


@pytest.mark.skipif(not shutil.which("ip"), reason="needs the command ip (iproute2)")
def test_an_added_interface_is_listed(isolated):
    """A pair of links with an address of each family, in a namespace only for this test."""
    program = """if True:
        import csocket
        for entry in csocket.getifaddrs():
            if entry.name == "left" and entry.family is not csocket.AF_PACKET:
                pair = bool(entry.flags & csocket.IFF_POINTOPOINT)
                print(entry.family.name, entry.address[0], entry.netmask[0], entry.broadcast, pair)
    """
    script = """set -e
        ip link add left type veth peer name right 2>/dev/null || exit 77
        ip addr add 198.51.100.7/28 brd + dev left
        ip addr add 2001:db8::7/64 dev left nodad
        exec "$@"
    """
    command = ["unshare", "--net", "sh", "-c", script, "sh", sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("may not add an interface")
    assert done.stdout.splitlines() == [
        "AF_INET 198.51.100.7 255.255.255.240 ('198.51.100.15', 0) False",
        "AF_INET6 2001:db8::7 ffff:ffff:ffff:ffff:: None False",
    ], done.stderr


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_entries_can_be_pickled_and_copied(loopback, protocol):
    assert pickle.loads(pickle.dumps(loopback, protocol)) == loopback
    assert copy.deepcopy(loopback) == loopback


def test_help_lists_the_fields():
    assert "netmask" in csocket.getifaddrs.__doc__
    assert csocket.getifaddrs.__module__ == csocket.ifaddr.__module__ == "csocket"
    assert "IFF_" in csocket.ifaddr.flags.__doc__


def test_it_takes_no_arguments():
    with pytest.raises(TypeError):
        csocket.getifaddrs(1)


def growth():
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(100):
        csocket.getifaddrs()
    gc.collect()
    return sys.getallocatedblocks() - before


def test_no_memory_is_lost():
    assert min(growth() for _ in range(5)) < 50


def test_threads_may_ask_at_the_same_time():
    expected, wrong = len(csocket.getifaddrs()), []

    def ask():
        for _ in range(50):
            if len(csocket.getifaddrs()) != expected:
                wrong.append(1)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_each_interpreter_has_its_own():
    interpreters = pytest.importorskip(
        "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
    )
    code = f"""if True:
        import sys
        sys.path[:] = {sys.path!r}
        import csocket
        assert id(csocket.ifaddr) != {id(csocket.ifaddr)}
        assert all(type(entry) is csocket.ifaddr for entry in csocket.getifaddrs())
    """
    for _ in range(3):
        interpreter = interpreters.create()
        try:
            failed = interpreters.run_string(interpreter, code)
        finally:
            interpreters.destroy(interpreter)
        assert failed is None, failed

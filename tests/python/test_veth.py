"""Messages between two network namespaces, over a pair of veth devices that the test makes."""

import ctypes
import errno
import fcntl
import os
import select
import shutil
import struct
import subprocess
import time

import csocket as socket
import isolation
import pytest

if isolation.MARK not in os.environ:
    pytest.skip("no right to a network namespace", allow_module_level=True)
for tool in ("unshare", "ip"):
    if not shutil.which(tool):
        pytest.skip(f"the command {tool} is not installed", allow_module_level=True)

CLONE_NEWNET = 0x40000000
SIOCETHTOOL, ETHTOOL_STXCSUM, ETHTOOL_SGSO = 0x8946, 0x17, 0x24
NEAR, FAR, NEAR6, FAR6 = "10.11.0.1", "10.11.0.2", "2001:db8:11::1", "2001:db8:11::2"
# Behind the other namespace, which acts as a router: packets for it exceed the path MTU.
BEHIND, BEHIND6, NARROW = "10.12.0.2", "2001:db8:12::2", 1300
SO_NO_CHECK = 11
FAR_COMMANDS = f"""
link set lo up
address add {FAR}/24 dev far
address add {FAR6}/64 dev far nodad
link set far up
link add outer mtu {NARROW} type veth peer name inner mtu {NARROW}
address add 10.12.0.1/24 dev outer
address add 2001:db8:12::1/64 dev outer nodad
link set outer up
link set inner up
neighbour add {BEHIND} lladdr 02:00:00:00:00:09 dev outer nud permanent
neighbour add {BEHIND6} lladdr 02:00:00:00:00:09 dev outer nud permanent
"""
NEAR_COMMANDS = f"""
address add {NEAR}/24 dev near
address add {NEAR6}/64 dev near nodad
link set near up
route add {BEHIND}/32 via {FAR}
-6 route add {BEHIND6}/128 via {FAR6}
"""


def ip(commands):
    for line in commands.strip().splitlines():
        done = subprocess.run(["ip", *line.split()], stderr=subprocess.PIPE, text=True)
        if done.returncode:
            pytest.skip(f"ip {line}: {done.stderr.strip()}")


class Network:
    """The two namespaces: this one, and that of a child process."""

    def __init__(self):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.here = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        command = ["unshare", "--net", "sh", "-c", "echo ready; read line"]
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.child.stdout.readline() != b"ready\n":
            pytest.skip("no right to a second network namespace")
        path = f"/proc/{self.child.pid}/ns/net"
        self.there = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        ip(f"link add near type veth peer name far netns {self.child.pid}")
        self.far(lambda: ip(FAR_COMMANDS))
        self.far(self.route)
        ip(NEAR_COMMANDS)

    def far(self, function):
        """Call a function in the other namespace."""
        if self.libc.setns(self.there, CLONE_NEWNET) != 0:
            pytest.skip(f"setns: {os.strerror(ctypes.get_errno())}")
        try:
            return function()
        finally:
            assert self.libc.setns(self.here, CLONE_NEWNET) == 0

    def route(self):
        for name in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
            try:
                with open(f"/proc/sys/net/{name}", "w") as file:
                    file.write("1")
            except OSError:
                self.routes = False
                return
        self.routes = True

    def close(self):
        subprocess.run(["ip", "link", "delete", "near"], check=False)
        self.child.communicate(b"\n")
        os.close(self.here)
        os.close(self.there)


@pytest.fixture(scope="module")
def network():
    network = Network()
    yield network
    network.close()


def udp(address, family=None):
    family = family or (socket.AF_INET6 if ":" in address else socket.AF_INET)
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.bind((address, 0))
    sock.settimeout(30)
    sock.options.so_rcvbuf = "4M"
    return sock


@pytest.fixture(params=["IPv4", "IPv6"])
def pair(request, network):
    """Sockets in both namespaces."""
    near, far = (NEAR, FAR) if request.param == "IPv4" else (NEAR6, FAR6)
    one = udp(near)
    with one, network.far(lambda: udp(far)) as other:
        yield one, other


def device(command, value):
    """Run an ethtool command on the near device."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        argument = ctypes.create_string_buffer(struct.pack("II", command, value))
        request = struct.pack("16sP16x", b"near", ctypes.addressof(argument))
        try:
            fcntl.ioctl(sock, SIOCETHTOOL, request)
        except OSError as error:
            pytest.skip(f"the device has no such setting: {error}")


def wait_for(sock, check, seconds=30):
    """Return entries of the error queue until one matches."""
    found, deadline = [], time.monotonic() + seconds
    poll = select.poll()
    poll.register(sock, 0)
    while not any(check(entry) for entry in found):
        assert time.monotonic() < deadline, found
        poll.poll(100)
        found += sock.errors()
    return found


def messages(count, size):
    return [struct.pack("I", i) + bytes(size - 4) for i in range(count)]


def check_batch(one, other, size, count=200):
    """All arrive once, in order, with their boundaries."""
    sent, to = messages(count, size), other.getsockname()
    done, received = 0, []
    while done < count:
        done += one.send_many([(data, to) for data in sent[done : done + 50]])
        while len(received) < done:
            received += other.recv_many(64, 2048)
    assert [data for data, _ in received] == sent
    assert {address for _, address in received} == {one.getsockname()}
    data = b"".join(sent[:40])
    assert one.send_many(data, segment_size=size, address=to) == 40
    received = []
    while len(received) < 40:
        received += other.recv_many(64, 2048)
    assert b"".join(part for part, _ in received) == data
    other.setblocking(False)
    with pytest.raises(BlockingIOError):
        other.recv_many(64, 2048)
    other.settimeout(30)


@pytest.mark.parametrize("merging", [False, True])
@pytest.mark.parametrize("size", [64, 1200, 1400])
def test_batches(pair, merging, size):
    one, other = pair
    if merging:
        try:
            other.options.udp_gro = True
        except OSError:
            pytest.skip("the kernel has no UDP_GRO")
    check_batch(one, other, size)


@pytest.mark.parametrize("setting", [ETHTOOL_STXCSUM, ETHTOOL_SGSO])
def test_a_device_without_offloads(pair, setting):
    """Without checksums kernels before 6.11 refuse segmentation with EIO."""
    device(setting, 0)
    try:
        check_batch(*pair, 1200)
    finally:
        device(setting, 1)


def test_segments_longer_than_the_devices_packets(pair):
    """The kernel refuses to divide a message into fragments; each datagram is then sent alone."""
    ip("link set near mtu 1280")
    try:
        check_batch(*pair, 1400)
    finally:
        ip("link set near mtu 1500")


def test_a_socket_without_checksums(network):
    """Segmentation needs them: EINVAL."""
    with udp(NEAR) as one, network.far(lambda: udp(FAR)) as other:
        one.setsockopt(socket.SOL_SOCKET, SO_NO_CHECK, 1)
        check_batch(one, other, 1000)


def test_control_messages_of_a_datagram(network):
    index = network.far(lambda: socket.if_nametoindex("far"))
    with udp(NEAR) as one, network.far(lambda: udp("0.0.0.0", socket.AF_INET)) as other:
        for name in ("ip_pktinfo", "ip_recvtos", "ip_recvttl", "so_timestampns"):
            setattr(other.options, name, True)
        before = time.time_ns()
        control = {"ip_tos": 2, "ip_ttl": 7}
        one.send_message(b"hello", (FAR, other.getsockname()[1]), control)
        message = other.recv_message(100)
        assert message.data == b"hello"
        control = message.control
        assert (control.ip_pktinfo.addr, control.ip_pktinfo.ifindex) == (FAR, index)
        assert (control.ip_tos & 3, control.ip_ttl) == (2, 7)
        assert before - 10**9 < control.timestampns < time.time_ns() + 10**9
        one.sendto(b"hi", (FAR, other.getsockname()[1]))
        (again,) = other.recv_many(8, 100, messages=True)
        assert again.control.ip_pktinfo.addr == FAR


def test_control_messages_of_an_ipv6_datagram(network):
    index = network.far(lambda: socket.if_nametoindex("far"))
    with udp(NEAR6) as one, network.far(lambda: udp("::")) as other:
        for name in ("ipv6_recvpktinfo", "ipv6_recvtclass", "ipv6_recvhoplimit"):
            setattr(other.options, name, True)
        control = {"ipv6_tclass": 1, "ipv6_hoplimit": 9}
        one.send_message(b"hello", (FAR6, other.getsockname()[1]), control)
        control = other.recv_message(100).control
        assert (control.ipv6_pktinfo.addr, control.ipv6_pktinfo.dev) == (FAR6, index)
        assert (control.ipv6_tclass & 3, control.ipv6_hoplimit) == (1, 9)


def test_times(pair):
    one, other = pair
    one.enable_timestamps(sent=True)
    other.enable_timestamps()
    before = time.time_ns()
    for _ in range(3):
        one.sendto(b"x", other.getsockname())
    found = wait_for(one, lambda entry: entry.stage == "sent" and entry.id == 2)
    sent = [entry for entry in found if entry.stage == "sent"]
    assert [entry.id for entry in sent] == [0, 1, 2]
    received = [other.recv_message(10) for _ in range(3)]
    after = time.time_ns()
    for entry, message in zip(sent, received):
        # The kernel begins to record arrival times shortly after the first socket has enabled them.
        if message.time is not None:
            assert before - 10**9 < message.control.timestamping.software < after + 10**9
        assert before - 10**9 < entry.software < after + 10**9


def prepare_for_errors(sock):
    six = sock.family == socket.AF_INET6
    name = "ipv6" if six else "ip"
    setattr(sock.options, f"{name}_recverr", True)
    setattr(sock.options, f"{name}_mtu_discover", 2)  # IP_PMTUDISC_DO
    return six


def test_a_datagram_longer_than_the_devices_packets(pair):
    one, other = pair
    prepare_for_errors(one)
    with pytest.raises(OSError) as info:
        one.sendto(bytes(2000), other.getsockname())
    assert info.value.errno == errno.EMSGSIZE
    found = wait_for(one, lambda entry: entry.errno == errno.EMSGSIZE)
    (entry,) = found
    assert (entry.origin, entry.mtu) == ("local", 1500)
    assert entry.address[0] == other.getsockname()[0]
    assert one.errors() == []


def test_a_datagram_longer_than_those_of_the_way(pair, network):
    if not network.routes:
        pytest.skip("no right to let the other namespace forward packets")
    one, _other = pair
    six = prepare_for_errors(one)
    one.sendto(bytes(1400), (BEHIND6 if six else BEHIND, 9))
    found = wait_for(one, lambda entry: entry.errno == errno.EMSGSIZE)
    (entry,) = found
    assert (entry.origin, entry.mtu) == ("icmp6" if six else "icmp", NARROW)
    assert (entry.icmp_type, entry.icmp_code) == ((2, 0) if six else (3, 4))
    assert entry.offender[0] == (FAR6 if six else FAR)
    assert entry.address[:2] == (BEHIND6 if six else BEHIND, 9)
    assert entry.data[:100] == bytes(100)


def test_a_closed_port_there(pair, network):
    one, other = pair
    address = other.getsockname()
    six = prepare_for_errors(one)
    with network.far(lambda: udp(address[0])) as closed:
        closed_at = closed.getsockname()
    one.sendto(b"anybody?", closed_at)
    (entry,) = wait_for(one, lambda entry: entry.errno == errno.ECONNREFUSED)
    assert entry.offender[0] == address[0]
    assert (entry.icmp_type, entry.icmp_code) == ((1, 4) if six else (3, 3))
    assert entry.data == b"anybody?"


@pytest.mark.parametrize("family", ["IPv4", "IPv6"])
def test_zero_copy_completions(network, family):
    near, far = (NEAR, FAR) if family == "IPv4" else (NEAR6, FAR6)
    kind = socket.AF_INET if family == "IPv4" else socket.AF_INET6
    with network.far(lambda: socket.create_server((far, 0), family=kind)) as server:
        one = socket.create_connection(server.getsockname()[:2], timeout=30)
        other, _ = server.accept()
    with one, other:
        other.settimeout(30)
        buffers = [bytearray(b"%d" % i * 50_000) for i in range(5)]
        total, last = 0, None
        for data in buffers:
            try:
                sent, number = one.send_zerocopy(data)
            except OSError as error:
                pytest.skip(f"the kernel has no zero-copy sends: {error}")
            total += sent
            last = number if number is not None else last
        if last is None:
            pytest.skip("the kernel has no memory for completions")
        received = bytearray()
        while len(received) < total:
            received += other.recv(1 << 20)
        found = wait_for(one, lambda entry: entry.first <= last <= entry.last)
        ranges = [range(e.first, e.last + 1) for e in found if e.origin == "zerocopy"]
        done = sorted(number for numbers in ranges for number in numbers)
        assert done == list(range(last + 1))
        for data in buffers:
            data.append(0)  # no longer held


def test_splice_from_one_namespace_to_the_other(network):
    with network.far(lambda: socket.create_server((FAR, 0))) as server:
        one = socket.create_connection(server.getsockname(), timeout=30)
        other, _ = server.accept()
    with one, other:
        other.settimeout(30)
        r, w = os.pipe()
        with open(r, "rb", buffering=0) as reader, open(w, "wb", buffering=0) as writer:
            writer.write(b"through the device")
            assert one.splice_from(reader, 18) == 18
            assert other.splice(writer, 18) == 18
            assert reader.read(100) == b"through the device"

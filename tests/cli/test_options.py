"""csocket options: the catalogue, and values on sockets of its own and of other processes."""

import contextlib
import ctypes
import os
import pathlib
import re
import socket
import subprocess
import sys
import unittest

from command import (
    SECONDS,
    address_of,
    complaint,
    let_trace,
    needs_tracing,
    output,
    rows,
    run,
)

HOLDER = """
import socket, sys
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
print(server.fileno(), client.fileno(), *server.getsockname(), *client.getsockname(), flush=True)
sys.stdin.readline()
print(client.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
"""


@contextlib.contextmanager
def holder():
    """A process that has a listening socket and a connection, and its output about them."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=let_trace,
    )
    try:
        yield process, process.stdout.readline().split()
    finally:
        process.kill()
        process.communicate()


CAP_SYS_PTRACE = 19


def has_tracing_right():
    """Whether this process has a privilege to drop, so that it has fewer than another process."""
    with open("/proc/self/status", encoding="ascii") as status:
        (rights,) = (line.split()[1] for line in status if line.startswith("CapPrm:"))
    return int(rights, 16) >> CAP_SYS_PTRACE & 1


def give_up_tracing():
    """Prevent the next program from tracing processes that have more rights."""
    if ctypes.CDLL(None).prctl(24, CAP_SYS_PTRACE, 0, 0, 0):  # PR_CAPBSET_DROP
        raise OSError("CAP_SYS_PTRACE could not be given up")


class ControlMessages(unittest.TestCase):
    def table(self):
        """The names of data/control-messages.tsv."""
        path = pathlib.Path(__file__).resolve().parents[2] / "data/control-messages.tsv"
        lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        return {line[1] for line in lines if len(line) > 5 and line[0] not in ("level", "")}

    def test_all_are_listed_and_constants(self):
        names = {row["name"] for row in rows("options", "--messages")}
        self.assertEqual(names, self.table())
        self.assertEqual(names - {row["name"] for row in rows("constants")}, set())

    def test_messages_are_selected_like_options(self):
        for arguments in (["ipv6"], ["--level=ipv6"], ["--family=inet6"]):
            names = {row["name"] for row in rows("options", "--messages", *arguments)}
            self.assertIn("IPV6_PKTINFO", names)
            self.assertNotIn("SCM_RIGHTS", names)
        self.assertIn("no control message matches", complaint("options", "--messages", "nothing"))

    def test_describe(self):
        self.assertRegex(output("options", "--describe=SCM_RIGHTS"), r"direction +both\n")
        # An option has the same name.
        message = output("options", "--messages", "--describe=IP_PKTINFO")
        self.assertIn("enabled by IP_PKTINFO", message)
        self.assertNotIn("enabled by", output("options", "--describe=IP_PKTINFO"))
        self.assertIn("unknown socket option", complaint("options", "--describe=NO", status=2))

    def test_control_messages_cannot_be_read(self):
        said = complaint("options", "--messages", "--get=SO_TYPE", status=2)
        self.assertIn("--messages only lists and describes", said)


class Catalogue(unittest.TestCase):
    def test_all_of_it_is_json(self):
        found = rows("options")
        self.assertGreater(len(found), 450)
        by_name = {row["name"]: row for row in found}
        self.assertEqual(by_name["SO_TYPE"]["dir"], "get")
        self.assertEqual(by_name["TCP_NODELAY"]["level"], "SOL_TCP")
        self.assertTrue(all(row["meaning"] for row in found))

    def test_levels(self):
        for text in ("SOL_TCP", "tcp", "6"):
            names = [row["name"] for row in rows("options", f"--level={text}", "--ipv4")]
            self.assertIn("TCP_NODELAY", names)
            self.assertNotIn("SO_TYPE", names)

    def test_words_are_looked_for_in_names_and_meanings(self):
        names = [row["name"] for row in rows("options", "KEEP", "probes")]
        self.assertIn("TCP_KEEPINTVL", names)
        for row in rows("options", "KEEP", "probes"):
            text = (row["name"] + row["meaning"]).lower()
            self.assertTrue("keep" in text and "probes" in text)

    def test_families_and_types(self):
        names = [row["name"] for row in rows("options", "--family=unix")]
        self.assertIn("SO_PEERCRED", names)
        self.assertNotIn("TCP_NODELAY", names)
        names = [row["name"] for row in rows("options", "--ipv4", "--type=dgram", "-pudp")]
        self.assertIn("UDP_CORK", names)
        self.assertNotIn("TCP_NODELAY", names)

    def test_other_systems(self):
        here, everywhere = len(rows("options")), len(rows("options", "--all"))
        self.assertGreater(everywhere, here)

    def test_nothing_found_is_an_error(self):
        self.assertIn("no option", complaint("options", "nosuchword"))

    def test_describe(self):
        said = output("options", "--describe=so_linger")
        self.assertRegex(said, r"(?m)^name +SO_LINGER$")
        self.assertRegex(said, r"(?m)^accepts +\S")
        self.assertRegex(said, r"(?m)^linger +4 +4 s")
        (row,) = rows("options", "--describe=SO_LINGER")
        self.assertEqual(
            (row["level_number"], row["number"]), (socket.SOL_SOCKET, socket.SO_LINGER)
        )

    def test_describe_lists_no_missing_numbers(self):
        said = output("options", "--describe=TCP_KEEPALIVE")
        self.assertRegex(said, r"(?m)^platform +macos$")
        self.assertNotIn("number", said)
        self.assertNotIn("-1", said)

    def test_describe_includes_the_structs_at_the_end_of_a_struct(self):
        said = output("options", "--describe=IPV6_HOPOPTS")
        self.assertRegex(said, r"(?ms)^nexthdr .*^options, each:\n\nFIELD .*^type .*IPV6_TLV_PADN")


class OwnSockets(unittest.TestCase):
    def test_the_output_of_get_is_accepted_by_set(self):
        ip = "IP_OPTIONS=IPOPT_NOP; IPOPT_RA 0000; IPOPT_NOP; IPOPT_NOP; IPOPT_END"
        for value in ("SO_LINGER=on 5s", "SO_RCVTIMEO=1.5s", "TCP_KEEPIDLE=60s", "IP_TTL=7", ip):
            name = value.partition("=")[0]
            said = output("options", f"--set={value}", f"--get={name}")
            self.assertEqual(said, value + "\n")
            self.assertEqual(output("options", f"--set={said.strip()}", f"--get={name}"), said)

    def test_get_and_set_in_their_order(self):
        said = output("options", "-gIP_TTL", "-sIP_TTL=9", "-gip_ttl", "-sIP_TTL=8", "-gIP_TTL")
        self.assertEqual(said.splitlines()[1:], ["IP_TTL=9", "IP_TTL=8"])

    def test_a_socket_of_the_right_kind_is_opened(self):
        self.assertEqual(output("options", "--get=IPV6_V6ONLY"), "IPV6_V6ONLY=off\n")
        self.assertEqual(output("options", "--get=UDP_CORK"), "UDP_CORK=off\n")
        said = output("options", "--get=SO_DOMAIN", "--get=SO_TYPE", "-funix", "-yseqpacket")
        self.assertEqual(said, "SO_DOMAIN=AF_UNIX\nSO_TYPE=SOCK_SEQPACKET\n")
        self.assertIn("(AF_UNIX, SOCK_STREAM, 99)",
                      complaint("options", "-gSO_TYPE", "-funix", "-p99"))  # fmt: skip

    def test_every_readable_option(self):
        said = output("options", "--get=all")
        values = dict(line.split("=", 1) for line in said.splitlines())
        self.assertLessEqual({"SO_TYPE", "TCP_INFO", "IP_TTL", "TCP_MAXSEG"}, set(values))
        self.assertEqual(values["SO_PROTOCOL"], "IPPROTO_TCP")
        self.assertNotIn("SO_ERROR", values)  # reading it changes it
        some = output("options", "--get=all", "--level=ip").splitlines()
        self.assertTrue(some and all(line.startswith("IP_") for line in some))

    def test_json_contains_fields_and_numbers(self):
        found = rows("options", "--set=SO_LINGER=on 5s", "--get=SO_LINGER", "--get=SO_TYPE")
        self.assertEqual(
            [(row["option"], row["field"], row["value"], row["number"]) for row in found],
            [
                ("SO_LINGER", "onoff", "on", 1),
                ("SO_LINGER", "linger", "5s", 5_000_000_000),
                ("SO_TYPE", None, "SOCK_STREAM", socket.SOCK_STREAM),
            ],
        )

    def test_json_contains_the_whole_list(self):
        found = rows("options", "--set=IP_OPTIONS=NOP; RA 0000; END; END", "--get=IP_OPTIONS")
        self.assertEqual(
            [(row["field"], row["value"]) for row in found],
            [
                ("type", "IPOPT_NOP"),
                ("type", "IPOPT_RA"),
                ("len", "4"),
                ("data", "0000"),
                *[("type", "IPOPT_END")] * 3,
            ],
        )

    def test_json_has_the_numbers_of_tcp_info(self):
        found = {row["field"]: row for row in rows("options", "--get=TCP_INFO")}
        self.assertEqual(found["state"]["value"], "TCP_CLOSE")
        self.assertIsInstance(found["rtt"]["number"], int)

    def test_one_failure_does_not_hide_the_others(self):
        result = run("options", "-gSO_TYPE", "-gSO_PEERSEC", "-gSO_DOMAIN", "-4", status=1)
        self.assertEqual(result.stdout, "SO_TYPE=SOCK_STREAM\nSO_DOMAIN=AF_INET\n")
        self.assertIn("SO_PEERSEC", result.stderr)

    def test_options_refused_by_the_kernel_are_named(self):
        said = complaint("options", "--set=SO_BINDTODEVICE=nosuchdevice")
        self.assertRegex(said, "SO_BINDTODEVICE.*No such device")

    def test_an_argument_of_get_that_is_invalid(self):
        found = [row for row in rows("options", "--level=ip") if row["name"] == "MCAST_MSFILTER"]
        self.assertTrue(found)
        said = complaint("options", "-4", "-ydgram", "--get=MCAST_MSFILTER=nonsense")
        self.assertIn("MCAST_MSFILTER", said)


class Connections(unittest.TestCase):
    def test_a_connection_that_it_opens(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            said = output("options", "--set=TCP_NODELAY=on", "--get=TCP_NODELAY",
                          "--get=TCP_INFO", address_of(server))  # fmt: skip
        self.assertTrue(said.startswith("TCP_NODELAY=on\nTCP_INFO=state=TCP_ESTABLISHED "), said)

    def test_a_connection_that_cannot_be_opened(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            said = complaint("options", "--get=TCP_INFO", address_of(s))
        self.assertIn("Connection refused", said)

    def test_a_descriptor_that_it_inherits(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            said = output("options", f"--fd={s.fileno()}", "--get=SO_TYPE", pass_fds=[s.fileno()])
            self.assertEqual(said, "SO_TYPE=SOCK_DGRAM\n")
            self.assertRegex(complaint("options", "--fd=99", "-gSO_TYPE"), "descriptor 99: Bad")
            self.assertRegex(complaint("options", "--fd=0", "-gSO_TYPE"), "descriptor 0: .*socket")


class OtherProcesses(unittest.TestCase):
    @needs_tracing
    def test_its_sockets(self):
        with holder() as (process, (server, client, host, port, _, client_port)):
            found = {row["fd"]: row for row in rows("options", f"--pid={process.pid}")}
            self.assertEqual(set(found), {int(server), int(client)})
            self.assertEqual(found[int(server)]["local"], f"{host}:{port}")
            self.assertEqual(
                found[int(client)],
                {
                    "fd": int(client),
                    "family": "AF_INET",
                    "type": "SOCK_STREAM",
                    "protocol": "IPPROTO_TCP",
                    "local": f"{host}:{client_port}",
                    "peer": f"{host}:{port}",
                },
            )

    @needs_tracing
    def test_sockets_of_every_family(self):
        """Also those whose getsockname fails (AF_ALG, AF_XDP and more), and no files."""
        let_trace()
        held = {}
        for number in range(1, 46):
            for kind in (1, 2, 3, 5):
                with contextlib.suppress(OSError):
                    s = socket.socket(number, kind, 0)
                    self.addCleanup(s.close)
                    held[s.fileno()] = (number, kind)
        (read, write) = os.pipe()
        self.addCleanup(os.close, read)
        self.addCleanup(os.close, write)
        found = {row["fd"]: row for row in rows("options", f"--pid={os.getpid()}")}
        self.assertEqual(held.keys() - found.keys(), set())
        self.assertFalse({read, write} & found.keys())
        self.assertEqual(found[min(held)]["family"], "AF_UNIX")

    @needs_tracing
    def test_get_and_set(self):
        with holder() as (process, (_, client, *_rest)):
            arguments = ["options", f"--pid={process.pid}", f"--fd={client}"]
            said = output(*arguments, "-gTCP_NODELAY", "-sTCP_NODELAY=on", "-gTCP_NODELAY")
            self.assertEqual(said, "TCP_NODELAY=off\nTCP_NODELAY=on\n")
            self.assertEqual(process.communicate("\n", timeout=SECONDS)[0], "1\n")

    @needs_tracing
    def test_descriptors_that_are_missing_or_not_sockets(self):
        with holder() as (process, _):
            for fd, words in ((99, "Bad file descriptor"), (0, "non-socket")):
                said = complaint("options", f"--pid={process.pid}", f"--fd={fd}", "-gSO_TYPE")
                self.assertRegex(said, rf"process {process.pid}, descriptor {fd}: .*{words}")

    @needs_tracing
    def test_a_process_that_does_not_exist(self):
        child = subprocess.Popen([sys.executable, "-c", ""])
        child.wait()
        for more in ([], ["--fd=0", "-gSO_TYPE"]):
            said = complaint("options", f"--pid={child.pid}", *more)
            self.assertEqual(said, f"csocket: process {child.pid}: No such process\n")

    @needs_tracing
    @unittest.skipUnless(has_tracing_right(), "needs root: its right to trace is given up")
    def test_a_process_that_has_more_rights(self):
        with holder() as (process, (_, client, *_rest)):
            said = complaint("options", f"--pid={process.pid}", f"--fd={client}", "-gSO_TYPE",
                             preexec_fn=give_up_tracing)  # fmt: skip
            self.assertIn("you may not trace it", said)


class Numbers(unittest.TestCase):
    """Compared with the kernel's answers in Python."""

    def test_values_that_python_reads(self):
        with socket.socket() as s:
            found = {r["option"]: r for r in rows("options", "-4", "--get=all") if not r["field"]}
            checked = 0
            for name, row in found.items():
                level = {"SOL_SOCKET": 1, "SOL_IP": 0, "SOL_TCP": 6}[row["level"]]
                number = getattr(socket, name, None)
                # Values that differ between sockets or change with time.
                different = re.search("COOKIE|TCP_TIMESTAMP", name)
                different = different or re.search(r"\d[mun]?s$", row["value"] or "")
                if number is None or row["number"] is None or different:
                    continue
                value = s.getsockopt(level, number)
                self.assertEqual(row["number"], value, name)
                checked += 1
        self.assertGreater(checked, 20)

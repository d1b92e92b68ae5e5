"""csocket sockets: against the sockets of this test, /proc and ss."""

import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

from command import ENVIRONMENT, PROGRAM, SECONDS, complaint, has_ipv6, output, rows


def can_list():
    return subprocess.run([PROGRAM, "sockets"], capture_output=True).returncode == 0


def inode(s):
    return os.fstat(s.fileno()).st_ino


@unittest.skipUnless(can_list(), "this system does not list its sockets (sock_diag)")
class Sockets(unittest.TestCase):
    def setUp(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.client = socket.create_connection(self.server.getsockname())
        self.peer = self.server.accept()[0]
        self.port = self.server.getsockname()[1]
        for s in (self.server, self.client, self.peer):
            self.addCleanup(s.close)

    def find(self, s, *arguments, columns="family,type,state,local,peer,inode,pid,uid"):
        found = rows("sockets", f"--columns={columns},inode" if "inode" not in columns
                     else f"--columns={columns}", *arguments)  # fmt: skip
        return [row for row in found if row["inode"] == inode(s)]

    def test_a_connection(self):
        (row,) = self.find(self.client)
        here, there = ("{}:{}".format(*s) for s in
                       (self.client.getsockname(), self.client.getpeername()))  # fmt: skip
        self.assertEqual(
            row,
            {"family": "AF_INET", "type": "SOCK_STREAM", "state": "ESTABLISHED", "local": here,
             "peer": there, "inode": inode(self.client), "pid": os.getpid(), "uid": os.getuid()},
        )  # fmt: skip

    def test_every_family_that_it_knows(self):
        made = [
            (socket.AF_UNIX, socket.SOCK_STREAM, 0), (socket.AF_UNIX, socket.SOCK_DGRAM, 0),
            (socket.AF_UNIX, socket.SOCK_SEQPACKET, 0), (socket.AF_INET, socket.SOCK_DGRAM, 0),
            (socket.AF_NETLINK, socket.SOCK_RAW, 0),
            (44, socket.SOCK_RAW, 0), (socket.AF_INET, socket.SOCK_STREAM, 262),  # XDP, MPTCP
        ] + ([(socket.AF_INET6, socket.SOCK_STREAM, 0)] if has_ipv6() else [])  # fmt: skip
        for family, kind, proto in made:
            try:
                s = socket.socket(family, kind, proto)
            except OSError:  # not in this kernel, or not permitted
                continue
            with self.subTest(family=family, proto=proto), s:
                if family == socket.AF_NETLINK:
                    s.bind((0, 0))
                elif family in (socket.AF_INET, socket.AF_INET6):
                    s.bind(("", 0))
                    if kind == socket.SOCK_STREAM:
                        s.listen()
                elif family == socket.AF_UNIX:
                    s.bind(f"\0csocket-sockets-{os.urandom(4).hex()}")
                found = self.find(s, columns="family,type,protocol,pid")
                if proto == 262:  # its subflow is listed as well
                    found = [row for row in found if row["protocol"] == "IPPROTO_MPTCP"]
                if not found and (family == 44 or proto == 262):
                    continue  # a kernel without xdp_diag or mptcp_diag
                (row,) = found
                self.assertEqual(row["family"], "AF_XDP" if family == 44 else family.name)
                self.assertEqual(row["type"], kind.name)
                self.assertEqual(row["pid"], os.getpid())

    def test_filters(self):
        port, client = self.port, inode(self.client)
        local = self.client.getsockname()[1]
        for arguments, there in (
            ([f":{local}"], True), ([f":{port}", "--state=established"], True),
            ([f"{local}"], True), (["1"], False),
            ([f"127.0.0.1:{local}"], True), (["127.0.0.0/8"], True), (["10.0.0.0/8"], False),
            (["::1"], False), (["::/0"], False), ([":*"], False),
            (["127.0.0.1"], True), ([f"*:{local}"], True), (["--listening"], False),
            (["--family=inet"], True), (["--family=unix"], False), (["--type=dgram"], False),
            ([f"--process={os.getpid()}"], True), (["--process=1"], False),
            ([f"--where=local_port = {local}"], True), (["--where=state != established"], False),
            (["--where=rtt > 0ms and snd_cwnd >= 1"], True), (["--where=rtt > 100s"], False),
            (["--where=state ~ STAB"], True), (["--state=listen"], False),
            ([f"--where=pid={os.getpid()}", "--where=family=inet"], True),
            (["--where=recvq < 64K"], True), (["--where=bytes_acked < 1M"], True),
            (["--where=ca_state = open"], True), (["--where=ca_state = loss"], False),
        ):  # fmt: skip
            with self.subTest(arguments):
                found = rows("sockets", "--columns=inode", *arguments)
                self.assertEqual({"inode": client} in found, there)

    def test_conditions_are_combined(self):
        """ "and" binds tighter than "or"; with several --where options, all must hold."""
        true, false = "family = inet", "family = unix"
        client = inode(self.client)
        for conditions in (
            (f"{true} or {false}",), (f"{false} or {true}",), (f"{true} and {true} or {false}",),
            (f"{true} or {true} and {false}",), (f"{false} and {true} or {true}",),
            (f"{true} or {false}", true), (f"{false} or {false} or {true}", f"{false} or {true}"),
        ):  # fmt: skip
            with self.subTest(conditions):
                where = [f"--where={condition}" for condition in conditions]
                self.assertIn({"inode": client}, rows("sockets", "--columns=inode", *where))
        for conditions in (
            (f"{false} or {false}",), (f"{true} and {false} or {false}",),
            (f"{false} or {false} and {true}",), (f"{false} or {true} and {false}",),
            (f"{true} or {false}", false), (false, f"{true} or {true}"),
        ):  # fmt: skip
            with self.subTest(conditions):
                where = [f"--where={condition}" for condition in conditions]
                self.assertNotIn({"inode": client}, rows("sockets", "--columns=inode", *where))

    def test_fields_of_the_catalogue(self):
        (row,) = self.find(self.client, columns="rtt,snd_cwnd,congestion,sndbuf,rcvbuf,state")
        info = self.client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        self.assertEqual(row["snd_cwnd"], int.from_bytes(info[80:84], sys.byteorder))
        self.assertGreater(row["rtt"], 1000)  # nanoseconds
        self.assertEqual(row["sndbuf"],
                         self.client.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF))  # fmt: skip
        name = self.client.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16)
        self.assertEqual(row["congestion"], name.rstrip(b"\0").decode())
        shown = output("sockets", f":{self.client.getsockname()[1]}", "--columns=rtt")
        self.assertRegex(shown, r"\d(us|ms)\n")

    def test_the_descriptor_leads_to_the_options(self):
        (row,) = self.find(self.client, columns="pid,fd")
        self.assertEqual((row["pid"], row["fd"]), (os.getpid(), self.client.fileno()))
        with socket.socket(fileno=os.dup(self.client.fileno())):  # the lowest is shown, once
            self.assertEqual(self.find(self.client, columns="pid,fd"), [row])
        found = rows("sockets", "--columns=inode", f"--where=fd={row['fd']}")
        self.assertIn({"inode": inode(self.client)}, found)

    def test_a_relative_path(self):
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as s:
            here = os.getcwd()
            os.chdir(folder)
            try:
                s.bind("a-name")
            finally:
                os.chdir(here)
            s.listen()
            found = rows("sockets", "--family=unix", "--columns=inode", "a-name")
            self.assertEqual(found, [{"inode": inode(s)}])

    def test_the_list_of_fields(self):
        """Each field once, with its unit apart from its meaning, and each is a column."""
        found = rows("sockets", "--fields")
        names = [row["field"] for row in found]
        self.assertEqual(sorted(names), sorted(set(names)))
        units = {row["field"]: row["unit"] for row in found}
        self.assertEqual((units["rtt"], units["recvq"]), ("us", "bytes"))
        self.assertFalse({row["meaning"] for row in found} & ({None, ""} | set(units.values())))
        for at in range(0, len(names), 30):
            rows("sockets", "--columns=" + ",".join(names[at : at + 30]), f":{self.port}")

    def test_queues(self):
        self.client.sendall(b"12345")
        (row,) = self.find(self.peer, columns="recvq,sendq")
        self.assertEqual(row["recvq"], 5)

    def test_against_proc(self):
        with open("/proc/net/tcp", encoding="ascii") as file:
            proc = {int(line.split()[9]) for line in file.readlines()[1:]} - {0}
        ours = {row["inode"] for row in rows("sockets", "--family=inet", "--type=stream",
                                             "--columns=inode")}  # fmt: skip
        for s in (self.server, self.client, self.peer):
            self.assertIn(inode(s), proc)
            self.assertIn(inode(s), ours)

    @unittest.skipUnless(shutil.which("ss"), "ss is not installed")
    def test_against_ss(self):
        """The rows of this process in both lists: other sockets come and go."""
        said = subprocess.run(["ss", "-tanpieH", f"sport = :{self.port} or dport = :{self.port}"],
                              capture_output=True, text=True).stdout  # fmt: skip
        theirs = {
            (int(m["ino"]), m["local"], m["peer"]): m["state"].replace("ESTAB", "ESTABLISHED")
            for m in re.finditer(
                r"(?m)^(?P<state>\S+) +\d+ +\d+ +(?P<local>\S+) +(?P<peer>\S+) .*ino:(?P<ino>\d+)",
                said,
            )
        }
        ours = {
            (row["inode"], row["local"], row["peer"] or "0.0.0.0:*"): row["state"]
            for row in rows("sockets", f":{self.port}", "--columns=inode,local,peer,state")
            if row["inode"]
        }
        self.assertEqual(len(ours), 3)
        self.assertEqual(ours, {key: value for key, value in theirs.items() if key[0]})

    def test_an_unprivileged_user_sees_sockets(self):
        if os.getuid() != 0:
            self.skipTest("only root can become another user")

        def drop_privileges():
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)

        done = subprocess.run(
            [PROGRAM, "sockets", "--json", "--columns=inode,process", f":{self.port}"],
            capture_output=True, preexec_fn=drop_privileges, env=ENVIRONMENT, timeout=SECONDS,
        )  # fmt: skip
        if done.returncode in (126, 127) or b"Permission" in done.stderr:
            self.skipTest("another user may not run the command here")
        found = json.loads(done.stdout)["sockets"]
        self.assertIn(inode(self.client), [row["inode"] for row in found])
        self.assertEqual({tuple(row["process"]) for row in found}, {()})

    def test_memory_does_not_grow_with_the_number_of_sockets(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        count = min(hard, 8000) - 500
        if count < 2000:
            self.skipTest(f"only {hard} descriptors")
        code = (
            "import os, resource, subprocess, sys;"
            "p = subprocess.run([sys.argv[1], 'sockets', '--family=unix', '--columns=inode'],"
            " stdout=subprocess.DEVNULL); assert p.returncode == 0;"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )

        def peak():
            return int(subprocess.run([sys.executable, "-c", code, PROGRAM], capture_output=True,
                                      check=True).stdout)  # fmt: skip

        if "CSOCKET_PRELOAD" not in os.environ:
            self.skipTest("a sanitizer's own memory grows")
        before, held = peak(), []
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        try:
            held = [socket.socket(socket.AF_UNIX) for _ in range(count)]
            # The processes' descriptors take 40 bytes each; a kept row would take 600.
            self.assertLess(peak() - before, 300 + count * 100 // 1024)
        finally:
            for s in held:
                s.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    def test_watch_prints_again(self):
        said = output("sockets", f":{self.port}", "--watch=10ms", "--count=3", "--columns=state")
        self.assertEqual(len(re.findall("STATE", said)), 3)

    def test_mistakes(self):
        for arguments, words in (
            (["--where=rttt > 1"], 'unknown field "rttt"; did you mean rtt'),
            (["--where=rtt 1"], "--where: one of = != < <= > >= ~ must follow"),
            (["--where=rtt >> 1us"], "--where: one of = != < <= > >= ~ must follow"),
            (["--where=rtt =="], '--where: the value of "rtt" is missing'),
            (["--where=rtt >"], '--where: the value of "rtt" is missing'),
            (["--where=rtt > 1us nor x"], '--where: "and" or "or" is expected, not "nor x"'),
            (["--where=rtt > 1us or"], '--where: "and" or "or" is expected'),
            (["--where=rtt > 1us or x"], 'unknown field "x"'),
            (["--where=rtt > 100k"], "--where: rtt takes a time in whole us"),
            (["--where=recvq > 1us"], "--where: recvq: a size in bytes"),
            (["--where=pid = me"], "--where: pid: a number is expected"),
            (["--columns=locl"], 'unknown column "locl"; did you mean local'),
            (["--state=establishd"], 'unknown state "establishd"; did you mean ESTABLISHED'),
            ([":http"], '":http": the port takes a number, 0 to 65535'),
            ([":65536"], '":65536": the port takes a number, 0 to 65535'),
            (["10.0.0.0/33"], '"10.0.0.0/33": the number of bits takes a number, 0 to 32'),
            (["::1/x"], '"::1/x": the number of bits takes a number, 0 to 128'),
            ([""], "an ADDRESS is empty"),
            (["foo"], '"foo" is not an address: a host is a numeric one; "*foo*" is a pattern'),
            (["localhost", "--family=inet"], '"localhost" is not an address'),
            (["65536"], '"65536": the port takes a number, 0 to 65535'),
            (["--count=2"], "--count requires --watch"),
            (["--columns="], '--columns takes a list of fields, not ""'),
            (["--watch=1us"], "--watch takes at least a millisecond"),
        ):
            with self.subTest(arguments):
                self.assertIn(words, complaint("sockets", *arguments, status=2))


if __name__ == "__main__":
    unittest.main()

"""Compare data/option*.tsv with the kernel's headers: numbers, structs, names of values, omissions.

Run by meson, which sets CSOCKET_DUMP to a program that prints the library's catalogue, and
CSOCKET_CC to the compiler.  CSOCKET_INCLUDE names additional directories of kernel headers to
search for omissions, separated by ':'; CSOCKET_STRACE the unpacked source package of strace, whose
lists of options are searched as well.  option-names.tsv records the names found in both by the last
search.
"""

import fnmatch
import glob
import itertools
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tools"))

import optiondata  # noqa: E402
import site_options  # noqa: E402

CC = shlex.split(os.environ.get("CSOCKET_CC", "cc"))
INCLUDE = pathlib.Path("/usr/include")

# Levels whose options must all have a type.
TYPED = {"SOL_SOCKET", "SOL_IP", "SOL_IPV6", "SOL_TCP", "SOL_UDP", "SOL_MPTCP", "SOL_TLS"}

# Options of these levels whose values really are bytes, with the kind of bytes.
BYTES = {
    "TCP_SAVED_SYN": "a packet's headers, as they came",
    "TCP_FASTOPEN_KEY": "one secret, or two",
}

# The kinds of evidence for a first kernel; option-since.tsv explains them.
EVIDENCE = (
    r"\w\(\d\w*\)|(headers|kernel|configuration|announcement|commits?|patch) of"
    r"|ChangeLog|manual|page:|came with"
)
# The number of first kernels that are known only as limits; determining a release removes one.
LIMITS = 27

# The headers that define options, and the patterns of the names.
NAMES = {
    "asm-generic/socket.h": r"SO_\w+",
    "linux/in.h": r"(?:IP|MCAST)_\w+",
    "linux/in6.h": r"IPV6_\w+",
    "linux/tcp.h": r"TCP_\w+",
    "linux/udp.h": r"UDP_\w+",
    "linux/if_packet.h": r"PACKET_\w+",
    "linux/netlink.h": r"NETLINK_\w+",
    "linux/vm_sockets.h": r"SO_VM_\w+",
    "linux/can/raw.h": r"CAN_RAW_\w+",
    "linux/can/isotp.h": r"CAN_ISOTP_\w+",
    "linux/can/j1939.h": r"SO_J1939_\w+",
    "linux/if_alg.h": r"ALG_\w+",
    "linux/tipc.h": r"TIPC_\w+",
    "linux/rds.h": r"(?:RDS|SO_RDS|RDS6)_\w+",
    "linux/sctp.h": r"SCTP_\w+",
    "linux/mptcp.h": r"MPTCP_\w+",
    "linux/tls.h": r"TLS_\w+",
    "linux/if_xdp.h": r"XDP_\w+",
    "linux/smc.h": r"SMC_\w+",
    "linux/kcm.h": r"KCM_\w+",
    "linux/llc.h": r"LLC_OPT_\w+",
    "linux/x25.h": r"X25_\w+",
    "linux/ax25.h": r"AX25_\w+",
    "linux/netrom.h": r"NETROM_\w+",
    "linux/rose.h": r"ROSE_\w+",
    "linux/if_pppol2tp.h": r"PPPOL2TP_\w+",
    "linux/phonet.h": r"PNPIPE_\w+",
    "linux/nfc.h": r"NFC_LLCP_\w+",
    "linux/rxrpc.h": r"RXRPC_\w+",
    "linux/mctp.h": r"MCTP_\w+",
    "linux/caif/caif_socket.h": r"CAIFSO_\w+",
    "linux/mISDNif.h": r"MISDN_TIME_STAMP",
    "linux/dccp.h": r"DCCP_SOCKOPT_\w+",
    "linux/icmp.h": r"ICMP_FILTER",
    "linux/icmpv6.h": r"ICMPV6_FILTER\w*",
    "linux/mroute.h": r"MRT_\w+",
    "linux/mroute6.h": r"MRT6_\w+",
    "linux/atm.h": r"SO_\w+",
    "linux/netfilter_ipv4.h": r"SO_\w+",
    "linux/netfilter_ipv4/ip_tables.h": r"IPT_SO_\w+",
    "linux/netfilter_ipv6/ip6_tables.h": r"IP6T_SO_\w+",
    "linux/netfilter_arp/arp_tables.h": r"ARPT_SO_\w+",
    "linux/netfilter_bridge/ebtables.h": r"EBT_SO_\w+",
    "linux/ip_vs.h": r"IP_VS_SO_\w+",
}
# Headers that must be preceded by others.
BEFORE = {
    "linux/errqueue.h": ["time.h"],
    "linux/if_alg.h": ["linux/types.h"],
    "linux/netfilter_ipv4/ip_tables.h": ["limits.h", "linux/if.h", "linux/in.h"],
    "linux/netfilter_ipv6/ip6_tables.h": ["limits.h", "linux/if.h", "linux/in6.h"],
    "linux/netfilter_arp/arp_tables.h": ["limits.h", "linux/if.h"],
    "linux/netfilter_bridge/ebtables.h": ["limits.h", "linux/if.h", "linux/in.h", "linux/in6.h"],
    "linux/icmp.h": ["linux/types.h"],
    "linux/ax25.h": ["sys/socket.h"],
    "linux/netrom.h": ["sys/socket.h", "linux/ax25.h"],
    "linux/rose.h": ["sys/socket.h", "linux/ax25.h"],
    "linux/atm.h": ["sys/socket.h"],
    "linux/rds.h": ["sys/socket.h"],
    "linux/sctp.h": ["stdint.h", "sys/socket.h"],
    "linux/mptcp.h": ["netinet/in.h"],
    "linux/ip_vs.h": ["limits.h", "linux/if.h", "linux/in.h"],
    "linux/netfilter/x_tables.h": ["linux/types.h"],
    "linux/caif/caif_socket.h": ["sys/socket.h"],
    "linux/phonet.h": ["sys/socket.h"],
    "linux/llc.h": ["sys/socket.h", "net/if.h"],
    "bluetooth/l2cap.h": ["bluetooth/bluetooth.h"],
    "bluetooth/sco.h": ["bluetooth/bluetooth.h"],
}


def compile_and_run(header, statements):
    """Return the output of a program that includes the header, or None if it does not compile."""
    before = "".join(f"#include <{h}>\n" for h in BEFORE.get(header, []))
    program = (
        f"#define _GNU_SOURCE\n#include <stdio.h>\n#include <stddef.h>\n{before}"
        f"#include <{header}>\nint main(void)\n{{\n{statements}return 0;\n}}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "p.c").write_text(program)
        done = subprocess.run(
            [*CC, "-w", "-o", path / "p", path / "p.c"], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            return None, done.stderr
        return subprocess.run([path / "p"], capture_output=True, text=True, check=True).stdout, ""


def version(text):
    return tuple(map(int, text.split(".")))


def stable(text):
    """Return the release; for a version of the development series 1.3, 2.1, 2.3 or 2.5, the stable
    release that followed."""
    number = version(text)
    if number[:2] == (1, 3):
        return (2, 0)
    return (2, number[1] + 1) if number[:2] in ((2, 1), (2, 3), (2, 5)) else number


def names_in(header, include):
    """Names that look like options in a header: macros and enumerators."""
    path = pathlib.Path(include) / header
    if not path.exists():
        return set()
    text = re.sub(r"/\*.*?\*/", "", path.read_text(errors="replace"), flags=re.S)
    names = NAMES[header]
    return set(re.findall(rf"^\s*#\s*define\s+({names})\b", text, re.M)) | set(
        re.findall(rf"^\s+({names})\s*(?:=[^,}}\n]*)?[,}}\n]", text, re.M)
    )


class Loaded(unittest.TestCase):
    """The data to check."""

    @classmethod
    def setUpClass(cls):
        cls.catalogue = optiondata.load(SOURCE / "data")
        cls.own = [o for o in cls.catalogue.options if o.linux and not o.alias]
        cls.layouts, cls.fields, cls.dumped = {}, {}, {}
        dump = subprocess.run(
            [os.environ["CSOCKET_DUMP"]], capture_output=True, text=True, check=True
        )
        for line in dump.stdout.splitlines():
            what, *cells = line.split("\t")
            if what == "option":
                cls.dumped.setdefault(cells[0], []).append([int(c) for c in cells[1:]])
            elif what == "layout":
                cls.layouts[cells[0]] = int(cells[1])
            else:
                cls.fields[cells[0], cells[1]] = [int(c) for c in cells[2:]]


class Catalogue(Loaded):
    """The table itself, and the files generated from it."""

    def test_it_has_the_documented_size(self):
        self.assertGreaterEqual(len(self.own), 450)
        self.assertGreaterEqual(sum(o.typed for o in self.own), 260)

    def test_the_main_levels_are_typed_altogether(self):
        for option in self.own:
            if option.level in TYPED:
                self.assertTrue(option.typed, option.name)
                if "bytes" in (option.kind.text, option.get.text):
                    self.assertIn(option.name, BYTES)

    def test_every_option_of_linux_has_a_first_kernel(self):
        for option in self.own:
            self.assertNotEqual(option.since, "-", option.name)
        others = [o for o in self.catalogue.options if not o.linux or o.alias]
        self.assertEqual({o.since for o in others if not o.linux}, {"-"})

    def test_first_kernels_have_evidence(self):
        """Proven versions are in the table; a limit may name the version in which the option was
        seen."""
        proven = {(s.level, s.name): s for s in self.catalogue.since}
        self.assertEqual(len(proven), len(self.catalogue.since), "an option is there twice")
        for option in self.own:
            self.evidence(proven.pop((option.level, option.name), None), option)
        for struct in self.catalogue.structs.values():
            for field in (f for f in struct.fields if f.since != "-"):
                self.evidence(proven.pop((f"struct:{struct.name}", field.name), None), field)
        self.assertEqual(proven, {}, "no such options")

    def evidence(self, entry, what):
        with self.subTest(what.name):
            if entry is None:
                self.assertEqual(what.since[0], "<", "an exact release without evidence")
            else:
                self.assertEqual(entry.since, what.since)
                self.assertRegex(entry.evidence, EVIDENCE)

    def test_limits_do_not_become_more(self):
        limits = [o.name for o in self.own if o.since[0] == "<"]
        self.assertLessEqual(len(limits), LIMITS, limits)
        fields = (f for s in self.catalogue.structs.values() for f in s.fields)
        self.assertEqual([f.name for f in fields if f.since[0] == "<"], [])

    def test_evidence_agrees_with_itself(self):
        """Headers of A and not of B: A is not older than the release, but B is."""
        for line in self.catalogue.since:
            found = re.match(r"headers of ([\d.]+\d)(?:, not of ([\d.]+\d))?", line.evidence)
            if found:
                release = version(line.since.lstrip("<="))
                with self.subTest(line.name):
                    self.assertLessEqual(release, stable(found[1]))
                    self.assertGreater(release, version(found[2] or "0"))

    def test_first_kernels_are_those_that_strace_names(self):
        folder = os.environ.get("CSOCKET_STRACE")
        if not folder:
            self.skipTest("CSOCKET_STRACE names no source package of strace")
        entries = (pathlib.Path(folder) / "ChangeLog").read_text(errors="replace").split("\n\n")
        for line in self.catalogue.since:
            if not line.evidence.startswith("strace"):
                continue
            release = re.compile(rf"\bv{re.escape(line.since)}-rc\d")
            found = [e for e in entries if re.search(rf"\b{line.name}\b", e) and release.search(e)]
            self.assertTrue(found, line)

    def test_every_option_has_its_words(self):
        for option in self.catalogue.options:
            with self.subTest(option.name):
                self.assertGreater(len(option.meaning), 10)
                self.assertLess(len(option.meaning), 320)
                self.assertFalse(option.meaning.endswith("."), "a line is no sentence")

    def test_the_library_accepts_the_examples_of_the_site(self):
        words, without = [], []
        for option in self.catalogue.options:
            if option.linux and not option.alias and option.dir != "get":
                value = site_options.sample(option, self.catalogue)
                if value is None:
                    without.append(option.name)
                else:
                    words += [option.name, value]
        self.assertGreater(len(words), 900)
        self.assertLess(len(without), 20, without)
        done = subprocess.run(
            [os.environ["CSOCKET_DUMP"], *words], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.stdout, "")

    def test_values_of_goals_are_accepted_by_the_library(self):
        goals = self.catalogue.goals
        self.assertGreater(len(goals), 40)
        order = [goal for goal, _ in itertools.groupby(g.goal for g in goals)]
        self.assertEqual(len(order), len(set(order)), "the lines of a goal stand together")
        words = [word for g in goals for word in (g.option, g.value)]
        command = [os.environ["CSOCKET_DUMP"], *words]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_ambiguous_structs_are_refused(self):
        """Nested structs at the end of structs, lists of those, and data after a tail."""
        old = "ip_vs_get_dests\tentrytable\tstruct:ip_vs_dest_entry"
        changes = (
            ("option-structs.tsv", old, "ip_vs_get_dests\tentrytable\tstruct:ip_vs_get_services"),
            ("option-structs.tsv", "ip_option\tdata\tbytes", "ip_option\tdata\tstruct:linger"),
            ("option-structs.tsv", "\tend:data", "\tend:data,tail"),
            ("options.tsv", "\tstruct:ipv6_opt_hdr", "\tlist:struct:ipv6_opt_hdr"),
        )
        for name, was, now in changes:
            with self.subTest(now), tempfile.TemporaryDirectory() as folder:
                shutil.copytree(SOURCE / "data", folder, dirs_exist_ok=True)
                path = pathlib.Path(folder, name)
                text = path.read_text()
                self.assertIn(was, text)
                path.chmod(0o644)
                path.write_text(text.replace(was, now))
                with self.assertRaises(optiondata.Bad):
                    optiondata.load(folder)

    def test_the_library_has_the_table(self):
        for option in self.own:
            number = option.number & 0xFFFFFFFF
            found = {n & 0xFFFFFFFF for _, n, _ in self.dumped[option.name]}
            self.assertIn(number, found, option.name)
        self.assertEqual(sum(len(v) for v in self.dumped.values()), len(self.catalogue.options))

    def test_documentation_is_current(self):
        subprocess.run(
            [
                sys.executable,
                SOURCE / "tools" / "gen_options.py",
                "docs",
                "--check",
                "--data",
                SOURCE / "data",
                "--output",
                SOURCE / "docs" / "options.md",
            ],
            check=True,
        )


class Manual(Loaded):
    """csocket-options(7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = tempfile.TemporaryDirectory()
        cls.page = pathlib.Path(cls.folder.name) / "csocket-options.7"
        gen = SOURCE / "tools" / "gen_options.py"
        command = [sys.executable, gen, "man", "--data", SOURCE / "data", "--output", cls.page]
        subprocess.run(command, check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def complaints(self, command):
        if not shutil.which(command[0]):
            self.skipTest(f"{command[0]} is not installed")
        done = subprocess.run([*command, self.page], capture_output=True, text=True, check=False)
        return done.stderr + (done.stdout if command[0] == "mandoc" else "")

    def test_groff_prints_no_warning(self):
        self.assertEqual(self.complaints(["groff", "-man", "-ww", "-Tutf8", "-z"]), "")

    def test_mandoc_prints_no_warning(self):
        self.assertEqual(self.complaints(["mandoc", "-Tlint", "-Wwarning"]), "")

    def test_every_option_is_there(self):
        text = self.page.read_text()
        for option in self.own:
            self.assertIn(f"\n.B {option.name}\n", text)


class Structs(Loaded):
    """Sizes and offsets of the structs in the headers."""

    def missing_members(self, struct, flat):
        """Compare offsets with those of the compiler; members missing from the header must be
        newer."""
        asked = [f for f in flat if f[1].cname != "-" and not f[1].word]
        while True:
            lines = "".join(
                f'printf("{name} %zu\\n", offsetof({struct.ctype}, {field.cname}));\n'
                for name, field in asked
            )
            lines += f'printf("sizeof %zu\\n", sizeof({struct.ctype}));\n'
            out, errors = compile_and_run(struct.header, lines)
            if out is not None:
                return {k: int(v) for k, v in (x.split() for x in out.splitlines())}
            gone = set(re.findall(r"no member named .(\w+)", errors))
            lacking = [f for f in asked if f[1].cname.split(".")[-1] in gone]
            if not lacking:
                return errors
            for name, field in lacking:
                self.assertTrue(field.since == "-" or version(field.since) > (5,), name)
                self.young.append(f"{struct.name}.{name}")
            asked = [f for f in asked if f not in lacking]

    def offset(self, struct, name):
        """Return the library's offset of a field; for a struct that is only part of others, its
        offset there."""
        if (struct.name, name) in self.fields:
            return self.fields[struct.name, name][0]
        whole, part = next(
            (outer.name, f.name)
            for outer in self.catalogue.structs.values()
            for f in outer.fields
            if f.nested == struct.name and (outer.name, f"{f.name}.{name}") in self.fields
        )
        begin = self.fields[whole, f"{part}.{struct.fields[0].name}"][0]
        return self.fields[whole, f"{part}.{name}"][0] - begin

    def test_offsets_are_the_headers(self):
        self.young, compared, absent, sizes, whole = [], 0, [], {}, set()
        for struct in self.catalogue.structs.values():
            if struct.ctype == "-":
                continue
            flat = [
                (f.name, f)
                for f in struct.fields
                if f.structs
                or not f.nested
                and not (f.array and f.base not in ("text", "bytes", "bytes4"))
            ]
            found = self.missing_members(struct, flat)
            with self.subTest(struct.name):
                if isinstance(found, str):
                    # The header may be missing, or older than the whole struct.
                    if "No such file" in found or "file not found" in found:
                        absent.append(struct.header)
                        continue
                    header = INCLUDE / struct.header
                    self.assertNotIn(struct.ctype.split()[-1], header.read_text(), found)
                    self.young.append(struct.name)
                    continue
                sizes[struct.name] = found.pop("sizeof")
                for name, offset in found.items():
                    self.assertEqual(self.offset(struct, name), offset, name)
                    compared += 1
                tail = any("tail" in f.flags for f in struct.fields)
                if len(found) == sum(1 for _, f in flat if f.cname != "-" and not f.word):
                    whole.add(struct.name)
                if tail or struct.name == "tcp_cc_info":
                    del sizes[struct.name]
        for name, size in sizes.items():
            if name not in self.layouts:
                continue  # part of others
            parts = {f.nested for f in self.catalogue.structs[name].fields if f.nested}
            if {name, *parts} <= whole:
                self.assertEqual(self.layouts[name], size, name)
        self.assertGreater(compared, 250)
        print("younger than the headers:", ", ".join(self.young), file=sys.stderr)
        print("without headers:", ", ".join(sorted(set(absent))), file=sys.stderr)


class Values(Loaded):
    """Names of numbers, as defined in the headers."""

    HEADERS = (
        "linux/in.h linux/in6.h linux/tcp.h linux/net_tstamp.h linux/if_packet.h linux/tls.h "
        "linux/sctp.h linux/rds.h linux/tipc.h linux/can/isotp.h linux/can/raw.h linux/can/error.h "
        "linux/mroute.h linux/mroute6.h linux/xfrm.h linux/udp.h linux/if_xdp.h linux/icmp.h "
        "linux/mptcp.h linux/phonet.h linux/rxrpc.h linux/dccp.h linux/atm.h sys/socket.h "
        "netinet/tcp.h netinet/in.h time.h linux/caif/caif_socket.h linux/socket.h linux/ip.h "
        "linux/ipv6.h linux/ipsec.h linux/ip_vs.h"
    ).split()
    # Bits of a filter, or of a byte that is part of a larger number.
    OTHER = {"icmp_types", "packet_fanout_flags", "txrehash"}

    def test_values_are_the_headers(self):
        wanted = {
            name: (number, kind, values)
            for values, (kind, names) in self.catalogue.values.items()
            if values not in self.OTHER
            for name, number in names
            if re.fullmatch(r"[A-Z][A-Z0-9]*_\w+", name)
        }
        compared = set()
        for header in self.HEADERS:
            path = INCLUDE / header
            if not path.exists():
                continue
            text = path.read_text(errors="replace")
            here = [n for n in wanted if re.search(rf"\b{n}\b", text)]
            # A name that occurs only in a comment must not affect the others.
            while here:
                lines = "".join(f'printf("{n} %lld\\n", (long long)({n}));\n' for n in here)
                out, errors = compile_and_run(header, lines)
                if out is not None:
                    break
                gone = set(re.findall(r"['‘](\w+)['’] undeclared|identifier '(\w+)'", errors))
                gone = {a or b for a, b in gone}
                if not gone & set(here):
                    out = ""
                    break
                here = [n for n in here if n not in gone]
            for line in (out or "").splitlines() if here else []:
                name, number = line.split()
                with self.subTest(name):
                    self.assertEqual(int(number) & 0xFFFFFFFF, wanted[name][0] & 0xFFFFFFFF)
                compared.add(name)
        self.assertGreater(len(compared), 200)


class Omissions(Loaded):
    def explained(self, header, name):
        if name in self.dumped:
            return True
        return any(
            fnmatch.fnmatchcase(name, rule.pattern)
            for rule in self.catalogue.omitted
            if rule.header in (header, "-")
        )

    def test_nothing_of_the_headers_is_missing_without_a_reason(self):
        folders = [INCLUDE, *filter(None, os.environ.get("CSOCKET_INCLUDE", "").split(":"))]
        for include in folders:
            found = {h: names_in(h, include) for h in NAMES}
            self.assertGreater(sum(map(len, found.values())), 500, f"no headers in {include}")
            for header, names in found.items():
                missing = sorted(n for n in names if not self.explained(header, n))
                self.assertEqual(missing, [], f"{include}/{header}")

    def test_nothing_recorded_is_missing_without_a_reason(self):
        """Names from the headers of four kernels and from strace, regardless of this machine."""
        lines = (SOURCE / "tests/data/option-names.tsv").read_text().splitlines()
        names = [line.split("\t") for line in lines if not line.startswith("#")]
        rules = [rule.pattern for rule in self.catalogue.omitted]
        self.assertGreater(len(names), 2000)
        self.assertGreater(sum(where.startswith("strace ") for where, _ in names), 500)
        for where, name in names:
            known = self.explained(where, name) or (
                where.startswith("strace ") and any(fnmatch.fnmatchcase(name, r) for r in rules)
            )
            self.assertTrue(known, f"{name} of {where}")

    def test_every_omission_has_a_reason(self):
        for rule in self.catalogue.omitted:
            self.assertGreater(len(rule.reason), 5, rule)
            self.assertTrue(
                rule.header in NAMES or rule.header in ("linux/irda.h", "linux/ipx.h"), rule
            )

    def test_nothing_of_strace_is_missing_without_a_reason(self):
        folder = os.environ.get("CSOCKET_STRACE")
        if not folder:
            self.skipTest("CSOCKET_STRACE names no source package of strace")
        files = glob.glob(f"{folder}/src/xlat/*sock*_options.in")
        self.assertGreater(len(files), 20, "no lists of options in that folder")
        rules = [rule.pattern for rule in self.catalogue.omitted]
        for path in files:
            text = pathlib.Path(path).read_text()
            for name in set(re.findall(r"^([A-Z][A-Z0-9_a-z]+)", text, re.M)):
                known = name in self.dumped or any(fnmatch.fnmatchcase(name, r) for r in rules)
                self.assertTrue(known, f"{name} of {os.path.basename(path)}")


if __name__ == "__main__":
    unittest.main()

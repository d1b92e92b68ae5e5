"""The lookup commands: resolve, interfaces, constants, families, version."""

import errno
import os
import re
import socket
import unittest

from command import complaint, has_ipv6, output, rows


class Resolve(unittest.TestCase):
    def test_a_numeric_host_and_a_service(self):
        self.assertEqual(
            rows("resolve", "--type=stream", "192.0.2.7", "80"),
            [
                {
                    "family": "AF_INET",
                    "type": "SOCK_STREAM",
                    "protocol": "IPPROTO_TCP",
                    "host": "192.0.2.7",
                    "port": 80,
                    "address": "192.0.2.7:80",
                }
            ],
        )

    def test_the_same_answers_as_getaddrinfo(self):
        expected = socket.getaddrinfo("localhost", 7, 0, 0, 0, socket.AI_CANONNAME)
        found = rows("resolve", "--canonical", "localhost", "7")
        self.assertEqual(
            [(row["host"], row["port"], row["type"]) for row in found],
            [(a[4][0], 7, a[1].name) for a in expected],
        )
        self.assertEqual(found[0]["canonical"], expected[0][3])

    def test_without_a_service_the_port_is_0(self):
        self.assertEqual({row["port"] for row in rows("resolve", "192.0.2.7")}, {0})

    def test_family_type_and_protocol_choose(self):
        (row,) = rows("resolve", "-6", "--type=SOCK_DGRAM", "--protocol=udp", "2001:db8::1", "5")
        self.assertEqual(
            (row["family"], row["protocol"], row["address"]),
            ("AF_INET6", "IPPROTO_UDP", "[2001:db8::1]:5"),
        )
        self.assertIn("192.0.2.7", complaint("resolve", "--ipv6", "192.0.2.7"))

    def test_a_table_has_headings_by_default(self):
        lines = output("resolve", "-ystream", "192.0.2.7", "80").splitlines()
        self.assertEqual(lines[0].split(), "FAMILY TYPE PROTOCOL HOST PORT ADDRESS".split())
        bare = output("resolve", "-ystream", "--no-headings", "192.0.2.7", "80").splitlines()
        self.assertEqual([line.split() for line in bare], [line.split() for line in lines[1:]])

    def test_a_name_that_is_not_found_is_named(self):
        self.assertRegex(complaint("resolve", "nosuchhost.invalid"), r"nosuchhost\.invalid: \S")
        self.assertRegex(complaint("resolve", "192.0.2.7", "nosuchservice"), "nosuchservice: ")

    def test_reverse(self):
        name, service = socket.getnameinfo(("127.0.0.1", 7), 0)
        self.assertEqual(
            rows("resolve", "--reverse", "127.0.0.1", "7"),
            [{"host": "127.0.0.1", "name": name, "service": service}],
        )
        self.assertEqual(
            rows("resolve", "--reverse", "127.0.0.1"), [{"host": "127.0.0.1", "name": name}]
        )

    def test_reverse_wants_an_address(self):
        self.assertIn("numeric address", complaint("resolve", "--reverse", "localhost"))


class Interfaces(unittest.TestCase):
    def test_all_interfaces_with_their_indices(self):
        found = {(row["index"], row["name"]) for row in rows("interfaces")}
        self.assertEqual(found, set(socket.if_nameindex()))

    def test_the_loopback_interface(self):
        (row,) = rows("interfaces", "--ipv4", "lo")
        self.assertEqual((row["address"], row["prefix"]), ("127.0.0.1", 8))
        self.assertIn("loopback", row["flags"])
        if has_ipv6():
            found = rows("interfaces", "--family=inet6", "lo")
            self.assertIn(("::1", 128), [(row["address"], row["prefix"]) for row in found])

    def test_a_missing_interface_is_named(self):
        self.assertIn("nosuchif0: ", complaint("interfaces", "nosuchif0"))


class Constants(unittest.TestCase):
    def test_a_name(self):
        (row,) = rows("constants", "so_reuseaddr")
        self.assertEqual(
            (row["name"], row["group"], row["value"]), ("SO_REUSEADDR", "SO", socket.SO_REUSEADDR)
        )
        self.assertTrue(row["meaning"])

    def test_a_number_in_a_group(self):
        for group in ("AF", "af"):
            for text in ("10", "0xa", "0XA", "010"):
                (row,) = rows("constants", f"--group={group}", text)
                self.assertEqual((row["name"], row["hex"]), ("AF_INET6", "0xa"))

    def test_printed_numbers_can_be_looked_up(self):
        """The negative numbers, the largest ones and some others."""
        all_of_them = [row for row in rows("constants") if row["value"] is not None]
        for row in all_of_them[::50] + [r for r in all_of_them if not 0 <= r["value"] < 1 << 31]:
            for text in (row["hex"], str(row["value"])):
                self.assertRegex(output("constants", "--", text), rf"(?m)^{row['name']}\b")

    def test_a_number_in_all_groups(self):
        found = {row["name"] for row in rows("constants", "1")}
        self.assertLessEqual({"AF_UNIX", "SOCK_STREAM", "SO_DEBUG"}, found)

    def test_a_pattern(self):
        found = {row["name"] for row in rows("constants", "tcp_keep*")}
        self.assertEqual(found, {"TCP_KEEPCNT", "TCP_KEEPIDLE", "TCP_KEEPINTVL"})

    def test_all_agree_with_python(self):
        found = {row["name"]: row["value"] for row in rows("constants")}
        common = [name for name in found if isinstance(getattr(socket, name, None), int)]
        self.assertGreater(len(common), 200)
        for name in common:
            self.assertEqual(found[name], getattr(socket, name), name)

    def test_a_text(self):
        (row,) = rows("constants", "BDADDR_LOCAL")
        self.assertEqual((row["text"], row["value"]), ("00:00:00:FF:FF:FF", None))

    def test_error_numbers(self):
        for number in errno.errorcode:
            (row,) = rows("constants", "--group=errno", str(number))
            self.assertEqual(getattr(errno, row["name"]), number)
        (row,) = rows("constants", "econnrefused")
        self.assertEqual((row["value"], row["meaning"]), (111, os.strerror(111)))

    def test_a_name_with_a_mistake_in_it(self):
        self.assertIn("did you mean SO_REUSEADDR?", complaint("constants", "SO_REUSEADR"))
        for words in (["ECONNREFUSD"], ["econnrefusd", "--group=errno"]):
            self.assertIn("did you mean ECONNREFUSED?", complaint("constants", *words))

    def test_groups(self):
        found = {row["group"]: row["constants"] for row in rows("constants", "--groups")}
        self.assertEqual(sum(found.values()), len(rows("constants")))
        self.assertEqual(found["ERRNO"], len(rows("constants", "--group=errno")))
        self.assertEqual(found["SOCK"], len(rows("constants", "--group=SOCK")))

    def test_missing_constants_are_named(self):
        self.assertEqual(
            complaint("constants", "SO_NOTHING"),
            "csocket: SO_NOTHING: no constant has this name or number\n",
        )
        self.assertIn("of group AF", complaint("constants", "--group=AF", "9999"))
        self.assertIn('unknown group "NOGROUP"', complaint("constants", "-gNOGROUP", status=2))


class Families(unittest.TestCase):
    def test_the_list(self):
        found = {row["name"]: row for row in rows("families")}
        self.assertEqual(found["AF_INET"]["number"], socket.AF_INET)
        self.assertNotIn("available", found["AF_INET"])
        self.assertTrue(found["AF_INET6"]["address"])

    def test_whether_they_can_be_opened(self):
        found = {row["name"]: row["available"] for row in rows("families", "--available")}
        self.assertEqual((found["AF_INET"], found["AF_UNIX"]), ("yes", "yes"))
        self.assertLessEqual(set(found.values()), {"yes", "no", "needs privilege"})

    def test_the_fields_of_a_family(self):
        found = rows("families", "inet6")
        self.assertEqual([row["field"] for row in found], ["host", "port", "flowinfo", "scope_id"])
        self.assertEqual([row["default"] for row in found], [None, None, 0, 0])

    def test_an_unknown_one_is_named(self):
        self.assertIn('unknown address family "AF_NOTHING"', complaint("families", "AF_NOTHING"))


class Version(unittest.TestCase):
    def test_it_is_the_same_everywhere(self):
        first = output("version").splitlines()[0]
        self.assertRegex(first, r"^csocket \d+\.\d+\.\d+$")
        for command in (["--version"], ["connect", "--version"]):
            self.assertEqual(output(*command), first + "\n")

    def test_features_of_the_system(self):
        said = output("version")
        self.assertRegex(said, r"\nsystem: Linux ")
        self.assertRegex(said, r"\ncatalogue: \d{3,} options, \d{4,} constants, ")
        dualstack = "yes" if socket.has_dualstack_ipv6() else "no"
        self.assertEqual(re.search("dual-stack servers: (.*)", said)[1], dualstack)

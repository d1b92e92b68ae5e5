"""The names of numbers in data/option-values.tsv are complete: a set with members of an enum of the
kernel's headers has all of them, and one whose names share a prefix has all macros with it.

Further names for the same number (aliases) and ends of lists are not needed. CSOCKET_INCLUDE names
more directories of headers, of a newer kernel for example.
"""

import os
import pathlib
import re
import sys
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(SOURCE / "tools"), str(SOURCE / "tests/data")]
import header_names  # noqa: E402
import optiondata  # noqa: E402

FOLDERS = ["/usr/include", *filter(None, os.environ.get("CSOCKET_INCLUDE", "").split(":"))]
# The end of a list, a mask, a value that is refused, or a further name for a member.
NOT_VALUES = re.compile(
    r"__\w+|\w+_(MAX|MASK|LAST|NR|COUNT|BASE|INVALID)|SCTP_SS_DEFAULT|IPPROTO_HOPOPTS|"
    r"SO_EE_ORIGIN_TXSTATUS|RDS_TRANS_(NONE|IWARP)|IP_VS_SVC_F_SCHED_SH_\w+|"
    r"SPP_(HB|PMTUD|SACKDELAY)"  # both bits: on and off
)
NOT_OF_THE_SET = {
    "SCTP_NOTIFICATION": "MSG_NOTIFICATION, a flag of recvmsg",
    "SOCK_CLOEXEC": "a flag of socket()",
    "SOCK_NONBLOCK": "a flag of socket()",
}
# Sets whose prefix other names have as well: options, parts of the number, numbers elsewhere.
SHARED = set(
    """
    buf_lock can_err can_isotp_flags clockid icmp_types ip_vs_conn ipopt mcast_fmode packet_fanout
    rxrpc_level sctp_reset_flags sctp_sn_type sctp_strreset tcp_repair tipc_group_flags
    tipc_importance tls_cipher tls_version xdp_umem_flags xfrm_action xfrm_policy_flags
    """.split()
)


def common_prefix(names):
    text = os.path.commonprefix(sorted(names))
    return text[: text.rfind("_") + 1]


class Names(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        values = optiondata.load(SOURCE / "data").values
        cls.sets = {
            name: {each for each, _ in members if re.fullmatch(r"[A-Z][A-Z0-9]*_\w+", each)}
            for name, (_, members) in values.items()
        }
        cls.tags = {folder: list(header_names.tags(folder)) for folder in FOLDERS}

    def missing(self, name, candidates):
        return sorted(
            each
            for each in candidates - self.sets[name]
            if not NOT_VALUES.fullmatch(each) and each not in NOT_OF_THE_SET
        )

    def test_sets_have_all_members_of_the_headers_enums(self):
        compared = set()
        for folder, tags in self.tags.items():
            enums = {}
            for tag in tags:
                if tag["kind"] == "enumerator":
                    enums.setdefault((tag["path"], tag.get("scope")), set()).add(tag["name"])
            for name, members in self.sets.items():
                for where, enum in enums.items():
                    if enum & members:
                        compared.add(name)
                        with self.subTest(name, folder=folder, where=where):
                            self.assertEqual(self.missing(name, enum), [])
        self.assertGreater(len(compared), 15)

    def test_sets_have_all_macros_with_their_prefix(self):
        compared = set()
        for folder, tags in self.tags.items():
            macros = {}
            for tag in tags:
                if tag["kind"] == "macro" and tag.get("macrodef") and "signature" not in tag:
                    macros.setdefault(tag["path"], set()).add(tag["name"])
            for name, members in self.sets.items():
                prefix = common_prefix(members)
                if name in SHARED or len(members) < 2 or len(prefix) < 5:
                    continue
                for path, names in macros.items():
                    if names & members:
                        compared.add(name)
                        found = {each for each in names if each.startswith(prefix)}
                        with self.subTest(name, folder=folder, path=path):
                            self.assertEqual(self.missing(name, found), [])
        self.assertGreater(len(compared), 15)

    def test_shared_prefixes_are_those_of_sets(self):
        self.assertEqual(SHARED - set(self.sets), set())


if __name__ == "__main__":
    unittest.main()

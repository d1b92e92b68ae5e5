#!/usr/bin/env python3
"""List the constants of the system's headers that data/constants.tsv lacks without a reason.

    header_names.py [--data DIRECTORY] [INCLUDE_DIRECTORY...]        (default: /usr/include)

Prefixes select the names for the table; names with such a prefix that do not belong there are
listed with the reason in data/constants-exceptions.tsv.  Run it when new kernel headers are
released: it prints the names to add.
"""

import argparse
import fnmatch
import json
import pathlib
import subprocess
import sys

PREFIXES = tuple(
    """
    AF_ PF_ SOCK_ SOL_ SO_ SCM_ MSG_ SHUT_ SOMAXCONN AI_ EAI_ NI_
    IPPROTO_ IPPORT_ INADDR_ IP_ IPV6_ MCAST_ TCP_ TCPI_OPT_ UDP_ UDPLITE_ MPTCP_ SCTP_ DCCP_ TLS_
    SMC_ SMCPROTO_ NETLINK_ PACKET_ TPACKET_V ETHERTYPE_ ETH_P_ CAN_ CANFD_ CANXL_ J1939_ ALG_
    VMADDR_ VM_SOCKETS_ VSOCK_ IOCTL_VM_SOCKETS_ TIPC_ RDS_ RDS6_ QRTR_ XDP_ KCM_ KCMPROTO_ MCTP_
    NFC_ PN PHONET_ IEEE802154_ LLC_ X25_ AX25_ NETROM_ ROSE_ IPX_ PX_ PPPOL2TP_ SOF_TIMESTAMPING_
    BT_ BTPROTO_ BDADDR_ L2CAP_ RFCOMM_ SCO_ HCI_ UNIX_
    MRT_ MRT6_ VIFF_ MIFF_ RXRPC_ CAIFSO_ CAIFPROTO_ CAIF_LINK_ SPP_ SOF_TXTIME_ TFO_ DCCPQ_ IPT_SO_
    IP6T_SO_ ARPT_SO_ EBT_SO_ IFF_
""".split()
)
HEADERS = (
    "linux/**/*.h",
    "asm-generic/*.h",
    "net/*.h",
    "net[a-z]*/*.h",
    "arpa/*.h",
    "netdb.h",
    "sys/socket.h",
    "sys/un.h",
    "bluetooth/*.h",
    "*/bits/*.h",
    "*/sys/socket.h",
    "*/asm/*.h",
)


CTAGS = """ctags --output-format=json --langmap=C:.h --kinds-C=de --fields=+S
    --fields-C=+{macrodef} -o - -L -"""


def tags(root):
    """What ctags finds in the headers: macros and enumerators."""
    root = pathlib.Path(root)
    paths = sorted({str(p.relative_to(root)) for pattern in HEADERS for p in root.glob(pattern)})
    done = subprocess.run(
        CTAGS.split(), input="\n".join(paths), cwd=root, check=True, text=True, capture_output=True
    )
    return map(json.loads, done.stdout.splitlines())


def scan(root):
    """{name: the headers that define it}, of the macros and enumerators with one of the prefixes.

    Macros have a value and no arguments."""
    found = {}
    for tag in tags(root):
        has_value = tag["kind"] == "enumerator" or tag.get("macrodef")
        if tag["name"].startswith(PREFIXES) and "signature" not in tag and has_value:
            found.setdefault(tag["name"], set()).add(tag["path"])
    return found


def exceptions(path):
    """Return (name pattern, header pattern, reason) per line; the columns are separated by tabs."""
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def unexplained(found, known, rules):
    """Return {name: headers that define it} for the names that are neither known nor excepted."""
    rules = list(rules)
    result = {}
    for name, headers in found.items():
        if name in known:
            continue
        mine = [header for pattern, header, _ in rules if fnmatch.fnmatchcase(name, pattern)]
        left = {h for h in headers if not any(fnmatch.fnmatchcase(h, m) for m in mine)}
        if left:
            result[name] = left
    return result


def known_names(path):
    """The names in the table, and their names in C if different."""
    rows = [line.split("\t") for line in pathlib.Path(path).read_text("utf-8").splitlines()]
    return {row[0] for row in rows} | {row[5] for row in rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=str(pathlib.Path(__file__).resolve().parents[2] / "data"))
    parser.add_argument("include", nargs="*", default=["/usr/include"])
    options = parser.parse_args()
    data = pathlib.Path(options.data)
    known = known_names(data / "constants.tsv")
    status = 0
    for root in options.include:
        left = unexplained(scan(root), known, exceptions(data / "constants-exceptions.tsv"))
        for name, headers in sorted(left.items(), key=lambda item: (sorted(item[1]), item[0])):
            print(f"{name}\t{', '.join(sorted(headers))}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Compare data/control-messages.tsv with every put_cmsg() of a Linux kernel's source.

    check_control.py SOURCE

SOURCE is a folder with the kernel's source, or Debian's package linux-source-*.deb.  It is an error
if the table lacks the level and type of a call, or if no call delivers a message that the table
marks as received although the kernel is new enough.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import controldata  # noqa: E402

FOLDERS = ("net", "drivers/net", "crypto")
# The kernel's other names for levels.
LEVELS = {"IPPROTO_SCTP": "SOL_SCTP"}
# Calls with variables: these functions pass on arguments of their callers, which are found too.
PASSED_ON = {"level", "cmsg_level"}
# Messages that the table omits, with the reasons.
OMITTED = {("SOL_PACKET", "TUN_TX_TIMESTAMP"): "no program has the socket inside of a TUN device"}
# Calls that fill in ancillary data without put_cmsg.
BY_HAND = {
    ("SOL_SOCKET", "SCM_RIGHTS"),
    ("SOL_UDP", "UDP_GRO"),  # a header of the kernel's
    ("SOL_RXRPC", "RXRPC_BUSY"),  # older kernels
    ("SOL_RXRPC", "RXRPC_NEW_CALL"),
}


def arguments_of(text, start):
    """The arguments of the call whose parenthesis is at start."""
    depth, found, begin = 0, [], start + 1
    for at in range(start, len(text)):
        char = text[at]
        depth += (char in "([{") - (char in ")]}")
        if depth == 0 or (depth == 1 and char == ","):
            found.append(" ".join(text[begin:at].split()))
            begin = at + 1
        if depth == 0:
            return found
    return found


def calls(path):
    """(level, type, line) of each control message that a file delivers."""
    text = path.read_text(errors="replace")
    text = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)
    for match in re.finditer(r"\b(put_cmsg(?:_notrunc)?|sock_recv_errqueue)\s*(\()", text):
        arguments = arguments_of(text, match.start(2))
        place = slice(3, 5) if match[1] == "sock_recv_errqueue" else slice(1, 3)
        level, number = arguments[place]
        if " " not in level and level not in PASSED_ON:
            yield LEVELS.get(level, level), number, text.count("\n", 0, match.start()) + 1


def unpack(package, folder):
    """Extract the kernel's source from Debian's package."""
    data = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE)
    with tarfile.open(fileobj=data.stdout, mode="r|") as outer:
        for member in outer:
            if member.name.endswith(".tar.xz"):
                with tarfile.open(fileobj=outer.extractfile(member), mode="r|xz") as inner:
                    for file in inner:
                        parts = file.name.split("/", 1)[-1]
                        wanted = file.name.endswith((".c", ".h", "Makefile"))
                        wanted &= parts.startswith((*FOLDERS, "include/net", "Makefile"))
                        if file.isfile() and wanted:
                            inner.extract(file, folder, filter="data")
    data.wait()
    return next(pathlib.Path(folder).iterdir())


def version_of(source):
    makefile = (source / "Makefile").read_text() if (source / "Makefile").exists() else ""
    found = dict(re.findall(r"^(VERSION|PATCHLEVEL) = (\d+)$", makefile, flags=re.M))
    return (int(found["VERSION"]), int(found["PATCHLEVEL"])) if found else (99, 0)


def check(source):
    catalogue = controldata.load(ROOT / "data")
    version = version_of(source)
    known = {(m.level, m.name): (m.target or m) for m in catalogue.options}
    delivered, errors = set(), []
    files = [p for f in (*FOLDERS, "include/net") for p in sorted((source / f).rglob("*.[ch]"))]
    for path in files:
        for level, number, line in calls(path):
            if (level, number) in known:
                delivered.add(id(known[level, number]))
            elif (level, number) not in OMITTED:
                errors.append(f"{path.relative_to(source)}:{line}: {level} {number} is not there")
    for message in catalogue.options:
        since = tuple(int(x) for x in message.since.lstrip("<=").split(".")[:2] if x.isdigit())
        if message.alias or message.row["dir"] == "send" or since > version:
            continue
        if id(message) not in delivered and (message.level, message.name) not in BY_HAND:
            if message.name == "SO_PRIORITY" or message.dir == "both":
                continue
            errors.append(f"{message.where}: no kernel code delivers {message.name}")
    return len(files), len(delivered), errors


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", type=pathlib.Path)
    source = parser.parse_args().source
    with tempfile.TemporaryDirectory() as folder:
        if source.is_file():
            source = unpack(source, folder)
        files, delivered, errors = check(source)
    print("\n".join(errors))
    print(f"{files} files, {delivered} control messages delivered, {len(errors)} errors")
    return 1 if errors or not delivered else 0


if __name__ == "__main__":
    sys.exit(main())

"""The examples of docs/options-python.md run."""

import pathlib
import re
import struct

import csocket
import csocket as socket

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "options-python.md"


def test_the_examples_run():
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) >= 7
    unix, other = socket.socketpair()
    with socket.create_server(("127.0.0.1", 0)) as server, unix, other:
        with socket.create_connection(server.getsockname()) as sock:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                names = {"sock": sock, "udp": udp, "unix": unix, "csocket": csocket}
                names.update(socket=socket, struct=struct)
                for block in blocks:
                    exec(block, names)

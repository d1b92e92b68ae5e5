"""Check that an installed package is complete: run this with the environment's python -I, outside
the source tree."""

import importlib.metadata
import pathlib
import sys

import csocket
import csocket._socket

FILES = ("__init__.pyi", "_socket.pyi", "_options.pyi", "py.typed")

folder = pathlib.Path(csocket.__file__).parent
assert folder.is_relative_to(sys.prefix), folder
missing = [name for name in FILES if not (folder / name).is_file()]
assert not missing, missing
about = importlib.metadata.distribution("csocket")
assert "MIT" in (about.metadata.get("License-Expression"), about.metadata.get("License"))
assert any("LICENSE" in str(file) for file in about.files), about.files
assert not [file for file in about.files if str(file).endswith((".h", ".a", ".3"))], about.files

server = csocket.create_server(("127.0.0.1", 0))
with server, csocket.create_connection(server.getsockname(), timeout=10) as client:
    client.options.tcp_nodelay = True
    conn, _ = server.accept()
    with conn:
        conn.sendall(b"from what is installed")
    with client.makefile("rb") as file:
        assert file.read() == b"from what is installed"
print(f"{sys.version.split()[0]}: csocket {about.version} in {folder}")

"""Third-party libraries work on csocket instead of the standard library's socket."""

import http.server
import importlib.util
import pathlib
import re
import subprocess
import sys
import threading

import pytest

ANSWER = b"a page of some length\n" * 1000
PROGRAMS = {
    "requests": """
import requests
with requests.Session() as session:     # two requests, one connection
    assert session.get(url, timeout=30).content == session.get(url, timeout=30).content
    page = session.get(url, timeout=30).content
try:
    requests.get("http://127.0.0.1:1/", timeout=30)
except requests.ConnectionError as error:
    assert "refused" in str(error)
else:
    raise SystemExit("the connection was not refused")
""",
    "urllib3": """
import urllib3
page = urllib3.PoolManager().request("GET", url, timeout=30, retries=False).data
""",
    "aiohttp": """
import asyncio, aiohttp
async def fetch():
    async with aiohttp.ClientSession() as session:
        answers = await asyncio.gather(*(session.get(url) for _ in range(10)))
        pages = [await answer.read() for answer in answers]
    assert pages == pages[:1] * 10
    return pages[0]
page = asyncio.run(fetch())
""",
    "trio": """
import trio
from urllib.parse import urlsplit
async def fetch():
    parts = urlsplit(url)
    stream = await trio.open_tcp_stream(parts.hostname, parts.port)
    async with stream:
        await stream.send_all(b"GET / HTTP/1.0\\r\\n\\r\\n")
        head, _, body = b"".join([data async for data in stream]).partition(b"\\r\\n\\r\\n")
    return body
page = trio.run(fetch)
""",
}
GUIDE = pathlib.Path(__file__).parents[2] / "docs/tutorial-python.md"
BEFORE = "import sys\nurl = sys.argv[1]\n"
AFTER = """
import socket, csocket
assert socket is csocket
sys.stdout.buffer.write(page)
"""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def url():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_third_party_library(name, url, tmp_path):
    if not importlib.util.find_spec(name):
        pytest.skip(f"{name} is not installed (run.py --extra programs.txt)")
    program = tmp_path / "program.py"
    program.write_text(BEFORE + PROGRAMS[name] + AFTER)
    done = subprocess.run(
        [sys.executable, "-m", "csocket", str(program), url], capture_output=True, timeout=120
    )
    assert (done.stdout, done.returncode) == (ANSWER, 0), done.stderr.decode()


@pytest.mark.parametrize("name", ["trio", "gevent"])
def test_the_event_loops_of_the_tutorial(name, tmp_path):
    if not importlib.util.find_spec(name):
        pytest.skip(f"{name} is not installed (run.py --extra programs.txt)")
    program = tmp_path / "program.py"
    text = GUIDE.read_text(encoding="utf-8")
    program.write_text(
        re.search(rf"^```python\n(# {name}_echo\.py\n.*?)^```$", text, re.M | re.S)[1]
    )
    done = subprocess.run([sys.executable, str(program)], capture_output=True, timeout=120)
    assert (done.stdout, done.returncode) == (b"b'hello\\n'\n", 0), done.stderr.decode()

"""What the documents say: links lead somewhere, and README.md's programs do what it says."""

import http.server
import os
import pathlib
import re
import socket
import subprocess
import sys
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import readme_program  # noqa: E402

README = (ROOT / "README.md").read_text(encoding="utf-8")
BODY = b"first line\nlast line\n"


def documents():
    for path in sorted(ROOT.rglob("*.md")):
        folders = path.relative_to(ROOT).parts[:-1]
        if not any(name.startswith((".", "build")) for name in folders):
            yield path


class Links(unittest.TestCase):
    def test_links_to_files_lead_to_a_file(self):
        found = 0
        for path in documents():
            text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
            for target in re.findall(r"\]\(([^)\s]+)\)", text):
                if not target.startswith(("http:", "https:", "mailto:", "#")):
                    found += 1
                    file = path.parent / target.partition("#")[0]
                    self.assertTrue(file.exists(), f"{path.relative_to(ROOT)}: {target}")
        self.assertGreater(found, 10)

    def test_commands_of_the_readme_are_targets_of_the_makefile(self):
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        for target in set(re.findall(r"\bmake ([a-z-]+)", README)):
            self.assertRegex(makefile, rf"(?m)^{target}:", target)

    def test_commands_of_csocket_are_in_its_table(self):
        table = (ROOT / "cli/main.c").read_text(encoding="utf-8")
        shown = set(re.findall(r"^    csocket (\w+)", README, re.M))
        self.assertGreater(len(shown), 3)
        for name in shown:
            self.assertIn(f'"{name}"', table)


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + BODY)

    def log_message(self, *arguments):
        pass


class Programs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        cls.addClassCleanup(cls.server.server_close)
        cls.port = cls.server.server_address[1]
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.shutdown)

    def in_c(self, port):
        if "README_PROGRAM" not in os.environ:
            self.skipTest("the program is not built: run by meson test")
        return self.run_program([os.environ["README_PROGRAM"], f"localhost:{port}"])

    def in_python(self, port):
        code = readme_program.block(README, "python").replace("8080", str(port))
        return self.run_program([sys.executable, "-c", "import socket, sys\n" + code])

    def run_program(self, command):
        return subprocess.run(command, capture_output=True, timeout=60, check=False)

    def test_both_print_the_same_page(self):
        page = b"HTTP/1.0 200 OK\r\n\r\n" + BODY
        for program in (self.in_c, self.in_python):
            done = program(self.port)
            self.assertEqual(done.stderr, b"")
            self.assertEqual(done.stdout[: len(page)], page)
            self.assertEqual(done.returncode, 0)

    def test_the_options_of_a_connection_are_text_with_units(self):
        info = self.in_c(self.port).stdout[-4000:]
        self.assertRegex(info, rb"state=TCP_\w+ .*\brto=\d+us\b")

    def test_the_error_is_the_one_that_the_readme_shows(self):
        with socket.socket() as unused:  # bound and not listening: refuses
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
            shown = re.search(r"^    (connect to .*)$", README, re.M)[1].replace("8080", str(port))
            done = self.in_c(port)
            self.assertEqual(done.returncode, 1)
            said = done.stderr.decode().replace("[::1]", "127.0.0.1")  # whichever came last
            self.assertTrue(said.endswith(f": {shown}\n"), said)
            self.assertIn(b"Connection refused", self.in_python(port).stderr)


if __name__ == "__main__":
    unittest.main()

"""Datagrams move many per system call: counted with strace."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from command import ENVIRONMENT, PROGRAM, SECONDS, default_signals

COUNT = 200
SIZE = 100
PLAIN = os.environ.get("CSOCKET_PRELOAD")  # a sanitizer makes additional calls


def may_strace():
    if not PLAIN or not shutil.which("strace"):
        return False
    done = subprocess.run(["strace", "-e", "trace=none", "true"], capture_output=True)
    return done.returncode == 0


@unittest.skipUnless(may_strace(), "system calls cannot be counted here (strace, sanitizers)")
class Batches(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.log = os.path.join(self.folder.name, "log")
        self.receiver = socket.socket(type=socket.SOCK_DGRAM)
        self.addCleanup(self.receiver.close)
        self.receiver.bind(("127.0.0.1", 0))
        self.receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.receiver.settimeout(SECONDS)

    def start(self, *arguments, **more):
        """The command under strace; `listening` is where it listens."""
        process = subprocess.Popen(
            ["strace", "-f", "-o", self.log, "-e", "trace=network,poll,ppoll", PROGRAM, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, env=ENVIRONMENT,
            preexec_fn=default_signals, **{"stdin": subprocess.DEVNULL, **more},
        )  # fmt: skip
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def listen(self, *arguments):
        process = self.start(*arguments)
        line = process.stderr.readline().decode()
        port = int(re.search(r"listening on 127\.0\.0\.1:(\d+)", line)[1])
        return process, ("127.0.0.1", port)

    def pid(self):
        """The process ID of the command, the first one in strace's output."""
        with open(self.log) as log:
            return int(log.readline().split()[0])

    def calls(self, *names):
        with open(self.log) as log:
            return len(re.findall(rf"^\d+ +(?:{'|'.join(names)})\(", log.read(), re.MULTILINE))

    def fill(self, address):
        """All datagrams arrive before the first one is received."""
        pid = self.pid()
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.1)
        for number in range(COUNT):
            self.receiver.sendto(b"%d" % number, address)
        os.kill(pid, signal.SIGCONT)

    def drain(self, size):
        return [self.receiver.recv(size) for _ in range(COUNT)]

    def test_input_is_sent_many_at_once(self):
        data = os.urandom(COUNT * SIZE)
        process = self.start(
            "connect", "--udp", f"--record-size={SIZE}", "--quit-after=1",
            f"127.0.0.1:{self.receiver.getsockname()[1]}", stdin=subprocess.PIPE,
        )  # fmt: skip
        process.communicate(data, timeout=SECONDS)
        self.assertEqual(b"".join(self.drain(SIZE + 1)), data)
        calls = self.calls("sendmmsg", "sendmsg", "sendto")
        self.assertLessEqual(calls, COUNT // 10)

    def test_received_data_is_returned_at_once(self):
        process, address = self.listen("listen", "--udp", "--idle=2", "127.0.0.1:0")
        self.fill(address)
        out = process.communicate(timeout=SECONDS)[0]
        self.assertEqual(out, b"".join(b"%d" % number for number in range(COUNT)))
        calls = self.calls("recvmmsg", "recvmsg", "recvfrom", "poll", "ppoll")
        self.assertLessEqual(calls, COUNT // 4)

    def test_echoes_are_sent_many_at_once(self):
        process, address = self.listen("listen", "--udp", "--echo", "--keep-open", "127.0.0.1:0")
        self.fill(address)
        self.assertEqual(self.drain(10), [b"%d" % number for number in range(COUNT)])
        os.kill(self.pid(), signal.SIGTERM)
        process.communicate(timeout=SECONDS)
        for names in (("recvmmsg", "recvmsg", "recvfrom"), ("sendmmsg", "sendmsg", "sendto")):
            self.assertLessEqual(self.calls(*names), COUNT // 4, names)

    def test_a_relay_passes_many_at_once(self):
        target = socket.socket(type=socket.SOCK_DGRAM)
        self.addCleanup(target.close)
        target.bind(("127.0.0.1", 0))
        target.settimeout(SECONDS)
        process, address = self.listen(
            "relay", "--udp", "--keep-open", "127.0.0.1:0", f"127.0.0.1:{target.getsockname()[1]}"
        )
        self.fill(address)
        self.assertEqual([target.recv(10) for _ in range(COUNT)],
                         [b"%d" % number for number in range(COUNT)])  # fmt: skip
        os.kill(self.pid(), signal.SIGTERM)
        process.communicate(timeout=SECONDS)
        for names in (("recvmmsg", "recvmsg", "recvfrom"), ("sendmmsg", "sendmsg", "sendto")):
            self.assertLessEqual(self.calls(*names), COUNT // 4, names)


if __name__ == "__main__":
    unittest.main()

"""csocket connect: short messages in one thread, other data in two, without loss."""

import os
import pty
import random
import select
import socket
import subprocess
import threading
import time
import unittest

from command import ENVIRONMENT, PROGRAM, SECONDS, EchoServer, address_of

PIPE = 1 << 20  # more than a pipe holds


class Dialogue(unittest.TestCase):
    def setUp(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.server.close)
        self.server.settimeout(SECONDS)

    def start(self, *arguments, **more):
        """A client, and the server's socket of the connection."""
        client = subprocess.Popen(
            [PROGRAM, "connect", *arguments, address_of(self.server)], bufsize=0, env=ENVIRONMENT,
            **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, **more},
        )  # fmt: skip
        conn = self.server.accept()[0]
        conn.settimeout(SECONDS)
        self.addCleanup(conn.close)
        self.addCleanup(self.end, client)
        return client, conn

    @staticmethod
    def end(client):
        client.kill()
        client.wait()
        for file in (client.stdin, client.stdout):
            if file:
                file.close()

    def receive(self, conn, size):
        data = b""
        while len(data) < size and (part := conn.recv(size - len(data))):
            data += part
        return data

    def read(self, client, size):
        data = b""
        while len(data) < size:
            self.assertTrue(select.select([client.stdout], [], [], SECONDS)[0], len(data))
            part = os.read(client.stdout.fileno(), size - len(data))
            if not part:
                break
            data += part
        return data

    @staticmethod
    def threads(client):
        return len(os.listdir(f"/proc/{client.pid}/task"))

    def test_short_messages_need_no_further_thread(self):
        client, conn = self.start()
        for number in range(20):
            client.stdin.write(b"question %d" % number)
            self.assertEqual(conn.recv(100), b"question %d" % number)
            conn.sendall(b"answer %d" % number)
            self.assertEqual(self.read(client, 9 if number > 9 else 8), b"answer %d" % number)
        before = self.threads(client)
        client.stdin.write(bytes(60000))
        self.receive(conn, 60000)
        end = time.monotonic() + SECONDS
        while self.threads(client) == before and time.monotonic() < end:
            time.sleep(0.01)
        self.assertEqual(self.threads(client), before + 1)

    def test_unread_output_does_not_delay_the_input(self):
        client, conn = self.start()
        threading.Thread(target=conn.sendall, args=(bytes(PIPE),), daemon=True).start()
        for size in (5, 5000, 50000):
            time.sleep(0.05)
            client.stdin.write(b"x" * size)
            self.assertEqual(self.receive(conn, size), b"x" * size)
        self.assertEqual(self.read(client, PIPE), bytes(PIPE))

    def test_small_writes_fill_unread_output(self):
        client, conn = self.start()
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        conn.settimeout(1)
        sent = 0
        try:  # until the pipe and both sockets are full
            for _ in range(20000):
                sent += conn.send(b"y" * 3000)
        except TimeoutError:
            pass
        conn.settimeout(SECONDS)
        client.stdin.write(b"heard?")
        self.assertEqual(self.receive(conn, 6), b"heard?")
        self.assertEqual(self.read(client, sent), b"y" * sent)

    def test_unsent_input_does_not_delay_the_output(self):
        client, conn = self.start("--option=SO_SNDBUF=4096")
        data = random.randbytes(PIPE * 8)
        writer = threading.Thread(target=client.stdin.write, args=(data,), daemon=True)
        writer.start()
        for _ in range(3):
            time.sleep(0.05)
            conn.sendall(b"answer")
            self.assertEqual(self.read(client, 6), b"answer")
        self.assertEqual(self.receive(conn, len(data)), data)
        writer.join(SECONDS)

    def test_all_sizes_both_ways_at_once(self):
        """Nothing is lost or reordered, regardless of when the command changes to two threads."""
        for seed in range(20):
            sizes = random.Random(seed).choices([1, 100, 4095, 4096, 4097, 20000, 65536, 70000],
                                                [9, 9, 3, 3, 3, 1, 1, 1], k=60)  # fmt: skip
            data = random.Random(seed).randbytes(sum(sizes))
            with self.subTest(seed=seed), EchoServer() as server:
                client = subprocess.Popen(
                    [PROGRAM, "connect", f"127.0.0.1:{server.port}"], bufsize=0,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT,
                )  # fmt: skip

                def write(client=client, data=data, sizes=sizes):
                    at = 0
                    for size in sizes:
                        client.stdin.write(data[at : at + size])
                        at += size
                    client.stdin.close()

                threading.Thread(target=write, daemon=True).start()
                got = b""
                while part := client.stdout.read(65536):
                    got += part
                self.assertEqual(client.wait(SECONDS), 0)
                self.assertEqual(got, data)
                client.stdout.close()

    def test_one_end_of_input_at_a_terminal_is_enough(self):
        master, terminal = pty.openpty()
        self.addCleanup(os.close, master)
        client, conn = self.start(stdin=terminal)
        os.close(terminal)
        os.write(master, b"hello\n")
        self.assertEqual(conn.recv(100), b"hello\n")
        os.write(master, b"\x04")  # ^D
        self.assertEqual(conn.recv(100), b"")
        conn.sendall(b"bye")
        conn.close()
        self.assertEqual(self.read(client, 4), b"bye")
        self.assertEqual(client.wait(SECONDS), 0)

    def test_a_reset_is_reported_once(self):
        client, conn = self.start(stderr=subprocess.PIPE)
        conn.sendall(b"hello")
        self.assertEqual(self.read(client, 5), b"hello")
        client.stdin.write(b"x")
        self.assertTrue(select.select([conn], [], [], SECONDS)[0])
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        conn.close()  # with RST: x was not received
        self.assertEqual(client.wait(SECONDS), 1)
        self.assertEqual(client.stderr.read(), b"csocket: receive: Connection reset by peer\n")
        client.stderr.close()

    def test_a_closed_standard_output_ends_it(self):
        client, conn = self.start()
        conn.sendall(b"one")
        self.assertEqual(self.read(client, 3), b"one")
        client.stdout.close()
        conn.sendall(b"two")
        self.assertEqual(client.wait(SECONDS), 1)


class Datagrams(unittest.TestCase):
    def setUp(self):
        self.peer = socket.socket(type=socket.SOCK_DGRAM)
        self.addCleanup(self.peer.close)
        self.peer.bind(("127.0.0.1", 0))
        self.peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.peer.settimeout(SECONDS)
        self.client = subprocess.Popen(
            [PROGRAM, "connect", "--udp", address_of(self.peer)], bufsize=0, env=ENVIRONMENT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.addCleanup(Dialogue.end, self.client)

    def threads(self):
        return Dialogue.threads(self.client)

    def ask(self, size):
        self.client.stdin.write(b"q" * size)
        data, self.address = self.peer.recvfrom(65536)
        self.assertEqual(len(data), size)

    def answer(self, *sizes):
        for size in sizes:
            self.peer.sendto(b"a" * size, self.address)
        data = b""
        while len(data) < sum(sizes):
            self.assertTrue(select.select([self.client.stdout], [], [], SECONDS)[0], len(data))
            data += os.read(self.client.stdout.fileno(), 1 << 20)
        self.assertEqual(data, b"a" * sum(sizes))

    def test_short_ones_need_no_further_thread(self):
        self.ask(1)
        before = self.threads()
        for size in (1, 0, 100, 1000, 4096):
            self.answer(size)
            self.ask(7)
        self.assertEqual(self.threads(), before)

    def test_long_datagrams_are_complete(self):
        for size in (4096, 4097, 20000, 60000, 65000):
            with self.subTest(size):
                self.ask(1)
                self.answer(size, 3)
                self.ask(size)

    def test_a_long_one_first(self):
        for size in (4097, 65000):
            with self.subTest(size):
                self.doCleanups()
                self.setUp()
                self.ask(size)
                self.answer(size)
                self.ask(5)

    def test_many_without_a_reply_are_received_in_batches(self):
        self.ask(1)
        before = self.threads()
        self.answer(*[10] * 100)
        end = time.monotonic() + SECONDS
        while self.threads() == before and time.monotonic() < end:
            time.sleep(0.01)
        self.assertEqual(self.threads(), before + 1)


if __name__ == "__main__":
    unittest.main()

"""redis-py against a server, over TCP and AF_UNIX: pipelines, blocking calls, messages."""

import subprocess
import tempfile
import threading
import time

import redis

folder = tempfile.TemporaryDirectory()
path = f"{folder.name}/redis.sock"
server = subprocess.Popen(
    ["redis-server", "--port", "16379", "--bind", "127.0.0.1", "--unixsocket", path]
    + ["--save", "", "--dir", folder.name],
    stdout=subprocess.DEVNULL,
)
try:
    clients = {
        "TCP": redis.Redis(port=16379, socket_timeout=20, socket_keepalive=True),
        "UNIX": redis.Redis(unix_socket_path=path, socket_timeout=20),
    }
    for name, client in clients.items():
        for _ in range(200):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.05)
        client.flushall()
        with client.pipeline() as pipe:
            for i in range(1000):
                pipe.set(f"key{i}", bytes([i % 256]) * i)
            print(name, "set in one pipeline:", sum(pipe.execute()))
        values = client.mget(f"key{i}" for i in range(1000))
        right = values == [bytes([i % 256]) * i for i in range(1000)]
        print(name, "read back:", right)
        big = bytes(range(256)) * 20000
        client.set("big", big)
        print(name, "5 MB:", client.get("big") == big)
        messages = client.pubsub()
        messages.subscribe("news")
        messages.get_message(timeout=20)
        client.publish("news", "hello")
        print(name, "published:", messages.get_message(timeout=20)["data"])
        messages.close()
        threading.Timer(0.1, client.rpush, ("queue", "item")).start()
        print(name, "waited for:", client.blpop("queue", timeout=20)[1])
        how = {"port": 16379} if name == "TCP" else {"unix_socket_path": path}
        impatient = redis.Redis(socket_timeout=0.2, retry=None, **how)
        try:
            impatient.blpop("empty", timeout=10)
        except redis.TimeoutError as error:
            print(name, "timed out:", type(error).__name__)
finally:
    server.terminate()
    server.wait()
    folder.cleanup()
try:
    redis.Redis(port=16379, socket_timeout=5, retry=None).ping()
except redis.ConnectionError as error:
    print("refused:", "refused" in str(error))

"""urllib3 with pyOpenSSL against a server: reuse, timeouts, an unknown certificate."""

import http.server
import ssl
import threading
import time

import trustme
import urllib3
import urllib3.contrib.pyopenssl

BODY = bytes(range(256)) * 1000


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/slow":
            time.sleep(2)
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def do_POST(self):
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[::-1])

    def log_message(self, *arguments):
        pass


authority = trustme.CA()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()

urllib3.contrib.pyopenssl.inject_into_urllib3()
url = f"https://127.0.0.1:{server.server_port}"
with authority.cert_pem.tempfile() as certificates:
    pool = urllib3.PoolManager(ca_certs=certificates, retries=False)
    for _ in range(3):
        print("the page is right:", pool.request("GET", url + "/", timeout=30).data == BODY)
    answer = pool.request("POST", url + "/", body=BODY, timeout=30).data
    print("what was posted comes back:", answer == BODY[::-1])
    connections = pool.connection_from_url(url).num_connections
    print("connections for four requests:", connections)
    try:
        pool.request("GET", url + "/slow", timeout=0.2)
    except urllib3.exceptions.TimeoutError as error:
        print("too slow:", type(error).__name__)
try:
    urllib3.PoolManager(retries=False).request("GET", url + "/", timeout=30)
except urllib3.exceptions.SSLError as error:
    print("an unknown authority:", type(error).__name__)

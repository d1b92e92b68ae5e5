"""paramiko: a server and a client, over a socketpair and over TCP: commands, files, tunnels."""

import io
import logging
import os
import socket
import tempfile
import threading

import paramiko

logging.disable()  # its log depends on timing
KEY = paramiko.RSAKey.generate(2048)


class Server(paramiko.ServerInterface):
    def check_auth_password(self, username, password):
        good = (username, password) == ("user", "secret")
        return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED

    def check_channel_direct_tcpip_request(self, chanid, origin, destination):
        print("a tunnel to", destination)
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel, command):
        threading.Thread(target=answer, args=(channel, command), daemon=True).start()
        return True


def answer(channel, command):
    channel.sendall(command.upper() + channel.makefile("rb").read())
    channel.send_exit_status(3)
    channel.close()


class Files(paramiko.SFTPServerInterface):
    def __init__(self, server, folder, *args):
        super().__init__(server, *args)
        self.folder = folder

    def list_folder(self, path):
        names = sorted(os.listdir(self.folder))
        return [
            paramiko.SFTPAttributes.from_stat(os.stat(os.path.join(self.folder, name)), name)
            for name in names
        ]

    def open(self, path, flags, attr):
        name = os.path.join(self.folder, path.strip("/"))
        handle = paramiko.SFTPHandle(flags)
        file = open(name, "wb" if flags & os.O_WRONLY else "rb")  # noqa: SIM115
        handle.readfile = handle.writefile = file
        return handle

    def stat(self, path):
        return paramiko.SFTPAttributes.from_stat(
            os.stat(os.path.join(self.folder, path.strip("/")))
        )


def serve(sock, folder):
    transport = paramiko.Transport(sock)
    transport.add_server_key(KEY)
    transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Files, folder)
    transport.start_server(threading.Event(), Server())  # it does not wait for the client
    return transport


def use(name, sock, folder):
    transport = paramiko.Transport(sock)
    try:
        transport.connect(hostkey=KEY, username="user", password="secret")
        channel = transport.open_session()
        channel.settimeout(30)
        channel.exec_command("command ")
        channel.sendall(b"input" * 20000)
        channel.shutdown_write()
        data = channel.makefile("rb").read()
        print(name, data[:13], len(data), channel.recv_exit_status())
        idle = transport.open_session()
        idle.settimeout(0.1)
        try:
            idle.recv(1)
        except socket.timeout as error:
            print(name, "timeout:", type(error).__mro__[-4:-2])
        with paramiko.SFTPClient.from_transport(transport) as sftp:
            sftp.putfo(io.BytesIO(b"data" * 50000), "file")
            back = io.BytesIO()
            sftp.getfo("file", back)
            print(name, sftp.listdir("."), back.getvalue() == b"data" * 50000)
        tunnel = transport.open_channel("direct-tcpip", ("inside", 80), ("127.0.0.1", 5))
        print(name, "tunnel:", tunnel.active)
    finally:
        transport.close()


with tempfile.TemporaryDirectory() as folder:
    ours, theirs = socket.socketpair()
    server = serve(theirs, folder)
    use("pair:", ours, folder)
    server.close()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=30)
        server = serve(listener.accept()[0], folder)
        use("TCP:", client, folder)
        server.close()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = paramiko.SSHClient()
        port = listener.getsockname()[1]
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        accepted = threading.Thread(target=lambda: serve(listener.accept()[0], folder))
        accepted.start()
        try:
            client.connect("127.0.0.1", port, "user", "wrong", look_for_keys=False,
                           allow_agent=False, timeout=30)  # fmt: skip
        except paramiko.AuthenticationException as error:
            print("refused:", error)
        client.close()
        accepted.join()
    try:
        paramiko.SSHClient().connect("127.0.0.1", port, "user", "secret")
    except paramiko.ssh_exception.NoValidConnectionsError as error:
        print("refused:", str(error).replace(str(port), "PORT"), list(error.errors)[0][0])

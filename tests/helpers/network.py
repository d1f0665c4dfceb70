"""A network between a client and a server that does not do what it should."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time

from blendgym.wire.transport.zmtp_frames import COMMAND, GREETING_BYTES

FAULTS = ("loses the request", "loses the reply", "doubles the request", "hangs up after the request")


class BadNetwork:
    """Passes everything on, but for every so many requests.

    Args:
        port: Of the server, on 127.0.0.1.
        fault: One of ``FAULTS``. What it loses or hangs up on is the rest of that connection.
        every: How many requests there are for one fault.
        delay: Seconds that every reply takes.
    """

    def __init__(self, port: int, fault: str = "", every: int = sys.maxsize, delay: float = 0.0) -> None:
        self.faults = 0
        self._port, self._fault, self.every = port, fault, every
        self._delay = delay
        self._requests = 0
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        for each in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                connection = Connection(client, socket.create_connection(("127.0.0.1", self._port)))
                self._open += connection.client, connection.server
                threading.Thread(target=self._pass_requests, args=(connection,), daemon=True).start()
                threading.Thread(target=connection.pass_replies, args=(self._delay,), daemon=True).start()

    def _pass_requests(self, connection: Connection) -> None:
        with contextlib.suppress(OSError):
            connection.pass_handshake()
            while request := connection.client.recv(1 << 20):
                is_heartbeat = request[0] & COMMAND
                self._requests += not is_heartbeat
                if is_heartbeat or self._requests % self.every:
                    connection.server.sendall(request)
                else:
                    self.faults += 1
                    self._disturb(connection, request)
        connection.end()

    def _disturb(self, connection: Connection, request: bytes) -> None:
        match self._fault:
            case "loses the request":
                connection.loses_replies = True
            case "loses the reply":
                connection.loses_replies = True
                connection.server.sendall(request)
            case "doubles the request":
                connection.server.sendall(request * 2)
            case "hangs up after the request":
                connection.server.sendall(request)
                connection.end()


class Connection:
    """One connection through the network, on both of its sides."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.loses_replies = False
        for each in (client, server):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def pass_handshake(self) -> None:
        """The greeting and one short command, before which a client sends no request."""
        left = GREETING_BYTES + 2
        while left:
            data = self.client.recv(left)
            left -= len(data)
            self.server.sendall(data)
        left = data[-1]
        while left:
            data = self.client.recv(left)
            left -= len(data)
            self.server.sendall(data)

    def pass_replies(self, delay: float) -> None:
        with contextlib.suppress(OSError):
            while data := self.server.recv(1 << 20):
                time.sleep(delay)
                if not self.loses_replies:
                    self.client.sendall(data)
        self.end()

    def end(self) -> None:
        for each in (self.client, self.server):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

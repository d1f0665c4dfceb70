"""What a client makes of an address at which there is no server, or something else."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest
from wire import message_bytes

from blendgym.client.connection.connection import Connection
from blendgym.client.process.deadlines import Deadlines
from blendgym.errors import MalformedMessage
from blendgym.wire.transport.sockets import bind, connect
from blendgym.wire.transport.zmtp import GREETING, encode_ready

LIMIT = 1 << 20
HANDSHAKE = GREETING + encode_ready("REP")


@pytest.fixture
def endpoint(tmp_path):
    return f"ipc://{tmp_path}/socket"


def test_a_server_that_hangs_up_is_like_one_that_is_silent(endpoint):
    server = bind(endpoint, LIMIT)
    client = connect(endpoint, LIMIT)
    server.poll(1)
    server.close()
    for _ in range(2):
        client.send([b"anyone there?"])
        assert_silent(client)
    client.close()


def test_an_address_at_which_nobody_listens_is_like_a_silent_server(endpoint):
    client = connect(endpoint, LIMIT)
    client.send([b"anyone there?"])
    assert_silent(client)
    client.close()


def assert_silent(client):
    client.poll(0.01)  # May notice something, and return early.
    cpu, start = time.process_time(), time.monotonic()
    assert not client.poll(0.2)
    assert time.monotonic() - start >= 0.2
    assert time.process_time() - cpu < 0.15, "it did not sleep"


def test_replies_that_come_together_are_received_one_by_one(endpoint):
    with contextlib.closing(Impostor(endpoint, HANDSHAKE + message_bytes([b"", b"1"]) + message_bytes([b"", b"2"]))):
        client = connect(endpoint, LIMIT)
        assert [client.receive(), client.receive()] == [[b"1"], [b"2"]]
        client.close()


class Impostor:
    """A server process that is alive, at whose address something answers that is no server."""

    token, pid, client_keys = "", 0, None

    def __init__(self, endpoint, answer):
        self.endpoint = endpoint
        self._answer = answer
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(endpoint.removeprefix("ipc://"))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def is_running(self):
        return True

    def close(self):
        self._thread.join()
        self._listener.close()

    def _serve(self):
        connection, _ = self._listener.accept()
        with connection:
            connection.sendall(self._answer)
            with contextlib.suppress(ConnectionError):
                while connection.recv(1000):
                    pass


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"HTTP/1.1 400 Bad Request".ljust(64), "did not greet in ZMTP 3"),
        (GREETING + encode_ready("REQ"), "A REQ socket cannot talk to a REQ socket"),
        (HANDSHAKE + message_bytes([b"reply"]), "does not begin with the empty frame"),
        (HANDSHAKE + b"\x02" + bytes([1] * 8), "at most 1073741824 bytes"),
        (HANDSHAKE + message_bytes([b"", b"\xff"]), "header of a message cannot be read"),
    ],
)
def test_an_answer_that_is_no_reply_is_a_typed_error_at_once(endpoint, answer, message):
    with contextlib.closing(Impostor(endpoint, answer)) as impostor, pytest.raises(MalformedMessage, match=message):
        Connection(impostor, Deadlines(start=5))

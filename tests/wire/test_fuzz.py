"""Whatever is sent to a server, it answers, goes on, and its episodes are what they were."""

from __future__ import annotations

import contextlib
import socket
import time

import numpy as np
import pytest
from free_tasks import ENDLESS
from fuzzing import Fuzzer

from blendgym.client.connection.connection import Connection
from blendgym.client.connection.session import Session
from blendgym.client.process.deadlines import Deadlines
from blendgym.client.process.launcher import ServerProcess
from blendgym.wire import messages
from blendgym.wire.codec import Codec
from blendgym.wire.transport.sockets import connect

SECONDS = 20.0
LEGAL_EVERY = 25  # messages
RESET_EVERY = 40  # legal steps
MEMORY_LIMIT = 20 << 20  # bytes
REPLIES: Codec = Codec(messages.AnyReply)


class Client:
    """The one who plays by the rules."""

    def __init__(self, endpoint):
        self.server = ServerProcess(ENDLESS, {}, slots=2, endpoint=endpoint)
        self.session = Session()
        self.connection = Connection(self.server, Deadlines(step=SECONDS, reset=SECONDS), session=self.session)
        self._steps = 0

    def go_on(self):
        """The next legal request; all clients make the same ones."""
        self._steps += 1
        if self._steps % RESET_EVERY == 1:
            episodes = tuple(messages.Episode(slot=slot, seed=self._steps + slot) for slot in range(2))
            return self._ask(messages.Reset(episodes=episodes), messages.Began)
        slots = [None, (0,), (1,)][self._steps % 3]
        actions = np.full((1 if slots else 2, 1), np.sin(self._steps), np.float32)
        return self._ask(messages.Step(actions=actions, slots=slots), messages.Stepped)

    def _ask(self, request, expected):
        return self.connection.request(request, expected).observations["state"]

    def close(self):
        self.connection.close()
        self.server.stop()


@pytest.fixture
def client(tmp_path):
    with contextlib.closing(Client(f"ipc://{tmp_path}/fuzzed")) as made:
        yield made


@pytest.fixture
def twin(tmp_path):
    with contextlib.closing(Client(f"ipc://{tmp_path}/twin")) as made:
        yield made


def fuzz(client, twin, count, seed, offender):
    fuzzer, stranger = Fuzzer(seed, client.session), connect(client.server.endpoint, 1 << 30)
    memory = None
    for number in range(count):
        kind, sent = ("garbage", fuzzer.garbage()) if number % 20 == 0 else fuzzer.message()
        try:
            if kind == "garbage":
                send_garbage(client.server.endpoint, sent)
            else:
                assert_refused(stranger, sent)
            assert client.server.is_running()
            if number % LEGAL_EVERY == 0:
                np.testing.assert_array_equal(client.go_on(), twin.go_on())
        except BaseException as error:
            offender.write_text(repr((kind, sent)))
            error.add_note(f"Message {number} of seed {seed}, {kind}, is in {offender}.")
            raise
        if number == count // 5:
            memory = client.server.resident_bytes()
    stranger.close()
    assert client.server.resident_bytes() - memory < MEMORY_LIMIT


def assert_refused(stranger, frames):
    stranger.send(frames)
    limit = time.monotonic() + SECONDS
    while not stranger.poll(SECONDS):  # Returns early for a part of a message.
        assert time.monotonic() < limit, "there is no answer"
    assert isinstance(REPLIES.decode(stranger.receive()), messages.Failure)


def send_garbage(endpoint, data):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(SECONDS)
        connection.connect(endpoint.removeprefix("ipc://"))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(data)


def test_two_thousand_fuzzed_messages_leave_a_server_as_it_was(client, twin, tmp_path):
    fuzz(client, twin, 2_000, seed=0, offender=tmp_path / "offender.txt")


@pytest.mark.endurance
@pytest.mark.timeout(1200)
def test_a_hundred_thousand_fuzzed_messages_leave_a_server_as_it_was(client, twin, tmp_path):
    fuzz(client, twin, 100_000, seed=1, offender=tmp_path / "offender.txt")

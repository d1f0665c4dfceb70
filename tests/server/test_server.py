"""A server, seen by a client that does not play by the rules."""

from __future__ import annotations

import socket

import numpy as np
import pytest
import zmq
from places import CARTPOLE

from blendgym.client.connection.connection import Connection
from blendgym.client.connection.session import Session
from blendgym.client.process.deadlines import Deadlines
from blendgym.client.process.launcher import ServerProcess
from blendgym.errors import (
    AccessDenied,
    InvalidOption,
    MalformedMessage,
    ProtocolMismatch,
    RenderError,
    ServerBusy,
    SessionEnded,
)
from blendgym.images.views import View
from blendgym.testing import RawClient
from blendgym.wire import messages
from blendgym.wire.codec import Codec
from blendgym.wire.transport.zmtp import GREETING

CODEC: Codec = Codec(messages.AnyReply)
SESSION = Session()
STILL = np.zeros((1, 1), np.float32)
ONE = (messages.Episode(seed=1),)


@pytest.fixture(scope="module")
def server():
    process = ServerProcess(CARTPOLE, {})
    yield process
    process.stop()


@pytest.fixture(scope="module")
def connection(server):
    made = Connection(server, Deadlines(), session=SESSION)
    yield made
    made.close()


@pytest.fixture
def raw(server):
    """Breaks every rule that it is told to."""
    client = RawClient(server.endpoint, token=server.token, seconds=5.0)
    yield client
    client.close()


@pytest.fixture
def session(connection, raw):
    """The session of the one client, spoken by hand, with an episode under way."""

    def ask(kind, sequence=None, **fields):
        return raw.ask(kind, sequence=sequence or SESSION.next_number(), session=SESSION.secret, **fields)

    ask(messages.Reset, episodes=ONE)
    return ask


def test_the_welcome_says_everything_there_is_to_know(connection):
    welcome = connection.welcome
    assert welcome.task == CARTPOLE
    assert welcome.cameras == ("Camera",)
    assert [parameter.name for parameter in welcome.parameters][:2] == ["cart.mass", "pole.mass"]
    assert welcome.blender.split(".")[0] in ("4", "5")
    assert len(welcome.scene_hash) == 64


def test_the_same_scene_has_the_same_hash_in_another_process(connection):
    other = ServerProcess(CARTPOLE, {})
    second = Connection(other, Deadlines())
    try:
        assert second.welcome.scene_hash == connection.welcome.scene_hash
    finally:
        second.close()
        other.stop()


@pytest.mark.parametrize("frames", [[b""], [b"\xff" * 100], [b"{}", b"x"], [b"\x80"], [b"a"] * 70])
def test_garbage_is_answered_with_a_typed_failure(connection, raw, frames):
    reply = raw.exchange(frames)
    assert (type(reply), reply.fault.code) == (messages.Failure, "malformed_message")
    connection.request(messages.Ping(), messages.Pong)


@pytest.mark.parametrize("sent", [b"", b"\xff" * 5000, GREETING[:30], GREETING + b"\x00\x05half"])
def test_a_stranger_who_breaks_off_does_not_disturb_the_client(connection, server, sent):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stranger:
        stranger.connect(server.endpoint.removeprefix("ipc://"))
        stranger.sendall(sent)
        connection.request(messages.Ping(), messages.Pong)
    for _ in range(10):
        connection.request(messages.Ping(), messages.Pong)


def test_a_second_client_is_told_that_the_server_is_busy(connection, server):
    with pytest.raises(ServerBusy, match="has a session with another client"):
        Connection(server, Deadlines())


def test_a_client_without_the_token_is_refused(connection, raw):
    reply = raw.hello(token="guess")
    assert reply.fault.code == AccessDenied.code


def test_a_request_without_a_session_is_refused_and_changes_nothing(session, raw):
    before = session(messages.Step, actions=STILL).observations["state"]
    session(messages.Reset, episodes=ONE)
    for stranger, error in (
        (messages.Step(session=b"guess", actions=STILL), SessionEnded),
        (messages.Close(), AccessDenied),
    ):
        assert raw.send(stranger).fault.code == error.code
    np.testing.assert_array_equal(session(messages.Step, actions=STILL).observations["state"], before)


def test_what_a_stranger_asked_before_the_session_is_never_the_answer_to_its_client():
    fresh = ServerProcess(CARTPOLE, {})
    with zmq.Context() as context, context.socket(zmq.REQ) as stranger:
        stranger.connect(fresh.endpoint)
        stranger.send_multipart(CODEC.encode(messages.Ping(sequence=2)))
        assert CODEC.decode(stranger.recv_multipart()).fault.code == AccessDenied.code
    client = Connection(fresh, Deadlines())  # Its hello has number 1.
    try:
        client.request(messages.Ping(), messages.Pong)
    finally:
        client.close()
        fresh.stop()


def test_another_major_version_of_the_protocol_is_refused_with_both_sides_named(server, raw):
    reply = raw.hello(protocol=(99, 0))
    assert reply.fault.code == ProtocolMismatch.code
    assert "speaks protocol 99.0, the server" in reply.fault.message


def test_a_repeated_step_is_answered_again_but_not_executed_again(session):
    number = SESSION.next_number()
    first = session(messages.Step, sequence=number, actions=STILL)
    again = session(messages.Step, sequence=number, actions=STILL)
    np.testing.assert_array_equal(first.observations["state"], again.observations["state"])
    after = session(messages.Step, actions=STILL).observations["state"]
    assert session(messages.Step, sequence=number, actions=STILL).fault.code == MalformedMessage.code
    session(messages.Reset, episodes=ONE)
    session(messages.Step, actions=STILL)
    np.testing.assert_array_equal(session(messages.Step, actions=STILL).observations["state"], after)


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        (messages.Step, {"actions": np.array([[np.nan]], np.float32)}, "invalid_action"),
        (messages.Step, {"actions": np.zeros((1, 3), np.float32)}, "invalid_action"),
        (messages.Step, {"actions": np.zeros((1, 1), np.bool_)}, "invalid_action"),
        (messages.Reset, {"episodes": (messages.Episode(seed=0, parameters={"cart.mass": 1e9}),)}, "invalid_parameter"),
        (messages.Reset, {"episodes": (messages.Episode(seed=-1),)}, "invalid_option"),
        (messages.Render, {"views": (View(camera="Nowhere", width=8, height=8),)}, "render_error"),
        (messages.Render, {"views": (View(camera="Camera", width=0, height=8),)}, "render_error"),
        (messages.Render, {"views": (View(camera="Camera", width=8, height=10**9),)}, "render_error"),
    ],
)
def test_the_server_trusts_no_client_and_a_refused_request_changes_nothing(session, kind, fields, code):
    undisturbed = session(messages.Step, actions=STILL).observations["state"]
    session(messages.Reset, episodes=ONE)
    assert session(kind, **fields).fault.code == code
    np.testing.assert_array_equal(session(messages.Step, actions=STILL).observations["state"], undisturbed)


def test_a_request_that_no_server_takes_is_not_even_sent(connection):
    with pytest.raises(InvalidOption, match=r"A Step of 68 MiB is too long: a server takes 64 MiB.*num_servers="):
        connection.request(messages.Step(actions=np.zeros((17 << 20, 1), np.float32)), messages.Stepped)
    connection.request(messages.Ping(), messages.Pong)


def test_images_that_no_reply_holds_are_refused_before_one_is_rendered():
    crowd = ServerProcess(CARTPOLE, {}, slots=4)
    view = View(camera="Camera", width=4096, height=4096, samples=1, passes=("rgb", "depth", "normals"))
    with pytest.raises(RenderError, match="images of 4 slots are 1216 MiB in each reply.*num_servers="):
        Connection(crowd, Deadlines(), observe=(view,))
    crowd.stop()

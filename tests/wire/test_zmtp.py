"""What crosses a connection is ZMTP 3, byte for byte; anything else is refused before it can do harm."""

from __future__ import annotations

import itertools
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire import message_bytes

from blendgym.errors import MalformedMessage
from blendgym.wire.transport.zmtp import GREETING, Peer, encode_ready
from blendgym.wire.transport.zmtp_frames import BUFFER_BYTES, Decoder

LIMIT = 1 << 20

short = st.binary(max_size=20)
around_the_limit_of_short_frames = st.integers(250, 300).map(bytes)
messages = st.lists(st.one_of(st.just(b""), short, around_the_limit_of_short_frames), min_size=1, max_size=5)


def feed(decoder, data):
    while data:
        space = decoder.space()
        count = min(len(space), len(data))
        space[:count] = data[:count]
        decoder.arrived(count)
        data = data[count:]


def decoded(*pieces, limit=LIMIT):
    decoder, arrived = Decoder(limit), []
    for piece in pieces:
        feed(decoder, piece)
        while (message := decoder.message()) is not None:
            arrived.append(message)
    return arrived


def cut(data, positions):
    edges = [0, *sorted(position % (len(data) + 1) for position in positions), len(data)]
    return [data[begin:end] for begin, end in itertools.pairwise(edges)]


@pytest.mark.parametrize(
    ("frames", "wire"),
    [
        ([b"hello"], b"\x00\x05hello"),
        ([b"", b"hello"], b"\x01\x00" + b"\x00\x05hello"),
        ([b"", b"", b"!"], b"\x01\x00" + b"\x01\x00" + b"\x00\x01!"),
        ([b"x" * 255], b"\x00\xff" + b"x" * 255),
        ([b"x" * 256], b"\x02\0\0\0\0\0\0\x01\0" + b"x" * 256),
        ([b"x" * 65536, b""], b"\x03\0\0\0\0\0\x01\0\0" + b"x" * 65536 + b"\x00\x00"),
    ],
)
def test_a_message_is_framed_as_rfc_23_says(frames, wire):
    assert message_bytes(frames) == wire
    assert decoded(wire) == [frames]


def test_the_greeting_and_the_ready_command_are_those_of_rfc_23():
    signature, version, mechanism, as_server, filler = b"\xff" + bytes(8) + b"\x7f", b"\3\0", b"NULL", b"\0", bytes(31)
    assert signature + version + mechanism.ljust(20, b"\0") + as_server + filler == GREETING
    assert encode_ready("REQ") == b"\x04\x26\x05READY\x0bSocket-Type\0\0\0\x03REQ\x08Identity\0\0\0\0"


@given(st.lists(messages, min_size=1, max_size=4), st.lists(st.integers(min_value=0), max_size=8))
def test_every_message_arrives_as_it_was_sent_in_whatever_pieces(sent, positions):
    wire = b"".join(map(message_bytes, sent))
    assert decoded(*cut(wire, positions)) == sent


@given(messages)
def test_a_message_that_is_cut_off_anywhere_is_not_complete(frames):
    wire = message_bytes(frames)
    assert all(decoded(wire[:length]) == [] for length in range(len(wire)))


def test_messages_longer_than_any_buffer_arrive_among_short_ones():
    sent = [[b"short"], [b"", b"x" * (3 * BUFFER_BYTES)], [b"short"], [bytes(BUFFER_BYTES - 20), b"y" * BUFFER_BYTES]]
    wire = b"".join(map(message_bytes, sent))
    assert decoded(wire, limit=4 * BUFFER_BYTES) == sent
    assert decoded(*cut(wire, range(0, len(wire), 9999)), limit=4 * BUFFER_BYTES) == sent


@pytest.mark.parametrize("position", [5, 100, 70_000])
def test_what_comes_behind_a_long_frame_stays_behind_it(position):
    sent = [[b"x" * 100_000], [b"", b"short"]]
    wire = b"".join(map(message_bytes, sent))
    assert decoded(wire[:position], wire[position:]) == sent


def test_commands_between_messages_are_passed_over():
    ping = b"\x04\x07\x04PING\x00\x0a"
    assert decoded(message_bytes([b"one"]) + ping + message_bytes([b"two"])) == [[b"one"], [b"two"]]


@given(st.binary(max_size=400), st.lists(st.integers(min_value=0), max_size=4))
def test_random_bytes_are_messages_or_are_refused(data, positions):
    try:
        arrived = decoded(*cut(data, positions))
    except MalformedMessage:
        return
    assert sum(len(frame) for message in arrived for frame in message) <= len(data)


@pytest.mark.parametrize("flags", [0x08, 0x80, 0xFF, 0x05, 0x07])
def test_a_frame_with_flags_that_do_not_exist_is_refused(flags):
    with pytest.raises(MalformedMessage, match=f"flags {flags:#04x}"):
        decoded(bytes((flags, 0)))


@pytest.mark.parametrize("length", [30, 300])
def test_a_message_of_the_longest_permitted_size_arrives_and_one_byte_more_is_refused(length):
    frames = [b"", b"x" * length]
    size = len(message_bytes(frames))
    assert decoded(message_bytes(frames), limit=size) == [frames]
    with pytest.raises(MalformedMessage, match=f"at most {size - 1} bytes"):
        decoded(message_bytes(frames), limit=size - 1)


def test_too_long_a_frame_is_refused_before_it_arrives():
    with pytest.raises(MalformedMessage, match="at most"):
        decoded(b"\x02" + (1 << 62).to_bytes(8, "big"))


def test_frames_without_content_count_as_well():
    with pytest.raises(MalformedMessage, match="at most 100 bytes"):
        decoded(*[b"\x01\x00"] * 51, limit=100)


def test_a_limit_holds_for_each_message_not_for_all_together():
    wire = message_bytes([b"x" * 90])
    assert len(decoded(*[wire] * 5, limit=100)) == 5


@pytest.fixture
def wire():
    """Both ends of a connection, the second with a peer at it that is a REP socket."""
    far, near = socket.socketpair()
    peer = Peer(near, "REP", LIMIT)
    yield far, peer
    far.close()
    peer.close()


def arrived(peer):
    peer.read()
    return peer.next_message()


def test_a_connection_is_understood_in_whatever_two_pieces_it_comes():
    stream = GREETING + encode_ready("REQ") + message_bytes([b"", b"x" * 300])
    for position in range(1, len(stream)):
        far, near = socket.socketpair()
        peer = Peer(near, "REP", LIMIT)
        far.send(stream[:position])
        assert arrived(peer) is None
        far.send(stream[position:])
        assert arrived(peer) == [b"", b"x" * 300]
        far.close()
        peer.close()


def test_no_message_is_sent_before_the_other_side_has_shaken_hands(wire):
    far, peer = wire
    peer.send([b"early"])
    peer.flush()
    assert far.recv(1000) == GREETING + encode_ready("REP")
    far.send(GREETING + encode_ready("DEALER"))
    assert arrived(peer) is None
    assert far.recv(1000) == message_bytes([b"early"])


def ready(metadata):
    command = b"\x05READY" + metadata
    return bytes((4, len(command))) + command


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        (b"GET / HTTP/1.1\r\n".ljust(64), "did not greet in ZMTP 3"),
        (GREETING[:10] + b"\x01\x00" + GREETING[12:], "did not greet in ZMTP 3"),
        (GREETING.replace(b"NULL", b"CURV"), "expected NULL"),
        (GREETING + message_bytes([b"hello"]), "before its READY command"),
        (GREETING + encode_ready("REP"), "cannot talk to a REP socket"),
        (GREETING + encode_ready("PUSH"), "cannot talk to a PUSH socket"),
        (GREETING + ready(b""), "cannot talk to a  socket"),
        (GREETING + ready(b"\x0bSocket-Type\0\0\0\x09REQ"), "metadata .* is cut off"),
        (GREETING + ready(b"\x0bSocket"), "metadata .* is cut off"),
        (GREETING + b"\x04\x0b\x05ERROR\x04Nope", "refused the handshake .*Nope"),
    ],
)
def test_a_peer_that_is_no_zeromq_client_is_refused_with_the_reason(wire, stream, message):
    far, peer = wire
    far.send(stream)
    with pytest.raises(MalformedMessage, match=message):
        arrived(peer)


def test_the_names_of_properties_are_read_in_upper_and_lower_case(wire):
    far, peer = wire
    far.send(GREETING + ready(b"\x0bSOCKET-type\0\0\0\x03REQ") + message_bytes([b"hello"]))
    assert arrived(peer) == [b"hello"]


def test_a_peer_that_goes_is_noticed_in_reading_and_in_writing(wire):
    far, peer = wire
    far.close()
    with pytest.raises(ConnectionError):
        peer.read()
    with pytest.raises(ConnectionError):
        peer.flush()


def test_what_the_connection_does_not_take_at_once_is_sent_later(wire):
    far, peer = wire
    far.send(GREETING + encode_ready("REQ"))
    peer.flush()
    assert arrived(peer) is None
    frames = [b"", bytes(5 << 20)]
    peer.send(frames)
    peer.send([b"next"])
    assert peer.has_unsent
    received, expected = b"", GREETING + encode_ready("REP") + message_bytes(frames) + message_bytes([b"next"])
    while len(received) < len(expected):
        peer.flush()
        received += far.recv(1 << 20)
    assert received == expected
    assert not peer.has_unsent

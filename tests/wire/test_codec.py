"""Messages survive the wire; anything else is refused with a typed error."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from blendgym.errors import MalformedMessage
from blendgym.wire import messages
from blendgym.wire.codec import INLINE_BYTES, MAX_FRAMES, MAX_HEADER_BYTES, WIRE_DTYPES, Codec

REPLIES = Codec(messages.AnyReply)
REQUESTS = Codec(messages.AnyRequest)

dtypes = st.sampled_from(sorted(WIRE_DTYPES)).map(np.dtype)
shapes = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6)
arrays = dtypes.flatmap(lambda dtype: hnp.arrays(dtype, shapes))
small_or_large = st.one_of(arrays, hnp.arrays(np.uint8, (40, 50, 3)))


def carrying(array, sequence=0):
    judged = {"rewards": (0.0,), "terminated": (False,), "successes": (False,)}
    return messages.Stepped(sequence=sequence, observations={"state": array}, **judged)


def round_trip(array):
    message = carrying(array, sequence=7)
    return REPLIES.decode([bytes(frame) for frame in REPLIES.encode(message)]).observations["state"]


def assert_same(array, other):
    assert other.dtype == array.dtype
    assert other.shape == array.shape
    assert other.tobytes() == np.ascontiguousarray(array).tobytes()


@given(small_or_large)
def test_every_array_arrives_as_it_was_sent(array):
    assert_same(array, round_trip(array))


@given(arrays)
def test_an_array_that_is_not_contiguous_arrives_as_it_looks(array):
    turned = np.asfortranarray(array).T if array.ndim else array
    assert_same(turned, round_trip(turned))
    if array.ndim:
        assert_same(array[::-2], round_trip(array[::-2]))


@pytest.mark.parametrize("length", [0, INLINE_BYTES, INLINE_BYTES + 1])
def test_small_arrays_need_no_frame_of_their_own(length):
    frames = REPLIES.encode(carrying(np.zeros(length, np.uint8)))
    assert len(frames) == (1 if length <= INLINE_BYTES else 2)


def test_a_big_endian_array_arrives_with_the_same_values():
    array = np.array([1.5, -2.0], ">f8")
    arrived = round_trip(array)
    assert arrived.dtype == np.float64
    np.testing.assert_array_equal(arrived, array)


def test_an_array_that_arrives_is_writable_and_owns_its_memory():
    arrived = round_trip(np.zeros(5000, np.uint8))
    arrived[0] = 1
    assert arrived.flags.writeable


@pytest.mark.parametrize("array", [np.array(["text"]), np.array([object()]), np.array([1j]), np.array([1], "M8[s]")])
def test_a_dtype_that_may_not_cross_the_wire_is_refused_by_the_sender(array):
    with pytest.raises(MalformedMessage, match="may not cross the wire"):
        REPLIES.encode(carrying(array))


@given(st.lists(st.binary(max_size=80), max_size=4))
def test_random_frames_are_refused(frames):
    with pytest.raises(MalformedMessage):
        REQUESTS.decode(frames)


@given(st.data())
def test_a_damaged_message_is_refused_or_still_a_message(data):
    message = messages.Step(sequence=3, session=b"s", actions=np.arange(600, dtype=np.float32))
    frames = [bytearray(frame) for frame in REQUESTS.encode(message)]
    frame = frames[data.draw(st.integers(0, len(frames) - 1))]
    frame[data.draw(st.integers(0, len(frame) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        decoded = REQUESTS.decode([bytes(frame) for frame in frames])
    except MalformedMessage:
        return
    assert isinstance(decoded, messages.Request)


@given(st.data())
def test_a_truncated_message_is_refused(data):
    frames = REQUESTS.encode(messages.Step(sequence=3, actions=np.arange(600, dtype=np.float32)))
    which = data.draw(st.integers(0, len(frames) - 1))
    frames[which] = frames[which][: data.draw(st.integers(0, len(frames[which]) - 1))]
    with pytest.raises(MalformedMessage):
        REQUESTS.decode(frames)


def header(array_description, **changes):
    content = {"kind": "step", "sequence": 1, "session": b"", "actions": array_description, **changes}
    return msgspec.msgpack.encode(content)


@pytest.mark.parametrize(
    ("frames", "message"),
    [
        ([], f"1 to {MAX_FRAMES} frames, got 0"),
        ([b"x"] * (MAX_FRAMES + 1), f"got {MAX_FRAMES + 1}"),
        ([b"x" * (MAX_HEADER_BYTES + 1)], f"at most {MAX_HEADER_BYTES} bytes"),
        ([header([b"", "object", [0]])], "dtype 'object' may not cross the wire"),
        ([header([b"", "O", [0]])], "dtype 'O' may not cross the wire"),
        ([header([b"1234", "float32", [2]])], r"has 4 bytes, float32 \(2,\) needs 8"),
        ([header([1, "float32", [2]])], "array frame 1 is missing"),
        ([header([1, "float32", [2]]), b"1234"], r"has 4 bytes, float32 \(2,\) needs 8"),
        ([header([1, "uint8", [2**62, 2**62]]), b"1234"], "needs 212676"),
        ([header([1, "uint8", [-1]]), b""], r"Expected `int` >= 0 - at `\$\[2\]\[0\]`"),
        ([header([1, "uint8", [1.5]]), b"1"], "Expected `int`, got `float`"),
        ([header([1, "uint8", [1] * 9]), b"1"], "Expected `array` of length <= 8"),
        ([header([-1, "uint8", [1]]), b"1"], "missing or out of order"),
        ([header([True, "uint8", [1]]), b"1"], r"Expected `int \| bytes`, got `bool`"),
        ([header(None)], "Expected `array`, got `null`"),
        ([header([b"1", "uint8", [1]]), b"surplus"], "has 1 array frames, its header describes 0"),
        ([header([b"1", "uint8", [1]], kind="destroy")], "Invalid value 'destroy'"),
        ([header([b"1", "uint8", [1]], sequence="one")], "Expected `int`, got `str`"),
        ([msgspec.msgpack.encode({"kind": "step"})], "missing required field `actions`"),
        ([b"\x91" * 5000 + b"\x90"], "cannot be read"),
    ],
)
def test_a_malformed_message_is_refused_with_the_reason(frames, message):
    with pytest.raises(MalformedMessage, match=message):
        REQUESTS.decode(frames)


def test_infinite_bounds_survive_in_a_space():
    from blendgym.spaces import Box

    space = Box(-math.inf, math.inf, shape=(2,))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(space), type=Box) == space

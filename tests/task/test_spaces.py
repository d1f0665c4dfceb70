"""Spaces: what they hold and refuse, how they cross the wire, and that Gymnasium's are the same."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blendgym.client.spaces import gymnasium_space
from blendgym.errors import InvalidAction, InvalidSpace
from blendgym.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Space, blank, leaves, named

counts = st.integers(1, 100)
bounds = st.tuples(st.floats(-9, 9, width=32), st.floats(-9, 9, width=32)).map(
    lambda ends: sorted(each + 0.0 for each in ends)
)
boxes = st.builds(
    lambda ends, shape, dtype: Box(*ends, shape=tuple(shape), dtype=dtype),
    bounds, st.lists(st.integers(0, 4), max_size=3), st.sampled_from(["float32", "float64"]),
)  # fmt: skip
integers = st.one_of(
    st.builds(Discrete, counts), st.builds(MultiBinary, counts), st.builds(MultiDiscrete, st.lists(counts, min_size=1))
)
arrays = st.one_of(boxes, integers)
names = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
BOX = Box((-1.0, -2.0), (1.0, 2.0), shape=(1, 2))
spaces = st.one_of(arrays, st.builds(Dict, st.dictionaries(names, arrays, min_size=1, max_size=4)))


@given(spaces)
def test_a_space_arrives_as_it_was_sent(space):
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(space), type=Space) == space


@given(spaces, st.integers(0, 9))
def test_what_gymnasium_samples_is_an_element_on_both_sides(space, seed):
    theirs = gymnasium_space(space)
    theirs.seed(seed)
    sample = theirs.sample()
    for name, array in named(sample).items():
        leaf = leaves(space)[name]
        held = leaf.validate(np.asarray(array))
        assert (held.dtype, held.shape) == (leaf.dtype, leaf.shape)
        np.testing.assert_array_equal(held, array)


@given(spaces, st.integers(1, 3))
def test_a_blank_batch_has_the_shapes_and_dtypes_of_gymnasiums(space, count):
    theirs = named(gymnasium_space(space).sample())
    for name, batch in blank(leaves(space), count).items():
        assert (batch.shape, batch.dtype) == ((count, *np.shape(theirs[name])), np.asarray(theirs[name]).dtype)


@given(integers, st.data())
def test_one_integer_out_of_bounds_is_found_in_every_place(space, data):
    batch = np.zeros((3, *space.shape), np.int64)
    place = data.draw(st.integers(0, batch.size - 1))
    highest = np.broadcast_to(space.highest, batch.shape).flat[place]
    batch.flat[place] = data.draw(st.sampled_from([-1, int(highest) + 1, 256 + int(highest), -(2**62)]))
    with pytest.raises(InvalidAction, match="allowed are integers from 0 to"):
        space.validate_batch(batch, 3)


@pytest.mark.parametrize("kind", [list, np.array])
def test_bounds_may_be_given_as_gymnasium_takes_them(kind):
    box = Box(kind([[-1.0, -2.0]]), kind([[1.0, 2.0]]), [1, 2], np.float32)
    assert box == BOX
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(box), type=Space) == BOX


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int64"])
def test_integers_of_any_width_are_taken_and_come_in_that_of_the_space(dtype):
    assert MultiDiscrete([3, 2]).validate(np.array([2, 1], dtype)).dtype == np.int64
    assert MultiBinary(2).validate(np.array([0, 1], dtype)).dtype == np.int8


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MultiDiscrete([]), "expected some numbers"),
        (lambda: MultiDiscrete([3, 0]), "each at least 1"),
        (lambda: MultiBinary(0), "n = 0"),
        (lambda: Dict([Discrete(2)]), "expected a dict of them"),
        (lambda: Dict({"left.arm": Discrete(2)}), "an array named 'left.arm'"),
        (lambda: Dict({"arm": Dict({"angle": Discrete(2)})}), "Dict under 'arm'.*'arm_position'"),
        (lambda: Dict({"arm": (0, 1)}), "tuple under 'arm'"),
    ],
)
def test_a_space_that_makes_no_sense_is_refused(make, message):
    with pytest.raises(InvalidSpace, match=message):
        make()

"""Batches come out of frames as they went in, and whatever could not is refused."""

from __future__ import annotations

from collections import namedtuple

import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis.extra import numpy as arrays

from blendgym.data.delivery.trees import pack, unpack
from blendgym.errors import InvalidOption

SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
ARRAYS = st.sampled_from(["bool", "uint8", "int32", "int64", "float16", "float32", "float64"]).flatmap(
    lambda dtype: arrays.arrays(dtype, SHAPES)
)
TENSORS = ARRAYS.map(torch.from_numpy)
PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=8)
TREES = st.recursive(
    PLAIN | ARRAYS | TENSORS,
    lambda trees: (
        st.lists(trees, max_size=3)
        | st.lists(trees, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=4) | st.integers(0, 9), trees, max_size=3)
    ),
    max_leaves=8,
)


def round_trip(tree):
    return unpack([bytearray(frame) for frame in pack(tree)])


def assert_same(tree, other):
    assert type(tree) is type(other)
    if isinstance(tree, dict):
        assert list(tree) == list(other)
        tree, other = list(tree.values()), list(other.values())
    if isinstance(tree, list | tuple):
        assert len(tree) == len(other)
        for mine, its in zip(tree, other, strict=True):
            assert_same(mine, its)
    elif isinstance(tree, torch.Tensor | np.ndarray):
        assert tree.dtype == other.dtype
        assert tree.shape == other.shape
        assert bytes_of(tree) == bytes_of(other)
    else:
        assert repr(tree) == repr(other)


def bytes_of(array):
    return (array.numpy() if isinstance(array, torch.Tensor) else array).tobytes()


@given(TREES)
def test_a_batch_arrives_as_it_was_sent(tree):
    assert_same(tree, round_trip(tree))


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(12).reshape(3, 4).T,
        torch.arange(12)[::3],
        torch.zeros(3, dtype=torch.bfloat16),
        torch.ones(2, dtype=torch.complex64) * 1j,
        (torch.ones(2, dtype=torch.complex64) * 1j).conj(),
        torch.ones(2, requires_grad=True),
    ],
)
def test_tensors_of_all_kinds_arrive(tensor):
    arrived = round_trip(tensor)
    assert arrived.dtype == tensor.dtype
    assert torch.equal(arrived, tensor)


def test_tensors_that_have_arrived_can_be_written_to():
    arrived = round_trip({"image": torch.zeros(2, 2)})["image"]
    arrived += 1
    assert arrived.sum() == 4


@pytest.mark.parametrize(
    "foreign", [object(), {1, 2}, namedtuple("Pair", "a b")(1, 2), np.array(["text"]), 2**64, b"bytes", {(1,): 2}]
)
def test_what_cannot_cross_is_refused_by_name(foreign):
    with pytest.raises(InvalidOption, match="stream.dataset"):
        pack([foreign])

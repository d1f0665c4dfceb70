"""Masks are those of COCO's own library, letter by letter."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis.extra import numpy as arrays
from pycocotools import mask as coco

from blendgym.data.exporters.rle import masks_of_ids

SHAPES = arrays.array_shapes(min_dims=2, max_dims=2, max_side=40)


def expected(ids):
    masks = {number: np.asfortranarray(ids == number, np.uint8) for number in np.unique(ids).tolist() if number}
    return {number: coco.encode(mask)["counts"].decode() for number, mask in masks.items()}


@settings(deadline=None)
@given(arrays.arrays(np.int32, SHAPES, elements=st.integers(0, 4)))
@example(np.zeros((3, 2), np.int32))
@example(np.ones((3, 2), np.int32))
def test_masks_of_any_image_are_those_of_pycocotools(ids):
    assert masks_of_ids(ids) == expected(ids)


@settings(deadline=None)
@given(arrays.arrays(np.int32, SHAPES, elements=st.sampled_from([0, 1, 7, 2**31 - 1])), st.integers(1, 60))
def test_so_are_long_runs(ids, size):
    ids = ids.repeat(size, axis=0).repeat(3, axis=1)
    assert masks_of_ids(ids) == expected(ids)


def test_so_are_those_of_large_images():
    ids = np.zeros((4096, 4100), np.int32)
    ids[4000:, 4099] = 5
    assert masks_of_ids(ids) == expected(ids)


def test_so_are_those_of_rendered_scenes(heaps, stacks):
    for sample in (*heaps, *stacks):
        for capture in sample.views.values():
            ids = capture.images["segmentation"]
            assert masks_of_ids(ids) == expected(ids)


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_image_is_left_as_it_is(order):
    ids = np.asarray(np.arange(12).reshape(3, 4) % 3, np.int32, order=order)
    before = ids.copy()
    masks_of_ids(ids)
    assert np.array_equal(ids, before)

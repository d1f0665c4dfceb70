"""Samples as tensors, and batches of them."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
import torch
from recorded import simple_sample
from torch.utils.data import default_collate

from blendgym.data.delivery.tensors import collate, to_tensors


def with_objects(sample, boxes):
    (seen,) = sample.view.objects
    objects = tuple(msgspec.structs.replace(seen, id=number, box=box) for number, box in enumerate(boxes, 1))
    return msgspec.structs.replace(sample, views={"": msgspec.structs.replace(sample.view, objects=objects)})


def test_images_have_their_channels_first_and_all_else_keeps_its_form():
    sample = simple_sample(3)
    tree = to_tensors(sample)
    assert (tree["index"], tree["version"]) == (3, 0)
    assert tree["rgb"].dtype == torch.uint8
    assert np.array_equal(tree["rgb"].numpy(), sample.images["rgb"].transpose(2, 0, 1))
    assert tree["rgb"].is_contiguous()
    assert np.array_equal(tree["depth"].numpy(), sample.images["depth"])
    assert tree["segmentation"].dtype == torch.int32
    assert tree["unit"].tolist() == sample.unit.tolist()
    assert tree["labels"]["class"].item() == 0


def test_tensors_are_copies():
    sample = simple_sample(3)
    before = sample.images["depth"].copy()
    to_tensors(sample)["depth"] += 1
    assert np.array_equal(sample.images["depth"], before)


def test_objects_of_which_nothing_is_seen_have_no_box():
    objects = to_tensors(with_objects(simple_sample(0), [(1.0, 2.0, 3.0, 4.0), None, (0.0, 0.0, 9.0, 9.0)]))["objects"]
    assert objects["boxes"].tolist() == [[1, 2, 3, 4], [0, 0, 9, 9]]
    assert objects["ids"].tolist() == [1, 3]
    assert objects["categories"].dtype == torch.int64
    assert to_tensors(with_objects(simple_sample(0), []))["objects"]["boxes"].shape == (0, 4)


def test_views_have_their_names_before_their_keys():
    sample = simple_sample(0)
    tree = to_tensors(msgspec.structs.replace(sample, views={"left": sample.view, "right": sample.view}))
    assert {"left_rgb", "right_depth", "left_objects", "right_objects"} < set(tree)


def test_a_batch_stacks_what_has_one_shape_and_lists_objects_always():
    batch = collate([to_tensors(simple_sample(index)) for index in range(4)])
    assert batch["index"].tolist() == [0, 1, 2, 3]
    assert batch["rgb"].shape == (4, 3, 24, 32)
    assert batch["labels"]["class"].tolist() == [0, 1, 2, 0]
    assert [each["boxes"].shape for each in batch["objects"]] == [(1, 4)] * 4


def test_a_batch_lists_what_differs_in_shape():
    batch = collate([to_tensors(simple_sample(index, size)) for index, size in enumerate([(24, 32), (48, 64)])])
    assert [image.shape for image in batch["rgb"]] == [(3, 24, 32), (3, 48, 64)]
    assert batch["index"].tolist() == [0, 1]


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32, torch.bfloat16, torch.bool])
def test_tensors_of_all_kinds_are_stacked(dtype):
    tensors = [torch.ones(2, 3, dtype=dtype), torch.zeros(3, 2, dtype=dtype).T]
    assert torch.equal(collate(tensors), torch.stack(tensors))
    weights = [torch.ones(2, requires_grad=True) for _ in range(2)]
    assert collate(weights).requires_grad


def test_torch_collates_samples_with_as_many_objects():
    batch = default_collate([to_tensors(simple_sample(index)) for index in range(4)])
    assert batch["objects"]["boxes"].shape == (4, 1, 4)
    assert batch["rgb"].shape == (4, 3, 24, 32)

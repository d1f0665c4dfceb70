"""A recording as a dataset of PyTorch."""

from __future__ import annotations

import os

import numpy as np
import psutil
import pytest
import torch
from recorded import simple_sample
from torch.utils.data import DataLoader

from blendgym.data.delivery.tensors import collate, to_tensors
from blendgym.data.recording import Recording, Replay

COUNT = 20


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dataset")
    with Recording(folder, shard_samples=7) as recording:
        for index in range(COUNT):
            recording.write(simple_sample(index))
    return folder


def noisy(sample):
    return {"index": sample.index, "rgb": sample.images["rgb"] + np.random.normal(size=(1, 1, 3))}  # noqa: NPY002


def test_a_sample_is_what_a_stream_makes_of_it(run):
    dataset = Replay(run).dataset()
    assert len(dataset) == COUNT
    torch.testing.assert_close(dataset[3], to_tensors(simple_sample(3)), rtol=0, atol=0)


def test_workers_give_the_same_as_none_and_draw_the_same(run):
    dataset, spawned = Replay(run).dataset(noisy), {"num_workers": 2, "multiprocessing_context": "spawn"}
    alone, shared = (list(DataLoader(dataset, 4, collate_fn=collate, **more)) for more in ({}, spawned))
    assert [batch["index"].tolist() for batch in alone] == np.arange(COUNT).reshape(-1, 4).tolist()
    torch.testing.assert_close(shared, alone, rtol=0, atol=0)


def test_shuffled_it_gives_every_sample_once(run):
    batches = DataLoader(Replay(run).dataset(), 6, shuffle=True, collate_fn=collate)
    indices = torch.cat([batch["index"] for batch in batches]).tolist()
    assert indices != sorted(indices) == list(range(COUNT))


def test_memory_does_not_grow_with_what_was_read(tmp_path):
    with Recording(tmp_path) as recording:
        for index in range(12):
            recording.write(simple_sample(index, (480, 640)))
    replay, process = Replay(tmp_path), psutil.Process(os.getpid())

    def read(times):
        for _ in range(times):
            for _sample in replay:
                pass
        return process.memory_info().rss

    before = read(2)
    assert read(8) - before < 4 << 20

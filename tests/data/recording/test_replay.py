"""What was recorded is what is replayed."""

from __future__ import annotations

import gc
import gzip
import io
import json
import pickle
import tarfile
import tempfile
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from msgspec.structs import replace
from PIL import Image
from recorded import SAMPLES, bits, simple_sample

from blendgym.data.recording import Recording, Replay, deflate


@pytest.fixture
def run(tmp_path):
    """A recording of five samples in three shards."""
    with Recording(tmp_path / "run", {"seed": 7}, shard_samples=2) as recording:
        for index in range(5):
            recording.write(simple_sample(index))
    return tmp_path / "run"


@settings(max_examples=60, deadline=None)
@given(SAMPLES)
def test_any_sample_comes_back_bit_for_bit(sample):
    with tempfile.TemporaryDirectory() as folder:
        with Recording(folder) as recording:
            recording.write(sample)
        (replayed,) = Replay(folder)
    assert bits(replayed) == bits(sample)


def test_numbers_that_are_not_finite_are_told_from_their_names(tmp_path):
    (seen,) = simple_sample(0).view.objects
    extras = {"number": float("nan"), "text": "NaN", "far": float("-inf"), "flag": True, "count": 3}
    view = replace(simple_sample(0).view, objects=(replace(seen, extras=extras),))
    with Recording(tmp_path) as recording:
        recording.write(replace(simple_sample(0), views={"": view}))
    assert bits(Replay(tmp_path)[0].view.objects[0].extras) == bits(extras)


def test_samples_are_found_by_place_and_in_order(run):
    replay = Replay(run)
    assert len(replay) == 5
    assert [sample.index for sample in replay] == [0, 1, 2, 3, 4] == replay.indices.tolist()
    for index in (0, 3, 4, 1):
        assert bits(replay[index]) == bits(simple_sample(index))
    assert replay[-1].index == 4
    with pytest.raises(IndexError, match="no sample at 5: the recording has 5"):
        replay[5]
    assert replay[np.int64(2)].index == 2


def test_a_slice_is_a_list_of_samples(run):
    replay = Replay(run)
    for places in (slice(0, 2), slice(None, None, -2), slice(3, 99), slice(4, 4)):
        assert [bits(sample) for sample in replay[places]] == [bits(sample) for sample in list(replay)[places]]


@pytest.mark.parametrize("place", ["0", 1.0, None, (0, 1), [0], np.arange(2)])
def test_what_is_no_place_is_refused_in_words(run, place):
    with pytest.raises(TypeError, match="a whole number or a slice, not by"):
        Replay(run)[place]


def test_images_can_be_written_to(run):
    for image in Replay(run)[0].images.values():
        image += 1


def test_a_replay_goes_to_other_processes(run):
    assert bits(pickle.loads(pickle.dumps(Replay(run)))[2]) == bits(simple_sample(2))  # noqa: S301 (its own)


def test_without_isal_the_same_comes_back(run, tmp_path, monkeypatch):
    monkeypatch.setattr(deflate, "_gzip", gzip)
    monkeypatch.setattr(deflate, "_zlib", zlib)
    with Recording(tmp_path / "slower") as recording:
        recording.write(simple_sample(0))
    assert bits(Replay(tmp_path / "slower")[0]) == bits(simple_sample(0))
    assert bits(Replay(run)[0]) == bits(simple_sample(0))


def test_python_and_pillow_read_the_shards(run):
    with tarfile.open(run / "000001.tar") as archive:
        content = {entry.name: archive.extractfile(entry).read() for entry in archive}
    images = simple_sample(3).images
    assert np.array_equal(Image.open(io.BytesIO(content["00000003.rgb.png"])), images["rgb"])
    assert np.array_equal(np.load(io.BytesIO(gzip.decompress(content["00000003.depth.npy.gz"]))), images["depth"])
    assert json.loads(content["00000003.json"])["parameters"] == simple_sample(3).parameters


def test_webdataset_reads_the_shards(run):
    import webdataset  # Brings torch along.

    shards = [str(run / f"00000{number}.tar") for number in range(3)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WebDataset leaves its files to the garbage collector.
        read = list(webdataset.WebDataset(shards, shardshuffle=False).decode("rgb8"))
        gc.collect()
    assert [sample["__key__"] for sample in read] == [f"{index:08d}" for index in range(5)]
    for index, sample in enumerate(read):
        expected = simple_sample(index)
        assert np.array_equal(sample["rgb.png"], expected.images["rgb"])
        for name in ("depth", "segmentation"):
            array = sample.get(f"{name}.npy", sample.get(f"{name}.npy.gz"))
            assert bits(array) == bits(expected.images[name])
        assert sample["json"]["seed"] == expected.seed

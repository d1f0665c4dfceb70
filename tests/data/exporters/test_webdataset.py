"""What the library webdataset reads of a plain export is what was rendered."""

from __future__ import annotations

import gc
import tarfile
import warnings

import msgspec
import numpy as np
import pytest
import webdataset
from pycocotools import mask as masks

from blendgym.data.exporters import Export


def exported(folder, samples, run="run"):
    with Export(folder, "webdataset", run) as export:
        for sample in samples:
            export.write(sample)


def read(folder):
    shards = sorted(map(str, folder.glob("*.tar")))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WebDataset leaves its files to the garbage collector.
        items = list(webdataset.WebDataset(shards, shardshuffle=False).decode("rgb8"))
        gc.collect()
    return {item["__key__"]: item for item in items}


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy")  # pycocotools 2 with NumPy 2
def test_images_masks_and_categories_are_those_of_the_capture(tmp_path, heaps):
    exported(tmp_path, heaps)
    items = read(tmp_path)
    assert list(items) == [f"run-{sample.index:08d}" for sample in heaps]
    names = {each["id"]: each["name"] for each in msgspec.json.decode((tmp_path / "categories.json").read_bytes())}
    for sample, item in zip(heaps, items.values(), strict=True):
        assert np.array_equal(item["png"], sample.images["rgb"])
        assert item["json"]["image"]["seed"] == sample.seed
        seen = [each for each in sample.view.objects if each.pixels]
        for annotation, each in zip(item["json"]["annotations"], seen, strict=True):
            mask = masks.decode(annotation["segmentation"])
            assert np.array_equal(mask, sample.images["segmentation"] == each.id)
            assert names[annotation["category_id"]] == each.category


def test_each_view_is_an_item_and_keypoints_are_told_by_name(tmp_path, stacks, marked):
    exported(tmp_path, stacks, "stacks")
    exported(tmp_path, marked, "marked")
    items = read(tmp_path)
    assert len(items) == 2 * len(stacks) + len(marked)
    assert items["stacks-00000001-sky"]["json"]["annotations"] == []
    (box,) = (each for each in items["marked-00000000"]["json"]["annotations"] if each["object"] == "Box")
    assert set(box["keypoints"]) == {"Middle", "corner", "face", "rear"}


def test_what_a_killed_process_has_left_behind_the_last_sample_is_overwritten(tmp_path, heaps):
    exported(tmp_path, heaps[:1])
    with (tmp_path / "run-000000.tar").open("r+b") as file:
        file.seek(-1024, 2)
        file.write(bytes(range(256)) * 999)
    (tmp_path / "run-000001.tar").write_bytes(b"torn")
    exported(tmp_path, heaps)
    assert len(read(tmp_path)) == 3
    exported(tmp_path / "whole", heaps)
    assert (tmp_path / "run-000000.tar").read_bytes() == (tmp_path / "whole" / "run-000000.tar").read_bytes()


def test_a_further_file_is_begun_when_one_is_full(tmp_path, heaps, monkeypatch):
    monkeypatch.setattr("blendgym.data.exporters.webdataset.LARGEST", 1)
    exported(tmp_path, heaps[:2])
    exported(tmp_path, heaps)
    assert len(list(tmp_path.glob("*.tar"))) == 3
    assert len(read(tmp_path)) == 3
    assert all(tarfile.is_tarfile(path) for path in tmp_path.glob("*.tar"))

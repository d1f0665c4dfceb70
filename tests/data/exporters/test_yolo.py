"""An export to YOLO keeps the rules of Ultralytics' layout."""

from __future__ import annotations

import hypothesis.strategies as st
import msgspec
import numpy as np
import yaml
from hypothesis import given, settings
from PIL import Image

from blendgym.data.exporters import Export
from blendgym.data.exporters.yolo import split_of, yaml_text


def exported(folder, samples, run="run"):
    with Export(folder, "yolo", run) as export:
        for sample in samples:
            export.write(sample)
    return yaml.safe_load((folder / "data.yaml").read_text())


def with_index(sample, index):
    return msgspec.structs.replace(sample, index=index)


def test_boxes_are_back_where_they_were_within_a_ten_thousandth_of_a_pixel(tmp_path, heaps):
    data = exported(tmp_path, heaps)
    for sample in heaps:
        (labels,) = tmp_path.glob(f"labels/*/run-{sample.index:08d}.txt")
        image = tmp_path / "images" / labels.parent.name / f"{labels.stem}.png"
        assert np.array_equal(Image.open(image), sample.images["rgb"])
        height, width, _ = sample.images["rgb"].shape
        rows = np.loadtxt(labels, ndmin=2)
        assert ((rows[:, 1:] >= 0) & (rows[:, 1:] <= 1)).all()
        seen = [each for each in sample.view.objects if each.pixels]
        assert [data["names"][int(row[0])] for row in rows] == [each.category for each in seen]
        centres, sizes = rows[:, 1:3] * (width, height), rows[:, 3:] * (width, height)
        boxes = np.hstack([centres - sizes / 2, centres + sizes / 2])
        np.testing.assert_allclose(boxes, [each.box for each in seen], atol=1e-4)


def test_every_image_has_labels_and_one_without_objects_has_an_empty_file(tmp_path, stacks):
    exported(tmp_path, stacks)
    images = {(path.parent.name, path.stem) for path in tmp_path.glob("images/*/*.png")}
    labels = {(path.parent.name, path.stem): path.read_text() for path in tmp_path.glob("labels/*/*.txt")}
    assert set(labels) == images
    assert len(images) == 4
    assert {stem.endswith("-sky"): not text for (_, stem), text in labels.items()} == {True: True, False: False}


def test_data_yaml_names_the_folders_relative_to_itself_and_classes_from_0_on(tmp_path, heaps):
    data = exported(tmp_path, heaps)
    assert (data["train"], data["val"]) == ("images/train", "images/val")
    assert "path" not in data
    assert list(data["names"]) == list(range(len(data["names"])))
    assert all((tmp_path / data[split]).is_dir() for split in ("train", "val"))


def test_all_views_of_a_sample_are_in_the_same_split(tmp_path, stacks):
    exported(tmp_path, [with_index(stacks[0], index) for index in range(40)])
    splits = {}
    for path in tmp_path.glob("images/*/*.png"):
        splits.setdefault(path.stem.split("-")[1], set()).add(path.parent.name)
    assert all(len(each) == 1 for each in splits.values())
    assert {"train", "val"} == set.union(*splits.values())


def test_one_in_ten_samples_is_for_validation_and_they_lie_in_no_order():
    chosen = [index for index in range(10_000) if split_of(index) == "val"]
    assert 900 < len(chosen) < 1100
    assert len(set(np.diff(chosen).tolist())) > 10
    assert np.abs(np.histogram(chosen, 10, (0, 10_000))[0] - 100).max() < 40


@settings(deadline=None)
@given(st.text())
def test_any_name_is_a_text_of_yaml(name):
    text = yaml_text(name)
    assert "\n" not in text
    assert yaml.safe_load(f"names:\n  0: {text}\n") == {"names": {0: name}}

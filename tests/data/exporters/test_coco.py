"""What pycocotools reads of an export to COCO is what was rendered."""

from __future__ import annotations

import contextlib
import io
import json

import msgspec
import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as masks
from pycocotools.coco import COCO

from blendgym.data.exporters import Export
from blendgym.data.exporters.annotations import keypoint_name
from blendgym.images.captures import Keypoint


def exported(folder, samples, run="run"):
    with Export(folder, "coco", run) as export:
        for sample in samples:
            export.write(sample)
    return read(folder)


def read(folder):
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(folder / "instances.json"))


def image_of(coco, sample, view="", run="run"):
    ((number, entry),) = (
        (number, entry)
        for number, entry in coco.imgs.items()
        if (entry["run"], entry["index"], entry["view"]) == (run, sample.index, view)
    )
    return number, entry


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy")  # pycocotools 2 with NumPy 2
@pytest.mark.parametrize("scene", ["heaps", "bent"])
def test_masks_boxes_and_areas_are_those_of_the_segmentation(tmp_path, scene, request):
    samples = request.getfixturevalue(scene)
    coco = exported(tmp_path, samples)
    for sample in samples:
        number, entry = image_of(coco, sample)
        ids = sample.images["segmentation"]
        assert (entry["height"], entry["width"]) == ids.shape
        annotations = {each["object"]: each for each in coco.loadAnns(coco.getAnnIds(number))}
        seen = {each.name: each for each in sample.view.objects if each.pixels}
        assert list(annotations) == list(seen)
        for name, annotation in annotations.items():
            assert np.array_equal(coco.annToMask(annotation), ids == seen[name].id)
            assert annotation["area"] == masks.area(annotation["segmentation"]) == seen[name].pixels
            assert annotation["bbox"] == masks.toBbox(annotation["segmentation"]).tolist()
            left, top, width, height = annotation["amodal_bbox"]
            np.testing.assert_allclose((left, top, left + width, top + height), seen[name].amodal_box)
            assert annotation["visibility"] == seen[name].visibility
            assert coco.cats[annotation["category_id"]]["name"] == seen[name].category


def test_images_are_those_that_were_rendered(tmp_path, heaps):
    coco = exported(tmp_path, heaps)
    for sample in heaps:
        _, entry = image_of(coco, sample)
        assert np.array_equal(Image.open(tmp_path / "images" / entry["file_name"]), sample.images["rgb"])


def test_each_view_is_an_image_and_one_without_objects_is_there_without_annotations(tmp_path, stacks):
    coco = exported(tmp_path, stacks)
    assert len(coco.imgs) == 4
    for sample in stacks:
        front, _ = image_of(coco, sample, "front")
        sky, entry = image_of(coco, sample, "sky")
        assert coco.getAnnIds(front)
        assert not coco.getAnnIds(sky)
        assert entry["file_name"] == f"run-{sample.index:08d}-sky.png"


def test_numbers_of_annotations_begin_with_1_and_are_all_different(tmp_path, heaps):
    coco = exported(tmp_path, heaps)
    assert sorted(coco.anns) == list(range(1, len(coco.dataset["annotations"]) + 1))


def test_an_export_in_parts_is_that_of_one_go_to_the_byte(tmp_path, heaps):
    exported(tmp_path / "whole", heaps)
    for sample in heaps:
        exported(tmp_path / "parts", [sample])
    parts, whole = ((tmp_path / name / "instances.json").read_bytes() for name in ("parts", "whole"))
    assert parts == whole


def test_runs_share_a_folder_and_each_keeps_its_numbers_names_and_categories(tmp_path, heaps, stacks):
    alone = exported(tmp_path, heaps[:2], "heaps")
    exported(tmp_path, stacks, "stacks")
    coco = exported(tmp_path, heaps, "heaps")
    assert len(coco.imgs) == len(heaps) + 2 * len(stacks) == len({each["file_name"] for each in coco.imgs.values()})
    assert len(coco.anns) == len(coco.dataset["annotations"])
    for kind in ("imgs", "anns"):
        assert getattr(alone, kind).items() <= getattr(coco, kind).items()
    for number, category in alone.cats.items():
        assert coco.cats[number] == category
    names = [each["name"] for each in coco.cats.values()]
    assert len(names) == len(set(names))


def test_keypoints_have_the_order_of_their_category(tmp_path, marked):
    coco = exported(tmp_path, marked)
    (category,) = (each for each in coco.cats.values() if each["name"] == "Box")
    assert category["keypoints"] == ["Middle", "corner", "face", "rear"]
    assert category["skeleton"] == []
    (annotation,) = (each for each in coco.anns.values() if each["object"] == "Box")
    points = {keypoint_name(each): each for each in marked[0].view.keypoints if each.object == "Box"}
    triples = np.reshape(annotation["keypoints"], (-1, 3))
    assert annotation["num_keypoints"] == (triples[:, 2] > 0).sum() > 0
    assert {1, 2} == set(triples[:, 2])
    for name, (x, y, visibility) in zip(category["keypoints"], triples, strict=True):
        np.testing.assert_array_equal((x, y), points[name].pixel)
        assert visibility == (2 if points[name].is_visible else 1)


def test_objects_of_one_category_have_keypoints_in_one_order_even_if_they_lack_some(tmp_path, marked):
    (sample,) = marked
    fewer = tuple(each for each in sample.view.keypoints if each.name != "Box.corner")
    other = msgspec.structs.replace(sample, index=1, views={"": msgspec.structs.replace(sample.view, keypoints=fewer)})
    coco = exported(tmp_path, [other, sample])
    boxes = [each for each in coco.anns.values() if each["object"] == "Box"]
    assert [len(each["keypoints"]) for each in boxes] == [12, 12]
    assert [each["num_keypoints"] for each in boxes] == [3, 4]
    assert boxes[0]["keypoints"][3:6] == [0, 0, 0]


@pytest.mark.parametrize(
    ("name", "owner", "expected"),
    [
        ("Tip", "Cup", "Tip"), ("Tip.001", "Cup.001", "Tip"), ("Tip.001", "Cup", "Tip.001"),
        ("Cup.001.rim", "Cup.001", "rim"), ("Cup.rim", "Cup", "rim"),
    ],
)  # fmt: skip
def test_copies_of_an_object_have_keypoints_of_the_same_names(name, owner, expected):
    assert keypoint_name(Keypoint(name, owner, np.zeros(3), np.zeros(2), True)) == expected


def test_what_is_written_for_a_sample_does_not_grow_with_those_before_it(tmp_path, stacks):
    sizes = []
    with Export(tmp_path, "coco", "run") as export:
        for index in range(40):
            export.write(msgspec.structs.replace(stacks[0], index=index))
            assert not (tmp_path / "instances.json").exists()
            sizes.append((tmp_path / "parts" / "run.jsonl").stat().st_size)
    assert len(json.loads((tmp_path / "instances.json").read_text())["images"]) == 80
    assert max(np.diff(sizes)) - min(np.diff(sizes)) < 100

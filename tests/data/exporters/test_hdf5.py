"""What h5py reads of an export to HDF5 is everything that there is of a sample."""

from __future__ import annotations

import json

import h5py
import msgspec
import numpy as np
import pytest
from full_disk import files_up_to
from labelled import labelled

from blendgym.data.exporters import Export
from blendgym.errors import ExportFailed, InvalidOption, WriteFailed


def exported(folder, samples, run="run"):
    with Export(folder, "hdf5", run) as export:
        for sample in samples:
            export.write(sample)
    return folder / "data.h5"


def test_every_pass_of_every_view_is_an_array_of_the_same_bits(tmp_path, heaps, stacks):
    exported(tmp_path, heaps, "heaps")
    with h5py.File(exported(tmp_path, stacks, "stacks")) as file:
        for place, sample in enumerate(heaps):
            for name, image in sample.images.items():
                assert file[f"heaps/view/{name}"][place].tobytes() == image.tobytes()
        for place, sample in enumerate(stacks):
            for view, capture in sample.views.items():
                for name, image in capture.images.items():
                    stored = file[f"stacks/{view}/{name}"]
                    assert stored.dtype == image.dtype
                    assert stored.chunks == (1, *image.shape)
                    assert np.array_equal(stored[place], image)


@pytest.mark.parametrize("room", [10, 1_000, 5_000, 20_000, 50_000])
def test_a_full_disk_costs_what_came_since_the_file_was_whole_and_leaves_no_part(tmp_path, room):
    file = exported(tmp_path / "full", map(labelled, range(2)))
    before = file.read_bytes()
    with files_up_to(len(before) + room), pytest.raises(WriteFailed) as failed:
        exported(tmp_path / "full", map(labelled, range(100)))
    assert failed.type is ExportFailed
    assert "data.h5: File too large. It has 2 samples of the run 'run'" in str(failed.value)
    assert "chunk" not in str(failed.value)
    assert file.read_bytes() == before
    assert {each.name for each in file.parent.iterdir()} == {"data.h5", "export.json"}
    with h5py.File(exported(tmp_path / "full", map(labelled, range(4)))) as grown:
        assert grown["run/index"][:].tolist() == [0, 1, 2, 3]


def test_after_a_full_disk_the_same_export_goes_on(tmp_path):
    with Export(tmp_path, "hdf5", "run") as export:
        with files_up_to(5_000), pytest.raises(ExportFailed, match="It has 0 samples"):
            list(map(export.write, map(labelled, range(100))))
        assert export.missing([0, 1]) == [0, 1]
        export.write(labelled(0))
    with h5py.File(tmp_path / "data.h5") as file:
        assert file["run/index"][:].tolist() == [0]


def test_everything_else_is_json(tmp_path, marked):
    (sample,) = marked
    with h5py.File(exported(tmp_path, marked)) as file:
        facts = json.loads(file["run/samples"][0])
        annotations = json.loads(file["run/view/annotations"][0])
        assert file["run/index"][:].tolist() == [0]
    assert (facts["seed"], facts["parameters"]) == (0, {"p": 0.5})
    np.testing.assert_array_equal(annotations["projection"]["intrinsics"], sample.view.intrinsics)
    for told, seen in zip(annotations["objects"], sample.view.objects, strict=True):
        assert (told["name"], told["category"], told["pixels"]) == (seen.name, seen.category, seen.pixels)
        np.testing.assert_array_equal(told["pose"], seen.pose)
    assert [each["name"] for each in annotations["keypoints"]] == [each.name for each in sample.view.keypoints]


def test_a_process_that_is_killed_leaves_the_file_of_the_last_time(tmp_path, heaps):
    path = exported(tmp_path, heaps[:1])
    before = path.read_bytes()
    export = Export(tmp_path, "hdf5", "run")
    export.write(heaps[1])
    assert path.read_bytes() == before
    (tmp_path / ".data.h5.part").write_bytes(b"torn")
    export._folder.close()  # As the end of the process does.
    del export
    with h5py.File(exported(tmp_path, heaps)) as file:
        assert file["run/index"][:].tolist() == [0, 1, 2]
        assert np.array_equal(file["run/view/rgb"][1], heaps[1].images["rgb"])


def test_a_sample_that_fails_leaves_nothing_of_itself(tmp_path, stacks):
    first, second = stacks
    small = msgspec.structs.replace(second.views["sky"], images={"rgb": np.zeros((4, 4, 3), np.uint8)})
    wrong = msgspec.structs.replace(second, views={**second.views, "sky": small})
    with Export(tmp_path, "hdf5", "run") as export:
        export.write(first)
        with pytest.raises(InvalidOption, match=r"has the images rgb uint8 \(4, 4, 3\); those before it have depth"):
            export.write(wrong)
    with h5py.File(tmp_path / "data.h5") as file:
        assert {len(file[f"run/{view}/rgb"]) for view in ("front", "sky")} == {1}

"""Samples are found by what is in them, also while they are recorded, and whatever has become of some."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from recorded import simple_sample

from blendgym.data.pages import Catalogue
from blendgym.data.pages.catalogue import Wanted
from blendgym.data.recording import Recording, Replay
from blendgym.errors import InvalidOption, InvalidRecording, RecordingDamaged


def changed(sample, **fields):
    return msgspec.structs.replace(sample, **fields)


@pytest.fixture
def run(tmp_path):
    """Ten samples: the parameter ``mass`` is a tenth of the index, and version 1 begins with sample 6."""
    with Recording(tmp_path / "run") as recording:
        for index in range(10):
            recording.write(changed(simple_sample(index), version=int(index > 5), parameters={"mass": index / 10}))
    return tmp_path / "run"


def found(catalogue, **wanted):
    return catalogue.found(Wanted(**wanted))["index"]


def test_samples_are_found_by_index_version_and_parameters_together(run):
    catalogue = Catalogue(run)
    assert found(catalogue) == list(range(10)) == catalogue.indices.tolist()
    assert found(catalogue, first=3, last=4) == [3, 4]
    assert found(catalogue, version=1) == [6, 7, 8, 9]
    assert found(catalogue, ranges={"mass": (0.45, 0.75)}) == [5, 6, 7]
    assert found(catalogue, ranges={"mass": (0.45, 0.75)}, version=0) == [5]
    assert found(catalogue, ranges={"nothing": (0.0, 1.0)}) == []


def test_what_blender_has_seen_is_found_by_category(crates):
    catalogue, samples = Catalogue(crates), list(Replay(crates))
    seen = {
        sample.index: {each.category for view in sample.views.values() for each in view.objects if each.pixels}
        for sample in samples
    }
    for category in set().union(*seen.values()):
        expected = [index for index, categories in seen.items() if category in categories]
        assert found(catalogue, categories=frozenset([category])) == expected
        assert catalogue.summary()["categories"][category] == len(expected)
    assert found(catalogue, categories=frozenset(["unheard of"])) == []


def test_an_object_that_several_views_see_is_counted_once(tmp_path):
    sample = simple_sample(0)
    with Recording(tmp_path) as recording:
        recording.write(changed(sample, views={"left": sample.view, "right": sample.view}))
    assert Catalogue(tmp_path).found(Wanted())["objects"] == [len(sample.view.objects)] == [1]


def test_parameters_have_their_declared_bounds(crates):
    (count, sun) = sorted(Catalogue(crates).summary()["parameters"], key=lambda each: each["name"])
    assert (count["low"], count["high"], count["is_whole"]) == (1, 6, True)
    assert (sun["low"], sun["high"], sun["unit"], sun["is_whole"]) == (1, 5, "W/m²", False)


def test_parameters_without_a_declaration_have_the_bounds_that_occur(run):
    (mass,) = Catalogue(run).summary()["parameters"]
    assert (mass["low"], mass["high"], mass["unit"]) == (0.0, 0.9, "")


def test_what_is_recorded_later_is_found_after_a_refresh(tmp_path):
    with Recording(tmp_path) as recording:
        catalogue = Catalogue(tmp_path)
        assert len(catalogue) == 0
        for index in (2, 5):
            recording.write(simple_sample(index))
            catalogue.refresh()
            assert catalogue.indices[-1] == index
            assert catalogue.sample(index).seed == 1000 + index
    assert found(catalogue) == [2, 5]


def test_a_recording_that_has_been_replaced_is_read_anew(run, tmp_path):
    catalogue = Catalogue(run)
    assert catalogue.sample(0).parameters == {"mass": 0.0}
    run.rename(tmp_path / "old")
    with Recording(run) as recording:
        recording.write(changed(simple_sample(0), version=7, parameters={"size": 2.0}))
    catalogue.refresh()
    assert catalogue.summary()["versions"] == {7: 1}
    assert catalogue.sample(0).parameters == {"size": 2.0}
    assert found(catalogue, ranges={"mass": (0, 1)}) == []


def damage(run, index, file):
    """Overwrites the beginning of one file of a sample, and its header too if that is asked for."""
    shard = run / "000000.tar"
    content = bytearray(shard.read_bytes())
    place = content.index(f"{index:08d}.{file}".encode())
    content[place + 512 : place + 560] = b"?" * 48
    shard.write_bytes(content)


def test_a_damaged_sample_is_named_and_the_others_are_there(run):
    damage(run, 3, "rgb.png")
    damage(run, 4, "json")
    catalogue = Catalogue(run)
    for index in (3, 4):
        with pytest.raises(RecordingDamaged, match=f"Sample {index} in .*000000.tar"):
            catalogue.sample(index)
    assert catalogue.sample(5).index == 5
    assert catalogue.found(Wanted())["version"] == [0, 0, 0, 0, -1, 0, 1, 1, 1, 1]
    assert catalogue.summary()["damaged"] == 1
    assert 4 not in found(catalogue, version=0)
    assert 4 in found(catalogue, first=2)


def test_an_index_that_is_not_there_is_named(run):
    for index in (-1, 10, 10**12):
        with pytest.raises(InvalidOption, match=f"no sample {index} "):
            Catalogue(run).sample(index)


def test_a_folder_without_a_recording_is_refused(tmp_path):
    with pytest.raises(InvalidRecording, match="holds no recording"):
        Catalogue(tmp_path)


def test_samples_are_those_of_the_replay(crates):
    for sample in Replay(crates):
        image = Catalogue(crates).sample(sample.index).views["near"].images["rgb"]
        assert np.array_equal(image, sample.views["near"].images["rgb"])

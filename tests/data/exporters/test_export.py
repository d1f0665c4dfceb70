"""What holds for an export to any format."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from typing import get_args

import h5py
import hypothesis.strategies as st
import msgspec
import pytest
from command_line import blendgym
from hypothesis import given, settings
from labelled import labelled
from places import HELPERS

from blendgym.data.exporters import FORMATS, Export
from blendgym.data.exporters.formats import FormatName
from blendgym.data.exporters.names import safe_name
from blendgym.data.recording import Recording
from blendgym.errors import EnvironmentClosed, ExportFailed, InvalidExport, InvalidOption, PassMissing

KINDS = get_args(FormatName)
ENDLESS = """
import sys
from itertools import count
from blendgym.data.exporters import Export
from labelled import labelled
with Export(sys.argv[1], sys.argv[2], "run") as export:
    for index in count():
        export.write(labelled(index))
        print(index, flush=True)
"""


def exported(folder, kind, indices, run="run", sample=labelled):
    with Export(folder, kind, run) as export:
        return [export.write(sample(index)) for index in indices]


def content(folder):
    """All that is in an export, by path."""
    files = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {name: arrays_of(path) if path.suffix == ".h5" else path.read_bytes() for name, path in files.items()}


def arrays_of(path):
    arrays = {}
    with h5py.File(path) as file:
        file.visititems(lambda name, item: arrays.update({name: item[:].tolist()} if hasattr(item, "dtype") else {}))
    return arrays


def test_every_format_has_its_name():
    assert tuple(FORMATS) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_there_is_not_written_again(tmp_path, kind):
    assert exported(tmp_path / "parts", kind, [0, 1]) == [True, True]
    before = content(tmp_path / "parts")
    assert exported(tmp_path / "parts", kind, [0, 1]) == [False, False]
    assert content(tmp_path / "parts") == before
    assert exported(tmp_path / "parts", kind, [0, 1, 2]) == [False, False, True]
    exported(tmp_path / "whole", kind, [0, 1, 2])
    assert content(tmp_path / "parts") == content(tmp_path / "whole")


@pytest.mark.parametrize("kind", KINDS)
def test_another_sample_of_the_same_index_is_refused(tmp_path, kind):
    exported(tmp_path, kind, [0])
    with pytest.raises(InvalidExport, match="rename the folder"):
        exported(tmp_path, kind, [0], sample=lambda index: msgspec.structs.replace(labelled(index), seed=7))


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path, kind):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(InvalidExport, match=r"holds other things: thesis\.txt"):
        Export(tmp_path, kind, "run")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_export_to_another_format_or_of_another_version_is_refused(tmp_path):
    exported(tmp_path, "coco", [0])
    with pytest.raises(InvalidExport, match="an export to coco, not to yolo"):
        Export(tmp_path, "yolo", "run")
    about = tmp_path / "export.json"
    about.write_text(about.read_text().replace('"version": 1', '"version": 2'))
    with pytest.raises(InvalidExport, match="of version 2"):
        Export(tmp_path, "coco", "run")
    about.write_text("{")
    with pytest.raises(InvalidExport, match="damaged"):
        Export(tmp_path, "coco", "run")


def test_one_process_exports_to_a_folder_at_a_time(tmp_path):
    with Export(tmp_path, "coco", "run"), pytest.raises(InvalidExport, match="Another process"):
        Export(tmp_path, "coco", "run")
    Export(tmp_path, "coco", "run").close()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if FORMATS[kind].passes])
def test_a_missing_pass_is_named_with_those_to_record(tmp_path, kind):
    sample = labelled(0)
    view = msgspec.structs.replace(sample.view, images={"rgb": sample.images["rgb"]})
    with pytest.raises(PassMissing) as caught:
        exported(tmp_path, kind, [0], sample=lambda _: msgspec.structs.replace(sample, views={"": view}))
    assert caught.value.details["missing"] == [name for name in FORMATS[kind].passes if name != "rgb"]
    assert f"--passes {' '.join(FORMATS[kind].passes)}, or change" in str(caught.value)
    assert not list(tmp_path.iterdir()), "another format can be tried there"


def with_views(**passes):
    """A sample with those passes in each view, by name."""
    sample = labelled(0)
    views = {
        name: msgspec.structs.replace(sample.view, images={each: sample.images[each] for each in of_view})
        for name, of_view in passes.items()
    }
    return msgspec.structs.replace(sample, views=views)


def test_a_view_that_lacks_a_pass_is_named_with_what_can_be_done(tmp_path):
    sample = with_views(left=["rgb", "segmentation"], right=["rgb"])
    with pytest.raises(PassMissing, match="'right' of sample 0 has rgb only") as caught:
        exported(tmp_path / "all", "coco", [0], sample=lambda _: sample)
    assert "or change the passes in the scenario's own `views`" in str(caught.value)
    assert str(caught.value).endswith("--views left")
    with pytest.raises(PassMissing, match=r"if it has any there\.$"):
        exported(tmp_path / "none", "coco", [0], sample=lambda _: with_views(right=["rgb"]))


@pytest.mark.parametrize("kind", ["coco", "yolo", "hdf5", "webdataset"])
def test_chosen_views_are_exported_as_if_they_were_all(tmp_path, kind):
    passes = ["rgb", "segmentation"]
    sample = with_views(left=passes, middle=["rgb"], right=passes)
    with Export(tmp_path / "chosen", kind, "run", ["right", "left"]) as export:
        export.write(sample)
        with pytest.raises(InvalidOption, match="no view 'up'; there is 'left', 'middle', 'right'"):
            Export(tmp_path / "unknown", kind, "run", ["left", "up"]).write(sample)
    exported(tmp_path / "whole", kind, [0], sample=lambda _: with_views(left=passes, right=passes))
    assert content(tmp_path / "chosen") == content(tmp_path / "whole")
    with pytest.raises(InvalidOption, match="Export other views to another folder"):
        exported(tmp_path / "chosen", kind, [0], sample=lambda _: sample)


def test_a_single_view_has_no_name_to_choose(tmp_path):
    with Export(tmp_path, "coco", "run", ["left"]) as export, pytest.raises(InvalidOption, match="single one without"):
        export.write(labelled(0))


def test_the_command_exports_chosen_views(tmp_path):
    with Recording(tmp_path / "run") as recording:
        recording.write(with_views(left=["rgb", "segmentation"], right=["rgb"]))
    blendgym("export", tmp_path / "run", "-o", tmp_path / "out", "--format", "yolo", "--views", "left")
    assert len(list((tmp_path / "out" / "images").rglob("*-left.png"))) == 1
    assert not list((tmp_path / "out" / "images").rglob("*-right.png"))


def test_no_view_other_views_and_improper_names_of_views_are_refused(tmp_path):
    sample = labelled(0)
    with Export(tmp_path, "coco", "run") as export:
        with pytest.raises(InvalidOption, match="has no view"):
            export.write(msgspec.structs.replace(sample, views={}))
        with pytest.raises(InvalidOption, match="letters, digits and underscores"):
            export.write(msgspec.structs.replace(sample, views={"../up": sample.view}))
        export.write(sample)
        with pytest.raises(InvalidOption, match="all samples of a run have the same ones"):
            export.write(msgspec.structs.replace(labelled(1), views={"left": sample.view}))


@pytest.mark.parametrize("kind", ["coco", "yolo", "bop", "webdataset"])
def test_a_torn_line_costs_its_sample_alone_and_a_damaged_one_is_named(tmp_path, kind):
    exported(tmp_path / "whole", kind, [0, 1, 2])
    exported(tmp_path / "torn", kind, [0, 1])
    journal = tmp_path / "torn" / "parts" / "run.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"index":2,"finge')
    assert exported(tmp_path / "torn", kind, [0, 1, 2]) == [False, False, True]
    assert content(tmp_path / "torn") == content(tmp_path / "whole")
    journal.write_bytes(b"nonsense\n" + journal.read_bytes())
    with pytest.raises(InvalidExport, match="is damaged"):
        Export(tmp_path / "torn", kind, "run")


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_is_an_error_with_what_to_do_and_the_export_goes_on_later(tmp_path, kind, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with Export(tmp_path / "full", kind, "run") as export:
        with monkeypatch.context() as patch:
            patch.setattr(type(export._writer), "write", fail)
            with pytest.raises(ExportFailed, match=r"No space left on device\. It has 0 samples of the run 'run'"):
                export.write(labelled(0))
        assert len(export) == 0
    assert exported(tmp_path / "full", kind, [0, 1]) == [True, True]
    exported(tmp_path / "whole", kind, [0, 1])
    assert content(tmp_path / "full") == content(tmp_path / "whole")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_written_after_the_end(tmp_path, kind):
    with Export(tmp_path, kind, "run") as export:
        export.write(labelled(0))
    export.close()
    with pytest.raises(EnvironmentClosed, match="after close"):
        export.write(labelled(1))


def test_a_lost_journal_is_named(tmp_path):
    exported(tmp_path, "coco", [0], "a")
    (tmp_path / "parts" / "a.jsonl").unlink()
    with pytest.raises(InvalidExport, match=r"a\.jsonl is missing"):
        exported(tmp_path, "coco", [0], "b")


def test_a_damaged_hdf5_file_is_named(tmp_path):
    exported(tmp_path, "hdf5", [0])
    (tmp_path / "data.h5").write_bytes(b"nonsense")
    with pytest.raises(InvalidExport, match=r"data\.h5 is damaged"):
        Export(tmp_path, "hdf5", "run")


def test_a_segmentation_without_objects_is_refused(tmp_path):
    sample = labelled(0)
    view = msgspec.structs.replace(sample.view, objects=())
    with Export(tmp_path, "yolo", "run") as export, pytest.raises(InvalidOption, match="what is in sight"):
        export.write(msgspec.structs.replace(sample, views={"": view}))


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind in ("coco", "hdf5") else pytest.mark.long) for kind in KINDS]
)
def test_a_process_that_is_killed_costs_nothing_but_time(tmp_path, kind):
    environment = {**os.environ, "PYTHONPATH": str(HELPERS)}
    command = [sys.executable, "-c", ENDLESS, str(tmp_path / "killed"), kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as writing:
        for _ in range(3):
            writing.stdout.readline()
        writing.kill()
    with Export(tmp_path / "killed", kind, "run") as export:
        there = len(export)
    assert there >= 3 or kind == "hdf5"
    exported(tmp_path / "killed", kind, range(there + 2))
    exported(tmp_path / "whole", kind, range(there + 2))
    assert content(tmp_path / "killed") == content(tmp_path / "whole")


@pytest.mark.parametrize("kind", KINDS)
def test_an_interrupted_export_is_whole_as_far_as_it_got(tmp_path, kind):
    def interrupted():
        yield 0
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exported(tmp_path / "cut", kind, interrupted())
    exported(tmp_path / "whole", kind, [0])
    assert content(tmp_path / "cut") == content(tmp_path / "whole")


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), unique=True, max_size=5))
def test_any_names_are_those_of_different_files(names):
    safe = [safe_name(name) for name in names]
    assert len(set(safe)) == len(names)
    for each in safe:
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,39}", each)
        assert safe_name(each) == each or not re.match(r"\w", each)


@pytest.mark.parametrize("kind", KINDS)
def test_runs_and_categories_can_be_called_anything(tmp_path, kind):
    def strange(index):
        sample = labelled(index)
        seen = msgspec.structs.replace(sample.view.objects[0], name='a/b\n"é', category='../\n: "猫\u2028\\')
        return msgspec.structs.replace(sample, views={"": msgspec.structs.replace(sample.view, objects=(seen,))})

    for run in ("run 1/2", "run 1_2", "..", "é\n"):
        exported(tmp_path, kind, [0], run, strange)
    inside = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(re.fullmatch(r"[\w.-]+", path.name, re.ASCII) for path in inside)
    about = msgspec.json.decode((tmp_path / "export.json").read_bytes())
    assert len(about["runs"]) == 4
    assert about["categories"] in ([], ['../\n: "猫\u2028\\'])


@pytest.fixture
def run(tmp_path):
    with Recording(tmp_path / "run") as recording:
        for index in (0, 1, 5):
            recording.write(labelled(index))
    return tmp_path / "run"


@pytest.mark.parametrize("kind", ["coco", pytest.param("hdf5", marks=pytest.mark.long)])
def test_the_command_exports_a_recording_and_goes_on_when_it_has_grown(tmp_path, run, kind):
    out = tmp_path / "out"
    shown = blendgym("export", run, "--output", out, "--format", kind).stdout
    assert f"{out} has 3 samples of {run}" in shown
    assert ("does not hold" in shown) == (kind != "hdf5")
    with Recording(run) as recording:
        recording.write(labelled(6))
    assert "has 4 samples" in blendgym("export", run, "-o", out, "--format", kind).stdout
    exported(tmp_path / "whole", kind, [0, 1, 5, 6])
    assert content(out) == content(tmp_path / "whole")


def test_the_command_refuses_another_run_of_the_same_name(tmp_path, run):
    exported(tmp_path / "out", "coco", [0, 1, 5])
    with Recording(tmp_path / "other" / "run") as recording:
        for index in range(6):
            recording.write(msgspec.structs.replace(labelled(index), seed=1))
    done = blendgym("export", tmp_path / "other" / "run", "-o", tmp_path / "out", "--format", "coco", check=False)
    assert done.returncode == 1
    assert "InvalidExport" in done.stderr
    assert "rename the folder" in done.stderr


@pytest.mark.parametrize("run", [None, 3])
def test_a_run_without_a_name_is_refused(tmp_path, run):
    with pytest.raises(InvalidOption, match=f"run is {run}; expected a name"):
        Export(tmp_path, "coco", run)
    assert not list(tmp_path.iterdir())

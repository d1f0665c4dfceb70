"""Whatever becomes of a writer, a disk or a file: every whole sample stays, and what is not whole is named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from command_line import blendgym
from full_disk import files_up_to
from places import HELPERS
from recorded import bits, simple_sample

from blendgym.data.recording import Recording, Replay
from blendgym.data.recording.index import ROW
from blendgym.errors import (
    EnvironmentClosed,
    InvalidOption,
    InvalidRecording,
    RecordingDamaged,
    RecordingFailed,
    RecordingInUse,
    WriteFailed,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*ends in a sample that is not whole:UserWarning"),
    pytest.mark.filterwarnings("ignore:.*that were recorded:UserWarning"),
]

SIZE = (4, 3)
COUNT = 7
SHARD = 3
"""Samples of each shard, so that the newest has one, with room for two more."""


def sample(index):
    return simple_sample(index, SIZE)


def record(folder, count=COUNT, **options):
    with Recording(folder, {"seed": 7, "passes": ("rgb",)}, shard_samples=SHARD, **options) as recording:
        for index in range(recording.next_index, count):
            recording.write(sample(index))
    return folder


def content(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A recording that nothing disturbed; not to be changed."""
    return record(tmp_path_factory.mktemp("whole") / "run")


@pytest.fixture
def run(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "run")


def test_a_shard_that_ends_at_any_byte_keeps_every_whole_sample(run):
    newest, rows = run / "000002.tar", np.fromfile(run / "samples.index", ROW)
    end = rows["offset"][-1] + rows["size"][-1]
    for size in range(end - 1, -1, -13):
        os.truncate(newest, size)
        replay = Replay(run)
        assert len(replay) == COUNT - 1
        assert f"{COUNT - 1} whole samples of {COUNT} that were recorded" in replay.loss
        assert f"nothing whole after sample {COUNT - 2}." in replay.loss
    assert [bits(each) for each in Replay(run)] == [bits(sample(index)) for index in range(COUNT - 1)]


def test_an_index_that_ends_at_any_byte_loses_nothing(run):
    index, expected = run / "samples.index", content(run)
    for size in range(len(expected["samples.index"]) - 1, -1, -1):
        os.truncate(index, size)
        assert len(Replay(run)) == COUNT
        if size % 31 == 0:
            record(run)
            assert content(run) == expected
            os.truncate(index, size)


def test_a_recording_without_an_index_is_whole(run):
    expected = content(run)
    (run / "samples.index").unlink()
    assert [bits(each) for each in Replay(run)] == [bits(sample(index)) for index in range(COUNT)]
    record(run)
    assert content(run) == expected


def test_what_goes_on_after_a_cut_anywhere_is_as_if_there_had_been_none(run):
    expected, rng = content(run), np.random.default_rng(5)
    for _ in range(60):
        shard, index = run / "000002.tar", run / "samples.index"
        os.truncate(shard, rng.integers(shard.stat().st_size))
        if rng.random() < 0.5:
            os.truncate(index, rng.integers(index.stat().st_size))
        record(run)
        assert content(run) == expected


@pytest.mark.parametrize("count", [COUNT, COUNT + 1])
def test_a_torn_end_is_cut_off(run, tmp_path, count):
    record(run, count)
    os.truncate(run / "000002.tar", (run / "000002.tar").stat().st_size - 2000)
    os.truncate(run / "samples.index", ROW.itemsize * (count - 1))
    with Recording(run) as recording:
        assert "is not whole" in recording.loss
        assert f"bytes after sample {count - 2})" in recording.loss
    assert content(run) == content(record(tmp_path / "shorter", count - 1))
    with Recording(run) as recording:
        assert not recording.loss


@pytest.mark.parametrize("known", ["samples.index", "state.json"])
@pytest.mark.parametrize("left", [0, 1, 2])
def test_samples_that_were_whole_and_are_gone_are_counted(run, known, left):
    """On the border between two samples, too, where nothing looks torn."""
    record(run, 9)
    rows = np.fromfile(run / "samples.index", ROW)
    if known == "state.json":
        with Recording(run) as recording:
            recording.save_state({})
        (run / "samples.index").unlink()
    os.truncate(run / "000002.tar", rows["offset"][6 + left])
    said = f"has {6 + left} whole samples of 9 that were recorded, and nothing whole after sample {5 + left}."
    with pytest.warns(UserWarning, match=said):
        assert len(Replay(run)) == 6 + left
    with Recording(run) as recording:
        assert said in recording.loss


@pytest.mark.parametrize("command", [("view", "-o", "page.html"), ("export", "-o", "out", "--format", "yolo")])
def test_commands_say_what_is_lost_in_a_line_of_their_own(run, command):
    os.truncate(run / "000002.tar", 0)
    name, *arguments = command
    done = blendgym(name, run, *arguments, cwd=run.parent)
    assert f"6 whole samples of {COUNT}" in done.stdout
    assert not done.stderr


def test_a_machine_that_stopped_before_the_last_bytes_were_on_the_disk(run):
    expected = content(run)
    with (run / "000002.tar").open("r+b") as shard:
        shard.seek(700)
        shard.write(bytes(5000))
    record(run)
    assert content(run) == expected


KILLED_WRITERS = """
import os, random, signal, sys, time
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from test_crashes import record
numbers = random.Random(3)
for kill in range(int(sys.argv[2])):
    child = os.fork()
    if not child:
        record(Path(sys.argv[1]), 2000)
        os._exit(1)
    time.sleep(numbers.uniform(0, 0.1))
    os.kill(child, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1]), "it was not killed"
"""


def test_writers_that_are_killed_leave_what_an_undisturbed_one_leaves(tmp_path):
    run, places = tmp_path / "run", [str(Path(__file__).parent), str(HELPERS)]
    subprocess.run([sys.executable, "-W", "ignore", "-c", KILLED_WRITERS, run, "20", *places], check=True)
    count = len(Replay(run)) + 10
    assert content(record(run, count)) == content(record(tmp_path / "undisturbed", count))


def recording_all(recording):
    for index in range(100):
        recording.write(sample(index))


def write_many(recording):
    for index in range(100):
        recording.write(sample(index))


def test_a_full_disk_is_an_error_and_leaves_what_was_whole(tmp_path):
    with Recording(tmp_path, shard_bytes=1 << 30) as recording:
        with files_up_to(20_000), pytest.raises(WriteFailed, match=r"Sample \d .*too large.*are whole") as failed:
            write_many(recording)
        assert failed.type is RecordingFailed
        full = failed.value.details["index"]
        assert len(recording) == len(Replay(tmp_path)) == full > 0
        assert not Replay(tmp_path).loss
        for index in range(full, 10):
            recording.write(sample(index))
    assert [bits(each) for each in Replay(tmp_path)] == [bits(sample(index)) for index in range(10)]


@pytest.mark.parametrize("thing", ["x", None, {"index": 0}])
def test_what_is_no_sample_is_refused_and_costs_nothing(tmp_path, thing):
    with Recording(tmp_path) as recording:
        recording.write(sample(0))
        with pytest.raises(InvalidOption, match="expected a Sample, such as a Stream gives"):
            recording.write(thing)
        recording.write(sample(1))
    assert [bits(each) for each in Replay(tmp_path)] == [bits(sample(index)) for index in range(2)]


def test_a_disk_without_room_for_the_index_is_an_error_too(tmp_path):
    tiny = simple_sample(0, (1, 1))
    with Recording(tmp_path, shard_samples=1) as recording:
        recording.write(tiny)
        with files_up_to(40), pytest.raises(RecordingFailed):
            recording.write(sample(1))
        recording.write(sample(1))
    assert len(Replay(tmp_path)) == 2


def test_an_interrupt_in_the_middle_leaves_a_whole_recording(tmp_path, monkeypatch):
    from blendgym.data.recording import shards

    write, calls = os.pwrite, []

    def interrupted(*arguments):
        calls.append(arguments)
        if len(calls) == interrupt_at:
            raise KeyboardInterrupt
        return write(*arguments)

    for interrupt_at in (1, 2, 3):
        with Recording(tmp_path / str(interrupt_at)) as recording:
            recording.write(sample(0))
            calls.clear()
            with monkeypatch.context() as patch:
                patch.setattr(shards.os, "pwrite", interrupted)
                with pytest.raises(KeyboardInterrupt):
                    recording.write(sample(1))
            assert len(recording) == 1
            recording.write(sample(1))
        assert [each.index for each in Replay(tmp_path / str(interrupt_at))] == [0, 1]


def test_a_flipped_bit_is_named_and_the_other_samples_are_read(run):
    rows = np.fromfile(run / "samples.index", ROW)
    with (run / "000001.tar").open("r+b") as shard:
        place = int(rows["offset"][4]) + 512 + 50
        shard.seek(place)
        byte = shard.read(1)[0]
        shard.seek(place)
        shard.write(bytes([byte ^ 4]))
    replay = Replay(run)
    with pytest.raises(RecordingDamaged, match=r"Sample 4 in .*000001.tar .*its checksum differs") as damaged:
        list(replay)
    assert damaged.value.details == {"index": 4}
    assert [replay[place].index for place in (3, 5)] == [3, 5]
    (run / "samples.index").unlink()
    assert [each.index for each in Replay(run)] == [0, 1, 2, 3, 5, 6]


@pytest.mark.parametrize("place", range(0, 36 * COUNT, 5))
def test_a_flipped_bit_in_the_index_changes_nothing(run, place):
    content = bytearray((run / "samples.index").read_bytes())
    content[place] ^= 16
    (run / "samples.index").write_bytes(content)
    assert [each.index for each in Replay(run)] == list(range(COUNT))


@pytest.mark.parametrize("reader", [Replay, Recording])
def test_a_missing_shard_is_named_and_the_rest_can_be_used_without_it(run, reader):
    (run / "000001.tar").unlink()
    with pytest.raises(
        RecordingDamaged, match=r"000001.tar with the samples 3 to 5 is missing.*remove .*samples.index"
    ):
        reader(run)
    (run / "samples.index").unlink()
    assert [each.index for each in Replay(run)] == [0, 1, 2, 6]


def test_a_shard_in_the_middle_that_was_cut_is_named(run):
    os.truncate(run / "000001.tar", 6000)
    with pytest.raises(RecordingDamaged, match=r"000001.tar with the samples 3 to 5 has 6000 bytes of \d+"):
        Replay(run)


def test_only_one_writer_at_a_time(run):
    with Recording(run) as recording:
        with pytest.raises(RecordingInUse, match="another process"):
            Recording(run)
        recording.write(sample(COUNT))
        assert len(Replay(run)) == COUNT + 1
    Recording(run).close()


def test_another_origin_is_refused_with_what_differs(run):
    with pytest.raises(InvalidRecording, match=r"recorded with seed=7 \(not 8\), views.width=None \(not 3\)"):
        Recording(run, {"seed": 8, "passes": ["rgb"], "views": {"width": 3}})
    assert len(Replay(run)) == COUNT


def test_indices_ascend(run):
    with Recording(run) as recording:
        with pytest.raises(InvalidOption, match=f"Sample {COUNT - 1} comes after"):
            recording.write(sample(COUNT - 1))
        recording.write(sample(COUNT + 5))
    assert Replay(run).indices.tolist() == [*range(COUNT), COUNT + 5]


def test_after_close_nothing_is_written(run):
    recording = Recording(run)
    recording.close()
    recording.close()
    with pytest.raises(EnvironmentClosed):
        recording.write(sample(COUNT))


@pytest.mark.parametrize("reader", [Replay, Recording])
@pytest.mark.parametrize(
    ("about", "said"),
    [
        ('{"format": "blendgym recording", "version": 2, "origin": {}}', "of version 2; this blendgym reads"),
        ('{"format": "other", "version": 1, "origin": {}}', "is a 'other' of version 1"),
        ('{"format": "blendgym rec', "is damaged"),
    ],
)
def test_another_format_is_refused(run, reader, about, said):
    (run / "recording.json").write_text(about)
    with pytest.raises(InvalidRecording, match=said):
        reader(run)


def test_what_is_no_recording_is_refused(tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(InvalidRecording, match="holds no recording: recording.json cannot be read"):
        Replay(tmp_path)
    with pytest.raises(InvalidRecording, match="holds other things: notes.txt"):
        Recording(tmp_path)
    with pytest.raises(InvalidRecording, match="Not a directory"):
        Replay(tmp_path / "notes.txt")
    with pytest.raises(RecordingFailed, match="File exists"):
        Recording(tmp_path / "notes.txt")


def test_a_folder_that_cannot_be_written_is_an_error():
    with pytest.raises(RecordingFailed, match="cannot be recorded to"):
        Recording("/proc/run")


def test_a_name_that_is_no_file_name_is_refused(tmp_path):
    import msgspec

    odd = msgspec.structs.replace(sample(0), views={"a/b": sample(0).view})
    with Recording(tmp_path) as recording:
        with pytest.raises(InvalidOption, match="'a/b'"):
            recording.write(odd)
        long = msgspec.structs.replace(sample(0), views={"a" * 120: sample(0).view})
        with pytest.raises(InvalidOption, match="too long"):
            recording.write(long)
        recording.write(sample(0))
    assert len(Replay(tmp_path)) == 1

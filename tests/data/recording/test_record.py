"""``blendgym record``, interrupted and not, and the same from a program."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest
from command_line import blendgym
from recorded import bits

from blendgym.data.recording import Recording, Replay, recorded, taking
from blendgym.data.recording.declared import declared_parameters
from blendgym.data.streams.stream import Stream
from blendgym.errors import InvalidRecording

ARGUMENTS = ("BlendCartpole-v0", "--width", "32", "--height", "24", "--passes", "rgb", "depth", "--randomize", "visual")
STREAM = {"width": 32, "height": 24, "passes": ("rgb", "depth"), "randomize": ("visual",)}
COUNT = 40
TAKEN = []


def record(folder, *arguments, **options):
    return blendgym("record", *ARGUMENTS, "--count", COUNT, "--seed", 3, "-o", folder, *arguments, **options)


def shards(folder):
    return {file.name: file.read_bytes() for file in folder.glob("*.tar")}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The folder, and what was said."""
    folder = tmp_path_factory.mktemp("record") / "run"
    return folder, record(folder, "--producers", 1).stdout


@pytest.fixture(scope="module")
def samples():
    with Stream("BlendCartpole-v0", seed=3, count=COUNT, **STREAM) as stream:
        return list(stream)


def test_it_records_what_a_stream_gives(undisturbed, samples):
    folder, said = undisturbed
    assert [bits(each) for each in Replay(folder)] == [bits(each) for each in samples]
    assert f"{folder} has {COUNT} samples" in said
    assert Replay(folder).origin["views"][""]["width"] == 32
    declared = declared_parameters(Replay(folder).origin)
    assert set(declared) == set(samples[0].parameters)
    assert all(each.low < each.high for each in declared.values())


@pytest.mark.parametrize(
    "ending", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long), signal.SIGKILL]
)
def test_interrupted_by_anything_the_same_command_goes_on_to_the_same_files(undisturbed, tmp_path, ending):
    run = tmp_path / "run"
    command = [sys.executable, "-m", "blendgym", "record", *ARGUMENTS]
    command += ["--count", str(COUNT), "--seed", "3", "--output", str(run)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while not (run / "samples.index").exists() or (run / "samples.index").stat().st_size < 36 * 6:
            time.sleep(0.01)
        process.send_signal(ending)
        said = process.stdout.read()
    if ending != signal.SIGKILL:
        assert process.returncode == 128 + ending
        assert f"of {COUNT} samples are left" in said
    assert 5 <= len(Replay(run)) < COUNT, "all but the one that was being written"
    record(run)
    assert shards(run) == shards(undisturbed[0])


def test_it_goes_on_to_a_higher_count(undisturbed, tmp_path):
    record(tmp_path / "run", "--count", 7)
    assert len(Replay(tmp_path / "run")) == 7
    record(tmp_path / "run")
    assert shards(tmp_path / "run") == shards(undisturbed[0])


def test_what_is_complete_is_left_alone(undisturbed):
    folder, _ = undisturbed
    before = shards(folder)
    said = record(folder).stdout
    assert f"has {COUNT} samples" in said
    assert "more samples already" not in said
    assert "more samples already than --count 4 asks for" in record(folder, "--count", 4).stdout
    assert shards(folder) == before


def test_another_stream_is_refused_with_what_differs(undisturbed):
    done = record(undisturbed[0], "--seed", 4, "--width", 48, check=False)
    assert done.returncode == 1
    assert "recorded with seed=3 (not 4), views.width=32 (not 48)" in done.stderr


class Counted(Stream):
    """Knows what was taken from it."""

    def take(self, *arguments):
        sample = super().take(*arguments)
        if sample:
            TAKEN.append(sample.index)
        return sample


def test_a_loop_that_is_left_goes_on_in_the_next_one(samples, tmp_path, monkeypatch):
    monkeypatch.setattr(taking, "SECONDS", 0.0)
    TAKEN.clear()
    seen = []
    for stop in (5, 11, COUNT):
        with Counted("BlendCartpole-v0", seed=3, count=COUNT, **STREAM) as stream, Recording(tmp_path) as recording:
            for sample in recorded(stream, recording):
                seen.append(sample)
                if len(seen) == stop:
                    break
    assert list(range(COUNT)) == TAKEN
    assert [bits(each) for each in seen] == [bits(each) for each in samples]
    assert [bits(each) for each in Replay(tmp_path)] == [bits(each) for each in samples]


def test_an_error_in_the_loop_costs_nothing(samples, tmp_path):
    def train():
        with Stream("BlendCartpole-v0", seed=3, count=3, **STREAM) as stream, Recording(tmp_path) as recording:
            held = recorded(stream, recording)
            for sample in held:
                if sample.index == 1:
                    raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        train()
    with Stream("BlendCartpole-v0", seed=3, count=3, **STREAM) as stream, Recording(tmp_path) as recording:
        assert [sample.index for sample in recorded(stream, recording)] == [2]
    assert [bits(each) for each in Replay(tmp_path)] == [bits(each) for each in samples[:3]]


def test_an_update_is_in_the_state_as_soon_as_a_sample_shows_it(tmp_path):
    with Stream("BlendCartpole-v0", seed=3, count=COUNT, **STREAM) as stream, Recording(tmp_path) as recording:
        held = recorded(stream, recording)
        assert next(held).version == 0
        assert (recording.load_state() or {"newest": 0})["newest"] == 0
        stream.update({"cart.mass": 1.5}, "lockstep")
        assert next(held).version == 1
        assert recording.load_state()["newest"] == 1
        held.close()


def test_without_a_state_what_is_recorded_is_compared_and_passed_over(samples, tmp_path):
    for _ in range(2):
        with Stream("BlendCartpole-v0", seed=3, count=COUNT, **STREAM) as stream, Recording(tmp_path) as recording:
            next(recorded(stream, recording))
        (tmp_path / "state.json").unlink()
    before = [bits(each) for each in Replay(tmp_path)]
    assert before == [bits(each) for each in samples[:2]]
    other = Stream("BlendCartpole-v0", seed=4, count=COUNT, **STREAM)
    with other, Recording(tmp_path) as recording, pytest.raises(InvalidRecording, match="has another sample 0 than"):
        next(recorded(other, recording))
    assert [bits(each) for each in Replay(tmp_path)] == before
    assert not (tmp_path / "state.json").exists()

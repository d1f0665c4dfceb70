"""The state of a stream beside its samples."""

from __future__ import annotations

import os

import numpy as np
import pytest
from recorded import simple_sample

from blendgym.data.recording import Recording
from blendgym.errors import EnvironmentClosed, RecordingDamaged, RecordingFailed

STATE = {"next": 7, "due": [3, 5], "seed": 2**63, "loss": float("inf"), "nested": {"unit": np.array([0.5, 0.25])}}


def test_the_state_saved_last_is_loaded(tmp_path):
    with Recording(tmp_path) as recording:
        assert recording.load_state() is None
        recording.save_state({"next": 1})
        recording.save_state(STATE)
    with Recording(tmp_path) as recording:
        assert recording.load_state() == {**STATE, "nested": {"unit": [0.5, 0.25]}}
    with pytest.raises(EnvironmentClosed, match=r"save_state\(\) was called after close"):
        recording.save_state(STATE)


def test_a_state_that_cannot_be_written_leaves_the_one_before(tmp_path, monkeypatch):
    from blendgym.data.recording import folder

    def full(_):
        raise OSError(28, "No space left on device")

    with Recording(tmp_path) as recording:
        recording.write(simple_sample(0))
        recording.save_state({"next": 1})
        with monkeypatch.context() as patch:
            patch.setattr(folder.os, "fsync", full)
            with pytest.raises(RecordingFailed, match="The state of .* could not be written: No space left"):
                recording.save_state({"next": 2})
        assert recording.load_state() == {"next": 1}
    with Recording(tmp_path) as recording:
        assert recording.load_state() == {"next": 1}


@pytest.mark.parametrize(
    "damage", ['{"next": ', "", "null", "3", "{}", '{"samples": 0}', '{"samples": 0, "state": null}']
)
def test_a_damaged_state_is_an_error_that_says_what_to_do(tmp_path, damage):
    with Recording(tmp_path) as recording:
        (tmp_path / "state.json").write_text(damage)
        with pytest.raises(RecordingDamaged, match="state.json cannot be read .*Remove"):
            recording.load_state()


def test_a_state_that_knows_of_more_samples_than_there_are_is_refused(tmp_path):
    with Recording(tmp_path) as recording:
        for index in range(3):
            recording.write(simple_sample(index))
        recording.save_state({"next": 3})
    os.truncate(tmp_path / "000000.tar", (tmp_path / "000000.tar").stat().st_size - 2000)
    with Recording(tmp_path) as recording:
        with pytest.raises(RecordingDamaged, match="Of 3 samples that .*state.json knows of, 2 are left. Remove"):
            recording.load_state()
        recording.write(simple_sample(2))
        assert recording.load_state() == {"next": 3}

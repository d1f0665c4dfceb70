"""A training that was interrupted in any way goes on from its last checkpoint."""

from __future__ import annotations

import csv
import json
import os
import resource
import signal
import subprocess
import sys
import time

import pytest
from full_disk import files_up_to
from stable_baselines3 import SAC

from blendgym.agents.adaptive import AdaptiveVecEnv
from blendgym.agents.algorithms import load_model
from blendgym.agents.checkpoints import progress_of
from blendgym.agents.recipes import Recipe
from blendgym.agents.run_folder import RunFolder
from blendgym.agents.training import resume, train
from blendgym.errors import InvalidOption, TrainingFailed, WriteFailed

QUICK = {"n_steps": 64, "batch_size": 64, "n_epochs": 1}
SHORT = Recipe(2560, 2, 1, 1e-3, randomize=["adaptive"], hyperparameters=QUICK)
SCRIPT = """
import pathlib, sys
from blendgym.agents.recipes import Recipe
from blendgym.agents.training import train
recipe = Recipe(20_000, 2, 1, 1e-3, randomize=["adaptive"], hyperparameters={"n_steps": 64, "n_epochs": 1})
train("BlendCartpole-v0", recipe, 0, pathlib.Path(sys.argv[1]), progress=False)
"""


def episodes_of(folder):
    with folder.monitor.open() as file:
        next(file)
        return [int(row["l"]) for row in csv.DictReader(file)]


def episodes_taught(folder):
    counted = json.loads(folder.teacher.read_text())["state"]["tally"]["episodes"]["values"]
    return sum(counted)


def interrupt(monkeypatch, steps):
    """As by Ctrl-C, in the middle of a rollout."""
    count, step_wait = iter(range(steps)), AdaptiveVecEnv.step_wait

    def interrupted(self):
        if next(count, None) is None:
            raise KeyboardInterrupt
        return step_wait(self)

    monkeypatch.setattr(AdaptiveVecEnv, "step_wait", interrupted)


def test_an_interrupted_run_goes_on_with_its_policy_its_teacher_and_its_curve(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        interrupt(patched, 800)
        with pytest.raises(KeyboardInterrupt):
            train("BlendCartpole-v0", SHORT, seed=0, root=tmp_path, progress=False)
    folder = RunFolder(next(tmp_path.iterdir()))
    reached, taught, rates = progress_of(folder), episodes_taught(folder), load_model(folder)
    assert reached.steps == 1600
    assert reached.episodes == len(episodes_of(folder)) > 40
    assert taught == reached.episodes
    before = folder.monitor.read_text()

    assert resume(folder.path, progress=False).path == folder.path

    assert folder.monitor.read_text().startswith(before)
    assert progress_of(folder).steps >= SHORT.total_timesteps
    assert episodes_taught(folder) > taught
    assert sum(episodes_of(folder)) <= progress_of(folder).steps
    assert load_model(folder).num_timesteps > rates.num_timesteps
    assert folder.learning_curve.stat().st_mtime > folder.model.stat().st_mtime - 5
    assert json.loads(folder.training.read_text())["steps"] == progress_of(folder).steps


def test_a_run_that_was_killed_loses_what_came_after_its_last_checkpoint_and_nothing_else(tmp_path):
    killed = subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path)], env={**os.environ, "OMP_NUM_THREADS": "1"})
    deadline = time.monotonic() + 120
    while not (found := list(tmp_path.glob("*/checkpoint.json"))) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    folder = RunFolder(found[0].parent)
    reached, taught = progress_of(folder), episodes_taught(folder)
    kept = episodes_of(folder)[: reached.episodes]
    recipe = folder.recipe() | {"total_timesteps": reached.steps + 256}
    (folder.path / "recipe.json").write_text(json.dumps(recipe))

    resume(folder.path, progress=False)

    assert episodes_of(folder)[: reached.episodes] == kept
    assert sum(episodes_of(folder)) <= progress_of(folder).steps == reached.steps + 256
    assert episodes_taught(folder) >= taught
    assert not [file for file in folder.path.iterdir() if file.suffix == ".part"]


def test_a_run_of_sac_has_its_replay_buffer_back(tmp_path, monkeypatch):
    slim = {"learning_starts": 50, "batch_size": 16, "policy_kwargs": {"net_arch": [8]}}
    recipe = Recipe(600, 2, 1, 3e-3, "SAC", randomize=["adaptive"], hyperparameters=slim)
    with monkeypatch.context() as patched:
        interrupt(patched, 200)
        with pytest.raises(KeyboardInterrupt):
            train("BlendPendulum-v0", recipe, seed=0, root=tmp_path, progress=False)
    folder, sizes = RunFolder(next(tmp_path.iterdir())), []
    assert folder.replay_buffer.stat().st_size < 50_000, "there is room for 600 steps, not for a million"
    learn = SAC.learn

    def noting(self, *arguments, **options):
        sizes.append(self.replay_buffer.size())
        return learn(self, *arguments, **options)

    monkeypatch.setattr(SAC, "learn", noting)
    resume(folder.path, progress=False)
    assert sizes == [200]
    assert progress_of(folder).steps == 600
    assert not folder.replay_buffer.exists(), "a finished run needs none"


def test_a_finished_run_stays_as_it_is(tmp_path):
    short = Recipe(128, 2, 1, 1e-3, hyperparameters=QUICK)
    folder = train("BlendCartpole-v0", short, seed=0, root=tmp_path, progress=False)
    before = folder.model.read_bytes()
    resume(folder.path, progress=False)
    assert folder.model.read_bytes() == before


def test_a_folder_without_a_checkpoint_is_refused(tmp_path):
    with pytest.raises(InvalidOption, match=r"no model\.zip"):
        resume(tmp_path)
    (tmp_path / "model.zip").write_bytes(b"")
    (tmp_path / "recipe.json").write_text("{}")
    with pytest.raises(InvalidOption, match="no checkpoint"):
        resume(tmp_path)


def fill_the_disk(monkeypatch, steps, size):
    """After so many steps, files cannot grow beyond so many bytes."""
    count, step_wait = iter(range(steps)), AdaptiveVecEnv.step_wait

    def stepped(self):
        if next(count, None) is None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        return step_wait(self)

    monkeypatch.setattr(AdaptiveVecEnv, "step_wait", stepped)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # TensorBoard's thread, which tells
@pytest.mark.parametrize("size", [300, 4_000], ids=["monitor", "checkpoint"])
def test_a_full_disk_costs_what_came_after_the_last_checkpoint_and_says_how_to_go_on(tmp_path, monkeypatch, size):
    brief = Recipe(640, 2, 1, 1e-3, randomize=["adaptive"], hyperparameters=QUICK)
    with monkeypatch.context() as patched, files_up_to(resource.RLIM_INFINITY):
        fill_the_disk(patched, 200, size)
        with pytest.raises(WriteFailed, match="File too large") as failed:
            train("BlendCartpole-v0", brief, seed=0, root=tmp_path, progress=False)
    folder = RunFolder(next(tmp_path.iterdir()))
    reached, taught = progress_of(folder), episodes_taught(folder)
    assert 0 < reached.steps <= 400
    assert load_model(folder).num_timesteps == reached.steps, "the files of a checkpoint belong together"
    assert taught == reached.episodes
    assert failed.type is TrainingFailed
    assert f"in {reached.steps:,} of 640 steps is kept" in str(failed.value)
    assert f"blendgym train --resume {folder.path}" in str(failed.value)
    assert not list(folder.path.glob(".*")), "no part of a file is left"

    resume(folder.path, progress=False)

    assert progress_of(folder).steps >= brief.total_timesteps
    assert sum(episodes_of(folder)) <= progress_of(folder).steps

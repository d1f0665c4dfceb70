"""Training goes on over any number of dead servers, with every step in its place, and nothing is left of them."""

from __future__ import annotations

import gc
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from places import CARTPOLE

from blendgym.benchmarks.soaking.killer import Killer, child_pids
from blendgym.vector.vector_env import BlendVectorEnv

NUM_ENVS, NUM_SERVERS = 8, 2
LEARNING_SECONDS = 0.005


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where all temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


class Learner:
    """Steps environments with actions that depend on environment, episode and step alone, and keeps what it sees."""

    def __init__(self, envs):
        self._envs = envs
        observations, _ = envs.reset(seed=0)
        self.episodes = [[[row.tobytes()]] for row in observations]
        self.errors = []
        self._over = np.zeros(NUM_ENVS, np.bool_)

    def step(self):
        observations, rewards, terminations, truncations, infos = self._envs.step(self._actions())
        failed = infos.get("_error", np.zeros(NUM_ENVS, np.bool_))
        for row, observation in enumerate(observations):
            if self._over[row]:
                self.episodes[row].append([])
            if not failed[row]:
                self.episodes[row][-1].append(observation.tobytes())
        assert not rewards[self._over | failed].any()
        assert (rewards[~(self._over | failed)] == 1).all()
        self.errors += [infos["error"]["code"][row] for row in np.flatnonzero(failed)]
        self._over = terminations | truncations
        assert self._over[failed].all()

    def _actions(self):
        phases = [
            3.0 * row + 5.0 * len(episodes) + 0.3 * len(episodes[-1]) for row, episodes in enumerate(self.episodes)
        ]
        return np.sin(np.array(phases, np.float32))[:, None]


def assert_no_step_is_lost(disturbed, undisturbed, lost):
    """Every episode is what it would have been, as far as it came, and only the lost ones are cut off."""
    cut_off = 0
    for seen, expected in zip(disturbed, undisturbed, strict=True):
        for episode, whole in zip(seen[:-1], expected, strict=False):
            assert episode == whole[: len(episode)]
            cut_off += len(episode) < len(whole)
    assert cut_off <= lost


def resources():
    gc.collect()
    shared_memory = sorted(path.name for path in Path("/dev/shm").iterdir())  # noqa: S108
    return psutil.Process().num_fds(), child_pids(), shared_memory


def survive(kills, seed, within, folder):
    before = resources()
    envs = BlendVectorEnv(
        CARTPOLE, NUM_ENVS, num_servers=NUM_SERVERS, on_error="truncate", max_restarts=10_000,
        deadlines={"step": 0.6, "reset": 1.0, "start": 6.0, "close": 0.5},
    )  # fmt: skip
    learner, killer = Learner(envs), Killer(seed, within, most=kills)
    killer.start()
    rest = 0
    while rest < 50:
        learner.step()
        time.sleep(LEARNING_SECONDS)
        rest = rest + 1 if killer.is_done else 0
    envs.close()
    assert killer.kills == kills
    assert set(learner.errors) <= {"server_died", "server_timeout"}
    assert resources() == before
    assert not list(folder.iterdir())

    envs = BlendVectorEnv(CARTPOLE, NUM_ENVS)
    twin = Learner(envs)
    while any(len(one) < len(other) for one, other in zip(twin.episodes, learner.episodes, strict=True)):
        twin.step()
    envs.close()
    assert_no_step_is_lost(learner.episodes, twin.episodes, lost=len(learner.errors))


def test_eight_random_kills_lose_no_step_and_leave_nothing_behind(folder):
    survive(8, seed=0, within=0.6, folder=folder)


@pytest.mark.endurance
@pytest.mark.timeout(3600)
def test_two_hundred_random_kills_lose_no_step_and_leave_nothing_behind(folder):
    survive(200, seed=1, within=3.0, folder=folder)

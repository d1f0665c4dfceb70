"""Many environments under Gymnasium's own vector wrappers, and made again from their spec."""

from __future__ import annotations

import pickle

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.wrappers.vector import (
    ClipReward,
    DictInfoToList,
    FlattenObservation,
    NormalizeObservation,
    RecordEpisodeStatistics,
    RescaleAction,
)
from vectors import assert_same, in_mode, make_vec, rollout, rollout_of, single

modes = pytest.mark.parametrize("mode", AutoresetMode, ids=lambda mode: mode.name)


@modes
def test_statistics_of_episodes_are_those_of_the_episodes(mode):
    results = rollout_of(RecordEpisodeStatistics(make_vec(2, num_servers=2, autoreset_mode=mode)))
    lengths, over, ended = np.zeros(2, int), np.zeros(2, bool), 0
    for result in results[1:]:
        if len(result) == 2:  # A reset.
            continue
        _, _, terminations, truncations, infos = result
        lengths = np.where(over, 0 if mode is AutoresetMode.NEXT_STEP else 1, lengths + 1)
        over = terminations | truncations
        assert ("episode" in infos) == over.any()
        if over.any():
            for told in (infos["episode"]["l"], infos["episode"]["r"]):  # Each step is worth 1.
                np.testing.assert_array_equal(told, np.where(over, lengths, 0))
        ended += over.sum()
    assert ended > 4


@pytest.fixture(scope="module")
def singles():
    """Single environments under Gymnasium's own vector environment."""
    envs = SyncVectorEnv([single] * 2)
    yield envs
    envs.close()


@modes
def test_wrappers_make_of_them_what_they_make_of_single_environments(singles, mode):
    def wrapped(envs):
        normalized = NormalizeObservation(envs) if mode is AutoresetMode.NEXT_STEP else envs  # It knows no other mode.
        return DictInfoToList(ClipReward(normalized, max_reward=0.5))

    theirs = wrapped(in_mode(singles, mode))
    assert_same(rollout_of(wrapped(make_vec(2, autoreset_mode=mode))), rollout(theirs))


def test_actions_can_be_rescaled_and_observations_flattened():
    envs = gym.make_vec("BlendCartpole-v0", num_envs=2, randomize="dynamics", expose="observation")
    wrapped = FlattenObservation(RescaleAction(envs, np.float32(-2.0), np.float32(2.0)))
    wrapped.reset(seed=0)
    assert wrapped.step(wrapped.action_space.sample())[0] in wrapped.observation_space
    wrapped.close()


COPIES = {
    "pickled": lambda spec: pickle.loads(pickle.dumps(spec)),  # noqa: S301 (its own)
    "json": lambda spec: EnvSpec.from_json(spec.to_json()),
}


@pytest.fixture(scope="module")
def original():
    """The spec of some environments, and what comes of them."""
    envs = make_vec(3, num_servers=2, autoreset_mode="SameStep", randomize={"cart.mass": [1.0, 2.0]})
    return envs.spec, rollout_of(envs, steps=12)


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_a_spec_that_was_copied_makes_the_same_environments(original, copied):
    spec, expected = original
    again = gym.make_vec(copied(spec))
    assert again.spec == spec
    assert again.num_envs == 3
    assert again.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP
    assert_same(rollout_of(again, steps=12), expected)

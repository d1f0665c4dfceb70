"""Many environments under Gymnasium's own vector wrappers, and made again from their spec."""

from __future__ import annotations

import copy
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
from vectors import COUNT, LIMIT, assert_same, make_vec, rollout_of, single


@pytest.mark.parametrize("mode", AutoresetMode, ids=lambda mode: mode.name)
def test_statistics_of_episodes_are_those_of_the_episodes(mode):
    made = RecordEpisodeStatistics(make_vec(num_servers=2, autoreset_mode=mode))
    results = rollout_of(made)
    lengths = [result[4]["episode"]["l"] for result in results[1:] if "episode" in result[-1]]
    returns = [result[4]["episode"]["r"] for result in results[1:] if "episode" in result[-1]]
    np.testing.assert_array_equal(lengths, returns)
    ended = np.array(lengths)[:, 1:]
    assert set(ended[ended > 0]) == {LIMIT}
    assert 0 < min(length[0] for length in lengths if length[0]) < LIMIT


@pytest.mark.parametrize("wrap", [NormalizeObservation, ClipReward, DictInfoToList], ids=lambda wrap: wrap.__name__)
@pytest.mark.parametrize("mode", AutoresetMode, ids=lambda mode: mode.name)
def test_a_wrapper_makes_of_them_what_it_makes_of_single_environments(wrap, mode):
    arguments = {"max_reward": 0.5} if wrap is ClipReward else {}
    theirs, ours = (
        wrap(envs, **arguments)
        for envs in (SyncVectorEnv([single] * COUNT, autoreset_mode=mode), make_vec(autoreset_mode=mode))
    )
    assert_same(rollout_of(ours), rollout_of(theirs))


def test_actions_can_be_rescaled_and_observations_flattened():
    envs = gym.make_vec("BlendCartpole-v0", num_envs=2, randomize="dynamics", expose="observation")
    wrapped = FlattenObservation(RescaleAction(envs, -2.0, 2.0))
    wrapped.reset(seed=0)
    assert wrapped.step(wrapped.action_space.sample())[0] in wrapped.observation_space
    wrapped.close()


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda spec: pickle.loads(pickle.dumps(spec)), "json"])  # noqa: S301 (its own)
def test_a_spec_that_was_copied_makes_the_same_environments(copied):
    envs = make_vec(3, num_servers=2, autoreset_mode="SameStep", randomize={"cart.mass": [1.0, 2.0]})
    again = gym.make_vec(EnvSpec.from_json(envs.spec.to_json()) if copied == "json" else copied(envs.spec))
    assert again.spec == envs.spec
    assert again.num_envs == 3
    assert again.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP
    assert_same(rollout_of(again, steps=12), rollout_of(envs, steps=12))
